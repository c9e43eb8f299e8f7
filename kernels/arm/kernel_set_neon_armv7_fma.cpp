// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// NEON with VFPv4: Cortex-A7, A15, A17 and 32-bit programs on 64-bit cores. Transforms, depthwise
// kernels and epilogues round once for each multiply-add; the GEMM is that of neon_armv7, see
// there.
#define WINOGRAD_ISA_NAMESPACE isa_neon_armv7_fma
#include "kernels/arm/gemm_4x8_neon_armv7.hpp"
#include "kernels/arm/simd_neon_armv7.hpp"
#include "kernels/arm/storage_neon_armv7.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/contract/default_cost.hpp"

namespace winograd::detail {
namespace {

constexpr KernelSet make_set() {
  KernelSet set = make_kernel_set<Float4>(
      Isa::neon_armv7_fma, make_gemm<MicroArmv7<16>, MicroArmv7<8>>("4x8_neon_armv7_fma"),
      kDefaultCost);
  set.storage[static_cast<int>(DataType::f16)] = storage_kernels<HalfVfpv4>();
  return set;
}

constexpr KernelSet kSet = make_set();

}  // namespace

const KernelSet* kernel_set_neon_armv7_fma() noexcept { return &kSet; }

}  // namespace winograd::detail
