// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_KERNELS_X86_SIMD_SSE2_HPP
#define WINOGRAD_KERNELS_X86_SIMD_SSE2_HPP

#include "kernels/simd/xsimd_batch.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

using Sse2Batch = xsimd::batch<float, xsimd::sse2>;

template <>
struct Simd<Sse2Batch> : XsimdDefaults<Sse2Batch> {
  static constexpr bool fused = false;

  /// Two rounds of interleaving (UNPCK).
  [[gnu::always_inline]] static void load_transposed(const float* p, std::ptrdiff_t stride,
                                                     Sse2Batch (&out)[4]) {
    const Sse2Batch row0 = load(p), row1 = load(p + stride), row2 = load(p + 2 * stride),
                    row3 = load(p + 3 * stride);
    const Sse2Batch a = zip_lo(row0, row2), b = zip_hi(row0, row2);
    const Sse2Batch c = zip_lo(row1, row3), d = zip_hi(row1, row3);
    out[0] = zip_lo(a, c);
    out[1] = zip_hi(a, c);
    out[2] = zip_lo(b, d);
    out[3] = zip_hi(b, d);
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_X86_SIMD_SSE2_HPP
