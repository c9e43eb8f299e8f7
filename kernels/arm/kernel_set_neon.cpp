// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#define WINOGRAD_ISA_NAMESPACE isa_neon
#include "common/transpose_4x4.hpp"
// The overload above must be declared before the templates that use it.
#include "arm/gemm_neon.hpp"
#include "arm/neon_pair.hpp"
#include "arm/strip_passes_neon.hpp"
#include "common/kernel_set_builder.hpp"

namespace winograd::detail {
namespace {

using V = xsimd::batch<float, xsimd::neon64>;

/// Tiles of up to 6 inputs fit 32 registers twice.
template <class Tile>
constexpr void use_pairs(AxisKernels& kernels) {
  if constexpr (Tile::alpha <= 6) {
    using Passes = StripPassesNeon<NeonPair, Tile>;
    kernels = {&Passes::input_vertical, &Passes::input_horizontal, &Passes::output_horizontal,
               &Passes::output_vertical, &Passes::output_vertical_raw};
  }
}

template <int family>
constexpr void use_pairs_in_family(KernelSet& set) {
  using Traits = FamilyTraits<static_cast<AxisFamily>(family)>;
  unroll<Traits::m>([&](auto tile) {
    use_pairs<typename Traits::template Tile<tile.value + 1>>(set.axis[family][tile]);
  });
}

constexpr KernelSet make_set() {
  KernelSet set = make_kernel_set<V>(Isa::neon, "4x16_neon", MicroNeon16::max_rows,
                                     &gemm_groups<MicroNeon16::Block, MicroNeon16::max_rows, 16>,
                                     &gemm_groups<MicroNeon8::Block, MicroNeon8::max_rows, 8>);
  unroll<kAxisFamilies>([&](auto family) { use_pairs_in_family<family.value>(set); });
  return set;
}

constexpr KernelSet kSet = make_set();

}  // namespace

const KernelSet* kernel_set_neon() noexcept { return &kSet; }

}  // namespace winograd::detail
