// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "bench/measure/fma_loop.hpp"

namespace winograd::bench {
namespace {

struct Avx2 {
  using Vector = __m256;
  static constexpr int kLanes = 8;
  static Vector broadcast(float value) { return _mm256_set1_ps(value); }
  static Vector multiply_add(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
};

}  // namespace

const FmaLoop* fma_loop_avx2() { return make_fma_loop<Avx2>("avx2 fma, 8 x fp32"); }

}  // namespace winograd::bench
