// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// widen and narrow against the definition of f16 and bf16: every number, what lies halfway between
// two, and rows of every length.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/kernels/isa_param.hpp"
#include "tests/reference/guarded_buffer.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/sixteen_bits.hpp"

namespace winograd::test {
namespace {

class RowsStorage : public KernelSetTest {
 protected:
  std::vector<float> widened(DataType type, const std::vector<std::uint16_t>& from) {
    std::vector<float> to(from.size());
    kernels().storage_of(type).widen(
        {from.data(), 0, to.data(), 0, 1, static_cast<std::ptrdiff_t>(from.size())});
    return to;
  }
  std::vector<std::uint16_t> narrowed(DataType type, const std::vector<float>& from) {
    std::vector<std::uint16_t> to(from.size());
    kernels().storage_of(type).narrow(
        {from.data(), 0, to.data(), 0, 1, static_cast<std::ptrdiff_t>(from.size())});
    return to;
  }
};

std::vector<std::uint16_t> all_numbers() {
  std::vector<std::uint16_t> all(1U << 16);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint16_t>(i);
  return all;
}

bool is_nan(DataType type, std::uint16_t bits) { return std::isnan(decode(type, bits)); }

TEST_P(RowsStorage, WidensEveryNumber) {
  const std::vector<std::uint16_t> all = all_numbers();
  for (const DataType type : kSixteenBits) {
    const std::vector<float> values = widened(type, all);
    for (std::size_t i = 0; i < all.size(); ++i) {
      const double expected = decode(type, all[i]);
      const auto value = static_cast<double>(values[i]);
      ASSERT_TRUE(std::isnan(expected) ? std::isnan(value) : value == expected)
          << to_string(type) << ' ' << i << " is " << value << ", expected " << expected;
      ASSERT_EQ(std::signbit(values[i]), (all[i] & 0x8000U) != 0) << i;
    }
  }
}

TEST_P(RowsStorage, NarrowsEveryNumberToItself) {
  const std::vector<std::uint16_t> all = all_numbers();
  for (const DataType type : kSixteenBits) {
    const std::vector<std::uint16_t> back = narrowed(type, widened(type, all));
    for (std::size_t i = 0; i < all.size(); ++i) {
      ASSERT_TRUE(is_nan(type, all[i]) ? is_nan(type, back[i]) : back[i] == all[i])
          << to_string(type) << ' ' << i << " becomes " << back[i];
    }
  }
}

/// Halfway between two numbers, one float to either side of it, and any floats.
std::vector<float> values_between(DataType type) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  std::vector<float> values = {std::numeric_limits<float>::max(), std::numeric_limits<float>::min(),
                               std::numeric_limits<float>::denorm_min(), 65519.99F, 65520.0F};
  for (unsigned bits = 0; bits < 0x7fffU; ++bits) {
    const double low = decode(type, static_cast<std::uint16_t>(bits));
    const double high = decode(type, static_cast<std::uint16_t>(bits + 1));
    if (!std::isfinite(low) || !std::isfinite(high)) continue;
    const auto middle = static_cast<float>((low + high) / 2);
    values.push_back(middle);
    values.push_back(std::nextafter(middle, 0.0F));
    values.push_back(std::nextafter(middle, kInfinity));
  }
  Rng rng(5);
  for (int i = 0; i < 20000; ++i) {
    values.push_back(std::ldexp(rng.uniform(1.0F, 2.0F), static_cast<int>(rng.integer(-149, 127))));
  }
  const std::size_t positive = values.size();
  for (std::size_t i = 0; i < positive; ++i) values.push_back(-values[i]);
  return values;
}

TEST_P(RowsStorage, NarrowsToTheNearest) {
  for (const DataType type : kSixteenBits) {
    const std::vector<float> values = values_between(type);
    const std::vector<std::uint16_t> results = narrowed(type, values);
    for (std::size_t i = 0; i < values.size(); ++i) {
      const std::uint16_t expected = encode(type, round_to(type, static_cast<double>(values[i])));
      ASSERT_EQ(results[i], expected) << to_string(type) << " of " << values[i];
    }
  }
}

TEST_P(RowsStorage, TouchesNothingElse) {
  Rng rng(9);
  for (const DataType type : kSixteenBits) {
    for (int count = 1; count <= 37; ++count) {
      const int rows = static_cast<int>(rng.integer(1, 3));
      const std::ptrdiff_t wide = count + rng.offset(0, 5), narrow = count + rng.offset(0, 5);
      const auto size = [&](std::ptrdiff_t stride) {
        return static_cast<std::size_t>((rows - 1) * stride + count);
      };
      const Placement placement = rng.chance(50) ? Placement::at_end : Placement::at_start;
      std::vector<float> values =
          uniform_data(rng, static_cast<std::int64_t>(size(wide)), -2.0F, 2.0F);
      round_all(type, values);
      const GuardedInput floats(values, placement);
      const GuardedBuffer bits(size(narrow) * 2, placement, 2);
      kernels().storage_of(type).narrow(
          {floats.data(), wide, static_cast<std::uint16_t*>(bits.data()), narrow, rows, count});
      EXPECT_TRUE(bits.intact());
      const GuardedBuffer back(size(wide) * sizeof(float), placement, sizeof(float));
      kernels().storage_of(type).widen({static_cast<const std::uint16_t*>(bits.data()), narrow,
                                        back.floats(), wide, rows, count});
      EXPECT_TRUE(back.intact());
      for (std::ptrdiff_t row = 0; row < rows; ++row) {
        for (std::ptrdiff_t i = 0; i < wide && (row + 1 < rows || i < count); ++i) {
          const std::ptrdiff_t at = row * wide + i;
          if (i < count) {
            ASSERT_EQ(back.floats()[at], values[static_cast<std::size_t>(at)]) << row << ' ' << i;
          } else {
            ASSERT_TRUE(std::isnan(back.floats()[at])) << "written between rows";
          }
        }
        for (std::ptrdiff_t i = count; i < narrow && row + 1 < rows; ++i) {
          ASSERT_EQ(static_cast<const std::uint16_t*>(bits.data())[row * narrow + i], 0xffff);
        }
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(RowsStorage);

}  // namespace
}  // namespace winograd::test
