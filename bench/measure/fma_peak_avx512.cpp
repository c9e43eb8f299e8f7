// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include <immintrin.h>

#include "bench/measure/fma_loop.hpp"

namespace winograd::bench {
namespace {

struct Avx512 {
  using Vector = __m512;
  static constexpr int kLanes = 16;
  static Vector broadcast(float value) { return _mm512_set1_ps(value); }
  static Vector multiply_add(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
};

}  // namespace

const FmaLoop* fma_loop_avx512() { return make_fma_loop<Avx512>("avx512 fma, 16 x fp32"); }

}  // namespace winograd::bench
