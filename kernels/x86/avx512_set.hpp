// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The AVX-512 set over any vector type of 16 lanes. Tests make it of pairs of AVX2 vectors, for
// machines without AVX-512: everything but the operations on vectors is then the same code.
#ifndef WINOGRAD_KERNELS_X86_AVX512_SET_HPP
#define WINOGRAD_KERNELS_X86_AVX512_SET_HPP

#include <immintrin.h>

#include "kernels/common/gemm_broadcast.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/common/plane_rows.hpp"
#include "kernels/contract/default_cost.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

inline void store_fence() { _mm_sfence(); }

template <class V>
constexpr KernelSet make_avx512_set() {
  KernelSet set =
      make_kernel_set<V>(Isa::avx512,
                         make_gemm<BroadcastMicro<V, 14, 2, 32>, BroadcastMicro<V, 14, 1, 16>,
                                   BroadcastMicro<V, 14, 1, 8>>("14x32_avx512"),
                         kDefaultCost);
  // Wider, because in direct convolution the rows of A are long and B is small.
  set.direct = make_gemm<BroadcastMicro<V, 6, 4, 64>, BroadcastMicro<V, 14, 2, 32>,
                         BroadcastMicro<V, 14, 1, 16>, BroadcastMicro<V, 14, 1, 8>>("6x64_avx512");
  set.plane_row = &PlaneRows<V, 8, 3>::direct_row;
  set.stream_fence = &store_fence;
  return set;
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_X86_AVX512_SET_HPP
