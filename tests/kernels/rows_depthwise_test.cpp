// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// depthwise_row against the plain loop, on small integers: equality.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>

#include "tests/kernels/isa_param.hpp"
#include "tests/kernels/strip_case.hpp"
#include "tests/reference/crash_note.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

class RowsDepthwise : public KernelSetTest {
 protected:
  void check(Rng& rng, int cols, int kernel_h, int kernel_w) {
    detail::DepthwiseArgs args{};
    args.kernel_h = kernel_h;
    args.kernel_w = kernel_w;
    args.cols = cols;
    // Pixels of a whole image or of a staged group; strides and dilations of 1, 2, 3.
    const std::ptrdiff_t pixel = kLaneBlock + rng.offset(0, 20);
    args.step = pixel * rng.offset(1, 3);
    args.tap_col = pixel * rng.offset(1, 3);
    args.tap_row = (cols - 1) * args.step + kernel_w * args.tap_col + rng.offset(0, 20);
    const std::string text =
        "cols=" + std::to_string(cols) + " kernel=" + std::to_string(kernel_h) + "x" +
        std::to_string(kernel_w) + " step=" + std::to_string(args.step) +
        " tap_row=" + std::to_string(args.tap_row) + " tap_col=" + std::to_string(args.tap_col);
    SCOPED_TRACE(text);
    const CrashNote note(text);
    const std::ptrdiff_t floats = (kernel_h - 1) * args.tap_row + (kernel_w - 1) * args.tap_col +
                                  (cols - 1) * args.step + kLaneBlock;
    GuardedBuffer in(static_cast<std::size_t>(floats) * sizeof(float),
                     rng.chance(30) ? Placement::at_start : Placement::at_end,
                     static_cast<std::size_t>(rng.integer(0, 3)) * sizeof(float));
    const auto input = [&](int i, int j, int col) {
      return in.floats() + i * args.tap_row + j * args.tap_col + col * args.step;
    };
    const auto small = [&rng] { return static_cast<float>(rng.integer(-9, 9)); };
    for (int i = 0; i < kernel_h; ++i) {
      for (int j = 0; j < kernel_w; ++j) {
        for (int col = 0; col < cols; ++col) std::generate_n(input(i, j, col), kLaneBlock, small);
      }
    }
    in.make_read_only();
    const GuardedInput weights(
        integer_data(rng, std::int64_t{kernel_h} * kernel_w * kLaneBlock, -9, 9),
        Placement::at_end);
    const Scratch out(cols, 1);
    args.in = in.floats();
    args.weights = weights.data();
    args.out = out.data();
    kernels().depthwise_row(args);
    EXPECT_TRUE(out.intact());
    for (int col = 0; col < cols; ++col) {
      for (int c = 0; c < kLaneBlock; ++c) {
        float sum = 0;
        for (int i = 0; i < kernel_h; ++i) {
          for (int j = 0; j < kernel_w; ++j) {
            sum += input(i, j, col)[c] * weights.data()[(i * kernel_w + j) * kLaneBlock + c];
          }
        }
        ASSERT_EQ(out.at(col, 0, c), sum) << "column " << col << " channel " << c;
      }
    }
  }
};

TEST_P(RowsDepthwise, EveryWidthAndKernel) {
  Rng rng(91);
  Subset subset("every width and kernel");
  for (int cols = 1; cols <= 40; ++cols) {
    for (const int kernel_h : {1, 2, 3, 5, 7}) {
      for (const int kernel_w : {1, 2, 3, 5, 7}) {
        if (!subset.takes()) continue;
        check(rng, cols, kernel_h, kernel_w);
        if (HasFatalFailure()) return;
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(RowsDepthwise);

}  // namespace
}  // namespace winograd::test
