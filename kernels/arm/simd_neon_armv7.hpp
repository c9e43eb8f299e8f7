// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// One NEON register of four floats. 32-bit ARM does not use the xsimd batch: with and without fused
// multiply-add it is the same type there, so the linker could take the body of one of its functions
// that was compiled with VFMA for CPUs that have none.
#ifndef WINOGRAD_KERNELS_ARM_SIMD_NEON_ARMV7_HPP
#define WINOGRAD_KERNELS_ARM_SIMD_NEON_ARMV7_HPP

#include <arm_neon.h>

#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

struct Float4 {
  float32x4_t v;

  Float4() = default;
  explicit Float4(float x) : v(vdupq_n_f32(x)) {}
  explicit Float4(float32x4_t x) : v(x) {}

  friend Float4 operator+(Float4 a, Float4 b) { return Float4(vaddq_f32(a.v, b.v)); }
  friend Float4 operator-(Float4 a, Float4 b) { return Float4(vsubq_f32(a.v, b.v)); }
  friend Float4 operator*(Float4 a, Float4 b) { return Float4(vmulq_f32(a.v, b.v)); }
};

template <>
struct Simd<Float4> : SimdDefaults<Float4, 4> {
#ifdef __ARM_FEATURE_FMA
  static constexpr bool fused = true;
  static Float4 fma(Float4 a, Float4 b, Float4 c) { return Float4(vfmaq_f32(c.v, a.v, b.v)); }
#else
  static constexpr bool fused = false;
  static Float4 fma(Float4 a, Float4 b, Float4 c) { return Float4(vmlaq_f32(c.v, a.v, b.v)); }
#endif
  static Float4 load(const float* p) { return Float4(vld1q_f32(p)); }
  static void store(float* p, Float4 x) { vst1q_f32(p, x.v); }
  static Float4 min(Float4 a, Float4 b) { return Float4(vminq_f32(a.v, b.v)); }
  static Float4 max(Float4 a, Float4 b) { return Float4(vmaxq_f32(a.v, b.v)); }

  [[gnu::always_inline]] static void load_transposed(const float* p, std::ptrdiff_t stride,
                                                     Float4 (&out)[4]) {
    const float32x4x2_t a = vtrnq_f32(vld1q_f32(p), vld1q_f32(p + stride)),
                        b = vtrnq_f32(vld1q_f32(p + 2 * stride), vld1q_f32(p + 3 * stride));
    out[0].v = vcombine_f32(vget_low_f32(a.val[0]), vget_low_f32(b.val[0]));
    out[1].v = vcombine_f32(vget_low_f32(a.val[1]), vget_low_f32(b.val[1]));
    out[2].v = vcombine_f32(vget_high_f32(a.val[0]), vget_high_f32(b.val[0]));
    out[3].v = vcombine_f32(vget_high_f32(a.val[1]), vget_high_f32(b.val[1]));
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_SIMD_NEON_ARMV7_HPP
