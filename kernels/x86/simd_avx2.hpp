// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_KERNELS_X86_SIMD_AVX2_HPP
#define WINOGRAD_KERNELS_X86_SIMD_AVX2_HPP

#include <immintrin.h>

#include <cstdint>

#include "kernels/simd/xsimd_batch.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

using Avx2Batch = xsimd::batch<float, xsimd::fma3<xsimd::avx2>>;

template <>
struct Simd<Avx2Batch> : XsimdDefaults<Avx2Batch> {
  static constexpr bool fused = true;

  static constexpr bool streams = true;
  [[gnu::always_inline]] static void stream(float* p, const Avx2Batch& v) {
    _mm256_stream_ps(p, v);
  }

  [[gnu::always_inline]] static Avx2Batch load_first(const float* p, int count) {
    return _mm256_maskload_ps(p, first_lanes(count));
  }
  [[gnu::always_inline]] static void store_first(float* p, const Avx2Batch& v, int count) {
    _mm256_maskstore_ps(p, first_lanes(count), v);
  }

  [[gnu::always_inline]] static Avx2Batch load_half(const std::uint16_t* p) {
    return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }

  [[gnu::always_inline]] static void store_half(std::uint16_t* p, const Avx2Batch& v) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
  }

  /// Halves are joined by the loads (which costs no shuffle), then each half is a 4x4 transpose: 16
  /// shuffles instead of 24.
  [[gnu::always_inline]] static void load_transposed(const float* p, std::ptrdiff_t stride,
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

  template <int group>
  [[gnu::always_inline]] static Avx2Batch spread(const Avx2Batch& v, int c) {
    static_assert(group == 4);
    return _mm256_permutevar_ps(v, _mm256_set1_epi32(c));
  }

 private:
  /// All ones in the first `count` of eight lanes.
  [[gnu::always_inline]] static __m256i first_lanes(int count) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_X86_SIMD_AVX2_HPP
