// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The loop of fma_loop.hpp in NEON, for 64-bit and 32-bit ARM: VFMA or, without it, VMLA.
#ifndef WINOGRAD_BENCH_MEASURE_FMA_LOOP_NEON_HPP
#define WINOGRAD_BENCH_MEASURE_FMA_LOOP_NEON_HPP

#include <arm_neon.h>

#include "bench/measure/fma_loop.hpp"

namespace winograd::bench {
namespace {

struct Neon {
  using Vector = float32x4_t;
  static constexpr int kLanes = 4;
  static Vector broadcast(float value) { return vdupq_n_f32(value); }
  static Vector multiply_add(Vector a, Vector b, Vector c) {
#if defined(__ARM_FEATURE_FMA)
    return vfmaq_f32(c, a, b);
#else
    return vmlaq_f32(c, a, b);
#endif
  }
};

}  // namespace
}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MEASURE_FMA_LOOP_NEON_HPP
