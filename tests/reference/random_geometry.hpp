// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The geometries of the random sweep.
#ifndef WINOGRAD_TESTS_REFERENCE_RANDOM_GEOMETRY_HPP
#define WINOGRAD_TESTS_REFERENCE_RANDOM_GEOMETRY_HPP

#include <cstdint>

#include "tests/reference/op_case.hpp"
#include "tests/reference/random.hpp"

namespace winograd::test {

/// A valid description: about half of them such that a Winograd algorithm takes it, the others with
/// strides, dilations, groups, depthwise, kernels of all sizes. Batch, height and width are cut so
/// that it costs at most `max_products` multiplications.
Conv2dDesc random_geometry(Rng& rng, std::int64_t max_products);

/// Multiplications of a direct convolution.
std::int64_t products_of(const Conv2dDesc& desc);

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_RANDOM_GEOMETRY_HPP
