// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// PlanInfo::expected_rms_error against measurement, and its amplification factors against the
// matrices they come from. docs/accuracy.md has the derivation.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <optional>
#include <vector>

#include "kernels/transforms/axis_families.hpp"
#include "src/planning/selection.hpp"
#include "tests/reference/error_bounds.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"

namespace winograd::test {
namespace {

using detail::AxisFamily;

// ---- the factors --------------------------------------------------------------------------------

template <std::size_t n>
double length_squared(const std::array<detail::Rational, n>& row) {
  double sum = 0.0;
  for (const detail::Rational& entry : row) {
    sum += static_cast<double>(entry) * static_cast<double>(entry);
  }
  return sum;
}

/// sqrt(mean over q of sum over i of (Aᵀ_qi |G_i| |Bᵀ_i|)² / r), from the exact matrices.
template <AxisFamily family>
double amplification_of_matrices() {
  using Traits = detail::FamilyTraits<family>;
  using Tile = typename Traits::template Tile<Traits::m>;
  double sum = 0.0;
  for (const auto& row : Tile::at_matrix) {
    for (unsigned i = 0; i < row.size(); ++i) {
      const double a = static_cast<double>(row[i]);
      sum += a * a * length_squared(Tile::g[i]) * length_squared(Tile::bt[i]);
    }
  }
  return std::sqrt(sum / Traits::m / Traits::r);
}

/// The estimate's factor for a family along one axis: so deep a sum that nothing else counts.
double amplification_of_estimate(AxisFamily family) {
  detail::PackedShape shape;
  shape.algorithm = Algorithm::winograd_f4;  // any but direct
  shape.group_c = 1 << 30;
  const double plain = detail::expected_rms_error(shape, shape.group_c);
  shape.family_w = family;
  return detail::expected_rms_error(shape, shape.group_c) / plain;
}

template <AxisFamily family>
void check_amplification() {
  const double exact = amplification_of_matrices<family>();
  EXPECT_NEAR(amplification_of_estimate(family), exact, 0.01 * exact);
}

TEST(AccuracyModel, AmplificationIsThatOfTheMatrices) {
  check_amplification<AxisFamily::identity>();
  check_amplification<AxisFamily::f2_3>();
  check_amplification<AxisFamily::f3_3>();
  check_amplification<AxisFamily::f4_3>();
  check_amplification<AxisFamily::f6_3>();
  check_amplification<AxisFamily::f2_5>();
  check_amplification<AxisFamily::f4_5>();
}

// ---- the estimate -------------------------------------------------------------------------------

constexpr const char* kLayers[] = {
    "c=256 h=12 w=12 k=24 pt=1 pl=1 pb=1 pr=1 bias=0",
    "c=20 h=24 w=12 k=32 pt=1 pl=1 pb=1 pr=1 bias=0",
    "c=64 h=12 w=12 k=24 kh=5 kw=5 pt=2 pl=2 pb=2 pr=2 bias=0",
    "c=128 h=12 w=24 k=24 kh=1 kw=3 pl=1 pr=1 bias=0",
    "c=300 h=13 w=13 k=40 kh=1 kw=1 bias=0",
    "n=2 c=48 h=17 w=17 k=48 groups=2 sh=2 sw=2 bias=0",
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
      for (const Accuracy accuracy : {Accuracy::strict, Accuracy::standard, Accuracy::relaxed}) {
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

INSTANTIATE_TEST_SUITE_P(Layers, AccuracyModelOf, ::testing::ValuesIn(kLayers));

}  // namespace
}  // namespace winograd::test
