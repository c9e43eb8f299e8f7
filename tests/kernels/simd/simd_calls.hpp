// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The operations on one vector type as plain functions: compiled with the flags of an instruction
// set, called by a test that is not. A vector is `lanes` floats in memory, of any alignment.
//
// simd_<isa>.cpp defines simd_calls_<isa>(): one SimdCalls for each vector type that the kernel
// sets of the instruction set use, and behind them one without a name.
#ifndef WINOGRAD_TESTS_KERNELS_SIMD_SIMD_CALLS_HPP
#define WINOGRAD_TESTS_KERNELS_SIMD_SIMD_CALLS_HPP

#include <cstddef>

namespace winograd::test {

/// What min and max return when their first operand is NaN. When the second is, all return NaN.
enum class NanFirst : unsigned char {
  second_operand,  ///< MINPS, and what is written like it
  nan,             ///< FMIN and VMIN
};

struct SimdCalls {
  const char* name;
  int lanes;
  bool fused;  ///< as Simd<V> says
  NanFirst nan_first;
  void (*broadcast)(float value, float* out);
  void (*copy)(const float* from, float* to);  ///< load, keep, store
  void (*add)(const float* a, const float* b, float* out);
  void (*subtract)(const float* a, const float* b, float* out);
  void (*multiply)(const float* a, const float* b, float* out);
  void (*min)(const float* a, const float* b, float* out);
  void (*max)(const float* a, const float* b, float* out);
  void (*fma)(const float* a, const float* b, const float* c, float* out);
  void (*stream)(const float* from, float* to);
  void (*load_first)(const float* from, int count, float* out);
  void (*store_first)(const float* from, int count, float* to);
  void (*load_transposed)(const float* from, std::ptrdiff_t stride, float* out);
  void (*spread)(int group, const float* from, int c, float* out);  ///< groups of 4 and 8
};

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_KERNELS_SIMD_SIMD_CALLS_HPP
