// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Two vectors as one of twice the length. On ARM a load or a store of a pair is one LDP or STP, and
// its halves are independent work for a core that executes in order. Tests use pairs to run the
// templates with more lanes than the machine has.
#ifndef WINOGRAD_KERNELS_SIMD_PAIR_HPP
#define WINOGRAD_KERNELS_SIMD_PAIR_HPP

#include <cstdint>

#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V>
struct Pair {
  V low, high;

  Pair() = default;
  explicit Pair(float v) : low(v), high(low) {}
  Pair(const V& l, const V& h) : low(l), high(h) {}

  friend Pair operator+(const Pair& a, const Pair& b) { return {a.low + b.low, a.high + b.high}; }
  friend Pair operator-(const Pair& a, const Pair& b) { return {a.low - b.low, a.high - b.high}; }
  friend Pair operator*(const Pair& a, const Pair& b) { return {a.low * b.low, a.high * b.high}; }
};

template <class V>
struct Simd<Pair<V>> : SimdDefaults<Pair<V>, 2 * Simd<V>::lanes, typename Simd<V>::Element> {
  using Half = Simd<V>;
  using P = Pair<V>;
  static constexpr int half = Half::lanes;
  static constexpr bool fused = Half::fused;

  template <class E>
  [[gnu::always_inline]] static P load(const E* p) {
    return {Half::load(p), Half::load(p + half)};
  }
  template <class E>
  [[gnu::always_inline]] static void store(E* p, const P& v) {
    Half::store(p, v.low);
    Half::store(p + half, v.high);
  }
  [[gnu::always_inline]] static P fma(const P& a, const P& b, const P& c) {
    return {Half::fma(a.low, b.low, c.low), Half::fma(a.high, b.high, c.high)};
  }
  [[gnu::always_inline]] static P min(const P& a, const P& b) {
    return {Half::min(a.low, b.low), Half::min(a.high, b.high)};
  }
  [[gnu::always_inline]] static P max(const P& a, const P& b) {
    return {Half::max(a.low, b.low), Half::max(a.high, b.high)};
  }
  [[gnu::always_inline]] static P load_half(const std::uint16_t* p) {
    return {Half::load_half(p), Half::load_half(p + half)};
  }
  [[gnu::always_inline]] static void store_half(std::uint16_t* p, const P& v) {
    Half::store_half(p, v.low);
    Half::store_half(p + half, v.high);
  }
  /// 16 bytes are one of the two vectors.
  [[gnu::always_inline]] static P load_first_half(const std::uint16_t* p, int) {
    static_assert(half == 8);
    return {Half::load_half(p), V(0.0F)};
  }
  [[gnu::always_inline]] static void keep(P& v) {
    Half::keep(v.low);
    Half::keep(v.high);
  }
  static constexpr bool streams = Half::streams;
  template <class E>
  [[gnu::always_inline]] static void stream(E* p, const P& v) {
    Half::stream(p, v.low);
    Half::stream(p + half, v.high);
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_SIMD_PAIR_HPP
