// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What the specialisations of Simd for xsimd's batches have in common.
#ifndef WINOGRAD_KERNELS_SIMD_XSIMD_BATCH_HPP
#define WINOGRAD_KERNELS_SIMD_XSIMD_BATCH_HPP

#include <xsimd/xsimd.hpp>

#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// Whether fma is fused differs: xsimd 8 multiplies and adds, with two roundings, for SSE2 and for
/// AVX-512.
template <class V>
struct XsimdDefaults : SimdDefaults<V, static_cast<int>(V::size)> {
  [[gnu::always_inline]] static V load(const float* p) { return V::load_unaligned(p); }
  [[gnu::always_inline]] static void store(float* p, const V& v) { v.store_unaligned(p); }
  [[gnu::always_inline]] static V fma(const V& a, const V& b, const V& c) {
    return xsimd::fma(a, b, c);
  }
  [[gnu::always_inline]] static V min(const V& a, const V& b) { return xsimd::min(a, b); }
  [[gnu::always_inline]] static V max(const V& a, const V& b) { return xsimd::max(a, b); }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_SIMD_XSIMD_BATCH_HPP
