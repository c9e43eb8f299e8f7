// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// f16 in vectors of 16.
#ifndef WINOGRAD_KERNELS_X86_STORAGE_AVX512_HPP
#define WINOGRAD_KERNELS_X86_STORAGE_AVX512_HPP

#include <immintrin.h>

#include "kernels/common/storage.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

struct HalfAvx512 : Half {
  static constexpr int lanes = 16;
  using Half::narrow;
  using Half::widen;

  [[gnu::always_inline]] static void widen(const std::uint16_t* from, float* to) {
    const __m256i halves = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    _mm512_storeu_ps(to, _mm512_cvtph_ps(halves));
  }
  [[gnu::always_inline]] static void narrow(const float* from, std::uint16_t* to) {
    const __m256i halves = _mm512_cvtps_ph(_mm512_loadu_ps(from), _MM_FROUND_TO_NEAREST_INT);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), halves);
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_X86_STORAGE_AVX512_HPP
