// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_KERNELS_COMMON_EPILOGUE_HPP
#define WINOGRAD_KERNELS_COMMON_EPILOGUE_HPP

#include "common/simd.hpp"
#include "kernel_set.hpp"

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

  [[gnu::always_inline]] V operator()(const V& x) const {
    if (leaky_) {
      const V zero(0.0F);
      return fma(slope_, min(zero, x), max(zero, x));
    }
    return min(high_, max(low_, x));
  }

 private:
  V low_, high_, slope_;
  bool leaky_;
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_EPILOGUE_HPP
