// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// read_row of both layouts: every width, channel count and fill, with the tensor's end at a guard
// page.
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

class RowsRead : public KernelSetTest {
 protected:
  /// `before` pixels of the row precede src, `after` follow its last; then the tensor ends.
  void check(Rng& rng, int cols, int channels, int fill, int before, int after) {
    const std::string text = "cols=" + std::to_string(cols) +
                             " channels=" + std::to_string(channels) +
                             " fill=" + std::to_string(fill) + " before=" + std::to_string(before) +
                             " after=" + std::to_string(after);
    SCOPED_TRACE(text);
    const CrashNote note(text);
    const std::ptrdiff_t plane = before + cols + after;
    const GuardedInput tensor(uniform_data(rng, channels * plane, -1.0F, 1.0F), Placement::at_end);
    const std::ptrdiff_t stride = fill + rng.offset(0, 5);
    const std::ptrdiff_t floats = (cols - 1) * stride + fill;
    const GuardedBuffer staging(static_cast<std::size_t>(floats) * sizeof(float), Placement::at_end,
                                static_cast<std::size_t>(rng.integer(0, 3)) * sizeof(float));
    detail::RowReadArgs args{};
    args.src = tensor.data() + before;
    args.channel_stride = plane;
    args.readable_end = tensor.data() + channels * plane;
    args.cols = cols;
    args.channels = channels;
    args.fill = fill;
    args.staging = staging.floats();
    args.stride = stride;
    kernels().edges(Layout::nchw).read_row(args);
    EXPECT_TRUE(staging.intact());
    for (std::ptrdiff_t col = 0; col < cols; ++col) {
      const float* const pixel = staging.floats() + col * stride;
      for (std::ptrdiff_t c = 0; c < fill; ++c) {
        ASSERT_EQ(pixel[c], c < channels ? args.src[c * plane + col] : 0.0F)
            << "column " << col << " channel " << c;
      }
      if (col + 1 == cols) break;
      ASSERT_TRUE(std::all_of(pixel + fill, pixel + stride, is_unwritten))
          << "written after column " << col;
    }
  }
};

TEST_P(RowsRead, EveryWidthChannelCountAndFill) {
  Rng rng(71);
  Subset subset("every width, channel count and fill");
  for (int cols = 1; cols <= 40; ++cols) {
    for (int channels = 1; channels <= kLaneBlock; ++channels) {
      for (int fill = channels; fill <= kLaneBlock; ++fill) {
        if (!subset.takes()) continue;
        const bool alone = rng.chance(50);
        check(rng, cols, channels, fill, alone ? 0 : static_cast<int>(rng.integer(0, 9)),
              alone ? 0 : static_cast<int>(rng.integer(0, 9)));
        if (HasFatalFailure()) return;
      }
    }
  }
}

// Whole groups are what vectors are for; the distance to the end decides how the row's end is read.
TEST_P(RowsRead, WholeGroupsAtEveryDistanceToTheEnd) {
  Rng rng(72);
  for (int cols = 1; cols <= 40; ++cols) {
    for (int after = 0; after <= kLaneBlock; ++after) {
      check(rng, cols, kLaneBlock, kLaneBlock, static_cast<int>(rng.integer(0, 3)), after);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(RowsRead, Nhwc) {
  Rng rng(73);
  Subset subset("pixels");
  const int widest = std::min(100, kernels().edges(Layout::nhwc).most_channels);
  for (int cols = 1; cols <= 9; ++cols) {
    for (int channels = 1; channels <= widest; ++channels) {
      if (!subset.takes()) continue;
      const int pixel = channels + (rng.chance(50) ? 0 : static_cast<int>(rng.integer(0, 9)));
      const int fill = channels + (rng.chance(50) ? 0 : static_cast<int>(rng.integer(0, 16)));
      const std::ptrdiff_t stride = fill + (rng.chance(50) ? 0 : rng.offset(0, 5));
      SCOPED_TRACE("cols=" + std::to_string(cols) + " channels=" + std::to_string(channels) +
                   " pixel=" + std::to_string(pixel) + " fill=" + std::to_string(fill));
      const std::ptrdiff_t in_floats = std::ptrdiff_t{cols - 1} * pixel + channels;
      const std::ptrdiff_t out_floats = (cols - 1) * stride + fill;
      const GuardedInput row(uniform_data(rng, in_floats, -1.0F, 1.0F), Placement::at_end);
      const GuardedBuffer staging(static_cast<std::size_t>(out_floats) * sizeof(float),
                                  Placement::at_end,
                                  static_cast<std::size_t>(rng.integer(0, 3)) * sizeof(float));
      detail::RowReadArgs args{};
      args.src = row.data();
      args.pixel_stride = pixel;
      args.readable_end = row.data() + in_floats;
      args.cols = cols;
      args.channels = channels;
      args.fill = fill;
      args.staging = staging.floats();
      args.stride = stride;
      kernels().edges(Layout::nhwc).read_row(args);
      EXPECT_TRUE(staging.intact());
      for (std::ptrdiff_t col = 0; col < cols; ++col) {
        const float* const to = staging.floats() + col * stride;
        for (std::ptrdiff_t c = 0; c < fill; ++c) {
          ASSERT_EQ(to[c], c < channels ? row.data()[col * pixel + c] : 0.0F)
              << "column " << col << " channel " << c;
        }
        if (col + 1 == cols) break;
        ASSERT_TRUE(std::all_of(to + fill, to + stride, is_unwritten)) << "after column " << col;
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(RowsRead);

}  // namespace
}  // namespace winograd::test
