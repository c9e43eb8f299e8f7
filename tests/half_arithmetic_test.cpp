// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Arithmetic on f16: when it is chosen, that it is exact where it must be, as exact as it says, and
// never infinite where a plain loop on f16 is not. The sweep has it too, wherever the instruction
// set does.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "src/runtime/kernel_sets.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/sixteen_bits.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

OpCase make_case(const std::string& line) {
  OpCase op = parse_line(line).value();
  op.desc.data_type = DataType::f16;
  op.options.accuracy = Accuracy::half;
  return op;
}

OpCase square(std::int64_t c, std::int64_t k, std::int64_t size) {
  OpCase op = make_case("pt=1 pl=1 pb=1 pr=1 layout=nhwc bias=0");
  op.desc.in_channels = c;
  op.desc.out_channels = k;
  op.desc.height = op.desc.width = size;
  return op;
}

bool is_half(const Conv2dPlan& plan) {
  return std::string(plan.info().kernel).find("_neon_fp16") != std::string::npos &&
         plan.info().algorithm != Algorithm::direct;
}

/// What a plain loop on f16 errs by: docs/accuracy.md.
double plain_loop(std::int64_t products) {
  return 1.79e-8 * 0x1p13 * std::sqrt(static_cast<double>(products));
}

class HalfArithmetic : public ::testing::Test {
 protected:
  void SetUp() override {
    if (test_isas().back() != Isa::neon_fp16) {
      GTEST_SKIP() << "no instruction set here computes with f16";
    }
  }
};

TEST(HalfArithmeticChoice, NeedsTheInstructions) {
  const bool can = detail::best_kernel_set(Isa::best)->half != nullptr;
  EXPECT_EQ(can, test_isas().back() == Isa::neon_fp16);
  OpCase op = square(64, 64, 12);
  op.options.algorithm = Algorithm::winograd_f4;
  EXPECT_EQ(is_half(*make_plan(op, make_data(op))), can);
}

TEST_F(HalfArithmetic, IsForTensorsInF16AndAccuracyHalf) {
  OpCase op = square(64, 64, 12);
  op.options.algorithm = Algorithm::winograd_f4;
  const OpData data = make_data(op);
  EXPECT_STREQ(make_plan(op, data)->info().kernel, "winograd_f4_f16_8x16_neon_fp16");
  op.options.max_isa = Isa::neon;
  EXPECT_STREQ(make_plan(op, data)->info().kernel, "winograd_f4_f16_4x16_neon");
  op.options.max_isa = Isa::best;
  for (const Accuracy accuracy : {Accuracy::strict, Accuracy::standard, Accuracy::relaxed}) {
    op.options.accuracy = accuracy;
    EXPECT_STREQ(make_plan(op, data)->info().kernel, "winograd_f4_f16_4x16_neon");
  }
  op.options.accuracy = Accuracy::half;
  op.options.algorithm = Algorithm::winograd_f6;  // V would overflow
  EXPECT_FALSE(is_half(*make_plan(op, data)));
  op.options.algorithm = Algorithm::winograd_f4;
  for (const DataType type : {DataType::f32, DataType::bf16}) {
    op.desc.data_type = type;
    EXPECT_FALSE(is_half(*make_plan(op, data)));
  }
}

TEST_F(HalfArithmetic, IsChosenWithinTheErrorOfAPlainLoop) {
  for (const std::int64_t channels : {16, 32, 64, 128, 256, 512}) {
    const OpCase op = square(channels, 64, 28);
    const std::vector<float> weights(static_cast<std::size_t>(op.desc.weights_size()), 0.01F);
    const Result<Conv2dPlan> plan =
        Conv2dPlan::create(op.desc, op.options, weights.data(), nullptr);
    ASSERT_TRUE(plan.ok());
    const PlanInfo info = plan->info();
    std::printf("  %4d channels: %s, %.2g of %.2g\n", static_cast<int>(channels), info.kernel,
                info.expected_rms_error, plain_loop(channels * 9));
    EXPECT_LE(info.expected_rms_error, plain_loop(channels * 9));
    if (channels == 64) {
      EXPECT_EQ(info.algorithm, Algorithm::winograd_f2);
    } else if (channels >= 256) {
      EXPECT_EQ(info.algorithm, Algorithm::winograd_f4);
    }
  }
}

/// All numbers are multiples of a power of two below 2^11 times that.
TEST_F(HalfArithmetic, OfF2IsExactOnSmallIntegers) {
  for (const char* line : {"n=2 c=19 h=11 w=13 k=21 pt=1 pl=1 pb=1 pr=1", "c=16 h=12 w=10 k=40",
                           "c=17 h=6 w=15 k=18 kh=1 kw=3 pl=1 pr=1 residual=1 act=relu",
                           "c=16 h=15 w=6 k=18 kh=3 kw=1 pt=1 pb=1 residual=1",
                           "c=32 h=9 w=9 k=16 pt=1 pl=1 pb=1 pr=1 residual=1 act=leaky_relu "
                           "slope=0.25"}) {
    for (const Layout layout : kLayouts) {
      OpCase op = make_case(line);
      op.desc.layout = layout;
      op.options.algorithm = Algorithm::winograd_f2;
      SCOPED_TRACE(to_line(op));
      const Conv2dDesc& d = op.desc;
      Rng rng(22);
      OpData data;
      data.src = integer_data(rng, d.src_size(), -1, 1);
      data.weights = integer_data(rng, d.weights_size(), -1, 1, 4);
      data.bias = integer_data(rng, d.out_channels, -64, 64);
      if (d.residual) data.residual = integer_data(rng, d.dst_size(), -64, 64);
      data.reference = naive_conv2d(d, data.weights.data(), data.bias.data(), data.src.data(),
                                    data.residual.data());
      const Result<Conv2dPlan> plan = make_plan(op, data);
      ASSERT_TRUE(plan.ok() && is_half(*plan));
      const std::vector<float> dst = run_plan(*plan, op, data);
      for (std::size_t i = 0; i < dst.size(); ++i) {
        ASSERT_EQ(static_cast<double>(dst[i]), data.reference.value[i]) << "dst[" << i << ']';
      }
    }
  }
}

