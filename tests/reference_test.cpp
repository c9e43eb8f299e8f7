// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The oracles and the error bounds, before anything is measured with them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "tests/reference/error_bounds.hpp"
#include "tests/reference/naive_conv2d.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/random_geometry.hpp"

namespace winograd::test {
namespace {

std::vector<double> linear(const Conv2dDesc& d, const std::vector<float>& weights,
                           const std::vector<float>& src) {
  return naive_conv2d(d, weights.data(), nullptr, src.data(), nullptr).linear;
}

TEST(Rng, IsTheSameEverywhere) {
  Rng rng(std::mt19937_64::default_seed);
  std::uint64_t last = 0;
  for (int i = 0; i < 10000; ++i) last = rng.bits();
  EXPECT_EQ(last, 9981545732273789042U);           // [rand.predef] of the C++ standard
  EXPECT_EQ(mix_seed(0, 0), 0xE220A8397B1DCDAFU);  // first output of splitmix64 from seed 0
  Rng other(1);
  EXPECT_EQ(other.uniform(-1.0F, 1.0F), -0.732246757F);
  EXPECT_EQ(other.integer(1, 40), 23);
}

TEST(Rng, NormalHasMeanZeroAndVarianceOne) {
  Rng rng(3);
  double sum = 0.0;
  double squares = 0.0;
  constexpr int kCount = 100000;
  for (int i = 0; i < kCount; ++i) {
    const double value = rng.normal();
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(sum / kCount, 0.0, 0.02);
  EXPECT_NEAR(squares / kCount, 1.0, 0.02);
}

TEST(NaiveConv2d, MatchesPaperAndPencil) {
  Conv2dDesc d;
  d.in_channels = 1;
  d.out_channels = 1;
  d.height = 2;
  d.width = 3;
  d.kernel_h = 2;
  d.kernel_w = 2;
  d.pad_right = 1;
  // 1 2 3 .     10 20
  // 4 5 6 .     30 40
  EXPECT_EQ(linear(d, {10, 20, 30, 40}, {1, 2, 3, 4, 5, 6}),
            (std::vector<double>{10 + 40 + 120 + 200, 20 + 60 + 150 + 240, 30 + 180}));
}

TEST(NaiveConv2d, OnePixelMeetsEveryTapWhereTheDefinitionSays) {
  Conv2dDesc d;
  d.in_channels = 1;
  d.out_channels = 1;
  d.height = 9;
  d.width = 11;
  d.kernel_h = 3;
  d.kernel_w = 2;
  d.stride_h = 2;
  d.stride_w = 3;
  d.dilation_h = 2;
  d.dilation_w = 4;
  d.pad_top = 3;
  d.pad_left = 2;
  d.pad_bottom = 1;
  d.pad_right = 5;
  const std::vector<float> weights = {1, 2, 3, 4, 5, 6};
  for (std::int64_t y = 0; y < d.height; ++y) {
    for (std::int64_t x = 0; x < d.width; ++x) {
      std::vector<float> src(static_cast<std::size_t>(d.src_size()));
      src[src_index(d, 0, 0, y, x)] = 1.0F;
      const std::vector<double> dst = linear(d, weights, src);
      for (std::int64_t oy = 0; oy < d.out_height(); ++oy) {
        for (std::int64_t ox = 0; ox < d.out_width(); ++ox) {
          const std::int64_t i2 = y + d.pad_top - oy * d.stride_h;
          const std::int64_t j4 = x + d.pad_left - ox * d.stride_w;
          const bool hit = (i2 == 0 || i2 == 2 || i2 == 4) && (j4 == 0 || j4 == 4);
          EXPECT_EQ(dst[dst_index(d, 0, 0, oy, ox)], hit ? static_cast<double>(i2 + j4 / 4 + 1) : 0)
              << y << ' ' << x << ' ' << oy << ' ' << ox;
        }
      }
    }
  }
}

TEST(NaiveConv2d, GroupsSeeOnlyTheirChannels) {
  Conv2dDesc d;
  d.in_channels = 4;
  d.out_channels = 6;
  d.groups = 2;
  d.height = d.width = 1;
  d.kernel_h = d.kernel_w = 1;
  const std::vector<float> weights = {1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1};
  EXPECT_EQ(linear(d, weights, {1, 2, 3, 4}), (std::vector<double>{1, 2, 3, 3, 4, 7}));
}

TEST(NaiveConv2d, BiasResidualAndActivation) {
  Conv2dDesc d;
  d.in_channels = 1;
  d.out_channels = 2;
  d.height = 1;
  d.width = 2;
  d.kernel_h = d.kernel_w = 1;
  d.layout = Layout::nhwc;
  d.residual = true;
  d.activation = Activation::relu6;
  const std::vector<float> weights = {1, -1};
  const std::vector<float> bias = {0.5F, 0.25F};
  const std::vector<float> src = {3, -4};
  const std::vector<float> residual = {10, 20, 30, -40};
  const Reference reference =
      naive_conv2d(d, weights.data(), bias.data(), src.data(), residual.data());
  EXPECT_EQ(reference.linear, (std::vector<double>{13.5, 17.25, 26.5, -35.75}));
  EXPECT_EQ(reference.value, (std::vector<double>{6, 6, 6, 0}));
  EXPECT_EQ(reference.absolute_sum, (std::vector<double>{13.5, 23.25, 34.5, 44.25}));
  EXPECT_EQ(reference.square_sum[0], 9 + 0.25 + 100);
}

TEST(NaiveConv2d, ActivationsKeepNan) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  Conv2dDesc d;
  d.activation_min = -1.0F;
  d.activation_max = 2.0F;
  d.leaky_slope = 0.5F;
  const struct {
    Activation activation;
    double minus_four, plus_four;
  } rows[] = {{Activation::none, -4, 4},
              {Activation::relu, 0, 4},
              {Activation::relu6, 0, 4},
              {Activation::clamp, -1, 2},
              {Activation::leaky_relu, -2, 4}};
  for (const auto& row : rows) {
    d.activation = row.activation;
    EXPECT_EQ(activate(d, -4.0), row.minus_four);
    EXPECT_EQ(activate(d, 4.0), row.plus_four);
    EXPECT_TRUE(std::isnan(activate(d, nan)));
  }
}

TEST(Oracles, AgreeOnRandomGeometries) {
  Rng rng(11);
  for (int round = 0; round < 200; ++round) {
    OpCase op;
    op.desc = random_geometry(rng, 200000);
    op.data_seed = rng.bits();
    const OpData data = make_data(op);
    ASSERT_TRUE(oracles_agree(op, data));
  }
}

class ErrorBounds : public ::testing::TestWithParam<std::int64_t> {
 protected:
  static OpCase make_case() {
    OpCase op;
    op.bias = false;
    op.desc.in_channels = GetParam();
    op.desc.out_channels = 5;
    op.desc.height = 13;
    op.desc.width = 12;
    op.desc.set_padding(1);
    return op;
  }
};

TEST_P(ErrorBounds, AcceptSequentialFloat) {
  const OpCase op = make_case();
  const OpData data = make_data(op);
  const std::vector<float> dst = sequential_conv2d(op.desc, data.weights.data(), data.src.data());
  const Comparison comparison = compare(op.desc, Algorithm::direct, data.reference, dst.data());
  EXPECT_TRUE(comparison.ok()) << comparison.failure;
  // Not by a wide margin: a bound ten times too wide would be no bound.
  EXPECT_GT(comparison.rms_ratio, 0.1);
}

TEST_P(ErrorBounds, CatchOneMissingTapInOneOutput) {
  const OpCase op = make_case();
  const Conv2dDesc& d = op.desc;
  const OpData data = make_data(op);
  // The tap of median size among those of one output away from the border.
  constexpr std::int64_t kRow = 6;
  constexpr std::int64_t kColumn = 5;
  constexpr std::int64_t kChannel = 3;
  std::vector<double> taps;
  for (std::int64_t c = 0; c < d.in_channels; ++c)
    for (std::int64_t i = 0; i < 3; ++i)
      for (std::int64_t j = 0; j < 3; ++j) {
        const auto weight =
            static_cast<std::size_t>(((kChannel * d.in_channels + c) * 3 + i) * 3 + j);
        taps.push_back(
            static_cast<double>(data.weights[weight]) *
            static_cast<double>(data.src[src_index(d, 0, c, kRow + i - 1, kColumn + j - 1)]));
      }
  std::sort(taps.begin(), taps.end(),
            [](double a, double b) { return std::fabs(a) < std::fabs(b); });
  const double tap = taps[taps.size() / 2];

  std::vector<float> dst(data.reference.value.begin(), data.reference.value.end());
  dst[dst_index(d, 0, kChannel, kRow, kColumn)] =
      static_cast<float>(data.reference.value[dst_index(d, 0, kChannel, kRow, kColumn)] - tap);
  for (const Algorithm algorithm : kAllAlgorithms) {
    if (algorithm == Algorithm::automatic) continue;
    EXPECT_FALSE(compare(d, algorithm, data.reference, dst.data()).ok()) << to_string(algorithm);
  }
}

TEST_P(ErrorBounds, CatchNan) {
  const OpCase op = make_case();
  const OpData data = make_data(op);
  std::vector<float> dst(data.reference.value.begin(), data.reference.value.end());
  EXPECT_TRUE(compare(op.desc, Algorithm::direct, data.reference, dst.data()).ok());
  dst[17] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_FALSE(compare(op.desc, Algorithm::direct, data.reference, dst.data()).ok());
}

INSTANTIATE_TEST_SUITE_P(Channels, ErrorBounds, ::testing::Values(1, 3, 17, 64, 256, 1024));

}  // namespace
}  // namespace winograd::test
