// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#define WINOGRAD_ISA_NAMESPACE isa_neon
#include "kernels/arm/simd_neon.hpp"
#include "tests/kernels/simd/make_simd_calls.hpp"

namespace winograd::test {
namespace {

constexpr SimdCalls kCalls[] = {
    make_simd_calls<detail::NeonBatch>("neon", NanFirst::nan),
    make_simd_calls<detail::NeonPair>("neon_pair", NanFirst::nan),
    {},
};

}  // namespace

const SimdCalls* simd_calls_neon() { return kCalls; }

}  // namespace winograd::test
