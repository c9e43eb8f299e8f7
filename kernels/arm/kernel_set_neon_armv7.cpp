// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// NEON without fused multiply-add: Cortex-A8, A9.
#define WINOGRAD_ISA_NAMESPACE isa_neon_armv7
#include "kernels/arm/gemm_4x8_neon_armv7.hpp"
#include "kernels/arm/simd_neon_armv7.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/contract/default_cost.hpp"

namespace winograd::detail {
namespace {

constexpr KernelSet kSet = make_kernel_set<Float4>(
    Isa::neon_armv7, make_gemm<MicroArmv7<16>, MicroArmv7<8>>("4x8_neon_armv7"), kDefaultCost);

}  // namespace

const KernelSet* kernel_set_neon_armv7() noexcept { return &kSet; }

}  // namespace winograd::detail
