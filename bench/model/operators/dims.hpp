// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Arithmetic of dimensions and axes that shape functions share.
#ifndef WINOGRAD_BENCH_MODEL_OPERATORS_DIMS_HPP
#define WINOGRAD_BENCH_MODEL_OPERATORS_DIMS_HPP

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "bench/model/graph.hpp"
#include "bench/model/shapes.hpp"

namespace winograd::bench::operators {

/// Values beyond this stand for "to the end".
constexpr double kFar = 4611686018427387904.0;  // 2^62

/// What stands for a value that is not known among whole ones. No dimension, and no axis.
constexpr std::int64_t kNotKnown = std::numeric_limits<std::int64_t>::min();

inline std::int64_t whole(double value) {
  if (std::isnan(value)) return kNotKnown;
  return static_cast<std::int64_t>(std::clamp(std::trunc(value), -kFar, kFar));
}

inline std::int64_t product(const Dims& dims, std::size_t begin, std::size_t end) {
  std::int64_t result = 1;
  for (std::size_t i = begin; i < end; ++i) result = multiply_dims(result, dims[i]);
  return result;
}

inline std::int64_t product(const Dims& dims) { return product(dims, 0, dims.size()); }

/// The axis counted from the front, if there is one.
inline std::optional<std::size_t> axis_of(std::int64_t axis, std::size_t rank) {
  const auto count = static_cast<std::int64_t>(rank);
  if (axis < -count || axis >= count) return std::nullopt;
  return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

inline std::optional<std::vector<std::size_t>> axes_of(const Dims& axes, std::size_t rank) {
  std::vector<std::size_t> result;
  for (const std::int64_t axis : axes) {
    const auto one = axis_of(axis, rank);
    if (!one) return std::nullopt;
    result.push_back(*one);
  }
  return result;
}

inline bool contains(const std::vector<std::size_t>& axes, std::size_t axis) {
  return std::find(axes.begin(), axes.end(), axis) != axes.end();
}

inline std::int64_t dim_from(double value) {
  return value < 0 || !(value <= static_cast<double>(kLargestDim)) ? kUnknownDim : whole(value);
}

inline std::int64_t broadcast_dim(std::int64_t a, std::int64_t b) {
  if (a == 1) return b;
  if (b == 1 || a == b || b == kUnknownDim) return a;
  return a == kUnknownDim ? b : kUnknownDim;
}

}  // namespace winograd::bench::operators

#endif  // WINOGRAD_BENCH_MODEL_OPERATORS_DIMS_HPP
