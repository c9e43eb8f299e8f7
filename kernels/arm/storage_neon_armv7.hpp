// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// f16 with the conversions of VFPv4. By assembly: for their intrinsics g++ wants a flag that clang
// does not know. They keep subnormal halves, as the software does; of a NaN
// they make the default one, which gets its sign back.
#ifndef WINOGRAD_KERNELS_ARM_STORAGE_NEON_ARMV7_HPP
#define WINOGRAD_KERNELS_ARM_STORAGE_NEON_ARMV7_HPP

#include <arm_neon.h>

#include "kernels/common/storage.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

struct HalfVfpv4 : Half {
  static constexpr int lanes = 4;
  using Half::narrow;
  using Half::widen;

  [[gnu::always_inline]] static void widen(const std::uint16_t* from, float* to) {
    const uint16x4_t halves = vld1_u16(from);
    float32x4_t floats;
    __asm__("vcvt.f32.f16 %q0, %P1" : "=w"(floats) : "w"(halves));
    const uint16x4_t signs = vand_u16(halves, vdup_n_u16(0x8000));
    const uint32x4_t bits = vreinterpretq_u32_f32(floats);
    vst1q_f32(to, vreinterpretq_f32_u32(vorrq_u32(bits, vshll_n_u16(signs, 16))));
  }
  [[gnu::always_inline]] static void narrow(const float* from, std::uint16_t* to) {
    const float32x4_t floats = vld1q_f32(from);
    uint16x4_t halves;
    __asm__("vcvt.f16.f32 %P0, %q1" : "=w"(halves) : "w"(floats));
    const uint16x4_t upper = vshrn_n_u32(vreinterpretq_u32_f32(floats), 16);
    vst1_u16(to, vorr_u16(halves, vand_u16(upper, vdup_n_u16(0x8000))));
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_STORAGE_NEON_ARMV7_HPP
