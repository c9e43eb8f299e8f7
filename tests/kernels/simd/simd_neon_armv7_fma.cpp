// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#define WINOGRAD_ISA_NAMESPACE isa_neon_armv7_fma
#include "kernels/arm/simd_neon_armv7.hpp"
#include "tests/kernels/simd/make_simd_calls.hpp"

namespace winograd::test {
namespace {

constexpr SimdCalls kCalls[] = {
    make_simd_calls<detail::Float4>("neon_armv7_fma", NanFirst::nan),
    {},
};

}  // namespace

const SimdCalls* simd_calls_neon_armv7_fma() { return kCalls; }

}  // namespace winograd::test
