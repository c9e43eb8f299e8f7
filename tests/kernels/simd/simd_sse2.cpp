// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#define WINOGRAD_ISA_NAMESPACE isa_sse2
#include "kernels/x86/simd_sse2.hpp"
#include "tests/kernels/simd/make_simd_calls.hpp"

namespace winograd::test {
namespace {

constexpr SimdCalls kCalls[] = {
    make_simd_calls<detail::Sse2Batch>("sse2", NanFirst::second_operand),
    {},
};

}  // namespace

const SimdCalls* simd_calls_sse2() { return kCalls; }

}  // namespace winograd::test
