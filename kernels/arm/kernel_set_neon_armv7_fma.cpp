// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// NEON with VFPv4: Cortex-A7, A15, A17 and 32-bit programs on 64-bit cores. Transforms, depthwise
// kernels and epilogues round once for each multiply-add; the GEMM is that of neon_armv7, see
// there.
#define WINOGRAD_ISA_NAMESPACE isa_neon_armv7_fma
#include "kernels/arm/gemm_4x8_neon_armv7.hpp"
#include "kernels/arm/simd_neon_armv7.hpp"
#include "kernels/common/kernel_set_builder.hpp"

namespace winograd::detail {
namespace {

constexpr KernelSet kSet =
    make_kernel_set<Float4>(Isa::neon_armv7_fma, "4x8_neon_armv7_fma", MicroArmv7<16>::max_rows,
                            &gemm_groups<MicroArmv7<16>::Block, MicroArmv7<16>::max_rows, 16>,
                            &gemm_groups<MicroArmv7<8>::Block, MicroArmv7<8>::max_rows, 8>);

}  // namespace

const KernelSet* kernel_set_neon_armv7_fma() noexcept { return &kSet; }

}  // namespace winograd::detail
