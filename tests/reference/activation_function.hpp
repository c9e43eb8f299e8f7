// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The activations that are functions of one value, by definition, in long double.
#ifndef WINOGRAD_TESTS_REFERENCE_ACTIVATION_FUNCTION_HPP
#define WINOGRAD_TESTS_REFERENCE_ACTIVATION_FUNCTION_HPP

#include "winograd/conv2d.hpp"

namespace winograd::test {

inline constexpr Activation kActivationFunctions[] = {
    Activation::sigmoid,    Activation::tanh, Activation::silu,     Activation::hard_sigmoid,
    Activation::hard_swish, Activation::mish, Activation::gelu_tanh};

/// The limits at the infinities; NaN stays NaN. `function` is one of the above.
long double activation_function(Activation function, long double x);

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_ACTIVATION_FUNCTION_HPP
