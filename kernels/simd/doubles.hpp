// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Vectors of double, for functions of single floats that are to be rounded once: GCC's vectors,
// which Clang has too, and which every target computes with, in pieces if need be. Half a register
// of floats gives one of doubles.
#ifndef WINOGRAD_KERNELS_SIMD_DOUBLES_HPP
#define WINOGRAD_KERNELS_SIMD_DOUBLES_HPP

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
inline constexpr int kDoubles = 8;
#elif defined(__AVX__)
inline constexpr int kDoubles = 4;
#else
inline constexpr int kDoubles = 2;
#endif

using Doubles __attribute__((vector_size(8 * kDoubles))) = double;
using Floats __attribute__((vector_size(4 * kDoubles))) = float;
using Bits __attribute__((vector_size(8 * kDoubles))) = std::uint64_t;

// With AVX, where the generic operations compile to two or three instructions, these are one each.

[[gnu::always_inline]] inline Doubles load_doubles(const float* p) {
#if defined(__AVX512F__)
  return _mm512_cvtps_pd(_mm256_loadu_ps(p));
#elif defined(__AVX__)
  return _mm256_cvtps_pd(_mm_loadu_ps(p));
#else
  Floats floats;
  std::memcpy(&floats, p, sizeof floats);
  return __builtin_convertvector(floats, Doubles);
#endif
}

/// Rounded to float.
[[gnu::always_inline]] inline void store_doubles(float* p, const Doubles& v) {
  const Floats floats = __builtin_convertvector(v, Floats);
  std::memcpy(p, &floats, sizeof floats);
}

/// a * b + c; rounds once where that is an instruction.
[[gnu::always_inline]] inline Doubles mul_add(const Doubles& a, const Doubles& b,
                                              const Doubles& c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_pd(a, b, c);
#elif defined(__FMA__)
  return _mm256_fmadd_pd(a, b, c);
#elif defined(__aarch64__)
  return reinterpret_cast<Doubles>(vfmaq_f64(reinterpret_cast<float64x2_t>(c),
                                             reinterpret_cast<float64x2_t>(a),
                                             reinterpret_cast<float64x2_t>(b)));
#else
  return a * b + c;
#endif
}

/// NaN where x is.
[[gnu::always_inline]] inline Doubles at_least(double low, const Doubles& x) {
  const Doubles bound = low + Doubles{};
#if defined(__AVX512F__)
  return _mm512_max_pd(bound, x);
#elif defined(__AVX__)
  return _mm256_max_pd(bound, x);
#else
  return bound > x ? bound : x;
#endif
}
[[gnu::always_inline]] inline Doubles at_most(double high, const Doubles& x) {
  const Doubles bound = high + Doubles{};
#if defined(__AVX512F__)
  return _mm512_min_pd(bound, x);
#elif defined(__AVX__)
  return _mm256_min_pd(bound, x);
#else
  return bound < x ? bound : x;
#endif
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_SIMD_DOUBLES_HPP
