// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The operator on kernel sets that only tests have: against the reference, and where the
// instruction set that one stands for runs too, against that, bit by bit.
//
//   WINOGRAD_TEST_SEED=<number>    another series (default 1)
//   WINOGRAD_TEST_COUNT=<number>   geometries (default 240, divided by WINOGRAD_TEST_EVERY)
//   WINOGRAD_TEST_CASE='<line>'    only this case, as a failure prints it
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>

#include "src/planning/plan_data.hpp"
#include "src/runtime/kernel_sets.hpp"
#include "tests/kernels/emulated/emulated_sets.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/sixteen_bits.hpp"
#include "tests/reference/subset.hpp"
#include "tests/reference/sweep_case.hpp"

namespace winograd::test {
namespace {

std::uint64_t seed() { return environment_number("WINOGRAD_TEST_SEED", 1); }
std::uint64_t count() { return environment_number("WINOGRAD_TEST_COUNT", 240 / test_every()); }

class Emulated : public ::testing::TestWithParam<EmulatedSet> {
 protected:
  void SetUp() override {
    if (!GetParam().runs()) {
      GTEST_SKIP() << GetParam().name << " is made of " << to_string(GetParam().made_of);
    }
  }

  Isa isa() const { return GetParam().set->isa; }

  /// Makes plans on the set of the running test.
  static Planner planner() {
    return {&create,
            [](const Conv2dDesc& desc, const PlanOptions& options, DataType weights_type,
               const void* weights, const float* bias) {
              const auto count = static_cast<std::size_t>(desc.weights_size());
              return create(desc, options, from_memory(weights_type, weights, count).data(), bias);
            },
            "tests/kernels/winograd_emulated_test"};
  }

  static Result<Conv2dPlan> create(const Conv2dDesc& desc, const PlanOptions& options,
                                   const float* weights, const float* bias) {
    auto packed = detail::pack_for(*GetParam().set, desc, options, weights, bias);
    if (!packed) return packed.status();
    return Conv2dPlan::create(desc, options, *packed);
  }

  /// visit(op, data) for the random cases, or for the one of the environment.
  template <class Visit>
  void for_each_case(std::uint64_t series, Visit visit) {
    for (std::uint64_t i = 0; i < count() && !HasFailure(); ++i) {
      Rng rng(mix_seed(seed() + series, i));
      OpCase op = random_layer(rng);
      op.options.max_isa = isa();
      const OpData data = make_data(op);
      for (const Algorithm algorithm : kAllAlgorithms) {
        op.options.algorithm = algorithm;
        draw_run(rng, op);
        visit(op, data);
      }
    }
  }

  void expect_same_bits(const OpCase& op, const OpData& data) {
    const std::string line = to_line(op);
    SCOPED_TRACE(line);
    const Result<Conv2dPlan> emulated = make_plan(op, data, planner());
    const Result<Conv2dPlan> real = make_plan(op, data);
    ASSERT_EQ(emulated.ok(), real.ok()) << real.status().message() << emulated.status().message();
    if (!real.ok()) return;
    ASSERT_STREQ(to_string(real->info().isa), to_string(isa()));
    EXPECT_STREQ(emulated->info().kernel, real->info().kernel);
    EXPECT_TRUE(same_bits(run_plan(*emulated, op, data), run_plan(*real, op, data)));
  }
};

TEST_P(Emulated, AgreesWithTheReference) {
  if (is_alone()) return check_alone(planner());
  WorstRatios worst;
  for_each_case(
      0, [&](const OpCase& op, const OpData& data) { worst.add(check_op(op, data, planner())); });
  std::printf("[ SWEEP    ] seed %llu, %llu geometries; largest error / bound: %.2f (RMS %.2f)\n",
              static_cast<unsigned long long>(seed()), static_cast<unsigned long long>(count()),
              worst.element, worst.rms);
}

TEST_P(Emulated, HasTheBitsOfTheRealOne) {
  if (std::count(test_isas().begin(), test_isas().end(), isa()) == 0) {
    GTEST_SKIP() << to_string(isa()) << " is not in this build, or does not run here";
  }
  if (is_alone()) GTEST_SKIP() << "WINOGRAD_TEST_CASE is set";
  for_each_case(1, [&](const OpCase& op, const OpData& data) { expect_same_bits(op, data); });
  // Several blocks, chunks of channels and chains, in either layout.
  for (const char* line :
       {"c=64 h=56 w=56 k=64 pt=1 pl=1 pb=1 pr=1 act=relu residual=1",
        "c=64 h=56 w=56 k=64 pt=1 pl=1 pb=1 pr=1 layout=nhwc act=relu residual=1 threads=2",
        "c=300 h=14 w=14 k=200 pt=1 pl=1 pb=1 pr=1 layout=nhwc accuracy=relaxed",
        "c=3 h=90 w=90 k=64 pt=1 pl=1 pb=1 pr=1 act=leaky_relu",
        "c=3 h=90 w=90 k=64 pt=1 pl=1 pb=1 pr=1 layout=nhwc sh=2 sw=2"}) {
    OpCase op = parse_line(line).value();
    op.options.max_isa = isa();
    const OpData data = make_data(op);
    for (const Algorithm algorithm : kAllAlgorithms) {
      op.options.algorithm = algorithm;
      expect_same_bits(op, data);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, Emulated, ::testing::ValuesIn(emulated_sets()),
                         [](const ::testing::TestParamInfo<EmulatedSet>& info) {
                           return std::string(info.param.name);
                         });

}  // namespace
}  // namespace winograd::test
