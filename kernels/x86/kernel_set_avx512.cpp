// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// AVX-512 F, BW, DQ, VL.
#define WINOGRAD_ISA_NAMESPACE isa_avx512
#include "kernels/common/gemm_broadcast.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/common/plane_rows.hpp"
#include "kernels/x86/simd_avx512.hpp"

namespace winograd::detail {
namespace {

using V = Avx512Batch;

void fence() { _mm_sfence(); }

// Fitted by tools/fit_cost_model on Zen 5.
constexpr CostModel kCost = {
    .start = 19000,
    .gemm = 1.24,
    .gemm_start = 5.4,
    .direct_gemm = 1.38,
    .direct_start = 0.7,
    .planes = 1.24,
    .planes_start = 4.3,
    .transform = 6.3,
    .large_input = 7.1,
    .large_output = 10.9,
    .nchw_input = 3.3,
    .nchw_output = 1.4,
    .nchw_direct_in = 18,
    .nchw_direct_out = 0.01,
    .line_of_l3 = 1.9,
    .line_of_memory = 7.3,
    .latency_rows = 5.8,
};

constexpr KernelSet kSet = [] {
  KernelSet set =
      make_kernel_set<V>(Isa::avx512,
                         make_gemm<BroadcastMicro<V, 14, 2, 32>, BroadcastMicro<V, 14, 1, 16>,
                                   BroadcastMicro<V, 14, 1, 8>>("14x32_avx512"),
                         kCost);
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
