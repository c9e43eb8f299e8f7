// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// f16 with the instructions of F16C.
#ifndef WINOGRAD_KERNELS_X86_STORAGE_F16C_HPP
#define WINOGRAD_KERNELS_X86_STORAGE_F16C_HPP

#include <immintrin.h>

#include "kernels/common/storage.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

struct HalfF16c : Half {
  static constexpr int lanes = 8;
  using Half::narrow;
  using Half::widen;

  [[gnu::always_inline]] static void widen(const std::uint16_t* from, float* to) {
    _mm256_storeu_ps(to, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))));
  }
  [[gnu::always_inline]] static void narrow(const float* from, std::uint16_t* to) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                     _mm256_cvtps_ph(_mm256_loadu_ps(from), _MM_FROUND_TO_NEAREST_INT));
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_X86_STORAGE_F16C_HPP
