// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Exact fractions for compile time, where the transforms are derived and proved.
#ifndef WINOGRAD_KERNELS_TRANSFORMS_RATIONAL_HPP
#define WINOGRAD_KERNELS_TRANSFORMS_RATIONAL_HPP

#include <cstdint>

namespace winograd::detail {

/// num / den in lowest terms, den > 0. Overflow in a constant expression is a compile error, so a
/// transform that compiles was derived without one.
struct Rational {
  std::int64_t num = 0;
  std::int64_t den = 1;

  constexpr Rational() = default;
  constexpr Rational(std::int64_t n) : num(n) {}  // NOLINT: implicit on purpose
  constexpr Rational(std::int64_t n, std::int64_t d) : num(n), den(d) { reduce(); }

  constexpr explicit operator double() const {
    return static_cast<double>(num) / static_cast<double>(den);
  }
  constexpr explicit operator float() const {
    return static_cast<float>(static_cast<double>(*this));
  }

  friend constexpr Rational operator+(Rational a, Rational b) {
    return {a.num * b.den + b.num * a.den, a.den * b.den};
  }
  friend constexpr Rational operator-(Rational a) { return {-a.num, a.den}; }
  friend constexpr Rational operator-(Rational a, Rational b) { return a + (-b); }
  friend constexpr Rational operator*(Rational a, Rational b) {
    const Rational x(a.num, b.den), y(b.num, a.den);  // cancel first: keeps the products small
    Rational product;
    product.num = x.num * y.num;
    product.den = x.den * y.den;
    return product;
  }
  friend constexpr Rational operator/(Rational a, Rational b) { return a * Rational(b.den, b.num); }
  friend constexpr bool operator==(Rational a, Rational b) {
    return a.num == b.num && a.den == b.den;
  }
  friend constexpr bool operator!=(Rational a, Rational b) { return !(a == b); }

 private:
  constexpr void reduce() {
    std::int64_t a = num < 0 ? -num : num;
    std::int64_t b = den < 0 ? -den : den;
    while (b != 0) {
      const std::int64_t rest = a % b;
      a = b;
      b = rest;
    }
    if (den < 0) a = -a;
    num /= a;
    den /= a;
  }
};

}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_TRANSFORMS_RATIONAL_HPP
