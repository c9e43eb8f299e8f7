// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The activations that are functions, over the whole range of floats, against long double. They are
// called as every kernel calls them: by the writer of an NHWC row.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "tests/kernels/isa_param.hpp"
#include "tests/reference/activation_function.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

constexpr int kLaneBlock = detail::kLaneBlock;
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
/// What conv2d.hpp promises, in units of the last place.
constexpr double kBound = 2;

class RowsActivationFunctions : public KernelSetTest {
 protected:
  using Group = std::array<float, kLaneBlock>;

  Group apply(Activation function, const Group& values) const {
    constexpr Group kZeros = {};
    Group result;
    detail::RowWriteArgs args{};
    args.staging = values.data();
    args.stride = kLaneBlock;
    args.cols = 1;
    args.channels = kLaneBlock;
    args.dst = result.data();
    args.pixel_stride = kLaneBlock;
    args.epilogue.bias = kZeros.data();
    args.epilogue.low = -kInfinity;
    args.epilogue.high = kInfinity;
    args.epilogue.function = function;
    kernels().edges(Layout::nhwc).write_row(args);
    return result;
  }

  /// NEON of 32-bit Arm takes subnormal numbers for zero, and makes none.
  bool flushes() const {
    return kernels().isa == Isa::neon_armv7 || kernels().isa == Isa::neon_armv7_fma;
  }

  void check(Activation function, float x, float got) const {
    const long double exact = activation_function(function, x);
    const auto rounded = static_cast<float>(exact);
    if (std::isnan(x)) {
      ASSERT_TRUE(std::isnan(got));
    } else if (std::isinf(rounded)) {
      ASSERT_EQ(got, rounded);
    } else {
      constexpr long double kNormal = std::numeric_limits<float>::min();
      if (flushes() && std::fabs(static_cast<long double>(got) - exact) < kNormal) return;
      const float size = std::fabs(rounded);
      const double ulp = static_cast<double>(std::nextafter(size, kInfinity)) - size;
      ASSERT_LE(static_cast<double>(std::fabs(static_cast<long double>(got) - exact)) / ulp, kBound)
          << "of " << x << " it is " << got << " instead of " << rounded;
    }
  }
};

TEST_P(RowsActivationFunctions, OverAllFloats) {
  Subset subset("values, 16 at a time");
  std::vector<Group> inputs;
  Group next;
  std::size_t filled = 0;
  const auto add = [&](float x) {
    next[filled++] = x;
    if (filled == next.size()) {
      inputs.push_back(next);
      filled = 0;
    }
  };
  for (const float x : {kInfinity, -kInfinity, kNan, 0.0F, -0.0F, 1e-45F, -1e-45F, 3.4e38F,
                        -3.4e38F, -87.3F, -88.7F, -103.0F, -103.9F, -104.0F, -3.0F, 3.0F}) {
    add(x);
  }
  // Of each function the arguments with the largest errors of all, with a fused multiply-add and
  // without; docs/accuracy.md.
  for (const float x :
       {-1.10468471F, -1.09993458F, 0.534282029F, 0.537700772F, -91.1868439F, -82.0435638F,
        1.00000119F, 1.37149787F, -5.20384026F, -5.95021534F, -5.19533587F, -2.75277567F,
        // where a power of two is half a unit of what it is added to, or a unit
        -16.6718864F, -16.7042141F, 16.6718864F, -17.3F}) {
    add(x);
  }
  constexpr std::uint64_t kStep = 16381;  // in bits: 262,000 floats of all signs and exponents
  for (std::uint64_t bits = 0; bits < std::uint64_t{1} << 32; bits += kStep) {
    add(__builtin_bit_cast(float, static_cast<std::uint32_t>(bits)));  // std:: is not everywhere
  }
  // Where the functions are neither linear nor constant.
  for (int i = -30000; i < 30000; ++i) add(static_cast<float>(i) * 7.1e-4F);

  for (const Activation function : kActivationFunctions) {
    SCOPED_TRACE(to_string(function));
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (i > 1 && !subset.takes()) continue;  // the first two have the corners
      const Group result = apply(function, inputs[i]);
      for (std::size_t lane = 0; lane < result.size(); ++lane) {
        check(function, inputs[i][lane], result[lane]);
        if (HasFatalFailure()) return;
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(RowsActivationFunctions);

}  // namespace
}  // namespace winograd::test
