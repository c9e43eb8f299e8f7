// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Two NEON registers as one vector of eight floats. A load or a store of it is one LDP or STP, and
// its two halves are independent work for a core that executes in order.
#ifndef WINOGRAD_KERNELS_ARM_NEON_PAIR_HPP
#define WINOGRAD_KERNELS_ARM_NEON_PAIR_HPP

#include <arm_neon.h>

#include "kernels/common/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

struct NeonPair {
  float32x4_t low, high;

  NeonPair() = default;
  explicit NeonPair(float v) : low(vdupq_n_f32(v)), high(low) {}
  NeonPair(float32x4_t l, float32x4_t h) : low(l), high(h) {}

  friend NeonPair operator+(const NeonPair& a, const NeonPair& b) {
    return {vaddq_f32(a.low, b.low), vaddq_f32(a.high, b.high)};
  }
  friend NeonPair operator-(const NeonPair& a, const NeonPair& b) {
    return {vsubq_f32(a.low, b.low), vsubq_f32(a.high, b.high)};
  }
  friend NeonPair operator*(const NeonPair& a, const NeonPair& b) {
    return {vmulq_f32(a.low, b.low), vmulq_f32(a.high, b.high)};
  }
  friend NeonPair fma(const NeonPair& a, const NeonPair& b, const NeonPair& c) {
    return {vfmaq_f32(c.low, a.low, b.low), vfmaq_f32(c.high, a.high, b.high)};
  }
  friend NeonPair min(const NeonPair& a, const NeonPair& b) {
    return {vminq_f32(a.low, b.low), vminq_f32(a.high, b.high)};
  }
  friend NeonPair max(const NeonPair& a, const NeonPair& b) {
    return {vmaxq_f32(a.low, b.low), vmaxq_f32(a.high, b.high)};
  }
};

template <>
struct SimdTraits<NeonPair> {
  static constexpr int lanes = 8;
  static NeonPair load(const float* p) { return {vld1q_f32(p), vld1q_f32(p + 4)}; }
  static void store(float* p, const NeonPair& v) {
    vst1q_f32(p, v.low);
    vst1q_f32(p + 4, v.high);
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_NEON_PAIR_HPP
