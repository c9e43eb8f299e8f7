// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Compiled once for each instruction set, with WINOGRAD_BENCH_VARIANT naming it. Eigen's templates
// are renamed with it: the linker would otherwise keep one copy of each, compiled for any of them.
#define WINOGRAD_BENCH_JOIN_(a, b) a##b
#define WINOGRAD_BENCH_JOIN(a, b) WINOGRAD_BENCH_JOIN_(a, b)
#define Eigen WINOGRAD_BENCH_JOIN(Eigen_, WINOGRAD_BENCH_VARIANT)
#define EIGEN_DONT_PARALLELIZE  // the caller's threads cut the work

#include <Eigen/Core>

#include "bench/measure/eigen_gemm.hpp"

#define WINOGRAD_BENCH_TEXT_(a) #a
#define WINOGRAD_BENCH_TEXT(a) WINOGRAD_BENCH_TEXT_(a)

namespace winograd::bench {
namespace {

/// What is in memory can be counted in an Index, also where that has 32 bits.
template <class Matrix, class T>
auto map(T* data, std::int64_t rows, std::int64_t cols, std::int64_t stride) {
  using Stride = Eigen::OuterStride<>;
  return Eigen::Map<Matrix, 0, Stride>(data, static_cast<Eigen::Index>(rows),
                                       static_cast<Eigen::Index>(cols),
                                       Stride(static_cast<Eigen::Index>(stride)));
}

template <class T>
void gemm(std::int64_t rows, std::int64_t cols, std::int64_t depth, const T* a, std::int64_t lda,
          const T* b, std::int64_t ldb, T* c, std::int64_t ldc) {
  using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  map<Matrix>(c, rows, cols, ldc).noalias() =
      map<const Matrix>(a, rows, depth, lda) * map<const Matrix>(b, depth, cols, ldb);
}

}  // namespace

extern const EigenGemm WINOGRAD_BENCH_JOIN(kEigenGemm_, WINOGRAD_BENCH_VARIANT);
const EigenGemm WINOGRAD_BENCH_JOIN(kEigenGemm_, WINOGRAD_BENCH_VARIANT) = {
    "Eigen " WINOGRAD_BENCH_TEXT(EIGEN_WORLD_VERSION) "." WINOGRAD_BENCH_TEXT(
        EIGEN_MAJOR_VERSION) "." WINOGRAD_BENCH_TEXT(EIGEN_MINOR_VERSION),
    WINOGRAD_BENCH_TEXT(WINOGRAD_BENCH_VARIANT), gemm<float>, gemm<double>};

}  // namespace winograd::bench
