// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// AVX-512 F, BW, DQ, VL.
#define WINOGRAD_ISA_NAMESPACE isa_avx512
#include "kernels/common/gemm_broadcast.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/common/plane_rows.hpp"
#include "kernels/contract/default_cost.hpp"
#include "kernels/x86/simd_avx512.hpp"

namespace winograd::detail {
namespace {

using V = Avx512Batch;

void fence() { _mm_sfence(); }

constexpr KernelSet kSet = [] {
  KernelSet set =
      make_kernel_set<V>(Isa::avx512,
                         make_gemm<BroadcastMicro<V, 14, 2, 32>, BroadcastMicro<V, 14, 1, 16>,
                                   BroadcastMicro<V, 14, 1, 8>>("14x32_avx512"),
                         kDefaultCost);
  // Wider, because in direct convolution the rows of A are long and B is small.
  set.direct = make_gemm<BroadcastMicro<V, 6, 4, 64>, BroadcastMicro<V, 14, 2, 32>,
                         BroadcastMicro<V, 14, 1, 16>, BroadcastMicro<V, 14, 1, 8>>("6x64_avx512");
  set.plane_row = &PlaneRows<V, 8, 3>::direct_row;
  set.stream_fence = &fence;
  return set;
}();

}  // namespace

const KernelSet* kernel_set_avx512() noexcept { return &kSet; }

}  // namespace winograd::detail
