// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Fills a KernelSet from a vector type; an instruction set then overrides the entries it does
// better.
#ifndef WINOGRAD_KERNELS_COMMON_KERNEL_SET_BUILDER_HPP
#define WINOGRAD_KERNELS_COMMON_KERNEL_SET_BUILDER_HPP

#include "kernels/common/rows.hpp"
#include "kernels/common/strip_passes.hpp"
#include "kernels/transforms/axis_families.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V>
constexpr KernelSet make_kernel_set(Isa isa, const char* gemm_name, int micro_rows,
                                    GemmKernel gemm16, GemmKernel gemm8) {
  KernelSet set{};
  set.isa = isa;
  set.gemm_name = gemm_name;
  set.micro_rows = micro_rows;
  set.gemm16 = gemm16;
  set.gemm8 = gemm8;
  unroll<kAxisFamilies>([&](auto f) {
    using Traits = FamilyTraits<static_cast<AxisFamily>(f.value)>;
    unroll<Traits::m>([&](auto tile) {
      using Passes = StripPasses<V, typename Traits::template Tile<tile.value + 1>>;
      set.axis[f][tile] = {&Passes::input_vertical, &Passes::input_horizontal,
                           &Passes::output_horizontal, &Passes::output_vertical,
                           &Passes::output_vertical_raw};
    });
  });
  set.gather_row_nchw = &Rows<V>::gather_row_nchw;
  set.write_row_nhwc = &Rows<V>::write_row_nhwc;
  set.write_row_nchw = &Rows<V>::write_row_nchw;
  set.depthwise_row = &Rows<V>::depthwise_row;
  return set;
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_KERNEL_SET_BUILDER_HPP
