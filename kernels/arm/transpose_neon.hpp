// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_KERNELS_ARM_TRANSPOSE_NEON_HPP
#define WINOGRAD_KERNELS_ARM_TRANSPOSE_NEON_HPP

#include <arm_neon.h>

#include <xsimd/xsimd.hpp>

#include "kernels/common/isa_namespace.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// As common/transpose_4x4.hpp, in eight instructions: xsimd 8 interleaves half registers.
[[gnu::always_inline]] inline void transpose_rows(xsimd::batch<float, xsimd::neon64> (&rows)[4]) {
  const float32x4_t a = vzip1q_f32(rows[0], rows[2]), b = vzip2q_f32(rows[0], rows[2]);
  const float32x4_t c = vzip1q_f32(rows[1], rows[3]), d = vzip2q_f32(rows[1], rows[3]);
  rows[0] = vzip1q_f32(a, c);
  rows[1] = vzip2q_f32(a, c);
  rows[2] = vzip1q_f32(b, d);
  rows[3] = vzip2q_f32(b, d);
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_TRANSPOSE_NEON_HPP
