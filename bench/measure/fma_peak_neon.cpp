// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include <arm_neon.h>

#include "measure/fma_loop.hpp"

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

const FmaLoop* fma_loop_neon() { return make_fma_loop<Neon>("neon, 4 x fp32"); }

}  // namespace winograd::bench
