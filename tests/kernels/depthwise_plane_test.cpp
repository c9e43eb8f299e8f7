// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Depthwise convolution of planes against its definition, on small integers: equality. Images end
// at a guard page, so that whatever lies behind their last pixel is not read.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "src/planning/layer.hpp"
#include "tests/kernels/epilogue_case.hpp"
#include "tests/kernels/isa_param.hpp"
#include "tests/kernels/strip_case.hpp"
#include "tests/reference/crash_note.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

enum class Residual { none, apart, in_place };

struct Planes {
  int channels, rows, cols;
  int dilation_h = 1, dilation_w = 1;
  Residual residual = Residual::none;
  const EpilogueCase* activation = &kEpilogueCases[0];

  std::string text() const {
    return "channels=" + std::to_string(channels) + " rows=" + std::to_string(rows) +
           " cols=" + std::to_string(cols) + " dilation=" + std::to_string(dilation_h) + "x" +
           std::to_string(dilation_w) + " residual=" + std::to_string(static_cast<int>(residual)) +
           " " + activation->name;
  }
};

class DepthwisePlane : public KernelSetTest {
 protected:
  void check(Rng& rng, const Planes& planes) {
    const int rows = planes.rows, cols = planes.cols, channels = planes.channels;
    detail::DepthwisePlaneArgs args{};
    args.channels = channels;
    args.rows = rows;
    args.cols = cols;
    args.dilation_h = planes.dilation_h;
    args.dilation_w = planes.dilation_w;
    // Outputs begin before, in and behind the plane, and end so: real padding, of any size.
    args.h = 1 + static_cast<int>(rng.offset(0, rows + 3));
    args.w = 1 + static_cast<int>(rng.offset(0, cols + 3));
    args.first_row = static_cast<int>(rng.offset(0, 6)) - 4;
    args.first_col = static_cast<int>(rng.offset(0, 8)) - 5;
    args.src_row = args.w + rng.offset(0, 5);
    args.src_channel = args.h * args.src_row + rng.offset(0, 5);
    const std::string text = planes.text() + " plane=" + std::to_string(args.h) + "x" +
                             std::to_string(args.w) + " first=" + std::to_string(args.first_row) +
                             "," + std::to_string(args.first_col);
    SCOPED_TRACE(text);
    const CrashNote note(text);
    const auto small = [&rng] { return static_cast<float>(rng.integer(-9, 9)); };

    const std::ptrdiff_t src_floats =
        (channels - 1) * args.src_channel + (args.h - 1) * args.src_row + args.w;
    GuardedBuffer src(static_cast<std::size_t>(src_floats) * sizeof(float),
                      rng.chance(30) ? Placement::at_start : Placement::at_end,
                      static_cast<std::size_t>(rng.integer(0, 3)) * sizeof(float));
    std::generate_n(src.floats(), src_floats, small);
    src.make_read_only();
    const GuardedInput weights(integer_data(rng, 8 * kLaneBlock + channels, -9, 9),
                               Placement::at_end);
    const GuardedInput bias(integer_data(rng, kLaneBlock, -9, 9), Placement::at_end);
    args.pitch =
        detail::round_up(cols, kLaneBlock) + detail::round_up(2 * planes.dilation_w, kLaneBlock);
    const GuardedBuffer staging(
        static_cast<std::size_t>((rows + 2 * planes.dilation_h) * args.pitch + kLaneBlock) *
            sizeof(float),
        Placement::at_end);

    args.dst_row = cols + rng.offset(0, 9);
    args.dst_channel = rows * args.dst_row + rng.offset(0, 9);
    const std::ptrdiff_t floats =
        (channels - 1) * args.dst_channel + (rows - 1) * args.dst_row + cols;
    const auto bytes = static_cast<std::size_t>(floats) * sizeof(float);
    const GuardedBuffer dst(bytes, Placement::at_end), apart(bytes, Placement::at_end);
    const Residual residual = planes.residual;
    const GuardedBuffer& added = residual == Residual::in_place ? dst : apart;
    const auto for_each = [&](const auto& visit) {
      for (int c = 0; c < channels; ++c) {
        for (int y = 0; y < rows; ++y) {
          for (int x = 0; x < cols; ++x) {
            visit(c, y, x, c * args.dst_channel + y * args.dst_row + x);
          }
        }
      }
    };
    const auto pixel = [&](int c, int row, int col) {
      const bool inside = 0 <= row && row < args.h && 0 <= col && col < args.w;
      return inside ? src.floats()[c * args.src_channel + row * args.src_row + col] : 0.0F;
    };
    std::vector<float> expected;
    for_each([&](int c, int y, int x, std::ptrdiff_t at) {
      float sum = bias.data()[c];
      for (int i = 0; i < 3; ++i) {
        for (int j = 0; j < 3; ++j) {
          sum += pixel(c, args.first_row + y + i * planes.dilation_h,
                       args.first_col + x + j * planes.dilation_w) *
                 weights.data()[(i * 3 + j) * kLaneBlock + c];
        }
      }
      if (residual != Residual::none) sum += added.floats()[at] = small();
      expected.push_back(planes.activation->apply(sum, c));
    });

    args.src = src.floats();
    args.weights = weights.data();
    args.staging = staging.floats();
    args.dst = dst.floats();
    args.residual = residual == Residual::none ? nullptr : added.floats();
    args.epilogue = planes.activation->epilogue(bias.data());
    kernels().depthwise_plane(args);

    EXPECT_TRUE(dst.intact());
    EXPECT_TRUE(staging.intact());
    std::vector<bool> written(static_cast<std::size_t>(floats));
    std::size_t next = 0;
    for_each([&](int c, int y, int x, std::ptrdiff_t at) {
      written[static_cast<std::size_t>(at)] = true;
      const float wanted = expected[next++];
      EXPECT_TRUE(planes.activation->same(dst.floats()[at], wanted))
          << "channel " << c << " row " << y << " column " << x << ": " << dst.floats()[at]
          << " instead of " << wanted;
    });
    for (std::size_t i = 0; i < written.size(); ++i) {
      ASSERT_TRUE(written[i] || is_unwritten(dst.floats()[i])) << "written at float " << i;
    }
  }
};

TEST_P(DepthwisePlane, EverySize) {
  Rng rng(94);
  Subset subset("every size");
  for (int cols = 1; cols <= 70; ++cols) {
    for (int rows = 1; rows <= 5; ++rows) {
      for (const int dilation_h : {1, 2}) {
        for (const int dilation_w : {1, 3, 17}) {
          if (!subset.takes()) continue;
          const int channels = 1 + static_cast<int>(rng.offset(0, kLaneBlock - 1));
          check(rng, {channels, rows, cols, dilation_h, dilation_w});
          if (HasFailure()) return;
        }
      }
    }
  }
}

TEST_P(DepthwisePlane, EveryEpilogue) {
  Rng rng(95);
  for (const EpilogueCase& activation : kEpilogueCases) {
    for (const Residual residual : {Residual::none, Residual::apart, Residual::in_place}) {
      for (const int cols : {3, 39}) {
        check(rng, {16, 3, cols, 1, 1, residual, &activation});
        if (HasFailure()) return;
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(DepthwisePlane);

}  // namespace
}  // namespace winograd::test
