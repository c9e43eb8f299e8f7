// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What xsimd lacks for AVX2: streaming stores and the 8x8 transpose.
#ifndef WINOGRAD_KERNELS_X86_SIMD_AVX2_HPP
#define WINOGRAD_KERNELS_X86_SIMD_AVX2_HPP

#include <immintrin.h>

#include <xsimd/xsimd.hpp>

#include "common/isa_namespace.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

using Avx2Batch = xsimd::batch<float, xsimd::fma3<xsimd::avx2>>;

/// See stream_lanes.
[[gnu::always_inline]] inline void stream_store(float* p, const Avx2Batch& v) {
  _mm256_stream_ps(p, v);
}

/// Eight vectors of eight lanes: interleave singles, then pairs, then swap 128-bit halves.
[[gnu::always_inline]] inline void transpose_rows(Avx2Batch (&rows)[8]) {
  __m256 pair[8], quad[8];
  for (int i = 0; i < 8; i += 2) {
    pair[i] = _mm256_unpacklo_ps(rows[i], rows[i + 1]);
    pair[i + 1] = _mm256_unpackhi_ps(rows[i], rows[i + 1]);
  }
  for (int i = 0; i < 8; i += 4) {
    quad[i] = _mm256_shuffle_ps(pair[i], pair[i + 2], _MM_SHUFFLE(1, 0, 1, 0));
    quad[i + 1] = _mm256_shuffle_ps(pair[i], pair[i + 2], _MM_SHUFFLE(3, 2, 3, 2));
    quad[i + 2] = _mm256_shuffle_ps(pair[i + 1], pair[i + 3], _MM_SHUFFLE(1, 0, 1, 0));
    quad[i + 3] = _mm256_shuffle_ps(pair[i + 1], pair[i + 3], _MM_SHUFFLE(3, 2, 3, 2));
  }
  for (int i = 0; i < 4; ++i) {
    rows[i] = _mm256_permute2f128_ps(quad[i], quad[i + 4], 0x20);
    rows[i + 4] = _mm256_permute2f128_ps(quad[i], quad[i + 4], 0x31);
  }
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_X86_SIMD_AVX2_HPP
