// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Numbers in f16 for the tests of kernels that compute with them, one by one.
#ifndef WINOGRAD_TESTS_KERNELS_HALF_CASE_HPP
#define WINOGRAD_TESTS_KERNELS_HALF_CASE_HPP

#include <algorithm>
#include <cstddef>
#include <limits>

#include "kernels/contract/kernel_set.hpp"
#include "kernels/simd/simd.hpp"
#include "tests/reference/guarded_buffer.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/sixteen_bits.hpp"

namespace winograd::test {

/// A number that f16 has, with the interface of a vector.
struct Rounded {
  double value = 0;
  Rounded() = default;
  explicit Rounded(float v) : value(round_to(DataType::f16, static_cast<double>(v))) {}
  static Rounded of(double v) {
    Rounded result;
    result.value = round_to(DataType::f16, v);
    return result;
  }
  friend Rounded operator+(Rounded a, Rounded b) { return of(a.value + b.value); }
  friend Rounded operator-(Rounded a, Rounded b) { return of(a.value - b.value); }
  friend Rounded operator*(Rounded a, Rounded b) { return of(a.value * b.value); }
};

}  // namespace winograd::test

namespace winograd::detail {
using test::Rounded;
template <>
struct Simd<Rounded> {
  /// A double has all digits of the product, and of the sum of such numbers as stand below.
  static Rounded fma(Rounded a, Rounded b, Rounded c) {
    return Rounded::of(a.value * b.value + c.value);
  }
};
}  // namespace winograd::detail

namespace winograd::test {

/// Numbers between guard pages.
class Halves {
 public:
  static constexpr detail::F16 kUnwritten = 0xffff;  ///< what they are at first
  explicit Halves(std::ptrdiff_t count)
      : buffer_(static_cast<std::size_t>(count) * sizeof(detail::F16), Placement::at_end) {}
  detail::F16* data() const { return static_cast<detail::F16*>(buffer_.data()); }
  Rounded at(std::ptrdiff_t i) const { return Rounded::of(decode(DataType::f16, data()[i])); }
  void fill(Rng& rng) {
    const std::size_t count = buffer_.size_bytes() / sizeof(detail::F16);
    std::generate_n(data(), count, [&rng] {
      const double value = static_cast<double>(rng.uniform(-2.0F, 2.0F));
      return encode(DataType::f16, round_to(DataType::f16, value));
    });
    buffer_.make_read_only();
  }
  bool intact() const { return buffer_.intact(); }

 private:
  GuardedBuffer buffer_;
};

/// What kernels do without a detour through floats.
struct HalfEpilogue {
  const char* name;
  float low, high;
  bool residual;

  detail::Epilogue epilogue(const float* bias) const {
    detail::Epilogue result{};
    result.bias = bias;
    result.low = low;
    result.high = high;
    result.scale = kScale;
    return result;
  }
  /// By definition.
  double apply(Rounded sum, float bias, Rounded added) const {
    sum = detail::Simd<Rounded>::fma(Rounded(kScale), sum, Rounded(bias));
    if (residual) sum = sum + added;
    return std::min(std::max(sum.value, static_cast<double>(low)), static_cast<double>(high));
  }

 private:
  static constexpr float kScale = 4.0F;
};

inline constexpr float kNoBound = std::numeric_limits<float>::infinity();
inline constexpr HalfEpilogue kHalfEpilogues[] = {{"none", -kNoBound, kNoBound, false},
                                                  {"ReLU", 0.0F, kNoBound, false},
                                                  {"clamp", -0.5F, 1.5F, false},
                                                  {"residual and ReLU", 0.0F, kNoBound, true}};

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_KERNELS_HALF_CASE_HPP
