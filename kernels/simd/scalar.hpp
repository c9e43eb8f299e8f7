// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// One float with the interface of a vector: the kernel set without SIMD.
#ifndef WINOGRAD_KERNELS_SIMD_SCALAR_HPP
#define WINOGRAD_KERNELS_SIMD_SCALAR_HPP

#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

struct Scalar {
  float value;
  Scalar() = default;
  explicit Scalar(float v) : value(v) {}
  friend Scalar operator+(Scalar a, Scalar b) { return Scalar(a.value + b.value); }
  friend Scalar operator-(Scalar a, Scalar b) { return Scalar(a.value - b.value); }
  friend Scalar operator*(Scalar a, Scalar b) { return Scalar(a.value * b.value); }
};

template <>
struct Simd<Scalar> : SimdDefaults<Scalar, 1> {
  /// std::fma without hardware support is a slow library call.
  static constexpr bool fused = false;

  static Scalar load(const float* p) { return Scalar(*p); }
  static void store(float* p, Scalar v) { *p = v.value; }
  static Scalar fma(Scalar a, Scalar b, Scalar c) { return Scalar(a.value * b.value + c.value); }
  // Like MINPS and MAXPS.
  static Scalar min(Scalar a, Scalar b) { return a.value < b.value ? a : b; }
  static Scalar max(Scalar a, Scalar b) { return a.value > b.value ? a : b; }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_SIMD_SCALAR_HPP
