// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The complete kernel set without SIMD: runs everywhere, and is the first oracle of the others.
#define WINOGRAD_ISA_NAMESPACE isa_scalar
#include "kernels/common/gemm_portable.hpp"
#include "kernels/common/kernel_set_builder.hpp"
#include "kernels/common/plane_rows.hpp"
#include "kernels/simd/scalar.hpp"

namespace winograd::detail {
namespace {

template <int n>
using Micro = PortableMicro<Scalar, 4, n>;

constexpr KernelSet kSet = [] {
  KernelSet set = make_kernel_set<Scalar>(Isa::scalar, "2x4_scalar", 2,
                                          &gemm_loops<Micro<16>::template Block, 2, 16>,
                                          &gemm_loops<Micro<8>::template Block, 2, 8>);
  set.gemm16_finishes = true;
  set.plane_row = &PlaneRows<Scalar>::direct_row;
  return set;
}();

}  // namespace

const KernelSet* kernel_set_scalar() noexcept { return &kSet; }

}  // namespace winograd::detail
