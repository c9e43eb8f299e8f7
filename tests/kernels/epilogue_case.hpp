// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The activations as kernels take them, and what they must compute.
#ifndef WINOGRAD_TESTS_KERNELS_EPILOGUE_CASE_HPP
#define WINOGRAD_TESTS_KERNELS_EPILOGUE_CASE_HPP

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "kernels/contract/kernel_set.hpp"
#include "tests/reference/activation_function.hpp"

namespace winograd::test {

inline constexpr float kInfinity = std::numeric_limits<float>::infinity();

struct EpilogueCase {
  const char* name;
  float low, high;
  bool leaky;
  float slope;  ///< of channel 0; of each further one half as much more
  Activation function = Activation::none;

  detail::Epilogue epilogue(const float* bias) const {
    detail::Epilogue result{};
    result.bias = bias;
    result.low = low;
    result.high = high;
    result.function = function;
    if (leaky) {
      static thread_local std::array<float, 64> slopes;
      for (int c = 0; c < 64; ++c) slopes[static_cast<unsigned>(c)] = slope_of(c);
      result.slopes = slopes.data();
    }
    return result;
  }

  float slope_of(int channel) const { return slope * (1.0F + 0.5F * static_cast<float>(channel)); }
  /// How much an error of the argument can grow.
  double steepness() const {
    if (leaky) return std::max(1.0, std::fabs(static_cast<double>(slope_of(15))));
    return function == Activation::none ? 1.0 : 1.5;
  }

  /// Bit by bit, but for functions, whose bound is 2 units in the last place.
  bool same(float got, float wanted) const {
    if (got == wanted || (std::isnan(got) && std::isnan(wanted))) return true;
    const float size = std::fabs(wanted);
    return function != Activation::none &&
           std::fabs(got - wanted) <= 2.0F * (std::nextafter(size, kInfinity) - size);
  }

  /// By definition; a NaN passes.
  template <class T>
  T apply(T x, int channel) const {
    if (leaky) return x < T(0) ? x * T(slope_of(channel)) : x;
    if (function != Activation::none) {
      return static_cast<T>(activation_function(function, static_cast<long double>(x)));
    }
    if (x < T(low)) return T(low);
    if (x > T(high)) return T(high);
    return x;
  }
};

inline constexpr EpilogueCase kEpilogueCases[] = {
    {"none", -kInfinity, kInfinity, false, 0.0F},
    {"relu", 0.0F, kInfinity, false, 0.0F},
    {"clamp", -0.75F, 0.5F, false, 0.0F},
    {"upper bound", -kInfinity, 0.25F, false, 0.0F},
    {"leaky", -kInfinity, kInfinity, true, 0.1F},
    {"steep leaky", -kInfinity, kInfinity, true, 3.0F},
    {"folding leaky", -kInfinity, kInfinity, true, -0.5F},
    {"silu", -kInfinity, kInfinity, false, 0.0F, Activation::silu},
    {"hard_swish", -kInfinity, kInfinity, false, 0.0F, Activation::hard_swish},
};

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_KERNELS_EPILOGUE_CASE_HPP
