// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The depthwise kernel against its definition, on small integers: equality. Images end at a guard
// page, so that whatever lies behind their last channel is not read.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
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

struct Rectangle {
  int rows, cols, channels, kernel_h, kernel_w;
  Residual residual = Residual::none;
  bool stream = false;
  const EpilogueCase* activation = &kEpilogueCases[0];

  std::string text() const {
    return "rows=" + std::to_string(rows) + " cols=" + std::to_string(cols) +
           " channels=" + std::to_string(channels) + " kernel=" + std::to_string(kernel_h) + "x" +
           std::to_string(kernel_w) + " residual=" + std::to_string(static_cast<int>(residual)) +
           " stream=" + std::to_string(stream) + " " + activation->name;
  }
};

class Depthwise : public KernelSetTest {
 protected:
  void check(Rng& rng, const Rectangle& rectangle) {
    const int rows = rectangle.rows, cols = rectangle.cols, channels = rectangle.channels;
    const int kernel_h = rectangle.kernel_h, kernel_w = rectangle.kernel_w;
    const Residual residual = rectangle.residual;
    const bool stream = rectangle.stream;
    const EpilogueCase* const activation = rectangle.activation;
    const int padded = detail::round_up(channels, kLaneBlock);
    detail::DepthwiseArgs args{};
    args.rows = rows;
    args.cols = cols;
    args.channels = channels;
    args.kernel_h = kernel_h;
    args.kernel_w = kernel_w;
    // Strides and dilations of 1, 2, 3 in an image with some more channels; rows that two outputs
    // share and rows that they don't.
    const std::ptrdiff_t pixel = channels + rng.offset(0, 20);
    const std::ptrdiff_t row = pixel * (cols * 3 + kernel_w * 3);
    args.col_step = pixel * rng.offset(1, 3);
    args.tap_col = pixel * rng.offset(1, 3);
    args.row_step = row * rng.offset(1, 3);
    args.tap_row = row * rng.offset(1, 3);
    args.weights_row = (kernel_w + rng.offset(0, 2)) * std::ptrdiff_t{kLaneBlock};
    args.weights_block = (kernel_h + rng.offset(0, 2)) * args.weights_row;
    const std::string text = rectangle.text() + " steps=" + std::to_string(args.row_step / row) +
                             "," + std::to_string(args.col_step / pixel) +
                             " taps=" + std::to_string(args.tap_row / row) + "," +
                             std::to_string(args.tap_col / pixel);
    SCOPED_TRACE(text);
    const CrashNote note(text);
    const auto small = [&rng] { return static_cast<float>(rng.integer(-9, 9)); };

    const bool empty = kernel_h == 0 || kernel_w == 0;
    const std::ptrdiff_t in_floats =
        empty ? 0
              : (rows - 1) * args.row_step + (kernel_h - 1) * args.tap_row +
                    (cols - 1) * args.col_step + (kernel_w - 1) * args.tap_col + channels;
    GuardedBuffer in(static_cast<std::size_t>(in_floats) * sizeof(float),
                     rng.chance(30) ? Placement::at_start : Placement::at_end,
                     static_cast<std::size_t>(rng.integer(0, 3)) * sizeof(float));
    std::generate_n(in.floats(), in_floats, small);
    in.make_read_only();
    const GuardedInput weights(integer_data(rng, padded / kLaneBlock * args.weights_block, -9, 9),
                               Placement::at_end);
    const GuardedInput bias(integer_data(rng, padded, -9, 9), Placement::at_end);

    const std::ptrdiff_t dst_pixel =
        stream ? padded + kLaneBlock * rng.offset(0, 2) : channels + rng.offset(0, 9);
    const std::ptrdiff_t dst_row =
        dst_pixel * cols + (stream ? kLaneBlock * rng.offset(0, 1) : rng.offset(0, 9));
    const std::ptrdiff_t floats = (rows - 1) * dst_row + (cols - 1) * dst_pixel + channels;
    const auto bytes = static_cast<std::size_t>(floats) * sizeof(float);
    const Placement placement = stream ? Placement::at_start : Placement::at_end;
    const GuardedBuffer dst(bytes, placement), apart(bytes, placement);
    const GuardedBuffer& added = residual == Residual::in_place ? dst : apart;
    std::vector<float> expected;
    const auto for_each = [&](const auto& visit) {
      for (int y = 0; y < rows; ++y) {
        for (int x = 0; x < cols; ++x) {
          for (int c = 0; c < channels; ++c) visit(y, x, c, y * dst_row + x * dst_pixel + c);
        }
      }
    };
    for_each([&](int y, int x, int c, std::ptrdiff_t at) {
      float sum = bias.data()[c];
      const float* const w = weights.data() + c / kLaneBlock * args.weights_block + c % kLaneBlock;
      const float* const first = in.floats() + y * args.row_step + x * args.col_step + c;
      for (int i = 0; i < kernel_h; ++i) {
        for (int j = 0; j < kernel_w; ++j) {
          sum +=
              first[i * args.tap_row + j * args.tap_col] * w[i * args.weights_row + j * kLaneBlock];
        }
      }
      if (residual != Residual::none) sum += added.floats()[at] = small();
      expected.push_back(activation->apply(sum, c));
    });

    args.in = in.floats();
    args.far = rng.chance(50);
    args.weights = weights.data();
    args.target = {dst.floats(), residual == Residual::none ? nullptr : added.floats(),
                   dst_row,      dst_pixel,
                   stream,       activation->epilogue(bias.data())};
    kernels().depthwise(args);
    if (kernels().stream_fence != nullptr) kernels().stream_fence();

    EXPECT_TRUE(dst.intact());
    std::vector<bool> written(static_cast<std::size_t>(floats));
    std::size_t next = 0;
    for_each([&](int y, int x, int c, std::ptrdiff_t at) {
      written[static_cast<std::size_t>(at)] = true;
      const float wanted = expected[next++];
      EXPECT_TRUE(activation->same(dst.floats()[at], wanted))
          << "row " << y << " column " << x << " channel " << c << ": " << dst.floats()[at]
          << " instead of " << wanted;
    });
    for (std::size_t i = 0; i < written.size(); ++i) {
      ASSERT_TRUE(written[i] || is_unwritten(dst.floats()[i])) << "written at float " << i;
    }
  }
};

