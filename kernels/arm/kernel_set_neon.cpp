// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#define WINOGRAD_ISA_NAMESPACE isa_neon
#include "kernels/arm/gemm_neon.hpp"
#include "kernels/arm/passes_of_6_neon.hpp"
#include "kernels/arm/passes_of_8_neon.hpp"
#include "kernels/arm/rows_neon.hpp"
#include "kernels/arm/simd_neon.hpp"
#include "kernels/arm/storage_neon.hpp"
#include "kernels/arm/strip_passes_neon.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/contract/default_cost.hpp"

namespace winograd::detail {
namespace {

using V = NeonBatch;

/// The best passes there are for a tile.
template <class Traits, int m>
constexpr AxisKernels passes_of() {
  using Tile = typename Traits::template Tile<m>;
  AxisKernels kernels = axis_kernels<StripPassesNeon, NeonPair, Traits, m>();
  if constexpr (InputConstantsOf6<Tile>::matches()) {
    kernels.input_vertical = &InputPassesOf6<Tile>::input_vertical;
    kernels.input_horizontal = &InputPassesOf6<Tile>::input_horizontal;
  }
  if constexpr (OutputConstantsOf6<Tile>::matches()) {
    kernels.output_horizontal = &OutputPassesOf6<Tile>::output_horizontal;
    kernels.output_vertical = &OutputPassesOf6<Tile>::output_vertical;
    kernels.output_vertical_raw = &OutputPassesOf6<Tile>::output_vertical_raw;
  }
  if constexpr (InputConstantsOf8<Tile>::matches()) {
    kernels.input_vertical = &InputPassesOf8<Tile>::input_vertical;
    kernels.input_horizontal = &InputPassesOf8<Tile>::input_horizontal;
  }
  if constexpr (OutputConstantsOf8<Tile>::matches()) {
    kernels.output_horizontal = &OutputPassesOf8<Tile>::output_horizontal;
    kernels.output_vertical = &OutputPassesOf8<Tile>::output_vertical;
    kernels.output_vertical_raw = &OutputPassesOf8<Tile>::output_vertical_raw;
  }
  return kernels;
}

template <int family>
constexpr void set_passes(KernelSet& set) {
  using Traits = FamilyTraits<static_cast<AxisFamily>(family)>;
  unroll<Traits::m>(
      [&](auto tile) { set.axis[family][tile] = passes_of<Traits, tile.value + 1>(); });
}

constexpr KernelSet make_set() {
  KernelSet set =
      make_kernel_set<V>(Isa::neon, make_gemm<MicroNeon16, MicroNeon8>("4x16_neon"), kDefaultCost);
  EdgeKernels& nchw = set.edge[static_cast<int>(Layout::nchw)];
  nchw.read_row = &RowsNeon<V>::read_row_nchw;
  nchw.write_row = &RowsNeon<V>::write_row_nchw;
  set.group_row = &SmallGroups<V, 14>::row;
  set.storage[static_cast<int>(DataType::f16)] = storage_kernels<HalfNeon>();
  unroll<kAxisFamilies>([&](auto family) { set_passes<family.value>(set); });
  return set;
}

constexpr KernelSet kSet = make_set();

}  // namespace

const KernelSet* kernel_set_neon() noexcept { return &kSet; }

}  // namespace winograd::detail
