// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Vectors of eight f16, computed with as such: FEAT_FP16 of Armv8.2.
#ifndef WINOGRAD_KERNELS_ARM_SIMD_NEON_FP16_HPP
#define WINOGRAD_KERNELS_ARM_SIMD_NEON_FP16_HPP

#include <arm_neon.h>

#include "kernels/contract/kernel_set.hpp"
#include "kernels/simd/pair.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

struct HalfVector {
  float16x8_t value;

  HalfVector() = default;
  explicit HalfVector(float v) : value(vdupq_n_f16(static_cast<float16_t>(v))) {}
  explicit HalfVector(float16x8_t v) : value(v) {}

  friend HalfVector operator+(HalfVector a, HalfVector b) {
    return HalfVector(vaddq_f16(a.value, b.value));
  }
  friend HalfVector operator-(HalfVector a, HalfVector b) {
    return HalfVector(vsubq_f16(a.value, b.value));
  }
  friend HalfVector operator*(HalfVector a, HalfVector b) {
    return HalfVector(vmulq_f16(a.value, b.value));
  }
};

template <>
struct Simd<HalfVector> : SimdDefaults<HalfVector, 8, F16> {
  static constexpr bool fused = true;

  [[gnu::always_inline]] static HalfVector load(const F16* p) {
    return HalfVector(vreinterpretq_f16_u16(vld1q_u16(p)));
  }
  [[gnu::always_inline]] static void store(F16* p, HalfVector v) {
    vst1q_u16(p, vreinterpretq_u16_f16(v.value));
  }
  [[gnu::always_inline]] static HalfVector load(const float* p) {
    return HalfVector(vcvt_high_f16_f32(vcvt_f16_f32(vld1q_f32(p)), vld1q_f32(p + 4)));
  }
  [[gnu::always_inline]] static void store(float* p, HalfVector v) {
    vst1q_f32(p, vcvt_f32_f16(vget_low_f16(v.value)));
    vst1q_f32(p + 4, vcvt_high_f32_f16(v.value));
  }
  [[gnu::always_inline]] static HalfVector fma(HalfVector a, HalfVector b, HalfVector c) {
    return HalfVector(vfmaq_f16(c.value, a.value, b.value));
  }
  [[gnu::always_inline]] static HalfVector min(HalfVector a, HalfVector b) {
    return HalfVector(vminq_f16(a.value, b.value));
  }
  [[gnu::always_inline]] static HalfVector max(HalfVector a, HalfVector b) {
    return HalfVector(vmaxq_f16(a.value, b.value));
  }

  /// In 24 instructions: each of three rounds doubles the distance of what it interleaves.
  [[gnu::always_inline]] static void load_transposed(const F16* p, std::ptrdiff_t stride,
                                                     HalfVector (&out)[8]) {
    uint16x8_t row[8], zipped[8];
    for (int i = 0; i < 8; ++i) row[i] = vld1q_u16(p + i * stride);
    const auto round = [](const uint16x8_t(&from)[8], uint16x8_t(&to)[8]) {
      for (int i = 0; i < 4; ++i) {
        to[2 * i] = vzip1q_u16(from[i], from[i + 4]);
        to[2 * i + 1] = vzip2q_u16(from[i], from[i + 4]);
      }
    };
    round(row, zipped);
    round(zipped, row);
    round(row, zipped);
    for (int i = 0; i < 8; ++i) out[i] = HalfVector(vreinterpretq_f16_u16(zipped[i]));
  }
};

using HalfPair = Pair<HalfVector>;

/// A number in f16, for assembly.
inline unsigned half_bits(float value) {
  return vget_lane_u16(vreinterpret_u16_f16(vdup_n_f16(static_cast<float16_t>(value))), 0);
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_SIMD_NEON_FP16_HPP
