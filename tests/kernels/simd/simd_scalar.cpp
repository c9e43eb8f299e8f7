// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#define WINOGRAD_ISA_NAMESPACE isa_scalar
#include "kernels/simd/scalar.hpp"
#include "tests/kernels/simd/make_simd_calls.hpp"

namespace winograd::test {
namespace {

constexpr SimdCalls kCalls[] = {
    make_simd_calls<detail::Scalar>("scalar", NanFirst::second_operand),
    {},
};

}  // namespace

const SimdCalls* simd_calls_scalar() { return kCalls; }

}  // namespace winograd::test
