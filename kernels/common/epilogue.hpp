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
    constexpr int whole = (floats + kDoubles - 1) / kDoubles * kDoubles;
    alignas(kLineBytes) float values[whole];
    for (int i = floats; i < whole; ++i) values[i] = 0.0F;
    float* to = values;
    for_each([&](V & value, int) __attribute__((always_inline)) {
      S::store(to, value);
      to += S::lanes;
    });
    apply_activation(chosen.function, values, whole);
    const float* from = values;
    for_each([&](V & value, int) __attribute__((always_inline)) {
      value = S::load(from);
      from += S::lanes;
    });
  } else if constexpr (std::is_same_v<Chosen, LeakyRelu<V>>) {
    for_each([&](V & value, int channel) __attribute__((always_inline)) {
      if constexpr (lanes_are == Lanes::channels) {
        value = chosen(value, S::load(chosen.slopes + channel));
      } else {
        value = chosen(value, V(chosen.slopes[channel]));
      }
    });
  } else if constexpr (!std::is_same_v<Chosen, NoActivation<V>>) {
    // (Assigned to itself, a value moves to memory for g++.)
    for_each([&](V & value, int) __attribute__((always_inline)) { value = chosen(value); });
  }
}

/// Calls body(activation), with the cheapest of the above that does what `epilogue` says: a choice
/// of loop instead of work in it.
template <class V, class Body>
[[gnu::always_inline]] inline void with_activation(const Epilogue& epilogue, const Body& body) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  if (epilogue.slopes != nullptr) {
    body(LeakyRelu<V>{epilogue.slopes, V(0.0F)});
  } else if (epilogue.function != Activation::none) {
    body(AnyFunction{epilogue.function});
  } else if (epilogue.high < kInfinity) {
    body(Clamp<V>{V(epilogue.low), V(epilogue.high)});
  } else if (epilogue.low > -kInfinity) {
    body(LowerBound<V>{V(epilogue.low)});
  } else {
    body(NoActivation<V>{});
  }
}

/// What a micro-kernel does with the sums of a block of rows of `vectors` vectors from `column` on:
/// GemmTarget. One decision for the whole block, so that there are no branches between its stores.
template <class V, int rows, int vectors>
[[gnu::always_inline]] inline void finish_block(V (&sum)[rows][vectors], int column,
                                                const GemmTarget& target) {
  using S = Simd<V>;
  // Lambdas that g++ left out of line would keep the sums in memory.
#define WINOGRAD_INLINE __attribute__((always_inline))
  unroll<vectors>([&](auto j) WINOGRAD_INLINE {
    const V bias = S::load(target.epilogue.bias + column + j * S::lanes);
    unroll<rows>([&](auto i) WINOGRAD_INLINE { sum[i][j] = sum[i][j] + bias; });
  });
  const auto for_each = [&](auto visit) WINOGRAD_INLINE {
    unroll<rows>([&](auto i) WINOGRAD_INLINE {
      unroll<vectors>([&](auto j) WINOGRAD_INLINE {
        visit(sum[i][j], i * target.stride + column + j * S::lanes);
      });
    });
  };
  if (target.residual != nullptr) {
    for_each([&](V& value, std::ptrdiff_t at)
                 WINOGRAD_INLINE { value = value + S::load(target.residual + at); });
  }
  with_activation<V>(target.epilogue, [&](const auto& activation) WINOGRAD_INLINE {
    activate<V, Lanes::channels, rows * vectors>(activation, [&](auto visit) WINOGRAD_INLINE {
      unroll<rows>([&](auto i) WINOGRAD_INLINE {
        unroll<vectors>([&](auto j) WINOGRAD_INLINE { visit(sum[i][j], column + j * S::lanes); });
      });
    });
  });
  if (target.stream) {
    for_each([&](const V& value, std::ptrdiff_t at)
                 WINOGRAD_INLINE { S::stream(target.dst + at, value); });
  } else {
    for_each([&](const V& value, std::ptrdiff_t at)
                 WINOGRAD_INLINE { S::store(target.dst + at, value); });
  }
#undef WINOGRAD_INLINE
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_EPILOGUE_HPP
