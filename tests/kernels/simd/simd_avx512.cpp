// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#define WINOGRAD_ISA_NAMESPACE isa_avx512
#include "kernels/x86/simd_avx512.hpp"
#include "tests/kernels/simd/make_simd_calls.hpp"

namespace winograd::test {
namespace {

constexpr SimdCalls kCalls[] = {
    make_simd_calls<detail::Avx512Batch>("avx512", NanFirst::second_operand),
    {},
};

}  // namespace

const SimdCalls* simd_calls_avx512() { return kCalls; }

}  // namespace winograd::test
