// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// AVX-512 F, BW, DQ, VL.
#define WINOGRAD_ISA_NAMESPACE isa_avx512
#include "kernels/x86/avx512_set.hpp"
#include "kernels/x86/simd_avx512.hpp"
#include "kernels/x86/storage_avx512.hpp"

namespace winograd::detail {
namespace {

constexpr KernelSet make_set() {
  KernelSet set = make_avx512_set<Avx512Batch>();
  set.storage[static_cast<int>(DataType::f16)] = storage_kernels<HalfAvx512>();
  return set;
}

constexpr KernelSet kSet = make_set();

}  // namespace

const KernelSet* kernel_set_avx512() noexcept { return &kSet; }

}  // namespace winograd::detail
