// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The complete kernel set without SIMD: runs everywhere, and is the first oracle of the others.
#define WINOGRAD_ISA_NAMESPACE isa_scalar
#include "kernels/common/gemm_broadcast.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/common/plane_rows.hpp"
#include "kernels/contract/default_cost.hpp"
#include "kernels/simd/scalar.hpp"

namespace winograd::detail {
namespace {

constexpr KernelSet kSet = [] {
  KernelSet set = make_kernel_set<Scalar>(
      Isa::scalar,
      make_gemm<BroadcastMicro<Scalar, 2, 4, 16>, BroadcastMicro<Scalar, 2, 4, 8>>("2x4_scalar"),
      kDefaultCost);
  set.plane_row = &PlaneRows<Scalar, 6, 2>::direct_row;
  return set;
}();

}  // namespace

const KernelSet* kernel_set_scalar() noexcept { return &kSet; }

}  // namespace winograd::detail
