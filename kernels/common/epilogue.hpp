// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_KERNELS_COMMON_EPILOGUE_HPP
#define WINOGRAD_KERNELS_COMMON_EPILOGUE_HPP

#include <limits>

#include "kernels/common/simd.hpp"
#include "kernels/common/transform_1d.hpp"
#include "kernels/contract/kernel_set.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// The activation, on values that already have bias and residual. NaN passes through: min and max
/// return their second operand when either is NaN.
template <class V>
class Finish {
 public:
  explicit Finish(const Epilogue& epilogue)
      : low_(epilogue.low), high_(epilogue.high), slope_(epilogue.leaky_slope),
        leaky_(epilogue.leaky) {}

  [[gnu::always_inline]] V operator()(const V& x) const { return leaky_ ? leaky(x) : clamp(x); }
  [[gnu::always_inline]] V leaky(const V& x) const {
    const V zero(0.0F);
    return fma(slope_, min(zero, x), max(zero, x));
  }
  [[gnu::always_inline]] V clamp(const V& x) const { return min(high_, max(low_, x)); }

  /// clamp() where there is no upper bound.
  [[gnu::always_inline]] V above(const V& x) const { return max(low_, x); }

 private:
  V low_, high_, slope_;
  bool leaky_;
};

/// The activation on all values that for_each visits: one decision for a whole block, and one
/// operation less where there is no upper bound.
template <class V, class ForEach>
[[gnu::always_inline]] inline void activate(const Epilogue& epilogue, const ForEach& for_each) {
  const Finish<V> finish(epilogue);
  if (epilogue.leaky) {
    for_each([&](V& value, std::ptrdiff_t) { value = finish.leaky(value); });
  } else if (epilogue.high == std::numeric_limits<float>::infinity()) {
    for_each([&](V& value, std::ptrdiff_t) { value = finish.above(value); });
  } else {
    for_each([&](V& value, std::ptrdiff_t) { value = finish.clamp(value); });
  }
}

/// What a micro-kernel does with the sums of a block of rows of `vectors` vectors from `column` on:
/// GemmTarget. One decision for the whole block, so that there are no branches between its stores.
template <class V, int rows, int vectors>
[[gnu::always_inline]] inline void finish_block(V (&sum)[rows][vectors], int column,
                                                const GemmTarget& target) {
  unroll<vectors>([&](auto j) {
    const V bias = load_lanes<V>(target.epilogue.bias + column + j * kLanes<V>);
    unroll<rows>([&](auto i) { sum[i][j] = sum[i][j] + bias; });
  });
  const auto for_each = [&](auto visit) __attribute__((always_inline)) {
    unroll<rows>([&](auto i) {
      unroll<vectors>(
          [&](auto j) { visit(sum[i][j], i * target.stride + column + j * kLanes<V>); });
    });
  };
  if (target.residual != nullptr) {
    for_each(
        [&](V& value, std::ptrdiff_t at) { value = value + load_lanes<V>(target.residual + at); });
  }
  activate<V>(target.epilogue, for_each);
  if (target.stream) {
    for_each([&](const V& value, std::ptrdiff_t at) { stream_lanes(target.dst + at, value); });
  } else {
    for_each([&](const V& value, std::ptrdiff_t at) { store_lanes(target.dst + at, value); });
  }
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_EPILOGUE_HPP
