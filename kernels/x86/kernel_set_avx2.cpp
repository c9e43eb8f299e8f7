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
    .start = 15808,
    .gemm = 1.24,
    .gemm_start = 0,
    .gemm_call = 0,
    .direct_gemm = 1.54,
    .direct_start = 0,
    .narrow = 1.54,
    .planes = 1.6,
    .planes_start = 3.25,
    .transform = 7.16,
    .large_input = 9.73,
    .large_output = 9.73,
    .nchw_input = 4.83,
    .nchw_output = 3.09,
    .large_nchw = 1.22,
    .strip = 103,
    .nchw_direct_in = 8.51,
    .nchw_direct_out = 9.2,
    .line_of_l3 = 2.3,
    .line_of_memory = 4,
    .latency_rows = 4.48,
    .depthwise_tap = 1.03,
    .depthwise_finish = 5.68,
    .depthwise_staged = 6.87,
    .group_product = 0.68,
};

void fence() { _mm_sfence(); }

constexpr KernelSet kSet = [] {
  KernelSet set = make_kernel_set<V>(
      Isa::avx2, make_gemm<BroadcastMicro<V, 6, 2, 16>, BroadcastMicro<V, 6, 1, 8>>("6x16_avx2"),
      kCost);
  set.winograd_half =
      make_gemm<BroadcastMicro<V, 6, 2, 16, HalfB>, BroadcastMicro<V, 6, 1, 8, HalfB>>(
          "6x16_avx2_f16");
  set.depthwise_half = &Depthwise<V, 4, F16>::rectangle;
  set.plane_row = &PlaneRows<V, 6, 2>::direct_row;
  set.storage[static_cast<int>(DataType::f16)] = storage_kernels<HalfF16c>();
  set.stream_fence = &fence;
  return set;
}();

}  // namespace

const KernelSet* kernel_set_avx2() noexcept { return &kSet; }

}  // namespace winograd::detail
