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
#include "kernels/x86/storage_f16c.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

// Fitted by tools/fit_cost_model on Zen 5; line_of_memory then lowered, for much of what comes from
// memory comes while the GEMM computes, and 512x7x7 would be left to direct.
inline constexpr CostModel kAvx512Cost = {
    .start = 12714,
    .gemm = 1.23,
    .gemm_start = 0,
    .gemm_call = 110,
    .direct_gemm = 1.36,
    .direct_start = 3.32,
    .narrow = 1.21,
    .planes = 1.44,
    .planes_start = 0,
    .transform = 9.83,
    .large_input = 12.2,
    .large_output = 12.6,
    .nchw_input = 8.74,
    .nchw_output = 15.4,
    .large_nchw = 1.24,
    .strip = 218,
    .nchw_direct_in = 8.97,
    .nchw_direct_out = 12.6,
    .line_of_l3 = 2.02,
    .line_of_memory = 7.3,
    .latency_rows = 6.68,
    .depthwise_tap = 0.913,
    .depthwise_finish = 6.31,
    .depthwise_staged = 8.74,
    .group_product = 0.55,
};

inline void store_fence() { _mm_sfence(); }

template <class V>
constexpr KernelSet make_avx512_set() {
  KernelSet set =
      make_kernel_set<V>(Isa::avx512,
                         make_gemm<BroadcastMicro<V, 14, 2, 32>, BroadcastMicro<V, 14, 1, 16>,
                                   BroadcastMicro<V, 14, 1, 8>>("14x32_avx512"),
                         kAvx512Cost);
  // Wider, because in direct convolution the rows of A are long and B is small.
  set.direct = make_gemm<BroadcastMicro<V, 6, 4, 64>, BroadcastMicro<V, 14, 2, 32>,
                         BroadcastMicro<V, 14, 1, 16>, BroadcastMicro<V, 14, 1, 8>>("6x64_avx512");
  set.winograd_half =
      make_gemm<BroadcastMicro<V, 14, 2, 32, HalfB>, BroadcastMicro<V, 14, 1, 16, HalfB>,
                BroadcastMicro<V, 14, 1, 8, HalfB>>("14x32_avx512_f16");
  set.depthwise = &Depthwise<V, 6>::rectangle;
  set.depthwise_half = &Depthwise<V, 6, F16>::rectangle;
  set.group_row = &SmallGroups<V, 14>::row;
  set.largest_group = 16;
  set.plane_row = &PlaneRows<V, 8, 3>::direct_row;
  set.storage[static_cast<int>(DataType::f16)] = storage_kernels<HalfF16c>();
  set.stream_fence = &store_fence;
  return set;
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_X86_AVX512_SET_HPP
