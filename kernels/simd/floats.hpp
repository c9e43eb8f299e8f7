// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Vectors of float, with the operations on their bits that functions of single floats need, and of
// double for what float is too short for: GCC's vectors, which Clang has too, and which every
// target computes with, in pieces if need be. A register of floats is two of doubles.
#ifndef WINOGRAD_KERNELS_SIMD_FLOATS_HPP
#define WINOGRAD_KERNELS_SIMD_FLOATS_HPP

#include <cstdint>
#include <cstring>

#if defined(__AVX__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "kernels/simd/isa_namespace.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

#if defined(__AVX512F__)
inline constexpr int kFloats = 16;
#elif defined(__AVX__)
inline constexpr int kFloats = 8;
#else
inline constexpr int kFloats = 4;
#endif

using Floats __attribute__((vector_size(4 * kFloats))) = float;
using Words __attribute__((vector_size(4 * kFloats))) = std::uint32_t;
using HalfFloats __attribute__((vector_size(2 * kFloats))) = float;
using Doubles __attribute__((vector_size(4 * kFloats))) = double;

[[gnu::always_inline]] inline Floats load_floats(const float* p) {
  Floats v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
[[gnu::always_inline]] inline void store_floats(float* p, const Floats& v) {
  std::memcpy(p, &v, sizeof v);
}
[[gnu::always_inline]] inline Floats all(float x) { return x + Floats{}; }

// With AVX, where the generic operations compile to two or three instructions, these are one each.

/// a * b + c; rounds once where that is an instruction, else twice.
[[gnu::always_inline]] inline Floats mul_add(const Floats& a, const Floats& b, const Floats& c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_ps(a, b, c);
#elif defined(__FMA__)
  return _mm256_fmadd_ps(a, b, c);
#elif defined(__aarch64__)
  return reinterpret_cast<Floats>(vfmaq_f32(reinterpret_cast<float32x4_t>(c),
                                            reinterpret_cast<float32x4_t>(a),
                                            reinterpret_cast<float32x4_t>(b)));
#else
  return a * b + c;
#endif
}

/// NaN where x is.
[[gnu::always_inline]] inline Floats at_least(float low, const Floats& x) {
  const Floats bound = all(low);
#if defined(__AVX512F__)
  return _mm512_max_ps(bound, x);
#elif defined(__AVX__)
  return _mm256_max_ps(bound, x);
#else
  return bound > x ? bound : x;
#endif
}
[[gnu::always_inline]] inline Floats at_most(float high, const Floats& x) {
  const Floats bound = all(high);
#if defined(__AVX512F__)
  return _mm512_min_ps(bound, x);
#elif defined(__AVX__)
  return _mm256_min_ps(bound, x);
#else
  return bound < x ? bound : x;
#endif
}

[[gnu::always_inline]] inline Words bits(const Floats& v) { return reinterpret_cast<Words>(v); }
[[gnu::always_inline]] inline Floats from_bits(const Words& v) {
  return reinterpret_cast<Floats>(v);
}

/// As many as half a register of floats.
[[gnu::always_inline]] inline Doubles load_doubles(const float* p) {
#if defined(__AVX512F__)
  return _mm512_cvtps_pd(_mm256_loadu_ps(p));
#elif defined(__AVX__)
  return _mm256_cvtps_pd(_mm_loadu_ps(p));
#else
  HalfFloats floats;
  std::memcpy(&floats, p, sizeof floats);
  return __builtin_convertvector(floats, Doubles);
#endif
}

/// A register of floats; rounded.
[[gnu::always_inline]] inline Floats to_floats(const Doubles& low, const Doubles& high) {
  const HalfFloats a = __builtin_convertvector(low, HalfFloats);
  const HalfFloats b = __builtin_convertvector(high, HalfFloats);
#if defined(__AVX512F__)
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#elif defined(__AVX__)
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7);
#else
  return __builtin_shufflevector(a, b, 0, 1, 2, 3);
#endif
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_SIMD_FLOATS_HPP
