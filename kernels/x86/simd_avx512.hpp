// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_KERNELS_X86_SIMD_AVX512_HPP
#define WINOGRAD_KERNELS_X86_SIMD_AVX512_HPP

#include <immintrin.h>

#include <cstdint>

#include "kernels/simd/xsimd_batch.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

using Avx512Batch = xsimd::batch<float, xsimd::avx512bw>;

template <>
struct Simd<Avx512Batch> : XsimdDefaults<Avx512Batch> {
  static constexpr bool fused = true;

  [[gnu::always_inline]] static Avx512Batch fma(const Avx512Batch& a, const Avx512Batch& b,
                                                const Avx512Batch& c) {
    return _mm512_fmadd_ps(a, b, c);
  }

  /// Has the compiler keep v in a register.
  [[gnu::always_inline]] static void keep(Avx512Batch& v) {
    __m512 value = v;
    __asm__("" : "+v"(value));
    v = value;
  }

  static constexpr bool streams = true;
  [[gnu::always_inline]] static void stream(float* p, const Avx512Batch& v) {
    _mm512_stream_ps(p, v);
  }

  [[gnu::always_inline]] static Avx512Batch load_first(const float* p, int count) {
    return _mm512_maskz_loadu_ps(first_lanes(count), p);
  }
  [[gnu::always_inline]] static void store_first(float* p, const Avx512Batch& v, int count) {
    _mm512_mask_storeu_ps(p, first_lanes(count), v);
  }

  [[gnu::always_inline]] static Avx512Batch load_half(const std::uint16_t* p) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)));
  }
  [[gnu::always_inline]] static void store_half(std::uint16_t* p, const Avx512Batch& v) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p),
                        _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
  }
  [[gnu::always_inline]] static Avx512Batch load_first_half(const std::uint16_t* p, int count) {
    return _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(first_lanes(count), p));
  }

  /// Four columns at a time: their loads join rows i, i + 4, i + 8 and i + 12 (a masked broadcast
  /// of 128 bits from memory is a load with a blend, no shuffle), then each quarter is a 4x4
  /// transpose: 64 shuffles for 256 floats.
  [[gnu::always_inline]] static void load_transposed(const float* p, std::ptrdiff_t stride,
                                                     Avx512Batch (&out)[16]) {
#pragma GCC unroll 4
    for (int quarter = 0; quarter < 16; quarter += 4) {
      __m512 row[4];
#pragma GCC unroll 4
      for (int i = 0; i < 4; ++i) {
        const float* from = p + i * stride + quarter;
        __m512 r = _mm512_castps128_ps512(_mm_loadu_ps(from));
        r = _mm512_mask_broadcast_f32x4(r, 0x00F0, _mm_loadu_ps(from + 4 * stride));
        r = _mm512_mask_broadcast_f32x4(r, 0x0F00, _mm_loadu_ps(from + 8 * stride));
        row[i] = _mm512_mask_broadcast_f32x4(r, 0xF000, _mm_loadu_ps(from + 12 * stride));
      }
      const __m512 a = _mm512_unpacklo_ps(row[0], row[1]);
      const __m512 b = _mm512_unpackhi_ps(row[0], row[1]);
      const __m512 c = _mm512_unpacklo_ps(row[2], row[3]);
      const __m512 d = _mm512_unpackhi_ps(row[2], row[3]);
      out[quarter] = _mm512_shuffle_ps(a, c, _MM_SHUFFLE(1, 0, 1, 0));
      out[quarter + 1] = _mm512_shuffle_ps(a, c, _MM_SHUFFLE(3, 2, 3, 2));
      out[quarter + 2] = _mm512_shuffle_ps(b, d, _MM_SHUFFLE(1, 0, 1, 0));
      out[quarter + 3] = _mm512_shuffle_ps(b, d, _MM_SHUFFLE(3, 2, 3, 2));
    }
  }

  template <int group>
  [[gnu::always_inline]] static Avx512Batch spread(const Avx512Batch& v, int c) {
    static_assert(group == 4 || group == 8);
    if constexpr (group == 4) {
      return _mm512_permutevar_ps(v, _mm512_set1_epi32(c));
    } else {
      const __m512i first = _mm512_setr_epi32(0, 0, 0, 0, 0, 0, 0, 0, 8, 8, 8, 8, 8, 8, 8, 8);
      return _mm512_permutexvar_ps(_mm512_add_epi32(first, _mm512_set1_epi32(c)), v);
    }
  }

 private:
  [[gnu::always_inline]] static __mmask16 first_lanes(int count) {
    return static_cast<__mmask16>((1U << static_cast<unsigned>(count)) - 1U);
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_X86_SIMD_AVX512_HPP
