// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Compiled once for each instruction set, with WINOGRAD_BENCH_VARIANT naming it. Eigen's templates
// are renamed with it: the linker would otherwise keep one copy of each, compiled for any of them.
#define WINOGRAD_BENCH_JOIN_(a, b) a##b
#define WINOGRAD_BENCH_JOIN(a, b) WINOGRAD_BENCH_JOIN_(a, b)
#define Eigen WINOGRAD_BENCH_JOIN(Eigen_, WINOGRAD_BENCH_VARIANT)
#define EIGEN_DONT_PARALLELIZE  // the caller's threads cut the work

#include <Eigen/Core>

#include "measure/eigen_gemm.hpp"

#define WINOGRAD_BENCH_TEXT_(a) #a
#define WINOGRAD_BENCH_TEXT(a) WINOGRAD_BENCH_TEXT_(a)

namespace winograd::bench {
namespace {

template <class T>
void gemm(std::ptrdiff_t rows, std::ptrdiff_t cols, std::ptrdiff_t depth, const T* a,
          std::ptrdiff_t lda, const T* b, std::ptrdiff_t ldb, T* c, std::ptrdiff_t ldc) {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using Stride = Eigen::OuterStride<>;
  const Eigen::Map<const Matrix, 0, Stride> left(a, rows, depth, Stride(lda));
  const Eigen::Map<const Matrix, 0, Stride> right(b, depth, cols, Stride(ldb));
  Eigen::Map<Matrix, 0, Stride>(c, rows, cols, Stride(ldc)).noalias() = left * right;
}

}  // namespace

extern const EigenGemm WINOGRAD_BENCH_JOIN(kEigenGemm_, WINOGRAD_BENCH_VARIANT);
const EigenGemm WINOGRAD_BENCH_JOIN(kEigenGemm_, WINOGRAD_BENCH_VARIANT) = {
    "Eigen " WINOGRAD_BENCH_TEXT(EIGEN_WORLD_VERSION) "." WINOGRAD_BENCH_TEXT(
        EIGEN_MAJOR_VERSION) "." WINOGRAD_BENCH_TEXT(EIGEN_MINOR_VERSION),
    WINOGRAD_BENCH_TEXT(WINOGRAD_BENCH_VARIANT), gemm<float>, gemm<double>};

}  // namespace winograd::bench