TEST_P(Depthwise, EverySizeAndKernel) {
  Rng rng(91);
  Subset subset("every size and kernel");
  for (int cols = 1; cols <= 15; ++cols) {
    for (int rows = 1; rows <= 4; ++rows) {
      for (const int kernel_h : {0, 1, 2, 3, 5, 7}) {
        for (const int kernel_w : {0, 1, 2, 3, 4, 5, 7}) {
          if (!subset.takes()) continue;
          check(rng, {rows, cols, 1 + static_cast<int>(rng.offset(0, 39)), kernel_h, kernel_w});
          if (HasFailure()) return;
        }
      }
    }
  }
}

TEST_P(Depthwise, EveryNumberOfChannels) {
  Rng rng(92);
  for (int channels = 1; channels <= 49; ++channels) {
    check(rng, {3, 9, channels, 3, 3});
    check(rng, {2, 7, channels, 2, 5});
    if (HasFailure()) return;
  }
}

TEST_P(Depthwise, EveryEpilogue) {
  Rng rng(93);
  for (const EpilogueCase& activation : kEpilogueCases) {
    for (const Residual residual : {Residual::none, Residual::apart, Residual::in_place}) {
      for (const bool stream : {false, true}) {
        check(rng, {3, 8, stream ? 32 : 21, 3, 3, residual, stream, &activation});
        if (HasFailure()) return;
      }
    }
  }
}

