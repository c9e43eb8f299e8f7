// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// f16 with the conversions that every AArch64 has.
#ifndef WINOGRAD_KERNELS_ARM_STORAGE_NEON_HPP
#define WINOGRAD_KERNELS_ARM_STORAGE_NEON_HPP

#include <arm_neon.h>

#include "kernels/common/storage.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

struct HalfNeon : Half {
  static constexpr int lanes = 8;
  using Half::narrow;
  using Half::widen;

  [[gnu::always_inline]] static void widen(const std::uint16_t* from, float* to) {
    const float16x8_t halves = vreinterpretq_f16_u16(vld1q_u16(from));
    vst1q_f32(to, vcvt_f32_f16(vget_low_f16(halves)));
    vst1q_f32(to + 4, vcvt_high_f32_f16(halves));
  }
  [[gnu::always_inline]] static void narrow(const float* from, std::uint16_t* to) {
    const float16x4_t low = vcvt_f16_f32(vld1q_f32(from));
    vst1q_u16(to, vreinterpretq_u16_f16(vcvt_high_f16_f32(low, vld1q_f32(from + 4))));
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_STORAGE_NEON_HPP
