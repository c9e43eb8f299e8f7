// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// WebAssembly with 128-bit vectors. The module does not say on how many registers it runs: 32 on
// ARM, on x86 16 less what the engine keeps for itself. A product needs one until it is added, so 4
// rows of 8 columns are what fits:
//
//               b0      b1
//   a0 splat | sum0    sum1 |
//   a1 splat | sum2    sum3 |     8 sums, 2 of B, a splat, a product: 12 registers.
//   a2 splat | sum4    sum5 |     6 loads for 8 products and 8 additions.
//   a3 splat | sum6    sum7 |
//
// V8 on x86-64 (Zen) does 26 thousand million multiply-adds a second so, about all that the adders
// can do, and 12 to 14 with 5 or 6 rows, or 3 rows of 16 columns, whose sums it spills.
#define WINOGRAD_ISA_NAMESPACE isa_wasm_simd128
#include "kernels/common/gemm_broadcast.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/common/plane_rows.hpp"
#include "kernels/contract/default_cost.hpp"
#include "kernels/wasm/simd_wasm.hpp"
#include "kernels/wasm/strip_passes_wasm.hpp"

namespace winograd::detail {
namespace {

using V = WasmFloat4;

template <int family>
constexpr void set_passes(KernelSet& set) {
  using Traits = FamilyTraits<static_cast<AxisFamily>(family)>;
  unroll<Traits::m>([&](auto tile) {
    set.axis[family][tile] = axis_kernels<StripPassesWasm, V, Traits, tile.value + 1>();
  });
}

constexpr KernelSet kSet = [] {
  KernelSet set = make_kernel_set<V>(
      Isa::wasm_simd128,
      make_gemm<BroadcastMicro<V, 4, 2, 16>, BroadcastMicro<V, 4, 2, 8>>("4x8_wasm_simd128"),
      kDefaultCost);
  unroll<kAxisFamilies>([&](auto family) { set_passes<family.value>(set); });
  set.plane_row = &PlaneRows<V, 4, 2>::direct_row;
  return set;
}();

}  // namespace

const KernelSet* kernel_set_wasm_simd128() noexcept { return &kSet; }

}  // namespace winograd::detail
