// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Eigen's matrix product, compiled for several instruction sets and chosen at run time, so that the
// im2col baseline is as fast as Eigen can be here. In double it makes the reference affordable.
#ifndef WINOGRAD_BENCH_MEASURE_EIGEN_GEMM_HPP
#define WINOGRAD_BENCH_MEASURE_EIGEN_GEMM_HPP

#include <cstdint>

#include "winograd/conv2d.hpp"

namespace winograd::bench {

/// C[rows][cols] = A[rows][depth] * B[depth][cols], all row-major; ld*: elements from row to row.
template <class T>
using GemmFunction = void (*)(std::int64_t rows, std::int64_t cols, std::int64_t depth, const T* a,
                              std::int64_t lda, const T* b, std::int64_t ldb, T* c,
                              std::int64_t ldc);

struct EigenGemm {
  const char* version;
  const char* isa;
  GemmFunction<float> f32;
  GemmFunction<double> f64;
};

/// The strongest that this CPU can run and that is no wider than `max_isa`.
const EigenGemm& eigen_gemm(Isa max_isa);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MEASURE_EIGEN_GEMM_HPP
