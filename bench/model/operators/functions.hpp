// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The shape functions that the table in operators.cpp has, by the files that define them.
#ifndef WINOGRAD_BENCH_MODEL_OPERATORS_FUNCTIONS_HPP
#define WINOGRAD_BENCH_MODEL_OPERATORS_FUNCTIONS_HPP

#include <vector>

#include "bench/model/operators.hpp"

namespace winograd::bench::operators {

using Values = std::vector<double>;
using Outputs = std::vector<Tensor>;

// arithmetic.cpp
void same(const Operands& in, Outputs& out);
/// Of one tensor, element by element, for shapes that a network computes.
void map_values(const Operands& in, Outputs& out);
void broadcast(const Operands& in, Outputs& out);
void gemm(const Operands& in, Outputs& out);
void multiply_matrices(const Operands& in, Outputs& out);
void reduce(const Operands& in, Outputs& out);

// spatial.cpp
void convolve(const Operands& in, Outputs& out);
void convolve_transposed(const Operands& in, Outputs& out);
void pool(const Operands& in, Outputs& out);
void pool_globally(const Operands& in, Outputs& out);
void pad(const Operands& in, Outputs& out);
void resize(const Operands& in, Outputs& out);
void depth_to_space(const Operands& in, Outputs& out);

// rearranging.cpp
void concatenate(const Operands& in, Outputs& out);
void split(const Operands& in, Outputs& out);
void slice(const Operands& in, Outputs& out);
void reshape(const Operands& in, Outputs& out);
void flatten(const Operands& in, Outputs& out);
void transpose(const Operands& in, Outputs& out);
void squeeze(const Operands& in, Outputs& out);
void unsqueeze(const Operands& in, Outputs& out);
void gather(const Operands& in, Outputs& out);
void expand(const Operands& in, Outputs& out);
void tile(const Operands& in, Outputs& out);

// constants.cpp
void shape_of(const Operands& in, Outputs& out);
void constant(const Operands& in, Outputs& out);
void constant_of_shape(const Operands& in, Outputs& out);

}  // namespace winograd::bench::operators

#endif  // WINOGRAD_BENCH_MODEL_OPERATORS_FUNCTIONS_HPP
