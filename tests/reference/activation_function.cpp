// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/activation_function.hpp"

#include <algorithm>
#include <cmath>

namespace winograd::test {

long double activation_function(Activation function, long double x) {
  if (std::isnan(x)) return x;
  if (std::isinf(x)) {
    if (function == Activation::sigmoid || function == Activation::hard_sigmoid) {
      return x > 0 ? 1.0L : 0.0L;
    }
    if (function == Activation::tanh) return x > 0 ? 1.0L : -1.0L;
    return x > 0 ? x : -0.0L;
  }
  const auto relu6 = [](long double v) { return std::min(std::max(v, 0.0L), 6.0L); };
  switch (function) {
    case Activation::sigmoid: return 1 / (1 + std::exp(-x));
    case Activation::tanh: return std::tanh(x);
    case Activation::silu: return x / (1 + std::exp(-x));
    case Activation::hard_sigmoid: return relu6(x + 3) / 6;
    case Activation::hard_swish: return x * relu6(x + 3) / 6;
    case Activation::mish: return x * std::tanh(std::log1p(std::exp(x)));
    case Activation::gelu_tanh: {
      const long double pi = 3.141592653589793238462643383279502884L;
      const long double u = std::sqrt(2 / pi) * (x + 0.044715L * x * x * x);
      return x / (1 + std::exp(-2 * u));  // x / 2 (1 + tanh(u)), without its cancellation
    }
    default: return x;
  }
}

}  // namespace winograd::test
