// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_TESTS_KERNELS_SIMD_MAKE_SIMD_CALLS_HPP
#define WINOGRAD_TESTS_KERNELS_SIMD_MAKE_SIMD_CALLS_HPP

#include "kernels/simd/simd.hpp"
#include "tests/kernels/simd/simd_calls.hpp"

namespace winograd::test {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V>
constexpr SimdCalls make_simd_calls(const char* name, NanFirst nan_first) {
  using S = detail::Simd<V>;
  SimdCalls calls{};
  calls.name = name;
  calls.lanes = S::lanes;
  calls.fused = S::fused;
  calls.nan_first = nan_first;
  calls.broadcast = [](float value, float* out) { S::store(out, V(value)); };
  calls.copy = [](const float* from, float* to) {
    V v = S::load(from);
    S::keep(v);
    S::store(to, v);
  };
  calls.add = [](const float* a, const float* b, float* out) {
    S::store(out, S::load(a) + S::load(b));
  };
  calls.subtract = [](const float* a, const float* b, float* out) {
    S::store(out, S::load(a) - S::load(b));
  };
  calls.multiply = [](const float* a, const float* b, float* out) {
    S::store(out, S::load(a) * S::load(b));
  };
  calls.min = [](const float* a, const float* b, float* out) {
    S::store(out, S::min(S::load(a), S::load(b)));
  };
  calls.max = [](const float* a, const float* b, float* out) {
    S::store(out, S::max(S::load(a), S::load(b)));
  };
  calls.fma = [](const float* a, const float* b, const float* c, float* out) {
    S::store(out, S::fma(S::load(a), S::load(b), S::load(c)));
  };
  calls.stream = [](const float* from, float* to) { S::stream(to, S::load(from)); };
  calls.load_first = [](const float* from, int count, float* out) {
    S::store(out, S::load_first(from, count));
  };
  calls.store_first = [](const float* from, int count, float* to) {
    S::store_first(to, S::load(from), count);
  };
  calls.load_transposed = [](const float* from, std::ptrdiff_t stride, float* out) {
    V columns[S::lanes];
    S::load_transposed(from, stride, columns);
    for (int j = 0; j < S::lanes; ++j) S::store(out + j * S::lanes, columns[j]);
  };
  calls.spread = [](int group, const float* from, int c, float* out) {
    if constexpr (S::lanes > 4) {
      if (group == 4) S::store(out, S::template spread<4>(S::load(from), c));
    }
    if constexpr (S::lanes > 8) {
      if (group == 8) S::store(out, S::template spread<8>(S::load(from), c));
    }
  };
  return calls;
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_KERNELS_SIMD_MAKE_SIMD_CALLS_HPP
