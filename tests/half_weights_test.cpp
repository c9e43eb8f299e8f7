// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Accuracy::half: weights packed as f16. That the numbers are right is for the sweep to tell.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"

namespace winograd::test {
namespace {

constexpr const char* kLine = "c=37 h=13 w=12 k=24 pt=1 pl=1 pb=1 pr=1";

OpCase make_case(Algorithm algorithm, Accuracy accuracy) {
  OpCase op = parse_line(kLine).value();
  op.options.algorithm = algorithm;
  op.options.accuracy = accuracy;
  return op;
}

std::size_t packed_bytes(const OpCase& op) {
  const Result<Conv2dPlan> plan = make_plan(op, make_data(op));
  EXPECT_TRUE(plan.ok()) << plan.status().message();
  return plan.ok() ? plan->info().packed_bytes : 0;
}

TEST(HalfWeights, TakeHalfTheMemory) {
  constexpr std::size_t kBias = 32 * sizeof(float);
  for (const Algorithm algorithm : {Algorithm::direct, Algorithm::winograd_f2,
                                    Algorithm::winograd_f3, Algorithm::winograd_f4}) {
    const std::size_t whole = packed_bytes(make_case(algorithm, Accuracy::standard));
    const std::size_t half = packed_bytes(make_case(algorithm, Accuracy::half));
    EXPECT_EQ((half - kBias) * 2, whole - kBias) << to_string(algorithm);
  }
}

TEST(HalfWeights, CountAsHalfForTheCap) {
  OpCase op = make_case(Algorithm::winograd_f4, Accuracy::half);
  op.options.packed_limit_bytes = packed_bytes(op);
  EXPECT_TRUE(make_plan(op, make_data(op)).ok());
  op.options.accuracy = Accuracy::standard;
  EXPECT_EQ(make_plan(op, make_data(op)).status().code(), StatusCode::unsupported);
}

TEST(HalfWeights, ServeOnlyPlansThatAllowThem) {
  OpCase op = make_case(Algorithm::winograd_f4, Accuracy::half);
  const OpData data = make_data(op);
  const PackedWeights half = make_plan(op, data)->weights();
  op.options.accuracy = Accuracy::standard;
  const PackedWeights whole = make_plan(op, data)->weights();
  const Status status = Conv2dPlan::create(op.desc, op.options, half).status();
  EXPECT_EQ(status.code(), StatusCode::invalid_argument);
  EXPECT_NE(std::string(status.message()).find("accuracy is standard"), std::string::npos)
      << status.message();
  op.options.accuracy = Accuracy::half;
  EXPECT_TRUE(Conv2dPlan::create(op.desc, op.options, half).ok());
  EXPECT_TRUE(Conv2dPlan::create(op.desc, op.options, whole).ok());
}

TEST(HalfWeights, BeyondTheirRangeAreRefused) {
  OpCase op = make_case(Algorithm::direct, Accuracy::half);
  OpData data = make_data(op);
  data.weights[7] = 65519.0F;
  EXPECT_TRUE(make_plan(op, data).ok());
  data.weights[7] = -65520.0F;
  const Status status = make_plan(op, data).status();
  EXPECT_EQ(status.code(), StatusCode::unsupported);
  EXPECT_NE(std::string(status.message()).find("-65520"), std::string::npos) << status.message();
  op.options.accuracy = Accuracy::standard;
  EXPECT_TRUE(make_plan(op, data).ok());
}

TEST(HalfWeights, AreNotForTheFewOfDepthwiseLayers) {
  OpCase op = parse_line("c=20 h=9 w=9 k=20 groups=20").value();
  const std::size_t whole = packed_bytes(op);
  op.options.accuracy = Accuracy::half;
  EXPECT_EQ(packed_bytes(op), whole);
}

TEST(HalfWeights, ChooseWithinTheAlgorithmsOfStandard) {
  OpCase op = parse_line("c=64 h=48 w=48 k=64 pt=1 pl=1 pb=1 pr=1").value();
  const Algorithm standard = make_plan(op, make_data(op))->info().algorithm;
  op.options.accuracy = Accuracy::half;
  const PlanInfo info = make_plan(op, make_data(op))->info();
  EXPECT_EQ(info.algorithm, standard);
  EXPECT_LT(info.expected_rms_error, 2e-3);
  EXPECT_GT(info.expected_rms_error, 1e-4);
}

}  // namespace
}  // namespace winograd::test
