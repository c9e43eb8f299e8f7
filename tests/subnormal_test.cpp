// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// PlanOptions::flush_subnormal_weights.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::test {
namespace {

constexpr const char* kLayers[] = {
    "c=20 h=12 w=12 k=24 pt=1 pl=1 pb=1 pr=1",
    "c=3 h=12 w=12 k=24",
    "c=20 h=12 w=12 k=20 groups=20",
    "c=20 h=12 w=12 k=20 groups=2 sh=2 sw=2",
};

class SubnormalWeights : public ::testing::TestWithParam<const char*> {
 protected:
  OpCase op_ = parse_line(GetParam()).value();
  OpData data_ = make_data(op_);

  std::vector<float> run(bool flush, bool bias) {
    op_.options.flush_subnormal_weights = flush;
    const auto plan = Conv2dPlan::create(op_.desc, op_.options, data_.weights.data(),
                                         bias ? data_.bias.data() : nullptr);
    EXPECT_TRUE(plan.ok()) << plan.status().message();
    return run_plan(*plan, op_, data_);
  }

  /// visit() for all that packs weights in a way of its own.
  template <class Visit>
  void for_each_kind(Visit visit) {
    for (const Isa isa : test_isas()) {
      op_.options.max_isa = isa;
      for (const Algorithm algorithm : kAllAlgorithms) {
        if (algorithm == Algorithm::automatic || !algorithm_applies(op_.desc, algorithm)) continue;
        op_.options.algorithm = algorithm;
        SCOPED_TRACE(to_line(op_));
        visit();
      }
    }
  }
};

TEST_P(SubnormalWeights, BecomeZerosIfThatIsAskedFor) {
  // Their outputs would be normal numbers.
  for (float& value : data_.src) value = std::copysign(1e30F, value);
  for (float& weight : data_.weights) weight = std::copysign(1e-40F, weight);
  for_each_kind([this] {
    for (const float value : run(true, false)) ASSERT_EQ(value, 0.0F);
    // 32-bit NEON takes them for zeros in any case.
    if (op_.options.max_isa == Isa::neon_armv7 || op_.options.max_isa == Isa::neon_armv7_fma)
      return;
    float largest = 0.0F;
    for (const float value : run(false, false)) largest = std::max(largest, std::fabs(value));
    EXPECT_GT(largest, 1e-11F);
  });
}

TEST_P(SubnormalWeights, LeaveTheOthersAlone) {
  data_.weights[0] = std::numeric_limits<float>::quiet_NaN();
  data_.weights.back() = -std::numeric_limits<float>::infinity();
  for_each_kind([this] {
    const std::vector<float> flushed = run(true, true), plain = run(false, true);
    for (std::size_t i = 0; i < plain.size(); ++i) {
      ASSERT_TRUE(flushed[i] == plain[i] || (std::isnan(flushed[i]) && std::isnan(plain[i])));
    }
  });
}

TEST_P(SubnormalWeights, AreThoseBelowTheLeastNormalNumber) {
  const float least = std::numeric_limits<float>::min();
  op_.options.algorithm = Algorithm::direct;
  for (float& value : data_.src) value = 1e10F;
  for (float& weight : data_.weights) weight = -least;
  for (const float value : run(true, false)) EXPECT_LT(value, 0.0F);
  for (float& weight : data_.weights) weight = -std::nextafter(least, 0.0F);
  for (const float value : run(true, false)) EXPECT_EQ(value, 0.0F);
}

INSTANTIATE_TEST_SUITE_P(Layers, SubnormalWeights, ::testing::ValuesIn(kLayers));

}  // namespace
}  // namespace winograd::test
