// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Micro-kernel for AArch64 from intrinsics: rows x (4 * vectors) sums. A is loaded four products at
// a time and multiplied by lane, so that nothing is broadcast. It does the row counts and widths
// that gemm_4x16_neon.hpp does not.
#ifndef WINOGRAD_KERNELS_ARM_MICRO_NEON_HPP
#define WINOGRAD_KERNELS_ARM_MICRO_NEON_HPP

#include <arm_neon.h>

#include "kernels/common/gemm_loops.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <int rows, int vectors>
[[gnu::always_inline]] inline void micro_neon_stripe(const MicroArgs& args, const float* first_a,
                                                     float* first_c) {
  constexpr int n = vectors * 4;
  float32x4_t sum[rows][vectors];
  unroll<rows>([&](auto i) WINOGRAD_INLINE {
    unroll<vectors>([&](auto j) WINOGRAD_INLINE { sum[i][j] = vdupq_n_f32(0.0F); });
  });
  const float* b = args.b;
  for (int s = 0; s < args.segments; ++s) {
    const float* a[rows];
    unroll<rows>([&](auto i)
                     WINOGRAD_INLINE { a[i] = first_a + s * args.segment_stride + i * args.lda; });
    int k = args.k;
    for (; k >= 4; k -= 4) {
      float32x4_t value[rows];
      unroll<rows>([&](auto i) WINOGRAD_INLINE {
        value[i] = vld1q_f32(a[i]);
        a[i] += 4;
      });
      unroll<4>([&](auto lane) WINOGRAD_INLINE {
        unroll<vectors>([&](auto j) WINOGRAD_INLINE {
          const float32x4_t panel = vld1q_f32(b + lane * n + j * 4);
          unroll<rows>([&](auto i) WINOGRAD_INLINE {
            sum[i][j] = vfmaq_laneq_f32(sum[i][j], panel, value[i], decltype(lane)::value);
          });
        });
      });
      b += 4 * n;
    }
    for (; k > 0; --k) {
      float32x4_t panel[vectors];
      unroll<vectors>([&](auto j) WINOGRAD_INLINE { panel[j] = vld1q_f32(b + j * 4); });
      unroll<rows>([&](auto i) WINOGRAD_INLINE {
        const float32x4_t value = vld1q_dup_f32(a[i]++);
        unroll<vectors>([&](auto j)
                            WINOGRAD_INLINE { sum[i][j] = vfmaq_f32(sum[i][j], panel[j], value); });
      });
      b += n;
    }
  }
  unroll<rows>([&](auto i) WINOGRAD_INLINE {
    unroll<vectors>([&](auto j) WINOGRAD_INLINE {
      float* c = first_c + i * args.ldc + j * 4;
      vst1q_f32(c, args.accumulate ? vaddq_f32(vld1q_f32(c), sum[i][j]) : sum[i][j]);
    });
  });
}

template <int rows, int vectors>
void micro_neon(const MicroArgs& args) {
  for (int stripe = 0; stripe < args.stripes; ++stripe) {
    micro_neon_stripe<rows, vectors>(args, args.a + stripe * rows * args.lda,
                                     args.c + stripe * rows * args.ldc);
  }
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_MICRO_NEON_HPP
