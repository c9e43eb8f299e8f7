// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Readers and writers of rows in f16: every width, bit by bit, with the tensor's end at a guard
// page.
#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "src/runtime/kernel_sets.hpp"
#include "tests/kernels/half_case.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

using detail::F16;
using detail::kLaneBlock;

void read(Rng& rng, const detail::EdgeKernelsOf<F16>& edges, int cols, int channels,
          std::ptrdiff_t stride) {
  const std::ptrdiff_t plane = cols + rng.offset(0, 9);
  Halves tensor(channels * plane);
  tensor.fill(rng);
  const Halves staging((cols - 1) * stride + kLaneBlock);
  detail::RowReadArgsOf<F16> args{};
  args.src = tensor.data() + plane - cols;  // the last row of its planes
  args.channel_stride = plane;
  args.readable_end = tensor.data() + channels * plane;
  args.cols = cols;
  args.channels = channels;
  args.fill = kLaneBlock;
  args.staging = staging.data();
  args.stride = stride;
  edges.read_row(args);
  EXPECT_TRUE(staging.intact());
  for (int col = 0; col < cols; ++col) {
    for (int c = 0; c < stride && col * stride + c < (cols - 1) * stride + kLaneBlock; ++c) {
      const F16 expected = c < channels     ? args.src[c * plane + col]
                           : c < kLaneBlock ? F16{0}
                                            : Halves::kUnwritten;
      ASSERT_EQ(staging.data()[col * stride + c], expected) << "column " << col << " channel " << c;
    }
  }
}

void write(Rng& rng, const detail::EdgeKernelsOf<F16>& edges, int cols, int channels,
           std::ptrdiff_t stride, const HalfEpilogue& activation) {
  Halves staging((cols + 15) / 16 * 16 * stride);
  staging.fill(rng);
  const std::ptrdiff_t plane = cols + rng.offset(0, 9);
  const std::ptrdiff_t size = (channels - 1) * plane + cols;
  const Halves dst(size);
  Halves added(size);
  added.fill(rng);
  std::vector<float> bias;
  for (int c = 0; c < kLaneBlock; ++c) bias.push_back(rng.uniform(-1.0F, 1.0F));
  detail::RowWriteArgsOf<F16> args{};
  args.staging = staging.data();
  args.stride = stride;
  args.cols = cols;
  args.channels = channels;
  args.dst = dst.data();
  args.residual = activation.residual ? added.data() : nullptr;
  args.channel_stride = plane;
  args.epilogue = activation.epilogue(bias.data());
  edges.write_row(args);
  EXPECT_TRUE(dst.intact());
  for (int c = 0; c < channels; ++c) {
    for (int col = 0; col < plane && c * plane + col < size; ++col) {
      const std::ptrdiff_t at = c * plane + col;
      if (col >= cols) {
        ASSERT_EQ(dst.data()[at], Halves::kUnwritten) << "behind row " << c;
        continue;
      }
      ASSERT_EQ(dst.at(at).value, activation.apply(staging.at(col * stride + c),
                                                   bias[static_cast<std::size_t>(c)], added.at(at)))
          << activation.name << ", column " << col << " channel " << c;
    }
  }
}

/// In NCHW; widths with all and with fewer channels, without gaps between pixels and with them.
void for_each_case(
    const std::function<void(const detail::EdgeKernelsOf<F16>&, int, int, std::ptrdiff_t)>& body) {
  int sets = 0;
  for (const Isa isa : test_isas()) {
    const auto* const half = detail::find_kernel_set(isa)->half;
    if (half == nullptr) continue;
    ++sets;
    for (int cols = 1; cols <= 36; ++cols) {
      for (const int channels : {16, 16, 1, 11}) {
        for (const std::ptrdiff_t stride : {16, 16, 20}) {
          if (::testing::Test::HasFatalFailure()) return;
          SCOPED_TRACE(std::to_string(cols) + " columns, " + std::to_string(channels) +
                       " channels, stride " + std::to_string(stride));
          body(half->edge[static_cast<int>(Layout::nchw)], cols, channels, stride);
        }
      }
    }
  }
  if (sets == 0) GTEST_SKIP() << "no instruction set here computes with f16";
}

TEST(RowsInHalf, AreReadAtEveryWidth) {
  Rng rng(62);
  Subset subset("rows in f16, read");
  for_each_case([&](const auto& edges, int cols, int channels, std::ptrdiff_t stride) {
    if (subset.takes()) read(rng, edges, cols, channels, stride);
  });
}

TEST(RowsInHalf, AreWrittenAtEveryWidth) {
  Rng rng(63);
  Subset subset("rows in f16, written");
  for_each_case([&](const auto& edges, int cols, int channels, std::ptrdiff_t stride) {
    for (const HalfEpilogue& activation : kHalfEpilogues) {
      if (subset.takes()) write(rng, edges, cols, channels, stride, activation);
    }
  });
}

}  // namespace
}  // namespace winograd::test
