// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Every activation on every path: minimal filtering, direct, in planes, depthwise, grouped; and
// what belongs to a parametric ReLU.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

constexpr const char* kActivations[] = {"leaky_relu", "sigmoid",      "tanh",
                                        "silu",       "hard_sigmoid", "hard_swish",
                                        "mish",       "gelu_tanh",    "prelu"};
constexpr const char* kLayers[] = {
    "c=20 h=13 w=14 k=21 pt=1 pl=1 pb=1 pr=1",             // minimal filtering, odd channels
    "c=16 h=13 w=14 k=32 pt=1 pl=1 pb=1 pr=1",             // straight into the image
    "c=16 h=9 w=11 k=48 kh=1 kw=1",                        // finished by the GEMM
    "c=3 h=13 w=37 k=19 pt=1 pl=1 pb=1 pr=1 algo=direct",  // in planes where it is NCHW
    "c=36 h=7 w=9 k=36 groups=36 pt=1 pl=1 pb=1 pr=1",     // depthwise
    "c=17 h=4 w=21 k=17 groups=17 pt=1 pl=1 pb=1 pr=1",    // in planes, in NCHW
    "n=2 c=12 h=9 w=7 k=27 groups=3 sh=2 sw=2 pt=1 pl=1",  // groups of 9 outputs
};

TEST(Activations, OnEveryPath) {
  Subset subset("activations");
  for (const char* layer : kLayers) {
    for (const char* activation : kActivations) {
      for (const char* residual : {"", " residual=1", " residual=1 in_place=1"}) {
        for (const Layout layout : kLayouts) {
          if (!subset.takes()) continue;
          OpCase op = parse_line(std::string(layer) + residual + " act=" + activation).value();
          op.desc.layout = layout;
          op.threads = 3;
          op.executor = ExecutorKind::reversed;  // and on one thread: bits must be the same
          const OpData data = make_data(op);
          for (const Isa isa : test_isas()) {
            op.options.max_isa = isa;
            check_op(op, data);
            if (testing::Test::HasFailure()) return;
          }
        }
      }
    }
  }
}

class Prelu : public testing::Test {
 protected:
  OpCase op = parse_line("c=4 h=6 w=6 k=5 pt=1 pl=1 pb=1 pr=1 act=prelu").value();
  OpData data = make_data(op);

  Result<Conv2dPlan> plan_with(const float* slopes) const {
    PlanOptions options;
    options.prelu_slopes = slopes;
    return Conv2dPlan::create(op.desc, options, data.weights.data(), data.bias.data());
  }
};

TEST_F(Prelu, NeedsFiniteSlopes) {
  const auto none = plan_with(nullptr);
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.status().code(), StatusCode::invalid_argument);
  EXPECT_NE(std::string(none.status().message()).find("prelu_slopes"), std::string::npos);
  data.slopes[3] = std::numeric_limits<float>::infinity();
  const auto infinite = plan_with(data.slopes.data());
  ASSERT_FALSE(infinite.ok());
  EXPECT_NE(std::string(infinite.status().message()).find("prelu_slopes[3]"), std::string::npos);
}

TEST_F(Prelu, PackedWeightsDoWithoutSlopes) {
  EXPECT_TRUE(PackedWeights::create(op.desc, {}, data.weights.data(), data.bias.data()).ok());
}

TEST_F(Prelu, PlanOfAnotherSizeKeepsItsOwnSlopes) {
  std::vector<float> slopes = data.slopes;
  const auto first = plan_with(slopes.data());
  slopes.assign(slopes.size(), 0.0F);  // the caller's, and no longer looked at
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(
      same_bits(run_plan(*first, op, data), run_plan(*plan_with(data.slopes.data()), op, data)));
  const auto second = first->reshaped(2, 9, 7);
  ASSERT_TRUE(second.ok()) << second.status().message();
  OpCase larger = op;
  larger.desc = second->desc();
  OpData more = make_data(larger);
  more.weights = data.weights;
  more.bias = data.bias;
  more.slopes = data.slopes;
  const auto expected = make_plan(larger, more);
  ASSERT_TRUE(expected.ok());
  EXPECT_TRUE(same_bits(run_plan(*second, larger, more), run_plan(*expected, larger, more)));
}

}  // namespace
}  // namespace winograd::test