TEST_F(HalfArithmetic, ErrsAsItSays) {
  for (const std::int64_t channels : {16, 64, 256}) {
    OpCase op = square(channels, 32, 12);
    const OpData data = make_data(op);
    for (const Algorithm algorithm :
         {Algorithm::winograd_f2, Algorithm::winograd_f3, Algorithm::winograd_f4}) {
      op.options.algorithm = algorithm;
      const Result<Conv2dPlan> plan = make_plan(op, data);
      ASSERT_TRUE(plan.ok());
      const std::vector<float> dst = run_plan(*plan, op, data);
      const double measured = relative_rms_error(data.reference, dst.data());
      const double expected = plan->info().expected_rms_error;
      std::printf(
          "  %-11s %4d channels: measured %.2e, estimate %.2f times that, plain loop %.2e\n",
          to_string(algorithm), static_cast<int>(channels), measured, expected / measured,
          plain_loop(channels * 9));
      EXPECT_LE(expected, 1.4 * measured);
      EXPECT_GE(expected, measured / 1.2);
    }
  }
}

TEST_F(HalfArithmetic, PackedWeightsAreSavedWithIt) {
  OpCase op = square(24, 24, 9);
  op.options.algorithm = Algorithm::winograd_f4;
  const OpData data = make_data(op);
  const Conv2dPlan plan = make_plan(op, data).value();
  const PackedWeights weights = plan.weights();
  std::vector<char> bytes(weights.serialized_size_bytes());
  ASSERT_TRUE(weights.save(bytes.data(), bytes.size()).ok());
  const Result<PackedWeights> loaded = PackedWeights::load(bytes.data(), bytes.size());
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  const Result<Conv2dPlan> again = Conv2dPlan::create(op.desc, op.options, *loaded);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_STREQ(again->info().kernel, plan.info().kernel);
  EXPECT_TRUE(same_bits(run_plan(*again, op, data), run_plan(plan, op, data)));

  op.desc.data_type = DataType::f32;
  const Status refused = Conv2dPlan::create(op.desc, op.options, *loaded).status();
  EXPECT_EQ(refused.code(), StatusCode::invalid_argument);
  EXPECT_NE(std::string(refused.message()).find("arithmetic on f16"), std::string::npos)
      << refused.message();
}

/// Inputs up to 1000, and weights that bring the largest output near the end of f16's range, but
/// not beyond: then a plain loop is finite, but for luck.
TEST_F(HalfArithmetic, IsFiniteWhereAPlainLoopIs) {
  constexpr float kMost = 1000.0F;
  Subset subset("random layers that are finite in a plain loop");
  for (std::uint64_t i = 0; i < 10000; ++i) {
    if (!subset.takes()) continue;
    Rng rng(mix_seed(77, i));
    OpCase op = make_case("bias=0");
    Conv2dDesc& d = op.desc;
    d.in_channels = rng.integer(1, rng.chance(20) ? 300 : 40);
    d.out_channels = rng.integer(1, 12);
    d.height = rng.integer(3, 14);
    d.width = rng.integer(3, 14);
    d.pad_top = d.pad_left = d.pad_bottom = d.pad_right = rng.integer(0, 1);
    d.layout = rng.pick(kLayouts);
    static constexpr Algorithm kTiles[] = {Algorithm::winograd_f2, Algorithm::winograd_f3,
                                           Algorithm::winograd_f4, Algorithm::winograd_f4};
    op.options.algorithm = rng.pick(kTiles);
    OpData data = make_data(op);
    const auto kind = rng.integer(0, 3);
    for (float& value : data.src) {
      value *= kMost;
      if (kind == 1) value = std::fabs(value);
      if (kind == 2) value = value < 0 ? -kMost : kMost;
      if (kind == 3) value = rng.chance(5) ? kMost : 0.0F;
    }
    if (rng.chance(20)) {
      for (float& weight : data.weights) weight = std::fabs(weight);
    }
    round_all(DataType::f16, data.src);
    data.reference = naive_conv2d(d, data.weights.data(), nullptr, data.src.data(), nullptr);
    double most = 0;
    for (const double value : data.reference.value) most = std::max(most, std::fabs(value));
    if (most == 0) continue;
    const auto factor = static_cast<float>(rng.unit() < 0.5 ? 60000 / most : 6000 / most);
    for (float& weight : data.weights) weight *= factor;
    SCOPED_TRACE("layer " + std::to_string(i) + ": " + to_line(op));
    const Result<Conv2dPlan> plan = make_plan(op, data);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    ASSERT_TRUE(is_half(*plan));
    for (const float value : run_plan(*plan, op, data)) ASSERT_TRUE(std::isfinite(value));
  }
}

}  // namespace
}  // namespace winograd::test
