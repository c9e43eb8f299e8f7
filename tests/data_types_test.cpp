// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Tensors and weights in f16 and bf16: what the interface promises of them. That the numbers are
// right is for the sweep and others to tell.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/sixteen_bits.hpp"
#include "winograd/tuning_cache.hpp"
#include "winograd/workspace_buffer.hpp"

namespace winograd::test {
namespace {

OpCase make_case(DataType type) {
  OpCase op = parse_line("c=20 h=9 w=10 k=18 pt=1 pl=1 pb=1 pr=1").value();
  op.desc.data_type = type;
  return op;
}

void expect_refused(const Status& status, const char* words) {
  EXPECT_STREQ(to_string(status.code()), to_string(StatusCode::invalid_argument));
  EXPECT_NE(std::string(status.message()).find(words), std::string::npos) << status.message();
}

class DataTypes : public ::testing::TestWithParam<DataType> {};

TEST_P(DataTypes, RunTakesNoOtherType) {
  const OpCase op = make_case(GetParam());
  const OpData data = make_data(op);
  const Conv2dPlan plan = make_plan(op, data).value();
  WorkspaceBuffer workspace;
  ASSERT_TRUE(workspace.reserve(plan, 1).ok());
  std::vector<float> src(20 * 90, 1.0F), dst(18 * 90, -1.0F);
  const SourcePart part{src.data(), 20};
  for (const DataType type : kDataTypes) {
    if (type == GetParam()) continue;
    expect_refused(plan.run(type, src.data(), dst.data(), workspace), to_string(type));
    expect_refused(plan.run(type, &part, 1, dst.data(), workspace), to_string(GetParam()));
  }
  if (GetParam() != DataType::f32) {
    expect_refused(plan.run(src.data(), dst.data(), workspace), "data_type");
    expect_refused(plan.run(&part, 1, dst.data(), workspace), "data_type");
  }
  for (const float value : dst) ASSERT_EQ(value, -1.0F) << "dst was written";
}

TEST_P(DataTypes, BuffersEndWhereTheirElementsDo) {
  const OpCase op = make_case(GetParam());
  const Conv2dPlan plan = make_plan(op, make_data(op)).value();
  WorkspaceBuffer workspace;
  ASSERT_TRUE(workspace.reserve(plan, 1).ok());
  const std::size_t src_bytes = 20 * 90 * bytes_of(GetParam());
  std::vector<std::uint16_t> both(20 * 90 * 2 + 18 * 90 * 2);
  const auto dst_at = [&](std::size_t byte) { return both.data() + byte / 2; };
  expect_refused(plan.run(GetParam(), both.data(), dst_at(src_bytes - 4), workspace),
                 "dst overlaps src");
  const Status status = plan.run(GetParam(), both.data(), dst_at(src_bytes), workspace);
  EXPECT_TRUE(status.ok()) << status.message();
}

TEST_P(DataTypes, PlansTellTheType) {
  OpCase op = make_case(GetParam());
  op.options.algorithm = Algorithm::winograd_f4;
  const Conv2dPlan plan = make_plan(op, make_data(op)).value();
  const std::string prefix = std::string("winograd_f4_") + to_string(GetParam()) + '_';
  EXPECT_EQ(std::string(plan.info().kernel).substr(0, prefix.size()), prefix);
  EXPECT_EQ(plan.reshaped(2, 20, 20)->desc().data_type, GetParam());
}

TEST_P(DataTypes, WeightsOfAnyTypePackAsTheSameFloats) {
  for (const Algorithm algorithm : {Algorithm::direct, Algorithm::winograd_f4}) {
    OpCase op = make_case(DataType::f32);
    op.options.algorithm = algorithm;
    op.weights_type = GetParam();
    const OpData data = make_data(op);  // weights that the type has
    const auto saved = [&] {
      const PackedWeights weights = make_plan(op, data)->weights();
      std::vector<char> bytes(weights.serialized_size_bytes());
      EXPECT_TRUE(weights.save(bytes.data(), bytes.size()).ok());
      return bytes;
    };
    const std::vector<char> typed = saved();
    op.weights_type = DataType::f32;
    EXPECT_TRUE(typed == saved());
  }
}

TEST_P(DataTypes, OnePackingServesTensorsOfEveryType) {
  OpCase op = make_case(DataType::f32);
  const OpData data = make_data(op);
  const PackedWeights weights = make_plan(op, data)->weights();
  op = make_case(GetParam());
  const OpData rounded = make_data(op);
  const Result<Conv2dPlan> plan = Conv2dPlan::create(op.desc, {}, weights);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  const std::vector<float> dst = run_plan(*plan, op, rounded);
  const Comparison comparison =
      compare(op.desc, plan->info().algorithm, rounded.reference, dst.data());
  EXPECT_TRUE(comparison.ok()) << comparison.failure;
}

TEST_P(DataTypes, OneShotIsPlanAndRun) {
  OpCase op = make_case(GetParam());
  op.weights_type = GetParam();
  const OpData data = make_data(op);
  const std::size_t bytes = bytes_of(GetParam());
  std::vector<std::uint32_t> src(data.src.size()), weights(data.weights.size()), dst(18 * 90);
  ASSERT_LE(bytes, sizeof src[0]);
  to_memory(GetParam(), data.src, src.data());
  to_memory(GetParam(), data.weights, weights.data());
  const Status status =
      conv2d(op.desc, GetParam(), src.data(), weights.data(), data.bias.data(), dst.data());
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_TRUE(same_bits(from_memory(GetParam(), dst.data(), dst.size()),
                        run_plan(*make_plan(op, data), op, data)));
}

TEST_P(DataTypes, AreTunedByThemselves) {
  OpCase op = make_case(GetParam());
  TuningCache cache;
  op.options.tuning = &cache;
  const OpData data = make_data(op);
  ASSERT_TRUE(make_plan(op, data).ok());
  op.desc.data_type = GetParam() == DataType::f32 ? DataType::f16 : DataType::f32;
  ASSERT_TRUE(make_plan(op, data).ok());
  EXPECT_EQ(cache.size(), 2U);
}

TEST_P(DataTypes, OfResultsBeyondTheRangeIsInfinity) {
  for (const Layout layout : kLayouts) {
    OpCase op = make_case(GetParam());
    op.desc.layout = layout;
    OpData data = make_data(op);
    for (float& bias : data.bias) bias = 65536.0F;
    data.bias[0] = -3e38F;
    const std::vector<float> dst = run_plan(*make_plan(op, data), op, data);
    const float other = dst[dst_index(op.desc, 0, 1, 3, 3)];
    if (GetParam() == DataType::f16) {
      EXPECT_EQ(dst[dst_index(op.desc, 0, 0, 3, 3)], -INFINITY);
      EXPECT_EQ(other, INFINITY);
    } else {
      EXPECT_NEAR(other, 65536.0F, 512.0F);
      EXPECT_NEAR(dst[dst_index(op.desc, 0, 0, 3, 3)], -3e38F, 1e36F);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, DataTypes, ::testing::ValuesIn(kDataTypes),
                         [](const auto& info) { return std::string(to_string(info.param)); });

TEST(DataType, ThatHasNoNameIsRefused) {
  const auto nonsense = static_cast<DataType>(3);
  EXPECT_STREQ(to_string(nonsense), "unknown");
  OpCase op = make_case(nonsense);
  expect_refused(validate(op.desc), "data_type");
  op.desc.data_type = DataType::f32;
  const std::vector<std::uint16_t> weights(20 * 18 * 9);
  expect_refused(PackedWeights::create(op.desc, {}, nonsense, weights.data(), nullptr).status(),
                 "weights_type");
  expect_refused(PackedWeights::create(op.desc, {}, DataType::f16, nullptr, nullptr).status(),
                 "weights is null");
  op.desc.kernel_h = 0;
  expect_refused(
      PackedWeights::create(op.desc, {}, DataType::f16, weights.data(), nullptr).status(),
      "kernel_h");
}

}  // namespace
}  // namespace winograd::test
