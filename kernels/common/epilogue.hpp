// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Bias, residual and activation: what happens to sums on their way to dst.
#ifndef WINOGRAD_KERNELS_COMMON_EPILOGUE_HPP
#define WINOGRAD_KERNELS_COMMON_EPILOGUE_HPP

#include <limits>
#include <type_traits>

#include "kernels/common/activation_functions.hpp"
#include "kernels/common/transform_1d.hpp"
#include "kernels/contract/kernel_set.hpp"
#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// A sum as it stands in memory, with its bias. `scale` is that of the epilogue.
template <class V>
[[gnu::always_inline]] inline V with_bias(const V& sum, const V& bias, const V& scale) {
  if constexpr (std::is_same_v<typename Simd<V>::Element, float>) {
    return sum + bias;
  } else {
    return Simd<V>::fma(scale, sum, bias);
  }
}

// The activations, on values that already have bias and residual. NaN passes through: min and max
// are NaN when their second operand is.

template <class V>
struct NoActivation {
  [[gnu::always_inline]] V operator()(const V& x) const { return x; }
};

template <class V>
struct LowerBound {
  V low;
  [[gnu::always_inline]] V operator()(const V& x) const { return Simd<V>::max(low, x); }
};

template <class V>
struct Clamp {
  V low, high;
  [[gnu::always_inline]] V operator()(const V& x) const {
    return Simd<V>::min(high, Simd<V>::max(low, x));
  }
};

/// Leaky ReLU with a slope for each channel.
template <class V>
struct LeakyRelu {
  const float* slopes;
  V zero;
  [[gnu::always_inline]] V operator()(const V& x, const V& slope) const {
    return Simd<V>::fma(slope, Simd<V>::min(zero, x), Simd<V>::max(zero, x));
  }
};

/// Everything else: one variant of the kernels for all functions, which get their values in memory.
struct AnyFunction {
  Activation function;
};

/// What the lanes of a vector are.
enum class Lanes : unsigned char { channels, pixels };

/// Applies an activation of the above to `count` vectors in registers: for_each(visit) calls
/// visit(V&, channel) for each, where the channel (of the epilogue's) is that of the first lane.
template <class V, Lanes lanes_are, int count, class Chosen, class ForEach>
[[gnu::always_inline]] inline void activate(const Chosen& chosen, const ForEach& for_each) {
  using S = Simd<V>;
  if constexpr (std::is_same_v<Chosen, AnyFunction>) {
    constexpr int floats = count * S::lanes;
    constexpr int whole = (floats + kFloats - 1) / kFloats * kFloats;
    alignas(kLineBytes) float values[whole];
    for (int i = floats; i < whole; ++i) values[i] = 0.0F;
    float* to = values;
    for_each([&](V& value, int) WINOGRAD_INLINE {
      S::store(to, value);
      to += S::lanes;
    });
    apply_activation(chosen.function, values, whole);
    const float* from = values;
    for_each([&](V& value, int) WINOGRAD_INLINE {
      value = S::load(from);
      from += S::lanes;
    });
  } else if constexpr (std::is_same_v<Chosen, LeakyRelu<V>>) {
    for_each([&](V& value, int channel) WINOGRAD_INLINE {
      if constexpr (lanes_are == Lanes::channels) {
        value = chosen(value, S::load(chosen.slopes + channel));
      } else {
        value = chosen(value, V(chosen.slopes[channel]));
      }
    });
  } else if constexpr (!std::is_same_v<Chosen, NoActivation<V>>) {
    // (Assigned to itself, a value moves to memory for g++.)
    for_each([&](V& value, int) WINOGRAD_INLINE { value = chosen(value); });
  }
}

/// Calls body(activation), with the cheapest that does what `epilogue` says, which clamps().
template <class V, class Body>
[[gnu::always_inline]] inline void with_clamp(const Epilogue& epilogue, const Body& body) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  if (epilogue.high < kInfinity) {
    body(Clamp<V>{V(epilogue.low), V(epilogue.high)});
  } else if (epilogue.low > -kInfinity) {
    body(LowerBound<V>{V(epilogue.low)});
  } else {
    body(NoActivation<V>{});
  }
}

/// The same with any of the above: a choice of loop instead of work in it.
template <class V, class Body>
[[gnu::always_inline]] inline void with_activation(const Epilogue& epilogue, const Body& body) {
  if (epilogue.slopes != nullptr) {
    body(LeakyRelu<V>{epilogue.slopes, V(0.0F)});
  } else if (epilogue.function != Activation::none) {
    body(AnyFunction{epilogue.function});
  } else {
    with_clamp<V>(epilogue, body);
  }
}

