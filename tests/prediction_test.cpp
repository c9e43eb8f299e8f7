// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Costs without running. How far they are from the time is measured by winograd_prediction_error.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"

namespace winograd::test {
namespace {

constexpr const char* kLayers[] = {
    "c=64 h=28 w=28 k=64 pt=1 pl=1 pb=1 pr=1",
    "c=64 h=28 w=28 k=64 pt=1 pl=1 pb=1 pr=1 residual=1 layout=nhwc algo=winograd_f2",
    "c=3 h=32 w=32 k=32 kh=7 kw=7 sh=2 sw=2 pt=3 pl=3 pb=3 pr=3",
    "c=64 h=28 w=28 k=64 groups=64 pt=1 pl=1 pb=1 pr=1",
    "n=2 c=32 h=14 w=14 k=64 groups=4 kh=1 kw=1",
};

TEST(Prediction, IsThatOfThePlan) {
  for (const char* line : kLayers) {
    SCOPED_TRACE(line);
    const OpCase op = parse_line(line).value();
    const Conv2dDesc& d = op.desc;
    PlanOptions options = op.options;
    options.calibration.seconds_per_cycle = 0.5e-9;
    Algorithm algorithm{};
    const auto cost = predict(d, options, &algorithm);
    ASSERT_TRUE(cost.ok()) << cost.status().message();
    EXPECT_EQ(cost->products, static_cast<double>(d.dst_size() * (d.in_channels / d.groups) *
                                                  d.kernel_h * d.kernel_w));
    EXPECT_GE(cost->bytes_moved, 4.0 * static_cast<double>(d.src_size() + d.weights_size() +
                                                           d.dst_size() * (d.residual ? 2 : 1)));
    EXPECT_GT(cost->cycles, 0);
    EXPECT_EQ(cost->seconds, 0.5e-9 * cost->cycles);
    EXPECT_EQ(predict(d, op.options)->seconds, 0) << "without a calibration";

    const std::vector<float> weights(static_cast<std::size_t>(d.weights_size()), 0.5F);
    const auto plan = Conv2dPlan::create(d, options, weights.data(), nullptr);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    const PlanInfo info = plan->info();
    EXPECT_EQ(info.algorithm, algorithm);
    EXPECT_EQ(info.estimated.cycles, cost->cycles);
    EXPECT_EQ(info.estimated.seconds, cost->seconds);
    EXPECT_EQ(info.estimated.bytes_moved, cost->bytes_moved);
    const auto larger = plan->reshaped(d.batch, d.height * 4, d.width * 4);
    ASSERT_TRUE(larger.ok());
    EXPECT_GT(larger->info().estimated.seconds, info.estimated.seconds);
  }
}

TEST(Prediction, GrowsWithTheDepthwiseLayer) {
  // Sixteen times the channels are about that many times the work, not its square.
  const auto cycles = [](const char* line) { return predict(parse_line(line)->desc)->cycles; };
  const double narrow = cycles("c=32 h=56 w=56 k=32 groups=32 pt=1 pl=1 pb=1 pr=1");
  const double wide = cycles("c=512 h=56 w=56 k=512 groups=512 pt=1 pl=1 pb=1 pr=1");
  EXPECT_GT(wide, 6 * narrow);
  EXPECT_LT(wide, 64 * narrow);
}

TEST(Prediction, OfAnEmptyBatchIsNothing) {
  const auto cost = predict(parse_line("n=0 c=8 h=9 w=9 k=8")->desc);
  ASSERT_TRUE(cost.ok());
  EXPECT_EQ(cost->cycles, 0);
}

TEST(Prediction, ChecksWhatIsGiven) {
  EXPECT_EQ(predict({}).status().code(), StatusCode::invalid_argument);
  const Conv2dDesc desc = parse_line(kLayers[0])->desc;
  PlanOptions options;
  options.calibration.seconds_per_cycle = -1;
  const auto negative = predict(desc, options);
  ASSERT_FALSE(negative.ok());
  EXPECT_NE(std::string(negative.status().message()).find("seconds_per_cycle"), std::string::npos);
  options = {};
  options.packed_limit_bytes = 1;
  EXPECT_EQ(predict(desc, options).status().code(), StatusCode::unsupported);
}

TEST(Calibration, IsAPlausibleClock) {
  const auto calibration = calibrate();
  ASSERT_TRUE(calibration.ok()) << calibration.status().message();
  // Between 0.2 MHz, under an emulator or sanitizers, and 20 GHz.
  EXPECT_GT(calibration->seconds_per_cycle, 0.5e-10);
  EXPECT_LT(calibration->seconds_per_cycle, 5e-6);
}

}  // namespace
}  // namespace winograd::test
