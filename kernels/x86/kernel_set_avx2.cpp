// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#define WINOGRAD_ISA_NAMESPACE isa_avx2
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/common/plane_rows.hpp"
#include "kernels/x86/gemm_6x16_avx2.hpp"
#include "kernels/x86/simd_avx2.hpp"

namespace winograd::detail {
namespace {

using V = Avx2Batch;

void fence() { _mm_sfence(); }

constexpr KernelSet kSet = [] {
  KernelSet set = make_kernel_set<V>(Isa::avx2, "6x16_avx2", 6,
                                     &gemm_loops<MicroAvx2<2>::template Block, 6, 16>,
                                     &gemm_loops<MicroAvx2<1>::template Block, 6, 8>);
  set.gemm16_finishes = true;
  set.plane_row = &PlaneRows<V>::direct_row;
  set.stream_fence = &fence;
  return set;
}();

}  // namespace

const KernelSet* kernel_set_avx2() noexcept { return &kSet; }

}  // namespace winograd::detail
