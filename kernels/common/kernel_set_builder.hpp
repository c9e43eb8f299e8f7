// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Fills a KernelSet from a vector type; an instruction set then overrides the entries it does
// better.
#ifndef WINOGRAD_KERNELS_COMMON_KERNEL_SET_BUILDER_HPP
#define WINOGRAD_KERNELS_COMMON_KERNEL_SET_BUILDER_HPP

#include <limits>

#include "kernels/common/depthwise.hpp"
#include "kernels/common/depthwise_plane.hpp"
#include "kernels/common/gemm_loops.hpp"
#include "kernels/common/rows.hpp"
#include "kernels/common/small_groups.hpp"
#include "kernels/common/storage.hpp"
#include "kernels/common/strip_passes.hpp"
#include "kernels/transforms/axis_families.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// A GEMM from micro-kernels of several widths, the widest first; the last has 8 columns.
template <class Widest, class... Narrower>
constexpr GemmEntry make_gemm(const char* name) {
  return {name,
          Widest::max_rows,
          Widest::columns / kPanel,
          kFinishes<Widest>,
          Widest::b_type,
          &gemm_loops<Widest, Narrower...>};
}

/// The passes of a family's tile of m outputs.
template <template <class V, class Tile> class Passes, class V, class Traits, int m>
constexpr AxisKernels axis_kernels() {
  using Of = Passes<V, typename Traits::template Tile<m>>;
  AxisKernels kernels{&Of::input_vertical,
                      &Of::input_horizontal,
                      &Of::output_horizontal,
                      &Of::output_vertical,
                      &Of::output_vertical_raw,
                      nullptr,
                      nullptr};
  if constexpr (Traits::stride == 2) {
    using Odd = Passes<V, WithoutInfinity<typename Traits::template Tile<m>>>;
    kernels.odd_input_vertical = &Odd::input_vertical;
    kernels.odd_input_horizontal = &Odd::input_horizontal;
  }
  return kernels;
}

template <class V>
constexpr KernelSet make_kernel_set(Isa isa, const GemmEntry& gemm, const CostModel& cost) {
  KernelSet set{};
  set.isa = isa;
  set.lanes = Simd<V>::lanes;
  set.winograd = set.direct = gemm;
  set.cost = cost;
  unroll<kAxisFamilies>([&](auto f) {
    using Traits = FamilyTraits<static_cast<AxisFamily>(f.value)>;
    unroll<Traits::m>([&](auto tile) {
      set.axis[f][tile] = axis_kernels<StripPasses, V, Traits, tile.value + 1>();
    });
  });
  using Edges = Rows<V>;
  set.edge[static_cast<int>(Layout::nchw)] = {&Edges::read_row_nchw, &Edges::write_row_nchw,
                                              kLaneBlock, false};
  set.edge[static_cast<int>(Layout::nhwc)] = {&Edges::read_row_nhwc, &Edges::write_row_nhwc,
                                              std::numeric_limits<int>::max(), true};
  set.depthwise = &Depthwise<V, 4>::rectangle;
  set.depthwise_plane = &DepthwisePlane<V>::channels;
  set.group_row = &SmallGroups<V, 7>::row;
  set.largest_group = 8;
  set.storage[static_cast<int>(DataType::f16)] = storage_kernels<Half>();
  set.storage[static_cast<int>(DataType::bf16)] = storage_kernels<Bfloat>();
  return set;
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_KERNEL_SET_BUILDER_HPP
