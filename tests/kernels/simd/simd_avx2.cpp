// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The pair is what stands for AVX-512 in tests.
#define WINOGRAD_ISA_NAMESPACE isa_avx2
#include "kernels/x86/simd_avx2.hpp"
#include "kernels/simd/pair.hpp"
#include "tests/kernels/simd/make_simd_calls.hpp"

namespace winograd::test {
namespace {

constexpr SimdCalls kCalls[] = {
    make_simd_calls<detail::Avx2Batch>("avx2", NanFirst::second_operand),
    make_simd_calls<detail::Pair<detail::Avx2Batch>>("avx2_pair", NanFirst::second_operand),
    {},
};

}  // namespace

const SimdCalls* simd_calls_avx2() { return kCalls; }

}  // namespace winograd::test
