// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What xsimd lacks for AVX2: streaming and masked stores, and the 8x8 transpose.
#ifndef WINOGRAD_KERNELS_X86_SIMD_AVX2_HPP
#define WINOGRAD_KERNELS_X86_SIMD_AVX2_HPP

#include <immintrin.h>

#include <xsimd/xsimd.hpp>

#include "kernels/common/isa_namespace.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

using Avx2Batch = xsimd::batch<float, xsimd::fma3<xsimd::avx2>>;

/// See stream_lanes.
[[gnu::always_inline]] inline void stream_store(float* p, const Avx2Batch& v) {
  _mm256_stream_ps(p, v);
}

/// See load_transposed. Halves are joined by the loads (which costs no shuffle), then each half is
/// a 4x4 transpose: 16 shuffles instead of 24.
[[gnu::always_inline]] inline void load_transposed_rows(const float* p, std::ptrdiff_t stride,
                                                        Avx2Batch (&out)[8]) {
  for (int half = 0; half < 8; half += 4) {
    __m256 row[4];
    for (int i = 0; i < 4; ++i) {
      const float* from = p + i * stride + half;
      row[i] = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(from)),
                                    _mm_loadu_ps(from + 4 * stride), 1);
    }
    const __m256 a = _mm256_unpacklo_ps(row[0], row[1]);
    const __m256 b = _mm256_unpackhi_ps(row[0], row[1]);
    const __m256 c = _mm256_unpacklo_ps(row[2], row[3]);
    const __m256 d = _mm256_unpackhi_ps(row[2], row[3]);
    out[half] = _mm256_shuffle_ps(a, c, _MM_SHUFFLE(1, 0, 1, 0));
    out[half + 1] = _mm256_shuffle_ps(a, c, _MM_SHUFFLE(3, 2, 3, 2));
    out[half + 2] = _mm256_shuffle_ps(b, d, _MM_SHUFFLE(1, 0, 1, 0));
    out[half + 3] = _mm256_shuffle_ps(b, d, _MM_SHUFFLE(3, 2, 3, 2));
  }
}

/// All ones in the first `count` of eight lanes.
[[gnu::always_inline]] inline __m256i first_lanes(int count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

/// See load_first and store_first.
[[gnu::always_inline]] inline void masked_load(const float* p, int count, Avx2Batch& v) {
  v = _mm256_maskload_ps(p, first_lanes(count));
}
[[gnu::always_inline]] inline void masked_store(float* p, const Avx2Batch& v, int count) {
  _mm256_maskstore_ps(p, first_lanes(count), v);
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_X86_SIMD_AVX2_HPP
