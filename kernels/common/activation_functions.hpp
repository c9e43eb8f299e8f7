// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The activations that are more than a comparison: sigmoid and what is made of exponentials.
//
// All is computed in double and rounded to float once, so that the error is half a unit in the last
// place and a little: in float, the argument of the exponential alone would cost the GELU more than
// two. Results below the smallest normal float are as exact. Arguments are bounded where the
// function has long arrived at its limit, which also gives the infinities theirs; NaN passes, since
// every step of it is NaN if its operand is.
#ifndef WINOGRAD_KERNELS_COMMON_ACTIVATION_FUNCTIONS_HPP
#define WINOGRAD_KERNELS_COMMON_ACTIVATION_FUNCTIONS_HPP

#include "kernels/simd/doubles.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// e^x = scale * (1 + q), scale a power of two.
struct Exponential {
  Doubles scale, q;

  /// |x| <= 700, or NaN.
  [[gnu::always_inline]] explicit Exponential(const Doubles& x) {
    // The sum has no room for a fraction: its last bits are round(x / ln 2) and the bias of the
    // exponent. Shifted to the exponent's place they are 2^round(x / ln 2).
    constexpr double kRound = 0x1.8p52 + 1023;
    const Doubles y = x * 0x1.71547652b82fep0;  // 1 / ln 2
    const Doubles rounded = y + kRound;
    const Doubles f = y - (rounded - kRound);  // in [-1/2, 1/2]
    scale = reinterpret_cast<Doubles>(reinterpret_cast<Bits>(rounded) << 52);
    // (2^f - 1) / f, interpolated at the nodes of Chebyshev: within 1.1e-8 of it, relatively.
    Doubles p = 0.00015453162945120690 + Doubles{};
    p = mul_add(p, f, 0.0013390863364671234 + Doubles{});
    p = mul_add(p, f, 0.0096180825572778515 + Doubles{});
    p = mul_add(p, f, 0.055503571142190778 + Doubles{});
    p = mul_add(p, f, 0.24022650760568127 + Doubles{});
    p = mul_add(p, f, 0.69314718802622879 + Doubles{});
    q = f * p;
  }
  [[gnu::always_inline]] Doubles value() const { return mul_add(scale, q, scale); }
  /// e^x - 1; near 0 it is q itself, and nothing cancels.
  [[gnu::always_inline]] Doubles minus_one() const { return mul_add(scale, q, scale - 1.0); }
};

/// Where every function here is at its limit in float, and e^x is finite in double even if squared.
inline constexpr double kFar = 200;

[[gnu::always_inline]] inline Doubles exp_bounded(const Doubles& x) {
  return Exponential(at_most(kFar, at_least(-kFar, x))).value();
}

struct SigmoidFunction {
  [[gnu::always_inline]] static Doubles of(const Doubles& x) {
    return 1.0 / (1.0 + exp_bounded(-x));
  }
};

struct TanhFunction {
  [[gnu::always_inline]] static Doubles of(const Doubles& x) {
    const Doubles p = Exponential(at_most(40, at_least(-40, x + x))).minus_one();
    return p / (p + 2.0);
  }
};

// x times something that goes to 0: minus infinity must not meet that 0.

struct SiluFunction {
  [[gnu::always_inline]] static Doubles of(const Doubles& x) {
    return at_least(-kFar, x) / (1.0 + exp_bounded(-x));
  }
};

struct HardSigmoidFunction {
  [[gnu::always_inline]] static Doubles of(const Doubles& x) {
    return at_most(6, at_least(0, x + 3.0)) * (1.0 / 6);
  }
};

struct HardSwishFunction {
  [[gnu::always_inline]] static Doubles of(const Doubles& x) {
    const Doubles above = at_least(-3, x);
    return above * at_most(6, above + 3.0) * (1.0 / 6);
  }
};

/// tanh(ln(1 + e)) = ((1 + e)^2 - 1) / ((1 + e)^2 + 1), e = e^x.
struct MishFunction {
  [[gnu::always_inline]] static Doubles of(const Doubles& x) {
    const Doubles e = exp_bounded(x);
    const Doubles w = mul_add(e, e, e + e);
    return at_least(-kFar, x) * (w / (w + 2.0));
  }
};

/// x / 2 (1 + tanh(u)) = x / (1 + e^-2u), u = sqrt(2 / pi) (x + 0.044715 x^3).
struct GeluTanhFunction {
  [[gnu::always_inline]] static Doubles of(const Doubles& x) {
    const Doubles near = at_most(kFar, at_least(-kFar, x));
    const Doubles twice_u = near * mul_add(near * near, 0.071354816272600249 + Doubles{},
                                           1.5957691216057308 + Doubles{});
    return at_least(-kFar, x) / (1.0 + exp_bounded(-twice_u));
  }
};

template <class Function>
inline void apply_function(float* values, int count) {
  for (int i = 0; i < count; i += kDoubles) {
    store_doubles(values + i, Function::of(load_doubles(values + i)));
  }
}

/// For what is called from the end of every kernel: one copy of it.
#if defined(__clang__)
#define WINOGRAD_OUT_OF_LINE __attribute__((noinline))
#else
#define WINOGRAD_OUT_OF_LINE __attribute__((noinline, noclone))  // or one for each number of values
#endif

/// Applies an activation that has a function above to `count` values, a multiple of kDoubles.
WINOGRAD_OUT_OF_LINE inline void apply_activation(Activation activation, float* values, int count) {
  switch (activation) {
    case Activation::sigmoid: return apply_function<SigmoidFunction>(values, count);
    case Activation::tanh: return apply_function<TanhFunction>(values, count);
    case Activation::silu: return apply_function<SiluFunction>(values, count);
    case Activation::hard_sigmoid: return apply_function<HardSigmoidFunction>(values, count);
    case Activation::hard_swish: return apply_function<HardSwishFunction>(values, count);
    case Activation::mish: return apply_function<MishFunction>(values, count);
    case Activation::gelu_tanh: return apply_function<GeluTanhFunction>(values, count);
    case Activation::none:
    case Activation::relu:
    case Activation::relu6:
    case Activation::clamp:
    case Activation::leaky_relu:
    case Activation::prelu: return;  // see with_activation
  }
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_ACTIVATION_FUNCTIONS_HPP
