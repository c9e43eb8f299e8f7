// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The AVX-512 set on pairs of AVX2 vectors: for machines that have only those. Not in the library.
#define WINOGRAD_ISA_NAMESPACE isa_avx512_emulated
#include "kernels/simd/pair.hpp"
#include "kernels/x86/avx512_set.hpp"
#include "kernels/x86/simd_avx2.hpp"

namespace winograd::detail {
namespace {

constexpr KernelSet kSet = make_avx512_set<Pair<Avx2Batch>>();

}  // namespace

const KernelSet* kernel_set_avx512_emulated() noexcept { return &kSet; }

}  // namespace winograd::detail
