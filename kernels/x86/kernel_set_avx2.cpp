// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#define WINOGRAD_ISA_NAMESPACE isa_avx2
#include "kernels/common/gemm_broadcast.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/common/plane_rows.hpp"
#include "kernels/x86/simd_avx2.hpp"
#include "kernels/x86/storage_f16c.hpp"

namespace winograd::detail {
namespace {

using V = Avx2Batch;

// Fitted by tools/fit_cost_model on Zen 5.
constexpr CostModel kCost = {
    .start = 17200,
    .gemm = 1.42,
    .gemm_start = 0.455,
    .gemm_call = 0,
    .direct_gemm = 1.63,
    .direct_start = 0,
    .narrow = 1.52,
    .planes = 1.67,
    .planes_start = 0.588,
    .transform = 7.05,
    .large_input = 10.1,
    .large_output = 10.3,
    .nchw_input = 6.01,
    .nchw_output = 3.86,
    .strip = 100,
    .nchw_direct_in = 12.7,
    .nchw_direct_out = 7.3,
    .line_of_l3 = 2.31,
    .line_of_memory = 5.89,
    .latency_rows = 4.55,
    .depthwise_tap = 1.14,
    .depthwise_finish = 3.35,
    .depthwise_staged = 6.53,
};

void fence() { _mm_sfence(); }

constexpr KernelSet kSet = [] {
  KernelSet set = make_kernel_set<V>(
      Isa::avx2, make_gemm<BroadcastMicro<V, 6, 2, 16>, BroadcastMicro<V, 6, 1, 8>>("6x16_avx2"),
      kCost);
  set.winograd_half =
      make_gemm<BroadcastMicro<V, 6, 2, 16, HalfB>, BroadcastMicro<V, 6, 1, 8, HalfB>>(
          "6x16_avx2_f16");
  set.plane_row = &PlaneRows<V, 6, 2>::direct_row;
  set.storage[static_cast<int>(DataType::f16)] = storage_kernels<HalfF16c>();
  set.stream_fence = &fence;
  return set;
}();

}  // namespace

const KernelSet* kernel_set_avx2() noexcept { return &kSet; }

}  // namespace winograd::detail
