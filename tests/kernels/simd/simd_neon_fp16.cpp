// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The vectors of f32 are those of NEON. Those of f16 keep no float as it is: their operations are
// tested where kernels use them.
#include "tests/kernels/simd/simd_calls.hpp"

namespace winograd::test {

const SimdCalls* simd_calls_neon();

const SimdCalls* simd_calls_neon_fp16() { return simd_calls_neon(); }

}  // namespace winograd::test
