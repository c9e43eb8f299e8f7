// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The few operations that transforms, readers and writers need of a vector type V: arithmetic and
// fma(a, b, c) = a * b + c by overloads, and the functions below. V is an xsimd batch, or `Scalar`.
#ifndef WINOGRAD_KERNELS_COMMON_SIMD_HPP
#define WINOGRAD_KERNELS_COMMON_SIMD_HPP

#include <xsimd/xsimd.hpp>

#include "kernels/common/isa_namespace.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// One float with the interface of a vector: the kernel set without SIMD.
struct Scalar {
  float value;
  Scalar() = default;
  explicit Scalar(float v) : value(v) {}
  friend Scalar operator+(Scalar a, Scalar b) { return Scalar(a.value + b.value); }
  friend Scalar operator-(Scalar a, Scalar b) { return Scalar(a.value - b.value); }
  friend Scalar operator*(Scalar a, Scalar b) { return Scalar(a.value * b.value); }
  // Two roundings: std::fma without hardware support is a slow library call.
  friend Scalar fma(Scalar a, Scalar b, Scalar c) { return Scalar(a.value * b.value + c.value); }
  // The second operand when either is NaN, like MINPS and MAXPS.
  friend Scalar min(Scalar a, Scalar b) { return a.value < b.value ? a : b; }
  friend Scalar max(Scalar a, Scalar b) { return a.value > b.value ? a : b; }
};

template <class V>
struct SimdTraits {  // xsimd batches
  static constexpr int lanes = static_cast<int>(V::size);
  static V load(const float* p) { return V::load_unaligned(p); }
  static void store(float* p, const V& v) { v.store_unaligned(p); }
};

template <>
struct SimdTraits<Scalar> {
  static constexpr int lanes = 1;
  static Scalar load(const float* p) { return Scalar(*p); }
  static void store(float* p, Scalar v) { *p = v.value; }
};

template <class V>
inline constexpr int kLanes = SimdTraits<V>::lanes;

template <class V>
[[gnu::always_inline]] inline V load_lanes(const float* p) {
  return SimdTraits<V>::load(p);
}

template <class V>
[[gnu::always_inline]] inline void store_lanes(float* p, const V& v) {
  SimdTraits<V>::store(p, v);
}

/// A store that bypasses the caches, where the instruction set has one (an overload of
/// stream_store); p must then be aligned to the vector. See Tensors::stream for when.
template <class V>
[[gnu::always_inline]] inline void stream_lanes(float* p, const V& v) {
  if constexpr (requires { stream_store(p, v); }) {
    stream_store(p, v);
  } else {
    store_lanes(p, v);
  }
}

/// out[j] lane i = p[i * stride + j]: loads a square block and transposes it.
template <class V>
[[gnu::always_inline]] inline void load_transposed(const float* p, std::ptrdiff_t stride,
                                                   V (&out)[kLanes<V>]) {
  if constexpr (requires { load_transposed_rows(p, stride, out); }) {
    load_transposed_rows(p, stride, out);
  } else {
    for (int i = 0; i < kLanes<V>; ++i) out[i] = load_lanes<V>(p + i * stride);
    if constexpr (kLanes < V >> 1) transpose_rows(out);
  }
}

/// The first `count` floats at p, zeros behind them; reads no others. 0 < count < lanes.
template <class V>
[[gnu::always_inline]] inline V load_first(const float* p, int count) {
  V v(0.0F);
  if constexpr (requires { masked_load(p, count, v); }) {
    masked_load(p, count, v);
  } else {
    float lane[kLanes<V>] = {};
    for (int i = 0; i < count; ++i) lane[i] = p[i];
    v = load_lanes<V>(lane);
  }
  return v;
}

/// Stores the first `count` lanes and touches nothing behind them.
template <class V>
[[gnu::always_inline]] inline void store_first(float* p, const V& v, int count) {
  if constexpr (requires { masked_store(p, v, count); }) {
    masked_store(p, v, count);
  } else {
    float lane[kLanes<V>];
    store_lanes(lane, v);
    for (int i = 0; i < count; ++i) p[i] = lane[i];
  }
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_SIMD_HPP
