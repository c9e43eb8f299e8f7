// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The activations as kernels take them, and what they must compute.
#ifndef WINOGRAD_TESTS_KERNELS_EPILOGUE_CASE_HPP
#define WINOGRAD_TESTS_KERNELS_EPILOGUE_CASE_HPP

#include <limits>

#include "kernels/contract/kernel_set.hpp"

namespace winograd::test {

struct EpilogueCase {
  const char* name;
  float low, high;
  bool leaky;
  float slope;

  detail::Epilogue epilogue(const float* bias) const {
    detail::Epilogue result{};
    result.bias = bias;
    result.low = low;
    result.high = high;
    result.leaky = leaky;
    result.leaky_slope = slope;
    return result;
  }

  /// By definition; a NaN passes.
  template <class T>
  T apply(T x) const {
    if (leaky) return x < T(0) ? x * T(slope) : x;
    if (x < T(low)) return T(low);
    if (x > T(high)) return T(high);
    return x;
  }
};

inline constexpr float kInfinity = std::numeric_limits<float>::infinity();

inline constexpr EpilogueCase kEpilogueCases[] = {
    {"none", -kInfinity, kInfinity, false, 0.0F},
    {"relu", 0.0F, kInfinity, false, 0.0F},
    {"clamp", -0.75F, 0.5F, false, 0.0F},
    {"upper bound", -kInfinity, 0.25F, false, 0.0F},
    {"leaky", -kInfinity, kInfinity, true, 0.1F},
    {"steep leaky", -kInfinity, kInfinity, true, 3.0F},
    {"folding leaky", -kInfinity, kInfinity, true, -0.5F},
};

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_KERNELS_EPILOGUE_CASE_HPP
