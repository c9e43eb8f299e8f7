// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// One v128 of four floats. A struct of our own: xsimd 8 has no WebAssembly.
#ifndef WINOGRAD_KERNELS_WASM_SIMD_WASM_HPP
#define WINOGRAD_KERNELS_WASM_SIMD_WASM_HPP

#include <wasm_simd128.h>

#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

struct WasmFloat4 {
  v128_t v;

  WasmFloat4() = default;
  explicit WasmFloat4(float x) : v(wasm_f32x4_splat(x)) {}
  explicit WasmFloat4(v128_t x) : v(x) {}

  friend WasmFloat4 operator+(WasmFloat4 a, WasmFloat4 b) {
    return WasmFloat4(wasm_f32x4_add(a.v, b.v));
  }
  friend WasmFloat4 operator-(WasmFloat4 a, WasmFloat4 b) {
    return WasmFloat4(wasm_f32x4_sub(a.v, b.v));
  }
  friend WasmFloat4 operator*(WasmFloat4 a, WasmFloat4 b) {
    return WasmFloat4(wasm_f32x4_mul(a.v, b.v));
  }
};

template <>
struct Simd<WasmFloat4> : SimdDefaults<WasmFloat4, 4> {
  /// There is no fused multiply-add without relaxed SIMD.
  static constexpr bool fused = false;

  [[gnu::always_inline]] static WasmFloat4 load(const float* p) {
    return WasmFloat4(wasm_v128_load(p));
  }
  [[gnu::always_inline]] static void store(float* p, WasmFloat4 x) { wasm_v128_store(p, x.v); }
  [[gnu::always_inline]] static WasmFloat4 fma(WasmFloat4 a, WasmFloat4 b, WasmFloat4 c) {
    return c + a * b;
  }
  // The "pseudo-minimum" of x and y is y < x ? y : x, one instruction on x86, where f32x4.min takes
  // many. With the operands swapped it is MINPS: a < b ? a : b, NaN if b is.
  [[gnu::always_inline]] static WasmFloat4 min(WasmFloat4 a, WasmFloat4 b) {
    return WasmFloat4(wasm_f32x4_pmin(b.v, a.v));
  }
  [[gnu::always_inline]] static WasmFloat4 max(WasmFloat4 a, WasmFloat4 b) {
    return WasmFloat4(wasm_f32x4_pmax(b.v, a.v));
  }

  /// Two rounds of interleaving, which engines compile to UNPCK and to ZIP.
  [[gnu::always_inline]] static void load_transposed(const float* p, std::ptrdiff_t stride,
                                                     WasmFloat4 (&out)[4]) {
    const v128_t row0 = wasm_v128_load(p), row1 = wasm_v128_load(p + stride),
                 row2 = wasm_v128_load(p + 2 * stride), row3 = wasm_v128_load(p + 3 * stride);
    const v128_t a = wasm_i32x4_shuffle(row0, row2, 0, 4, 1, 5),
                 b = wasm_i32x4_shuffle(row0, row2, 2, 6, 3, 7),
                 c = wasm_i32x4_shuffle(row1, row3, 0, 4, 1, 5),
                 d = wasm_i32x4_shuffle(row1, row3, 2, 6, 3, 7);
    out[0].v = wasm_i32x4_shuffle(a, c, 0, 4, 1, 5);
    out[1].v = wasm_i32x4_shuffle(a, c, 2, 6, 3, 7);
    out[2].v = wasm_i32x4_shuffle(b, d, 0, 4, 1, 5);
    out[3].v = wasm_i32x4_shuffle(b, d, 2, 6, 3, 7);
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_WASM_SIMD_WASM_HPP