/// On f16 the same bits as on the floats that these are, rounded once.
TEST_P(Depthwise, HalvesAreFloatsRoundedOnce) {
  if (kernels().depthwise_half == nullptr) GTEST_SKIP() << "no kernel for f16 tensors";
  using Halves = std::vector<std::uint16_t>;
  Rng rng(95);
  const detail::StorageKernels& storage = kernels().storage_of(DataType::f16);
  const auto halves_of = [&](const std::vector<float>& floats) {
    Halves halves(floats.size());
    storage.narrow(
        {floats.data(), 0, halves.data(), 0, 1, static_cast<std::ptrdiff_t>(floats.size())});
    return halves;
  };
  const auto floats_of = [&](const Halves& halves) {
    std::vector<float> floats(halves.size());
    storage.widen(
        {halves.data(), 0, floats.data(), 0, 1, static_cast<std::ptrdiff_t>(halves.size())});
    return floats;
  };
  Subset subset("halves");
  for (int cols = 1; cols <= 15; ++cols) {
    for (int rows = 1; rows <= 3; ++rows) {
      for (const int kernel : {1, 2, 3, 5}) {
        for (const bool residual : {false, true}) {
          if (!subset.takes()) continue;
          const int channels = static_cast<int>(rng.integer(1, 40));
          const int padded = detail::round_up(channels, kLaneBlock);
          const int step = static_cast<int>(rng.integer(1, 2));
          const int wide = (cols - 1) * step + kernel, high = (rows - 1) * step + kernel;
          SCOPED_TRACE("rows=" + std::to_string(rows) + " cols=" + std::to_string(cols) +
                       " channels=" + std::to_string(channels) +
                       " kernel=" + std::to_string(kernel) + " step=" + std::to_string(step));
          const Halves in =
              halves_of(uniform_data(rng, std::ptrdiff_t{wide} * high * channels, -4.0F, 4.0F));
          const std::ptrdiff_t outputs = std::ptrdiff_t{rows} * cols * channels;
          const Halves added = halves_of(uniform_data(rng, outputs, -4.0F, 4.0F));
          const std::vector<float> weights = uniform_data(
                                       rng, std::ptrdiff_t{padded} * kernel * kernel, -1.0F, 1.0F),
                                   bias = uniform_data(rng, padded, -1.0F, 1.0F);
          const auto arguments = [&](auto& args) {
            args.row_step = std::ptrdiff_t{step} * wide * channels;
            args.col_step = std::ptrdiff_t{step} * channels;
            args.tap_row = std::ptrdiff_t{wide} * channels;
            args.tap_col = channels;
            args.kernel_h = args.kernel_w = kernel;
            args.weights = weights.data();
            args.weights_row = std::ptrdiff_t{kernel} * kLaneBlock;
            args.weights_block = kernel * args.weights_row;
            args.rows = rows;
            args.cols = cols;
            args.channels = channels;
            args.far = rng.chance(50);
            args.target.row_stride = std::ptrdiff_t{cols} * channels;
            args.target.col_stride = channels;
            args.target.epilogue = {bias.data(), nullptr, 0.0F, 6.0F, Activation::none};
          };
          const std::vector<float> wide_in = floats_of(in), wide_added = floats_of(added);
          std::vector<float> expected(static_cast<std::size_t>(outputs));
          detail::DepthwiseArgs floats{};
          arguments(floats);
          floats.in = wide_in.data();
          floats.target.dst = expected.data();
          floats.target.residual = residual ? wide_added.data() : nullptr;
          kernels().depthwise(floats);

          const auto bytes = [](std::size_t count) { return count * sizeof(std::uint16_t); };
          const GuardedBuffer src(bytes(in.size()), Placement::at_end);
          std::copy(in.begin(), in.end(), static_cast<std::uint16_t*>(src.data()));
          const GuardedBuffer dst(bytes(expected.size()), Placement::at_end);
          detail::DepthwiseArgsOf<detail::F16> halves{};
          arguments(halves);
          halves.in = static_cast<const std::uint16_t*>(src.data());
          halves.target.dst = static_cast<std::uint16_t*>(dst.data());
          halves.target.residual = residual ? added.data() : nullptr;
          kernels().depthwise_half(halves);
          EXPECT_TRUE(dst.intact());
          const auto* const result = static_cast<const std::uint16_t*>(dst.data());
          ASSERT_EQ(Halves(result, result + outputs), halves_of(expected));
        }
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(Depthwise);

}  // namespace
}  // namespace winograd::test
