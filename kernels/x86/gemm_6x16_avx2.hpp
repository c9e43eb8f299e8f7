// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Micro-kernel for AVX2 + FMA: up to 6 rows (tiles) x 16 columns (channels).
//
//             b0 (ymm12)   b1 (ymm13)
//   a0 bcast | ymm0         ymm1  |
//   a1 bcast | ymm2         ymm3  |     12 sums, 2 of B, 2 broadcasts in flight: all 16 registers.
//     ...    |  ...          ...  |     8 loads for 12 fma: the two fma units are the limit.
//   a5 bcast | ymm10        ymm11 |
#ifndef WINOGRAD_KERNELS_X86_GEMM_6X16_AVX2_HPP
#define WINOGRAD_KERNELS_X86_GEMM_6X16_AVX2_HPP

#include <immintrin.h>

#include "common/epilogue.hpp"
#include "common/gemm_loops.hpp"
#include "x86/simd_avx2.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <int vectors>
struct MicroAvx2 {
  static constexpr int n = vectors * 8;

  template <int rows>
  struct Block {
    static void run(const MicroArgs& args) {
      Avx2Batch sum[rows][vectors];
      multiply(args, sum);
      unroll<rows>([&](auto i) {
        unroll<vectors>([&](auto j) { sum[i][j].store_aligned(args.c + i * args.ldc + j * 8); });
      });
    }

    static void run_and_finish(const MicroArgs& args) {
      Avx2Batch sum[rows][vectors];
      multiply(args, sum);
      finish_block(sum, 0, *args.target);
    }

   private:
    /// The products of this run, and C if they are added to it.
    [[gnu::always_inline]] static void multiply(const MicroArgs& args,
                                                Avx2Batch (&result)[rows][vectors]) {
      __m256 sum[rows][vectors];
      unroll<rows>(
          [&](auto i) { unroll<vectors>([&](auto j) { sum[i][j] = _mm256_setzero_ps(); }); });
      const std::ptrdiff_t lda = args.lda;
      const float* b = args.b;
      const float* fetch = args.fetch;
      for (int s = 0; s < args.segments; ++s) {
        // Rows 0-2 and 3-5 from two pointers: [p], [p + lda], [p + 2 lda] are addressing modes.
        const float* a0 = args.a + s * args.segment_stride;
        const float* a3 = a0 + 3 * lda;
        // Not unrolled over k: 12 fma hide the loop's integer work, and unrolled code makes
        // compilers rename the sums around the loop, with moves and spills (0.66 of the peak
        // instead of 0.93).
        for (int k = args.k; k > 0; --k, ++a0, ++a3, b += n, fetch += args.fetch_step) {
          _mm_prefetch(fetch, _MM_HINT_T0);
          __m256 panel[vectors];
          unroll<vectors>([&](auto j) { panel[j] = _mm256_load_ps(b + j * 8); });
          unroll<rows>([&](auto i) {
            const __m256 value = _mm256_broadcast_ss(i < 3 ? a0 + i * lda : a3 + (i - 3) * lda);
            unroll<vectors>(
                [&](auto j) { sum[i][j] = _mm256_fmadd_ps(value, panel[j], sum[i][j]); });
          });
        }
      }
      if (args.accumulate) {
        unroll<rows>([&](auto i) {
          unroll<vectors>([&](auto j) {
            sum[i][j] = _mm256_add_ps(sum[i][j], _mm256_load_ps(args.c + i * args.ldc + j * 8));
          });
        });
      }
      unroll<rows>([&](auto i) { unroll<vectors>([&](auto j) { result[i][j] = sum[i][j]; }); });
    }
  };
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_X86_GEMM_6X16_AVX2_HPP
