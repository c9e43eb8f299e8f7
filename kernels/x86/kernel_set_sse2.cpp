// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The baseline of x86-64, entirely through xsimd.
#define WINOGRAD_ISA_NAMESPACE isa_sse2
#include "kernels/common/gemm_broadcast.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/common/plane_rows.hpp"
#include "kernels/contract/default_cost.hpp"
#include "kernels/x86/simd_sse2.hpp"

namespace winograd::detail {
namespace {

using V = Sse2Batch;
constexpr KernelSet kSet = [] {
  KernelSet set = make_kernel_set<V>(
      Isa::sse2, make_gemm<BroadcastMicro<V, 6, 2, 16>, BroadcastMicro<V, 6, 2, 8>>("6x8_sse2"),
      kDefaultCost);
  set.plane_row = &PlaneRows<V, 6, 2>::direct_row;
  return set;
}();

}  // namespace

const KernelSet* kernel_set_sse2() noexcept { return &kSet; }

}  // namespace winograd::detail
