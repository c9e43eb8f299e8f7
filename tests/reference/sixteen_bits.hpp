// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// f16 and bf16 by their definition, in double: the oracle of conversions, and tensors of any type
// for tests that think in floats.
#ifndef WINOGRAD_TESTS_REFERENCE_SIXTEEN_BITS_HPP
#define WINOGRAD_TESTS_REFERENCE_SIXTEEN_BITS_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "winograd/conv2d.hpp"

namespace winograd::test {

inline constexpr DataType kDataTypes[] = {DataType::f32, DataType::f16, DataType::bf16};
inline constexpr DataType kSixteenBits[] = {DataType::f16, DataType::bf16};

inline std::size_t bytes_of(DataType type) { return type == DataType::f32 ? 4 : 2; }

/// Half of the last place of 1: the largest relative error of a rounding.
double unit_of(DataType type);
/// Half of the smallest number above zero: what a rounding may err by near zero.
double smallest_error_of(DataType type);

/// The number of that type next to `value`, the even one of two; infinite beyond its range.
double round_to(DataType type, double value);
/// round_to for each.
void round_all(DataType type, std::vector<float>& values);

/// Of a number that the type has, or a NaN; a type of 16 bits.
std::uint16_t encode(DataType type, double value);
double decode(DataType type, std::uint16_t bits);

/// Numbers as they stand in a tensor, rounded, and back.
void to_memory(DataType type, const std::vector<float>& values, void* memory);
std::vector<float> from_memory(DataType type, const void* memory, std::size_t count);

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_SIXTEEN_BITS_HPP