/// The activation, if it is no clamp, of `rows` times `count` values in memory, rows `stride`
/// apart: once for register blocks of all sizes. Channels are those of the epilogue's from
/// `channel` on: one for each value of a row, or one for each row.
template <class V, Lanes lanes_are>
WINOGRAD_OUT_OF_LINE inline void activate_rows(float* values, int rows, int count,
                                               std::ptrdiff_t stride, const Epilogue& epilogue,
                                               int channel) {
  using S = Simd<V>;
  if (epilogue.slopes == nullptr && stride == count) {  // as one
    count *= rows;
    rows = 1;
  }
  for (int row = 0; row < rows; ++row, values += stride) {
    if (epilogue.slopes == nullptr) {
      const int whole = count / kFloats * kFloats;
      apply_activation(epilogue.function, values, whole);
      if (whole == count) continue;
      float rest[kFloats] = {};
      for (int i = whole; i < count; ++i) rest[i - whole] = values[i];
      apply_activation(epilogue.function, rest, kFloats);
      for (int i = whole; i < count; ++i) values[i] = rest[i - whole];
      continue;
    }
    const LeakyRelu<V> leaky{epilogue.slopes + channel, V(0.0F)};
    const auto slope = [&](int i) WINOGRAD_INLINE {
      return lanes_are == Lanes::channels ? S::load(leaky.slopes + i) : V(leaky.slopes[row]);
    };
    int i = 0;
    for (; i + S::lanes <= count; i += S::lanes) {
      S::store(values + i, leaky(S::load(values + i), slope(i)));
    }
    if (S::lanes > 1 && i < count) {
      const V rest = S::load_first(values + i, count - i);
      S::store_first(values + i, leaky(rest, slope(i)), count - i);
    }
  }
}

/// Applies a clamp, if there is one, to a block in registers.
template <class V, int rows, int vectors>
[[gnu::always_inline]] inline void clamp_block(V (&sum)[rows][vectors], const Epilogue& epilogue) {
  with_clamp<V>(epilogue, [&](const auto& clamp) WINOGRAD_INLINE {
    // (Assigned to itself, a value moves to memory for g++.)
    if constexpr (!std::is_same_v<std::decay_t<decltype(clamp)>, NoActivation<V>>) {
      unroll_cells<rows, vectors>([&](int i, int j)
                                      WINOGRAD_INLINE { sum[i][j] = clamp(sum[i][j]); });
    }
  });
}

/// Applies the activation to a block in registers; only clamps stand in line.
template <class V, Lanes lanes_are, int rows, int vectors>
[[gnu::always_inline]] inline void activate_block(V (&sum)[rows][vectors], const Epilogue& epilogue,
                                                  int channel) {
  using S = Simd<V>;
  if (epilogue.clamps()) {
    clamp_block(sum, epilogue);
    return;
  }
  // Of copies, or the sums themselves would have to be in memory.
  constexpr int count = vectors * S::lanes;
  alignas(kLineBytes) float values[rows * count];
  unroll_cells<rows, vectors>([&](int i, int j) WINOGRAD_INLINE {
    S::store(values + i * count + j * S::lanes, sum[i][j]);
  });
  const Epilogue copy = epilogue;  // or all around it would have to be in memory, too
  activate_rows<V, lanes_are>(values, rows, count, count, copy, channel);
  unroll_cells<rows, vectors>([&](int i, int j) WINOGRAD_INLINE {
    sum[i][j] = S::load(values + i * count + j * S::lanes);
  });
}

/// What a micro-kernel does with the sums of a block of rows of `vectors` vectors from `column` on:
/// GemmTarget. One decision for the whole block, so that there are no branches between its stores.
/// `partial`: the columns are half a panel, and of the vector only so much is written.
template <class V, int rows, int vectors, bool partial>
[[gnu::always_inline]] inline void finish_block(V (&sum)[rows][vectors], int column,
                                                const GemmTarget& target) {
  using S = Simd<V>;
  unroll<vectors>([&](int j) WINOGRAD_INLINE {
    const V bias = S::load(target.epilogue.bias + column + j * S::lanes);
    unroll<rows>([&](int i) WINOGRAD_INLINE { sum[i][j] = sum[i][j] + bias; });
  });
  const auto for_each = [&](auto visit) WINOGRAD_INLINE {
    unroll_cells<rows, vectors>([&](int i, int j) WINOGRAD_INLINE {
      visit(sum[i][j], i * target.stride + column + j * S::lanes);
    });
  };
  if (target.residual != nullptr) {
    for_each([&](V& value, std::ptrdiff_t at) WINOGRAD_INLINE {
      const float* const added = target.residual + at;
      value = value + (partial ? S::load_first(added, kPanel / 2) : S::load(added));
    });
  }
  activate_block<V, Lanes::channels>(sum, target.epilogue, column);
  if constexpr (partial) {
    for_each([&](const V& value, std::ptrdiff_t at)
                 WINOGRAD_INLINE { S::store_first(target.dst + at, value, kPanel / 2); });
  } else if (S::streams && target.stream) {
    for_each([&](const V& value, std::ptrdiff_t at)
                 WINOGRAD_INLINE { S::stream(target.dst + at, value); });
  } else {
    for_each([&](const V& value, std::ptrdiff_t at)
                 WINOGRAD_INLINE { S::store(target.dst + at, value); });
  }
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_EPILOGUE_HPP
