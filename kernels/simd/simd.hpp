// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What the templates in kernels/common/ need of a vector type V: the operators + - *, construction
// from a float (broadcast), and the members of Simd<V>. Its numbers are floats, or halves: F16 in
// memory.
//
// There is one explicit specialisation of Simd for each vector type. The primary template has no
// definition: a vector type without a specialisation, or with one that is declared after its first
// use, does not compile.
#ifndef WINOGRAD_KERNELS_SIMD_SIMD_HPP
#define WINOGRAD_KERNELS_SIMD_SIMD_HPP

#include <cstddef>

#include "kernels/simd/isa_namespace.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// A specialisation has, with n lanes:
///   lanes                             n
///   Element                           float or F16
///   fused                             true if fma rounds once
///   load(p), store(p, v)              n elements, of any alignment; halves also from and to n
///   floats fma(a, b, c)                      a * b + c min(a, b), max(a, b)              NaN if b
///   is NaN; if only a is NaN, b (MINPS and MAXPS of
///                                     x86, and scalar) or NaN (ARM)
///   keep(v)                           has the compiler keep v in a register instead of reading it
///                                     from memory again; does nothing where that does not help
///   streams                           true if stream() is more than a store
///   stream(p, v)                      a store that bypasses the caches, for when the contract says
///                                     `stream`; p is aligned to the vector
///   load_first(p, count)              the first `count` elements at p, 0 < count < n, and zeros;
///                                     reads no others
///   store_first(p, v, count)          stores the first `count` lanes, touches nothing behind them
///   load_transposed(p, stride, out)   out[j] lane i = p[i * stride + j], i and j < n
///   spread<group>(v, c)               lane i = lane i / group * group + c of v; group < n is a
///                                     power of two, 0 <= c < group
/// Where a set multiplies by U in f16:
///   load_half(p)                      n halves as floats, exactly
///   store_half(p, v)                  n halves, rounded to the nearest, ties to even
///   load_first_half(p, count)         the first `count` of them, which fill 16 bytes, and zeros
/// SimdDefaults has those from keep to spread for a vector type without instructions for
/// them.
template <class V>
struct Simd;

template <class V, int n, class E = float>
struct SimdDefaults {
  static constexpr int lanes = n;
  using Element = E;

  [[gnu::always_inline]] static void keep(V&) {}
  static constexpr bool streams = false;
  [[gnu::always_inline]] static void stream(E* p, const V& v) { Simd<V>::store(p, v); }

  [[gnu::always_inline]] static V load_first(const E* p, int count) {
    E lane[n] = {};
    for (int i = 0; i < count; ++i) lane[i] = p[i];
    return Simd<V>::load(lane);
  }
  [[gnu::always_inline]] static void store_first(E* p, const V& v, int count) {
    E lane[n];
    Simd<V>::store(lane, v);
    for (int i = 0; i < count; ++i) p[i] = lane[i];
  }

  [[gnu::always_inline]] static void load_transposed(const E* p, std::ptrdiff_t stride,
                                                     V (&out)[n]) {
    for (int j = 0; j < n; ++j) {
      E lane[n];
      for (int i = 0; i < n; ++i) lane[i] = p[i * stride + j];
      out[j] = Simd<V>::load(lane);
    }
  }

  template <int group>
  [[gnu::always_inline]] static V spread(const V& v, int c) {
    E lane[n], spread[n];
    Simd<V>::store(lane, v);
    for (int i = 0; i < n; ++i) spread[i] = lane[i / group * group + c];
    return Simd<V>::load(spread);
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_SIMD_SIMD_HPP
