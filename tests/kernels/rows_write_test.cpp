// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// write_row of both layouts: every width and channel count, residuals, activations, with
// the image's end at a guard page. Bits must be those of the plain loop.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
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

struct WriteCase {
  Layout layout;
  int cols;
  int channels;
  Residual residual;
  bool stream;
  const EpilogueCase* activation;

  std::string text() const {
    return std::string(to_string(layout)) + " cols=" + std::to_string(cols) +
           " channels=" + std::to_string(channels) +
           " residual=" + std::to_string(static_cast<int>(residual)) +
           " stream=" + std::to_string(stream) + " " + activation->name;
  }
};

class RowsWrite : public KernelSetTest {
 protected:
  void check(Rng& rng, const WriteCase& write, bool with_nan = false) {
    const std::string text = write.text();
    SCOPED_TRACE(text);
    const CrashNote note(text);
    const bool nhwc = write.layout == Layout::nhwc;
    const int cols = write.cols, channels = write.channels;
    // What lies between the written floats belongs to others. Streamed NHWC pixels are cache lines;
    // a streamed NCHW row may be aligned, then in whole lines, or not.
    const bool lines = write.stream && (nhwc || rng.chance(70));
    const std::ptrdiff_t gap = lines ? 16 * rng.offset(0, 2) : rng.offset(0, 9);
    const std::ptrdiff_t pixel = nhwc ? channels + gap : 1;
    const std::ptrdiff_t plane = nhwc ? 1 : (lines ? detail::round_up(cols, 16) : cols) + gap;
    const std::ptrdiff_t floats = (cols - 1) * pixel + (channels - 1) * plane + 1;
    const auto bytes = static_cast<std::size_t>(floats) * sizeof(float);
    const Placement placement = lines && !nhwc ? Placement::at_start : Placement::at_end;
    const std::size_t shift =
        lines ? 0 : static_cast<std::size_t>(rng.integer(0, 3)) * sizeof(float);
    const GuardedBuffer dst(bytes, placement, shift);
    const GuardedBuffer apart(bytes, placement, shift);
    const GuardedBuffer& added = write.residual == Residual::in_place ? dst : apart;

    const std::ptrdiff_t stride = kLaneBlock + rng.offset(0, 3);
    const std::ptrdiff_t staged = (detail::round_up(cols, 16) - 1) * stride + kLaneBlock;
    GuardedBuffer staging(static_cast<std::size_t>(staged) * sizeof(float), Placement::at_end);
    GuardedBuffer bias(kLaneBlock * sizeof(float), Placement::at_end);
    std::generate_n(bias.floats(), channels, [&rng] { return rng.uniform(-1.0F, 1.0F); });
    std::vector<float> expected;
    for (int col = 0; col < cols; ++col) {
      for (int c = 0; c < channels; ++c) {
        float& sum = staging.floats()[col * stride + c];
        sum = rng.uniform(-1.0F, 1.0F);
        if (with_nan && rng.chance(20)) sum = std::numeric_limits<float>::quiet_NaN();
        if (with_nan && rng.chance(20)) sum = rng.chance(50) ? kInfinity : -kInfinity;
        float value = sum + bias.floats()[c];
        if (write.residual != Residual::none) {
          float& other = added.floats()[col * pixel + c * plane];
          other = rng.uniform(-1.0F, 1.0F);
          value = value + other;
        }
        expected.push_back(write.activation->apply(value, c));
      }
    }
    staging.make_read_only();
    bias.make_read_only();

    detail::RowWriteArgs args{};
    args.staging = staging.floats();
    args.stride = stride;
    args.cols = cols;
    args.channels = channels;
    args.dst = dst.floats();
    args.residual = write.residual == Residual::none ? nullptr : added.floats();
    (nhwc ? args.pixel_stride : args.channel_stride) = nhwc ? pixel : plane;
    args.stream = write.stream;
    args.epilogue = write.activation->epilogue(bias.floats());
    kernels().edges(nhwc ? Layout::nhwc : Layout::nchw).write_row(args);
    if (kernels().stream_fence != nullptr) kernels().stream_fence();

    EXPECT_TRUE(dst.intact());
    std::vector<bool> written(static_cast<std::size_t>(floats));
    auto wanted = expected.begin();
    for (int col = 0; col < cols; ++col) {
      for (int c = 0; c < channels; ++c, ++wanted) {
        const std::ptrdiff_t at = col * pixel + c * plane;
        written[static_cast<std::size_t>(at)] = true;
        const float got = dst.floats()[at];
        ASSERT_TRUE(write.activation->same(got, *wanted))
            << "column " << col << " channel " << c << ": " << got << " instead of " << *wanted;
      }
    }
    for (std::size_t i = 0; i < written.size(); ++i) {
      ASSERT_TRUE(written[i] || is_unwritten(dst.floats()[i])) << "written at float " << i;
    }
  }

  void check_all_sizes(Layout layout, Residual residual, std::uint64_t seed) {
    Rng rng(seed);
    Subset subset("every size");
    for (int cols = 1; cols <= 40; ++cols) {
      for (int channels = 1; channels <= kLaneBlock; ++channels) {
        if (!subset.takes()) continue;
        check(rng, {layout, cols, channels, residual, false, &rng.pick(kEpilogueCases)});
        if (HasFatalFailure()) return;
      }
    }
  }
};

TEST_P(RowsWrite, EverySizeNhwc) {
  check_all_sizes(Layout::nhwc, Residual::none, 81);
  check_all_sizes(Layout::nhwc, Residual::apart, 82);
  check_all_sizes(Layout::nhwc, Residual::in_place, 83);
}

TEST_P(RowsWrite, EverySizeNchw) {
  check_all_sizes(Layout::nchw, Residual::none, 84);
  check_all_sizes(Layout::nchw, Residual::apart, 85);
  check_all_sizes(Layout::nchw, Residual::in_place, 86);
}

TEST_P(RowsWrite, EveryActivationWithInfinitiesAndNan) {
  Rng rng(87);
  for (const EpilogueCase& activation : kEpilogueCases) {
    for (const Layout layout : kLayouts) {
      for (const Residual residual : {Residual::none, Residual::apart, Residual::in_place}) {
        for (const int channels : {5, 16}) {
          check(rng, {layout, 19, channels, residual, false, &activation}, true);
          if (HasFatalFailure()) return;
        }
      }
    }
  }
}

TEST_P(RowsWrite, StreamingNhwc) {
  Rng rng(88);
  for (int cols = 1; cols <= 40; ++cols) {
    for (const Residual residual : {Residual::none, Residual::apart, Residual::in_place}) {
      check(rng, {Layout::nhwc, cols, kLaneBlock, residual, true, &rng.pick(kEpilogueCases)});
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(RowsWrite, StreamingNchw) {
  Rng rng(89);
  Subset subset("streaming, every size");
  for (int cols = 1; cols <= 40; ++cols) {
    for (int channels = 1; channels <= kLaneBlock; ++channels) {
      for (const Residual residual : {Residual::none, Residual::apart, Residual::in_place}) {
        if (!subset.takes()) continue;
        check(rng, {Layout::nchw, cols, channels, residual, true, &rng.pick(kEpilogueCases)});
        if (HasFatalFailure()) return;
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(RowsWrite);

}  // namespace
}  // namespace winograd::test
