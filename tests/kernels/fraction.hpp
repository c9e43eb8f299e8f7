// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Exact fractions for the tests, with no line in common with those that the transforms are derived
// with.
#ifndef WINOGRAD_TESTS_KERNELS_FRACTION_HPP
#define WINOGRAD_TESTS_KERNELS_FRACTION_HPP

#include <cstdint>
#include <numeric>
#include <ostream>
#include <stdexcept>

namespace winograd::test {

/// In lowest terms, the denominator positive. Throws std::overflow_error rather than be wrong.
class Fraction {
 public:
  Fraction() = default;
  Fraction(std::int64_t numerator) : numerator_(numerator) {}  // NOLINT: implicit on purpose
  Fraction(std::int64_t numerator, std::int64_t denominator)
      : numerator_(numerator), denominator_(denominator) {
    const std::int64_t divisor = std::gcd(numerator, denominator);
    if (divisor == 0 || denominator == 0) throw std::overflow_error("division by zero");
    numerator_ /= denominator < 0 ? -divisor : divisor;
    denominator_ /= denominator < 0 ? -divisor : divisor;
  }

  std::int64_t numerator() const { return numerator_; }
  std::int64_t denominator() const { return denominator_; }
  double to_double() const {
    return static_cast<double>(numerator_) / static_cast<double>(denominator_);
  }

  friend Fraction operator+(const Fraction& a, const Fraction& b) {
    const std::int64_t common = std::gcd(a.denominator_, b.denominator_);
    return {add(multiply(a.numerator_, b.denominator_ / common),
                multiply(b.numerator_, a.denominator_ / common)),
            multiply(a.denominator_ / common, b.denominator_)};
  }
  friend Fraction operator*(const Fraction& a, const Fraction& b) {
    const Fraction x(a.numerator_, b.denominator_), y(b.numerator_, a.denominator_);
    return {multiply(x.numerator_, y.numerator_), multiply(x.denominator_, y.denominator_)};
  }
  friend Fraction operator/(const Fraction& a, const Fraction& b) {
    return a * Fraction(b.denominator_, b.numerator_);
  }
  friend bool operator==(const Fraction&, const Fraction&) = default;
  friend std::ostream& operator<<(std::ostream& stream, const Fraction& value) {
    stream << value.numerator_;
    return value.denominator_ == 1 ? stream : stream << '/' << value.denominator_;
  }

 private:
  static std::int64_t add(std::int64_t a, std::int64_t b) {
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) throw std::overflow_error("sum");
    return sum;
  }
  static std::int64_t multiply(std::int64_t a, std::int64_t b) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(a, b, &product)) throw std::overflow_error("product");
    return product;
  }

  std::int64_t numerator_ = 0;
  std::int64_t denominator_ = 1;
};

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_KERNELS_FRACTION_HPP
