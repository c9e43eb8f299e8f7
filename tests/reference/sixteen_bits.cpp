// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/sixteen_bits.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace winograd::test {
namespace {

struct Format {
  int digits;    ///< of the significand, with the leading one
  int exponent;  ///< the smallest of a normal number
  int bias;
};

Format format_of(DataType type) {
  return type == DataType::f16    ? Format{11, -14, 15}
         : type == DataType::bf16 ? Format{8, -126, 127}
                                  : Format{24, -126, 127};
}

/// Of the power of two not above |value|, a normal number's or the smallest.
int exponent_of(const Format& format, double value) {
  int exponent = 0;
  std::frexp(value, &exponent);
  return std::max(exponent - 1, format.exponent);
}

}  // namespace

double unit_of(DataType type) { return std::ldexp(1.0, -format_of(type).digits); }

double smallest_error_of(DataType type) {
  return std::ldexp(1.0, format_of(type).exponent - format_of(type).digits);
}

double round_to(DataType type, double value) {
  if (!std::isfinite(value) || value == 0.0) return value;
  const Format format = format_of(type);
  const double last_place = std::ldexp(1.0, exponent_of(format, value) - (format.digits - 1));
  const double rounded = std::nearbyint(value / last_place) * last_place;
  const double beyond = std::ldexp(1.0, format.bias + 1);
  return std::fabs(rounded) < beyond
             ? rounded
             : std::copysign(std::numeric_limits<double>::infinity(), value);
}

void round_all(DataType type, std::vector<float>& values) {
  if (type == DataType::f32) return;
  for (float& value : values)
    value = static_cast<float>(round_to(type, static_cast<double>(value)));
}

std::uint16_t encode(DataType type, double value) {
  const Format format = format_of(type);
  const int places = format.digits - 1;
  const unsigned infinity = static_cast<unsigned>(2 * format.bias + 1) << places;
  unsigned bits = 0;
  if (std::isnan(value)) {
    bits = infinity | 1U << (places - 1);
  } else if (std::isinf(value)) {
    bits = infinity;
  } else {
    const double magnitude = std::fabs(value);
    const int exponent = exponent_of(format, magnitude);
    const auto significand = static_cast<unsigned>(std::ldexp(magnitude, places - exponent));
    const unsigned one = 1U << places;
    bits = significand < one
               ? significand
               : (static_cast<unsigned>(exponent + format.bias) << places) + (significand - one);
  }
  return static_cast<std::uint16_t>(std::signbit(value) ? bits | 0x8000U : bits);
}

double decode(DataType type, std::uint16_t bits) {
  const Format format = format_of(type);
  const int places = format.digits - 1;
  const unsigned magnitude = bits & 0x7fffU;
  const unsigned fraction = magnitude & ((1U << places) - 1U);
  const int exponent = static_cast<int>(magnitude >> places);
  double value = 0.0;
  if (exponent == 2 * format.bias + 1) {
    value = fraction == 0 ? std::numeric_limits<double>::infinity()
                          : std::numeric_limits<double>::quiet_NaN();
  } else if (exponent == 0) {
    value = std::ldexp(static_cast<double>(fraction), format.exponent - places);
  } else {
    value =
        std::ldexp(static_cast<double>(fraction + (1U << places)), exponent - format.bias - places);
  }
  return (bits & 0x8000U) != 0 ? -value : value;
}

void to_memory(DataType type, const std::vector<float>& values, void* memory) {
  auto* to = static_cast<unsigned char*>(memory);
  if (type == DataType::f32) {
    if (!values.empty()) std::memcpy(to, values.data(), values.size() * sizeof(float));
    return;
  }
  for (const float value : values) {
    const std::uint16_t bits = encode(type, round_to(type, static_cast<double>(value)));
    std::memcpy(to, &bits, sizeof bits);
    to += sizeof bits;
  }
}

std::vector<float> from_memory(DataType type, const void* memory, std::size_t count) {
  const auto* from = static_cast<const unsigned char*>(memory);
  std::vector<float> values(count);
  if (type == DataType::f32) {
    if (count != 0) std::memcpy(values.data(), from, count * sizeof(float));
    return values;
  }
  for (float& value : values) {
    std::uint16_t bits = 0;
    std::memcpy(&bits, from, sizeof bits);
    from += sizeof bits;
    value = static_cast<float>(decode(type, bits));
  }
  return values;
}

}  // namespace winograd::test
