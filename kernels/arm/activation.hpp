// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The activation as a choice of loop instead of work in it: common/epilogue.hpp clamps on both
// sides whatever the activation is, which is a quarter of the arithmetic of an output pass.
#ifndef WINOGRAD_KERNELS_ARM_ACTIVATION_HPP
#define WINOGRAD_KERNELS_ARM_ACTIVATION_HPP

#include <limits>

#include "kernels/common/simd.hpp"
#include "kernels/contract/kernel_set.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V>
struct NoActivation {
  [[gnu::always_inline]] V operator()(const V& x) const { return x; }
};

template <class V>
struct LowerBound {
  V low;
  [[gnu::always_inline]] V operator()(const V& x) const { return max(low, x); }
};

template <class V>
struct Clamp {
  V low, high;
  [[gnu::always_inline]] V operator()(const V& x) const { return min(high, max(low, x)); }
};

template <class V>
struct LeakyRelu {
  V slope, zero;
  [[gnu::always_inline]] V operator()(const V& x) const {
    return fma(slope, min(zero, x), max(zero, x));
  }
};

/// Calls body(activation), with the cheapest of the above that does what `epilogue` says.
template <class V, class Body>
[[gnu::always_inline]] inline void with_activation(const Epilogue& epilogue, const Body& body) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  if (epilogue.leaky) {
    body(LeakyRelu<V>{V(epilogue.leaky_slope), V(0.0F)});
  } else if (epilogue.high < kInfinity) {
    body(Clamp<V>{V(epilogue.low), V(epilogue.high)});
  } else if (epilogue.low > -kInfinity) {
    body(LowerBound<V>{V(epilogue.low)});
  } else {
    body(NoActivation<V>{});
  }
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_ACTIVATION_HPP
