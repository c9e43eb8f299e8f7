// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// WebAssembly with 128-bit vectors.
#define WINOGRAD_ISA_NAMESPACE isa_wasm_simd128
#include "kernels/common/gemm_broadcast.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/common/plane_rows.hpp"
#include "kernels/contract/default_cost.hpp"
#include "kernels/wasm/simd_wasm.hpp"

namespace winograd::detail {
namespace {

using V = WasmFloat4;

constexpr KernelSet kSet = [] {
  KernelSet set = make_kernel_set<V>(
      Isa::wasm_simd128,
      make_gemm<BroadcastMicro<V, 6, 2, 16>, BroadcastMicro<V, 6, 2, 8>>("6x8_wasm_simd128"),
      kDefaultCost);
  set.plane_row = &PlaneRows<V, 6, 2>::direct_row;
  return set;
}();

}  // namespace

const KernelSet* kernel_set_wasm_simd128() noexcept { return &kSet; }

}  // namespace winograd::detail
