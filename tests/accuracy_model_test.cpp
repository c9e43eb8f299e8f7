// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// PlanInfo::expected_rms_error against measurement, and its amplification factors against those of
// docs/accuracy.md, which has the derivation.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <vector>

#include "kernels/transforms/axis_family.hpp"
#include "src/planning/selection.hpp"
#include "tests/reference/error_bounds.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/random_geometry.hpp"
#include "tests/reference/sixteen_bits.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

using detail::AxisFamily;

// ---- the factors --------------------------------------------------------------------------------

/// As docs/accuracy.md has them; the library derives them from its matrices.
TEST(AccuracyModel, AmplificationIsThatOfThePages) {
  const struct {
    AxisFamily family;
    std::vector<double> of_outputs;
  } table[] = {
      {AxisFamily::identity, {1.0}},
      {AxisFamily::f2_3, {1.53, 1.29}},
      {AxisFamily::f3_3, {1.72, 1.76, 2.21}},
      {AxisFamily::f4_3, {1.72, 1.76, 2.21, 2.19}},
      {AxisFamily::f6_3, {1.53, 1.29, 2.45, 3.28, 4.07, 4.54}},
      {AxisFamily::f2_5, {2.62, 2.32}},
      {AxisFamily::f4_5, {2.86, 3.50, 4.07, 4.37}},
      {AxisFamily::f2_7, {5.18, 4.98}},
      {AxisFamily::f2_3s2, {1.29, 1.15}},
      {AxisFamily::f4_3s2, {1.08, 1.16, 1.65, 1.71}},
      {AxisFamily::f2_5s2, {1.48, 1.26}},
      {AxisFamily::f4_5s2, {1.79, 1.87, 2.25, 2.16}},
  };
  ASSERT_EQ(std::size(table), static_cast<std::size_t>(detail::kAxisFamilies));
  for (const auto& row : table) {
    const detail::AxisFamilyInfo& info = detail::axis_family_info(row.family);
    ASSERT_EQ(row.of_outputs.size(), static_cast<std::size_t>(info.m));
    for (unsigned i = 0; i < row.of_outputs.size(); ++i) {
      EXPECT_NEAR(std::sqrt(info.amplification_squared[i]), row.of_outputs[i], 0.006)
          << "F(" << i + 1 << " of " << info.m << ", " << info.r << ")";
    }
  }
}

// ---- the estimate -------------------------------------------------------------------------------

constexpr const char* kLayers[] = {
    "c=256 h=12 w=12 k=24 pt=1 pl=1 pb=1 pr=1 bias=0",
    "c=20 h=24 w=12 k=32 pt=1 pl=1 pb=1 pr=1 bias=0",
    "c=64 h=12 w=12 k=24 kh=5 kw=5 pt=2 pl=2 pb=2 pr=2 bias=0",
    "c=128 h=12 w=24 k=24 kh=1 kw=3 pl=1 pr=1 bias=0",
    "c=300 h=13 w=13 k=40 kh=1 kw=1 bias=0",
    "n=2 c=48 h=17 w=17 k=48 groups=2 sh=2 sw=2 bias=0",
    "c=64 h=24 w=25 k=24 sh=2 sw=2 pt=1 pl=1 pb=1 pr=1 bias=0",
    "c=40 h=27 w=25 k=24 kh=5 kw=5 sh=2 sw=2 pt=2 pl=2 pb=2 pr=2 bias=0",
    "c=64 h=13 w=24 k=24 kh=1 kw=7 pl=3 pr=3 bias=0",
    "n=2 c=64 h=16 w=16 k=64 groups=64 kh=5 kw=5 pt=2 pl=2 pb=2 pr=2 bias=0",
};

class AccuracyModelOf : public ::testing::TestWithParam<const char*> {};

TEST_P(AccuracyModelOf, EstimateIsNearTheMeasuredError) {
  std::optional<OpCase> op = parse_line(GetParam());
  ASSERT_TRUE(op.has_value());
  const OpData data = make_data(*op);
  for (const Isa isa : test_isas()) {
    op->options.max_isa = isa;
    for (const Algorithm algorithm : kAllAlgorithms) {
      if (algorithm == Algorithm::automatic || !algorithm_applies(op->desc, algorithm)) continue;
      op->options.algorithm = algorithm;
      for (const Accuracy accuracy :
           {Accuracy::strict, Accuracy::standard, Accuracy::relaxed, Accuracy::half}) {
        op->options.accuracy = accuracy;
        SCOPED_TRACE(to_line(*op));
        const Result<Conv2dPlan> plan = make_plan(*op, data);
        ASSERT_TRUE(plan.ok()) << plan.status().message();
        const std::vector<float> dst = run_plan(*plan, *op, data);
        ASSERT_FALSE(dst.empty());
        const double measured = relative_rms_error(data.reference, dst.data());
        const double expected = plan->info().expected_rms_error;
        std::printf("  %-11s %-8s %-14s measured %.2e, estimate %.2f times that\n",
                    to_string(algorithm), to_string(accuracy), to_string(isa), measured,
                    expected / measured);
        EXPECT_LE(expected, 1.5 * measured);
        EXPECT_GE(expected, measured / 1.5);
      }
    }
  }
}

