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

#include "kernels/common/epilogue.hpp"
#include "kernels/common/gemm_loops.hpp"
#include "kernels/x86/simd_avx2.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <int vectors>
struct MicroAvx2 {
  static constexpr int n = vectors * 8;

  template <int rows>
  struct Block {
    static void run(const MicroArgs& args) { multiply<false>(args); }
    static void run_and_finish(const MicroArgs& args) { multiply<true>(args); }

   private:
    template <bool finish>
    [[gnu::always_inline]] static void multiply(const MicroArgs& memory) {
      const MicroArgs args = memory;  // which stores to C might change, for all the compiler knows
      const std::ptrdiff_t lda = args.lda, ldc = args.ldc;
      const float* a = args.a;
      float* c0 = args.c;
      const float* fetch = args.fetch;
      GemmTarget target;
      if constexpr (finish) target = *args.target;
      for (int group = args.groups; group > 0; --group, a += rows * lda, c0 += rows * ldc) {
        float* const c3 = c0 + 3 * ldc;
        const float* b = args.b;
        bool accumulate = args.accumulate;
        for (int k = 0; k < args.k; k += args.run, accumulate = true) {
          const int products = args.run < args.k - k ? args.run : args.k - k;
          __m256 sum[rows][vectors];
          unroll<rows>(
              [&](auto i) { unroll<vectors>([&](auto j) { sum[i][j] = _mm256_setzero_ps(); }); });
          for (int s = 0; s < args.segments; ++s) {
            // Rows 0-2 and 3-5 from two pointers: [p], [p + lda], [p + 2 lda] are addressing modes.
            const float* a0 = a + s * args.segment_stride + k;
            const float* a3 = a0 + 3 * lda;
            // Not unrolled: 12 fma hide the loop's integer work, and unrolled code makes compilers
            // rename the sums around the loop, with moves and spills (0.66 of the peak instead of
            // 0.93).
            for (int left = products; left > 0; --left, ++a0, ++a3, b += n) {
              _mm_prefetch(fetch, _MM_HINT_T0);
              fetch += args.fetch_step;
              __m256 panel[vectors];
              unroll<vectors>([&](auto j) { panel[j] = _mm256_load_ps(b + j * 8); });
              unroll<rows>([&](auto i) {
                const __m256 value = _mm256_broadcast_ss(i < 3 ? a0 + i * lda : a3 + (i - 3) * lda);
                unroll<vectors>(
                    [&](auto j) { sum[i][j] = _mm256_fmadd_ps(value, panel[j], sum[i][j]); });
              });
            }
          }
          const auto for_each_c = [&](auto visit) __attribute__((always_inline)) {
            unroll<rows>([&](auto i) {
              float* const row = i < 3 ? c0 + i * ldc : c3 + (i - 3) * ldc;
              unroll<vectors>([&](auto j) { visit(sum[i][j], row + j * 8); });
            });
          };
          if (accumulate) {
            for_each_c([](__m256& value, const float* c) {
              value = _mm256_add_ps(value, _mm256_load_ps(c));
            });
          }
          if (finish && k + products == args.k) {
            Avx2Batch result[rows][vectors];
            unroll<rows>(
                [&](auto i) { unroll<vectors>([&](auto j) { result[i][j] = sum[i][j]; }); });
            finish_block(result, 0, target);
            target.advance(rows * target.stride);
          } else {
            for_each_c([](const __m256& value, float* c) { _mm256_store_ps(c, value); });
          }
        }
      }
    }
  };
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_X86_GEMM_6X16_AVX2_HPP
