// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The set of AArch64 with FEAT_FP16: that of NEON, and Winograd in f16.
#define WINOGRAD_ISA_NAMESPACE isa_neon_fp16
#include <limits>

#include "kernels/arm/gemm_8x16_neon_fp16.hpp"
#include "kernels/arm/passes_of_6_neon_fp16.hpp"
#include "kernels/arm/rows_neon_fp16.hpp"
#include "kernels/arm/simd_neon_fp16.hpp"
#include "kernels/arm/strip_passes_neon.hpp"
#include "kernels/common/rows.hpp"
#include "kernels/transforms/axis_families.hpp"

namespace winograd::detail {

const KernelSet* kernel_set_neon() noexcept;

namespace {

template <int family>
constexpr void set_passes(WinogradKernels<F16>& kernels) {
  using Traits = FamilyTraits<static_cast<AxisFamily>(family)>;
  unroll<Traits::m>([&](auto tile) {
    using Tile = typename Traits::template Tile<tile.value + 1>;
    using Passes = StripPassesNeon<HalfPair, Tile>;
    AxisKernelsOf<F16>& axis = kernels.axis[family][tile];
    axis = {&Passes::input_vertical,
            &Passes::input_horizontal,
            &Passes::output_horizontal,
            &Passes::output_vertical,
            &Passes::output_vertical_raw,
            nullptr,
            nullptr};
    if constexpr (InputConstantsOf6<Tile>::matches()) {
      axis.input_vertical = &HalfInputPassesOf6<Tile>::input_vertical;
      axis.input_horizontal = &HalfInputPassesOf6<Tile>::input_horizontal;
    }
    if constexpr (OutputConstantsOf6<Tile>::matches()) {
      axis.output_horizontal = &HalfOutputPassesOf6<Tile>::output_horizontal;
      axis.output_vertical = &HalfOutputPassesOf6<Tile>::output_vertical;
      axis.output_vertical_raw = &HalfOutputPassesOf6<Tile>::output_vertical_raw;
    }
  });
}

constexpr WinogradKernels<F16> make_half() {
  WinogradKernels<F16> kernels{};
  kernels.winograd = {"8x16_neon_fp16", kHalfRows, 1, false, DataType::f16, &gemm_8x16_neon_fp16};
  using Edges = Rows<HalfVector>;
  kernels.edge[static_cast<int>(Layout::nchw)] = {&RowsNeonFp16::read_row_nchw,
                                                  &RowsNeonFp16::write_row_nchw, kLaneBlock, false};
  kernels.edge[static_cast<int>(Layout::nhwc)] = {&Edges::read_row_nhwc, &Edges::write_row_nhwc,
                                                  std::numeric_limits<int>::max(), true};
  unroll<kAxisFamilies>([&](auto family) {
    if constexpr (half_axis_shift(static_cast<AxisFamily>(family.value)) >= 0) {
      set_passes<family.value>(kernels);
    }
  });
  return kernels;
}

constexpr WinogradKernels<F16> kHalf = make_half();

}  // namespace

const KernelSet* kernel_set_neon_fp16() noexcept {
  static const KernelSet set = [] {
    KernelSet neon = *kernel_set_neon();
    neon.isa = Isa::neon_fp16;
    neon.half = &kHalf;
    return neon;
  }();
  return &set;
}

}  // namespace winograd::detail
