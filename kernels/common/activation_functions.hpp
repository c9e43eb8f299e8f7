// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The activations that are more than a comparison: sigmoid and what is made of exponentials.
//
// They are computed in float, and arranged so that few of the steps round: within 2 units in the
// last place, with a fused multiply-add or without (docs/accuracy.md). Powers of two come last, so
// that results below the smallest normal float are as exact. Arguments are bounded where the
// function has long arrived at its limit, which also gives the infinities theirs; NaN passes, since
// every step of it is NaN if its operand is.
#ifndef WINOGRAD_KERNELS_COMMON_ACTIVATION_FUNCTIONS_HPP
#define WINOGRAD_KERNELS_COMMON_ACTIVATION_FUNCTIONS_HPP

#include "kernels/simd/floats.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// e^-x = (1 + q) / 2^m. Neither 1 + q nor e^-x is computed: each would be a rounding.
class Exponential {
 public:
  /// kLow <= x <= 80, or NaN.
  [[gnu::always_inline]] explicit Exponential(const Floats& x)
      : shifted_(mul_add(x, all(0x1.715476p0F), all(kRound))), m_(shifted_ - kRound) {  // 1 / ln 2
    // ln 2 in two parts, the first so short that its product with m is exact.
    const Floats rest = mul_add(m_, all(-0x1.62e4p-1F), x);
    q_ = minus_one(mul_add(m_, all(-0x1.7f7d1cp-20F), rest));
  }
  /// x = ln 2 (m + f), |f| <= 1/2.
  [[gnu::always_inline]] Exponential(const Floats& m, const Floats& f)
      : shifted_(m + kRound), m_(m), q_(minus_one(f * 0x1.62e43p-1F)) {}

  [[gnu::always_inline]] const Floats& q() const { return q_; }
  /// 2^m; below the smallest normal float it may be 0.
  [[gnu::always_inline]] Floats power() const { return times_power(all(1)); }
  /// v 2^m, rounded once.
  [[gnu::always_inline]] Floats times_power(const Floats& v) const {
#if defined(__AVX512F__)
    return _mm512_scalef_ps(v, m_);
#else
    // 2^m is not always a float: two factors, each a normal one.
    const Words first = bits(shifted_) >> 1, second = bits(shifted_) - first;
    return v * from_bits(first << 23) * from_bits(second << 23);
#endif
  }

 private:
  /// The sum has no room for a fraction: its last bits are the integer, here with the bias of two
  /// exponents. (Shifted to their place, the others are lost.)
  static constexpr float kRound = 0x1.8p23F + 2 * 127;

  /// e^-r - 1, |r| <= ln 2 / 2.
  [[gnu::always_inline]] static Floats minus_one(const Floats& r) {
    // (e^-r - 1 + r) / r^2: minimax, so that e^-r is within 3.1e-9 of it, relatively.
    const Floats r2 = r * r;
    const Floats low = mul_add(r, all(-0.16666520515410596F), all(0.49999993439966772F));
    const Floats high = mul_add(r, all(-0.008368730992938035F), all(0.041668389414026375F));
    const Floats p = mul_add(r2, mul_add(r2, all(0.0013814569414412544F), high), low);
    return mul_add(r2, p, -r);
  }

  Floats shifted_, m_, q_;
};

/// Where x / (1 + e^-x) and all the like are 0 and x in float.
inline constexpr float kLow = -110, kHigh = 30;

/// 2^m + 1 + rest, |rest| <= 1: with one rounding, but for a small one of `rest`.
[[gnu::always_inline]] inline Floats sum_with_1(const Floats& power, const Floats& rest) {
  const Floats sum = power + 1.0F;
  return sum + (rest + (power - (sum - 1.0F)));  // what the sum has lost of a small power
}

/// x / (1 + e^-y) = 2^m x / (2^m + 1 + q)
[[gnu::always_inline]] inline Floats times_sigmoid(const Floats& x, const Exponential& of_minus_y) {
  return of_minus_y.times_power(x / sum_with_1(of_minus_y.power(), of_minus_y.q()));
}

// `of` has its kFloats values from memory.

struct SigmoidFunction {
  [[gnu::always_inline]] static Floats of(const float* values) {
    const Floats x = at_most(kHigh, at_least(kLow, load_floats(values)));
    return times_sigmoid(all(1), Exponential(x));
  }
};