/// What is left of a layer's error in 16 bits is the rounding of its outputs.
TEST_P(AccuracyModelOf, EstimateIsNearTheErrorOfTensorsIn16Bits) {
  OpCase op = parse_line(GetParam()).value();
  for (const DataType type : kSixteenBits) {
    op.desc.data_type = type;
    const OpData data = make_data(op);
    for (const Algorithm algorithm : {Algorithm::direct, Algorithm::winograd_f4}) {
      if (!algorithm_applies(op.desc, algorithm)) continue;
      op.options.algorithm = algorithm;
      SCOPED_TRACE(to_line(op));
      const Result<Conv2dPlan> plan = make_plan(op, data);
      ASSERT_TRUE(plan.ok()) << plan.status().message();
      const std::vector<float> dst = run_plan(*plan, op, data);
      const double measured = relative_rms_error(data.reference, dst.data());
      const double expected = plan->info().expected_rms_error;
      std::printf("  %-11s %-4s measured %.2e, estimate %.2f times that\n", to_string(algorithm),
                  to_string(type), measured, expected / measured);
      EXPECT_LE(expected, 1.2 * measured);
      EXPECT_GE(expected, measured / 1.2);
    }
  }
}

// ---- the promise --------------------------------------------------------------------------------

/// What PlanInfo promises of RMS(error), relative to an estimate: 1.25 times it, in 99 of 100
/// layers, and never twice.
constexpr double kUsually = 1.25, kNever = 2.0;
/// Outputs below which their RMS is chance.
constexpr std::size_t kFewOutputs = 100, kManyOutputs = 500;

/// RMS(error) relative to the RMS of the outputs before the activation: of their terms, which never
/// cancel, and of the outputs themselves.
struct Measured {
  double of_terms, of_outputs;
};

Measured measure(const Reference& reference, const std::vector<float>& dst) {
  double error = 0.0, terms = 0.0, outputs = 0.0;
  for (std::size_t i = 0; i < dst.size(); ++i) {
    const double difference = static_cast<double>(dst[i]) - reference.value[i];
    error += difference * difference;
    terms += reference.square_sum[i];
    outputs += reference.linear[i] * reference.linear[i];
  }
  return {std::sqrt(error / terms), std::sqrt(error / outputs)};
}

TEST(AccuracyModel, IsAnHonestBoundOverTheSweep) {
  constexpr std::int64_t kMaxProducts = 1500000;
  constexpr std::uint64_t kSeed = 2024;
  std::vector<double> ratios;
  double largest = 0.0;
  for (std::uint64_t i = 0; i < 600; i += test_every()) {
    Rng rng(mix_seed(kSeed, i));
    OpCase op;
    op.desc = random_geometry(rng, kMaxProducts);
    op.bias = rng.chance(80);
    op.data_seed = rng.bits();
    if (i % 6 > 3) op.desc.data_type = kSixteenBits[i % 6 - 4];
    if (i % 2 == 0) {  // nothing but the sum
      op.bias = op.desc.residual = false;
      op.desc.activation = Activation::none;
    }
    if (static_cast<std::size_t>(op.desc.dst_size()) < kFewOutputs) continue;
    const OpData data = make_data(op);
    for (const Isa isa : test_isas()) {
      op.options.max_isa = isa;
      for (const Algorithm algorithm : kAllAlgorithms) {
        if (!algorithm_applies(op.desc, algorithm)) continue;
        op.options.algorithm = algorithm;
        for (const Accuracy accuracy : {Accuracy::strict, Accuracy::standard, Accuracy::relaxed}) {
          op.options.accuracy = accuracy;
          const Result<Conv2dPlan> plan = make_plan(op, data);
          ASSERT_TRUE(plan.ok()) << plan.status().message();
          const std::vector<float> dst = run_plan(*plan, op, data);
          const Measured measured = measure(data.reference, dst);
          if (std::isnan(measured.of_terms)) continue;  // outputs of padding alone
          const double expected = plan->info().expected_rms_error;
          ratios.push_back(measured.of_terms / expected);
          if (dst.size() >= kManyOutputs) ratios.push_back(measured.of_outputs / expected);
          if (ratios.back() > largest) {
            largest = ratios.back();
            std::printf("  %.2f times the estimate %.2e: %s\n", largest, expected,
                        to_line(op).c_str());
          }
        }
      }
    }
  }
  std::sort(ratios.begin(), ratios.end());
  const auto part = [&](double share) {
    return ratios[static_cast<std::size_t>(share * static_cast<double>(ratios.size() - 1))];
  };
  std::printf(
      "  %zu measurements, relative to the estimate: 1 %% below %.2f, half below %.2f, 99 %% "
      "below %.2f, all below %.2f\n",
      ratios.size(), part(0.01), part(0.5), part(0.99), ratios.back());
  EXPECT_LE(part(0.99), kUsually);
  EXPECT_LT(ratios.back(), kNever);
}

/// Input of one sign, and input behind a ReLU: half zeros.
TEST_P(AccuracyModelOf, BoundsTheErrorOfOtherInput) {
  OpCase op = parse_line(GetParam()).value();
  for (const bool relu : {false, true}) {
    OpData data = make_data(op);
    for (float& value : data.src) value = relu ? std::max(value, 0.0F) : std::fabs(value);
    data.reference = naive_conv2d(op.desc, data.weights.data(), nullptr, data.src.data(), nullptr);
    for (const Isa isa : test_isas()) {
      op.options.max_isa = isa;
      for (const Algorithm algorithm : kAllAlgorithms) {
        if (!algorithm_applies(op.desc, algorithm)) continue;
        op.options.algorithm = algorithm;
        SCOPED_TRACE(to_line(op));
        const Result<Conv2dPlan> plan = make_plan(op, data);
        ASSERT_TRUE(plan.ok()) << plan.status().message();
        const Measured measured = measure(data.reference, run_plan(*plan, op, data));
        EXPECT_LE(measured.of_terms, kUsually * plan->info().expected_rms_error);
        EXPECT_LE(measured.of_outputs, kUsually * plan->info().expected_rms_error);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Layers, AccuracyModelOf, ::testing::ValuesIn(kLayers));

}  // namespace
}  // namespace winograd::test
