// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The kernel of small groups against its definition, on small integers: equality. Inputs and
// weights end at a guard page, and between the sums of the pixels nothing is written.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/kernels/isa_param.hpp"
#include "tests/kernels/strip_case.hpp"
#include "tests/reference/crash_note.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

struct RowOfGroups {
  int group, pixel, cols, kernel_h, kernel_w, stride_w, dilation_w;

  std::string text() const {
    return "group=" + std::to_string(group) + " pixel=" + std::to_string(pixel) +
           " cols=" + std::to_string(cols) + " kernel=" + std::to_string(kernel_h) + "x" +
           std::to_string(kernel_w) + " stride=" + std::to_string(stride_w) +
           " dilation=" + std::to_string(dilation_w);
  }
};

class SmallGroups : public KernelSetTest {
 protected:
  void check(Rng& rng, const RowOfGroups& row) {
    SCOPED_TRACE(row.text());
    const CrashNote note(row.text());
    const int pixels = (row.cols - 1) * row.stride_w + (row.kernel_w - 1) * row.dilation_w + 1;
    detail::GroupRowArgs args{};
    args.pixel = row.pixel;
    args.row = pixels * std::ptrdiff_t{row.pixel} + kLaneBlock * rng.offset(0, 2);
    args.stride_w = row.stride_w;
    args.dilation_h = static_cast<int>(rng.integer(1, 2));
    args.dilation_w = row.dilation_w;
    args.kernel_h = row.kernel_h;
    args.kernel_w = row.kernel_w;
    args.group = row.group;
    args.cols = row.cols;
    const std::ptrdiff_t in_floats = (row.kernel_h - 1) * args.dilation_h * args.row +
                                     (pixels - 1) * std::ptrdiff_t{row.pixel} + kLaneBlock;
    const GuardedInput in(integer_data(rng, in_floats, -9, 9), Placement::at_end);
    const GuardedInput weights(
        integer_data(rng, std::ptrdiff_t{row.kernel_h} * row.kernel_w * row.group * kLaneBlock, -9,
                     9),
        Placement::at_end);
    const std::ptrdiff_t floats = (row.cols - 1) * std::ptrdiff_t{row.pixel} + kLaneBlock;
    const GuardedBuffer sums(static_cast<std::size_t>(floats) * sizeof(float), Placement::at_end);
    args.in = in.data();
    args.weights = weights.data();
    args.sums = sums.floats();
    kernels().group_row(args);

    EXPECT_TRUE(sums.intact());
    for (std::ptrdiff_t at = 0; at < floats; ++at) {
      const std::ptrdiff_t x = at / row.pixel;
      const int o = static_cast<int>(at % row.pixel);
      if (o >= kLaneBlock) {
        ASSERT_TRUE(is_unwritten(sums.floats()[at])) << "written behind pixel " << x;
        continue;
      }
      float sum = 0;
      const float* w = weights.data() + o;
      for (int i = 0; i < row.kernel_h; ++i) {
        for (int j = 0; j < row.kernel_w; ++j) {
          const float* const first = in.data() + i * args.dilation_h * args.row +
                                     (x * row.stride_w + j * row.dilation_w) * row.pixel +
                                     o / row.group * row.group;
          for (int c = 0; c < row.group; ++c, w += kLaneBlock) sum += first[c] * *w;
        }
      }
      ASSERT_EQ(sums.floats()[at], sum) << "pixel " << x << " channel " << o;
    }
  }
};

TEST_P(SmallGroups, EveryRowAndKernel) {
  Rng rng(94);
  Subset subset("every row and kernel");
  for (const int group : {4, 8, 16}) {
    for (const int pixel : {detail::kNarrowPixel, detail::kWidePixel}) {
      for (int cols = 1; cols <= 31; ++cols) {
        for (const int kernel_w : {1, 2, 3, 5}) {
          for (const int stride_w : {1, 2, 3}) {
            for (const int dilation_w : {1, 2}) {
              if (!subset.takes()) continue;
              const int kernel_h = static_cast<int>(rng.integer(1, 3));
              check(rng, {group, pixel, cols, kernel_h, kernel_w, stride_w, dilation_w});
              if (HasFailure()) return;
            }
          }
        }
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(SmallGroups);

}  // namespace
}  // namespace winograd::test
