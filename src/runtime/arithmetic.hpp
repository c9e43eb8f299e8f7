// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Integer arithmetic of sizes.
#ifndef WINOGRAD_SRC_RUNTIME_ARITHMETIC_HPP
#define WINOGRAD_SRC_RUNTIME_ARITHMETIC_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace winograd::detail {

/// Most floats of a tensor (of an image with its padding, too) or of packed weights: their bytes
/// must fit ptrdiff_t with room for alignment, and channels rounded up to a group must fit 64 bits.
inline constexpr std::int64_t kMaxFloats =
    std::min<std::int64_t>(std::numeric_limits<std::ptrdiff_t>::max() / 16, std::int64_t{1} << 50);

template <class Integer>
constexpr Integer round_up(Integer value, Integer multiple) {
  return (value + multiple - 1) / multiple * multiple;
}
constexpr int ceil_div(int value, int divisor) { return (value + divisor - 1) / divisor; }

/// Part `index` of `parts` nearly equal parts of [0, total).
struct Range {
  int begin, end;
  constexpr int size() const { return end - begin; }
};
constexpr Range split(int total, int parts, int index) {
  const int size = total / parts, longer = total % parts;
  const int begin = index * size + (index < longer ? index : longer);
  return {begin, begin + size + (index < longer ? 1 : 0)};
}

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_RUNTIME_ARITHMETIC_HPP
