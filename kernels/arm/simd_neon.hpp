// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_KERNELS_ARM_SIMD_NEON_HPP
#define WINOGRAD_KERNELS_ARM_SIMD_NEON_HPP

#include <arm_neon.h>

#include "kernels/simd/pair.hpp"
#include "kernels/simd/xsimd_batch.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

using NeonBatch = xsimd::batch<float, xsimd::neon64>;

template <>
struct Simd<NeonBatch> : XsimdDefaults<NeonBatch> {
  static constexpr bool fused = true;

  /// In place, in eight instructions: xsimd 8 interleaves half registers.
  [[gnu::always_inline]] static void transpose(NeonBatch (&rows)[4]) {
    const float32x4_t a = vzip1q_f32(rows[0], rows[2]), b = vzip2q_f32(rows[0], rows[2]);
    const float32x4_t c = vzip1q_f32(rows[1], rows[3]), d = vzip2q_f32(rows[1], rows[3]);
    rows[0] = vzip1q_f32(a, c);
    rows[1] = vzip2q_f32(a, c);
    rows[2] = vzip1q_f32(b, d);
    rows[3] = vzip2q_f32(b, d);
  }
  [[gnu::always_inline]] static void load_transposed(const float* p, std::ptrdiff_t stride,
                                                     NeonBatch (&out)[4]) {
    for (int i = 0; i < 4; ++i) out[i] = load(p + i * stride);
    transpose(out);
  }
};

using NeonPair = Pair<NeonBatch>;

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_SIMD_NEON_HPP
