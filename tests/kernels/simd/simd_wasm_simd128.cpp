// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#define WINOGRAD_ISA_NAMESPACE isa_wasm_simd128
#include "kernels/wasm/simd_wasm.hpp"
#include "tests/kernels/simd/make_simd_calls.hpp"

namespace winograd::test {
namespace {

constexpr SimdCalls kCalls[] = {
    make_simd_calls<detail::WasmFloat4>("wasm_simd128", NanFirst::second_operand),
    {},
};

}  // namespace

const SimdCalls* simd_calls_wasm_simd128() { return kCalls; }

}  // namespace winograd::test