/// (1 - e) / (1 + e), e = e^-2|x| = (1 + q) / 2^m.
struct TanhFunction {
  [[gnu::always_inline]] static Floats of(const float* values) {
    constexpr std::uint32_t kSign = 0x80000000;
    const Words x = bits(load_floats(values));
    const Floats size = from_bits(x & ~kSign);
    const Exponential e(at_most(kHigh, size + size));
    const Floats power = e.power();
    const Floats far = (power - 1.0F - e.q()) / (power + 1.0F + e.q());
    // Where 1 - e would cancel, up to m = 1: x (1 + x^2 p), minimax, within 2.5e-8.
    const Floats square = size * size;
    Floats p = mul_add(square, all(0.016762243081977556F), all(-0.052831317793910315F));
    p = mul_add(square, p, all(0.13323044366732437F));
    p = mul_add(square, p, all(-0.33333039990864062F));
    const Floats near = mul_add(size * square, p, size);
    return from_bits(bits(size < 0.53F ? near : far) | (x & kSign));
  }
};

// x times something that goes to 0: minus infinity must not meet that 0.

struct SiluFunction {
  [[gnu::always_inline]] static Floats of(const float* values) {
    const Floats x = at_least(kLow, load_floats(values));
    return times_sigmoid(x, Exponential(at_most(kHigh, x)));
  }
};

/// A sixth in float would cost a rounding, and hard-swish its equality with x from 3 on.
struct HardSigmoidFunction {
  [[gnu::always_inline]] static Floats of(const Floats& x) {
    return at_most(6, at_least(0, x + 3.0F)) / 6.0F;
  }
  [[gnu::always_inline]] static Floats of(const float* values) { return of(load_floats(values)); }
};

struct HardSwishFunction {
  [[gnu::always_inline]] static Floats of(const float* values) {
    const Floats x = at_least(-3, load_floats(values));
    return x * HardSigmoidFunction::of(x);
  }
};

/// x tanh(ln(1 + 1 / e)) = x (1 + 2e) / (1 + 2e + 2e^2), e = e^-x = a / s with a = 1 + q, s = 2^m.
/// That is x s / (s + a - w), w = a s / (s + 2a), where the roundings of w are small beside the
/// sum.
struct MishFunction {
  [[gnu::always_inline]] static Floats of(const float* values) {
    const Floats x = at_least(kLow, load_floats(values));
    const Exponential e(at_most(kHigh, x));
    const Floats s = e.power(), a = e.q() + 1.0F;
    const Floats w = a * (s / (s + (a + a)));
    return e.times_power(x / sum_with_1(s, e.q() - w));
  }
};

/// x / 2 (1 + tanh(u)) = x / (1 + e^-2u), u = sqrt(2 / pi) (x + 0.044715 x^3): in float, 2u would
/// have too few bits behind its point.
struct GeluTanhFunction {
  /// 2u / ln 2 = m + f, m integral, for half of the lanes.
  struct Argument {
    Doubles m, f;
    [[gnu::always_inline]] explicit Argument(const float* values) {
      constexpr double kRoundDouble = 0x1.8p52;
      const Doubles x = load_doubles(values);
      const Doubles y = x * (x * x * 0.1029432395800235 + 2.3022081981443248);
      m = (y + kRoundDouble) - kRoundDouble;
      f = y - m;
    }
  };

  [[gnu::always_inline]] static Floats of(const float* values) {
    const Floats x = at_least(-10.9F, load_floats(values));
    float near[kFloats];
    store_floats(near, at_most(6, x));
    const Argument low(near), high(near + kFloats / 2);
    return times_sigmoid(x, Exponential(to_floats(low.m, high.m), to_floats(low.f, high.f)));
  }
};

template <class Function>
inline void apply_function(float* values, int count) {
  int i = 0;
#if defined(__aarch64__)
  // Two at a time, which the compiler interleaves: many of these cores execute in order.
  for (; i + 2 * kFloats <= count; i += 2 * kFloats) {
    const Floats a = Function::of(values + i), b = Function::of(values + i + kFloats);
    store_floats(values + i, a);
    store_floats(values + i + kFloats, b);
  }
#endif
  for (; i < count; i += kFloats) store_floats(values + i, Function::of(values + i));
}

/// For what is called from the end of every kernel: one copy of it.
#if defined(__clang__)
#define WINOGRAD_OUT_OF_LINE __attribute__((noinline))
#else
#define WINOGRAD_OUT_OF_LINE __attribute__((noinline, noclone))  // or one for each number of values
#endif

/// Applies an activation that has a function above to `count` values, a multiple of kFloats.
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
