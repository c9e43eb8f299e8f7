// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Cases without any rounding, where the result must be equal to the last bit.
//
// Small integers stay exact in fp32 as long as every sum is below 2^24. The direct path only adds
// products. F(2,3) on the points 0, +1, -1, infinity also halves weights once per axis, which
// multiples of 4 survive; all its other coefficients are 0 and +-1. So does F(2,2) on +-1,
// infinity, which computes the phases of stride 2. In 16 bits the inputs are exact, too, and each
// result is rounded once.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/sixteen_bits.hpp"

namespace winograd::test {
namespace {

struct ExactRow {
  const char* name;
  const char* line;
  bool winograd;  ///< F(2,3) or F(2,2) too
};

constexpr ExactRow kRows[] = {
    {"same3x3", "n=2 c=19 h=11 w=13 k=21 pt=1 pl=1 pb=1 pr=1", true},
    {"valid3x3", "c=64 h=12 w=10 k=33", true},
    {"k1x3", "c=17 h=6 w=15 k=18 kh=1 kw=3 pl=1 pr=1", true},
    {"k3x1", "c=17 h=15 w=6 k=18 kh=3 kw=1 pt=1 pb=1", true},
    {"relu_residual", "c=16 h=9 w=9 k=16 pt=1 pl=1 pb=1 pr=1 residual=1 act=relu", true},
    {"leaky", "c=5 h=9 w=9 k=6 pt=1 pl=1 pb=1 pr=1 act=leaky_relu slope=0.25", true},
    {"pointwise", "c=70 h=7 w=9 k=67 kh=1 kw=1", false},
    {"pointwise_large", "n=2 c=300 h=17 w=19 k=35 kh=1 kw=1", false},
    {"k5x5", "c=12 h=9 w=12 k=20 kh=5 kw=5 pt=2 pl=2 pb=2 pr=2", false},
    {"stride2", "n=2 c=19 h=14 w=15 k=21 sh=2 sw=2 pt=1 pl=1 pb=1 pr=1", true},
    {"stride2_rows", "c=32 h=13 w=12 k=16 sh=2 pt=1 pl=1 pb=1 pr=1", true},
    {"stride2_k5x5", "c=7 h=15 w=17 k=10 kh=5 kw=5 sh=2 sw=2 pt=2 pl=2 pb=2 pr=2", true},
    {"grouped_narrow", "c=32 h=9 w=8 k=32 groups=8 pt=1 pl=1 pb=1 pr=1", true},
    {"grouped_wide", "n=2 c=96 h=9 w=8 k=64 groups=2 pt=1 pl=1 pb=1 pr=1", true},
    {"strided", "c=23 h=14 w=15 k=18 sh=2 sw=3 pt=1 pl=1 pb=1 pr=1", false},
    {"dilated", "c=9 h=14 w=15 k=18 dh=2 dw=3 pt=2 pl=3 pb=2 pr=3", false},
    {"grouped", "c=24 h=8 w=8 k=20 groups=4 pt=1 pl=1 pb=1 pr=1", false},
    {"depthwise_wide", "n=2 c=21 h=5 w=67 k=21 groups=21 pt=1 pl=1 pb=1 pr=1", false},
    {"depthwise", "n=2 c=37 h=9 w=10 k=37 groups=37 pt=1 pl=1 pb=1 pr=1", false},
    {"depthwise7x7", "c=20 h=12 w=12 k=20 kh=7 kw=7 groups=20 sh=2 sw=2 pt=3 pl=3 pb=3 pr=3",
     false},
};

OpData integer_case(const OpCase& op, int weight_factor) {
  const Conv2dDesc& d = op.desc;
  Rng rng(21);
  OpData data;
  data.src = integer_data(rng, d.src_size(), -8, 8);
  data.weights = integer_data(rng, d.weights_size(), -4, 4, weight_factor);
  data.bias = integer_data(rng, d.out_channels, -100, 100);
  if (d.residual) data.residual = integer_data(rng, d.dst_size(), -100, 100);
  data.reference =
      naive_conv2d(d, data.weights.data(), data.bias.data(), data.src.data(), data.residual.data());
  return data;
}

void expect_exact(const OpCase& op, const OpData& data) {
  SCOPED_TRACE(to_line(op));
  const Result<Conv2dPlan> plan = make_plan(op, data);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  const std::vector<float> dst = run_plan(*plan, op, data);
  ASSERT_EQ(dst.size(), data.reference.value.size());
  for (std::size_t i = 0; i < dst.size(); ++i) {
    const double expected = round_to(op.desc.data_type, data.reference.value[i]);
    ASSERT_EQ(static_cast<double>(dst[i]), expected) << "dst[" << i << ']';
  }
}

class Exact : public ::testing::TestWithParam<ExactRow> {};

TEST_P(Exact, IntegersAreEqual) {
  std::optional<OpCase> op = parse_line(GetParam().line);
  ASSERT_TRUE(op.has_value());
  for (const Layout layout : kLayouts) {
    op->desc.layout = layout;
    const OpData any = integer_case(*op, 1);
    const OpData multiples_of_four = integer_case(*op, 4);
    for (const Isa isa : test_isas()) {
      op->options.max_isa = isa;
      for (const Accuracy accuracy : {Accuracy::strict, Accuracy::standard, Accuracy::relaxed}) {
        op->options.accuracy = accuracy;
        op->options.algorithm = Algorithm::direct;
        expect_exact(*op, any);
        op->options.algorithm = Algorithm::winograd_f2;
        if (GetParam().winograd) expect_exact(*op, multiples_of_four);
      }
      op->options.accuracy = Accuracy::standard;
      for (const DataType type : kSixteenBits) {
        op->desc.data_type = op->weights_type = type;
        op->options.algorithm = Algorithm::direct;
        expect_exact(*op, any);
        op->options.algorithm = Algorithm::winograd_f2;
        if (GetParam().winograd) expect_exact(*op, multiples_of_four);
      }
      op->desc.data_type = op->weights_type = DataType::f32;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, Exact, ::testing::ValuesIn(kRows),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace winograd::test
