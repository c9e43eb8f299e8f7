// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#define WINOGRAD_ISA_NAMESPACE isa_avx2
#include "kernels/common/gemm_broadcast.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/common/plane_rows.hpp"
#include "kernels/contract/default_cost.hpp"
#include "kernels/x86/simd_avx2.hpp"
#include "kernels/x86/storage_f16c.hpp"

namespace winograd::detail {
namespace {

using V = Avx2Batch;

void fence() { _mm_sfence(); }

constexpr KernelSet kSet = [] {
  KernelSet set = make_kernel_set<V>(
      Isa::avx2, make_gemm<BroadcastMicro<V, 6, 2, 16>, BroadcastMicro<V, 6, 1, 8>>("6x16_avx2"),
      kDefaultCost);
  set.plane_row = &PlaneRows<V, 6, 2>::direct_row;
  set.storage[static_cast<int>(DataType::f16)] = storage_kernels<HalfF16c>();
  set.stream_fence = &fence;
  return set;
}();

}  // namespace

const KernelSet* kernel_set_avx2() noexcept { return &kSet; }

}  // namespace winograd::detail
