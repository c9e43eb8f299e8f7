// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// PlanOptions::output_scale and output_shift.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::test {
namespace {

constexpr const char* kLayers[] = {
    "c=20 h=12 w=12 k=24 pt=1 pl=1 pb=1 pr=1 residual=1 act=relu",
    "c=3 h=12 w=12 k=24",
    "c=20 h=12 w=12 k=20 groups=20",
    "c=20 h=12 w=12 k=22 groups=2 sh=2 sw=2",
    "c=9 h=13 w=12 k=19 kh=5 kw=5 pt=2 pl=2 pb=2 pr=2 layout=nhwc",
};

class OutputScale : public ::testing::TestWithParam<const char*> {
 protected:
  OpCase op_ = parse_line(GetParam()).value();
  OpData data_ = make_data(op_);
  std::vector<float> scale_, shift_;

  void fill(bool powers_of_two) {
    for (std::int64_t k = 0; k < op_.desc.out_channels; ++k) {
      const int step = static_cast<int>(k % 7) - 3;
      const float sign = k % 2 == 0 ? 1.0F : -1.0F;
      scale_.push_back(sign * (powers_of_two ? std::ldexp(1.0F, step)
                                             : 1.0F / (4.5F + static_cast<float>(step))));
      shift_.push_back(0.3F * static_cast<float>(step));
    }
  }

  /// The weights of output channel k, in OIHW, times scale_[k]; in fp32, as a user would do it.
  std::vector<float> scaled_weights() const {
    std::vector<float> weights = data_.weights;
    const std::size_t each = weights.size() / scale_.size();
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] *= scale_[i / each];
    return weights;
  }

  std::vector<float> folded_bias(const std::vector<float>& bias) const {
    std::vector<float> folded(scale_.size());
    for (std::size_t k = 0; k < folded.size(); ++k) {
      const double own = bias.empty() ? 0.0 : double{bias[k]};
      folded[k] = static_cast<float>(own * double{scale_[k]} + double{shift_[k]});
    }
    return folded;
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

  std::vector<unsigned char> packed(const PlanOptions& options, const std::vector<float>& weights,
                                    const std::vector<float>& bias) const {
    const auto result = PackedWeights::create(op_.desc, options, weights.data(),
                                              bias.empty() ? nullptr : bias.data());
    EXPECT_TRUE(result.ok()) << result.status().message();
    if (!result) return {};
    std::vector<unsigned char> blob(result->serialized_size_bytes());
    EXPECT_TRUE(result->save(blob.data(), blob.size()).ok());
    return blob;
  }

  PlanOptions scaling_options() const {
    PlanOptions options = op_.options;
    options.output_scale = scale_.data();
    options.output_shift = shift_.data();
    return options;
  }
};

// Powers of two scale without rounding, so that both ways must give the same bits.
TEST_P(OutputScale, PacksWhatScaledWeightsWouldPack) {
  fill(true);
  for_each_kind([this] {
    EXPECT_EQ(packed(scaling_options(), data_.weights, data_.bias),
              packed(op_.options, scaled_weights(), folded_bias(data_.bias)));
    EXPECT_EQ(packed(scaling_options(), data_.weights, {}),
              packed(op_.options, scaled_weights(), folded_bias({})));
  });
}

TEST_P(OutputScale, KnowsTheOrderOfTheWeights) {
  fill(true);
  for_each_kind([this] {
    PlanOptions hwio = scaling_options();
    hwio.weight_layout = WeightLayout::hwio;
    EXPECT_EQ(packed(hwio, to_hwio(op_.desc, data_.weights), data_.bias),
              packed(scaling_options(), data_.weights, data_.bias));
  });
}

TEST_P(OutputScale, WorksAlone) {
  fill(true);
  const std::vector<float> shift(shift_.size(), 0.0F), scale(scale_.size(), 1.0F);
  op_.options.algorithm = Algorithm::direct;
  PlanOptions only = op_.options, both = only;
  only.output_scale = both.output_scale = scale_.data();
  both.output_shift = shift.data();
  EXPECT_EQ(packed(only, data_.weights, data_.bias), packed(both, data_.weights, data_.bias));
  only = both = op_.options;
  only.output_shift = both.output_shift = shift_.data();
  both.output_scale = scale.data();
  EXPECT_EQ(packed(only, data_.weights, data_.bias), packed(both, data_.weights, data_.bias));
}

// The operator, against the reference on weights that were scaled in fp32; residual and activation
// come after. What one more rounding of the weights can do is within the bounds of the operator.
TEST_P(OutputScale, IsAppliedBeforeResidualAndActivation) {
  fill(false);
  OpData folded = data_;
  folded.weights = scaled_weights();
  folded.bias = folded_bias(data_.bias);
  folded.reference =
      naive_conv2d(op_.desc, folded.weights.data(), folded.bias.data(), folded.src.data(),
                   op_.desc.residual ? folded.residual.data() : nullptr);
  for_each_kind([&] {
    const auto plan =
        Conv2dPlan::create(op_.desc, scaling_options(), data_.weights.data(), data_.bias.data());
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    const std::vector<float> dst = run_plan(*plan, op_, data_);
    const Comparison result =
        compare(op_.desc, op_.options.algorithm, folded.reference, dst.data());
    EXPECT_TRUE(result.ok()) << result.failure;
  });
}

// Plans from packed weights, and other shapes of a plan, have no use for the arrays.
TEST_P(OutputScale, IsReadOnlyWhilePacking) {
  fill(false);
  const auto plan =
      Conv2dPlan::create(op_.desc, scaling_options(), data_.weights.data(), data_.bias.data());
  ASSERT_TRUE(plan.ok());
  const std::vector<float> before = run_plan(*plan, op_, data_);
  std::fill(scale_.begin(), scale_.end(), std::nanf(""));
  std::fill(shift_.begin(), shift_.end(), std::nanf(""));
  const auto again = plan->reshaped(op_.desc.batch, op_.desc.height, op_.desc.width);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(same_bits(before, run_plan(*again, op_, data_)));
  const auto shared = Conv2dPlan::create(op_.desc, scaling_options(), plan->weights());
  ASSERT_TRUE(shared.ok());
  EXPECT_TRUE(same_bits(before, run_plan(*shared, op_, data_)));
}

INSTANTIATE_TEST_SUITE_P(Layers, OutputScale, ::testing::ValuesIn(kLayers));

}  // namespace
}  // namespace winograd::test
