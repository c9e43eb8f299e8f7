// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Random geometries against the reference: every instruction set, every algorithm, guard pages
// around every buffer.
//
//   WINOGRAD_TEST_SEED=<number>    another series (default 1)
//   WINOGRAD_TEST_COUNT=<number>   geometries (default 2400, divided by WINOGRAD_TEST_EVERY)
//   WINOGRAD_TEST_CASE='<line>'    only this case, as a failure prints it
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/random_geometry.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

constexpr int kShards = 8;
constexpr std::uint64_t kDefaultCount = 2400;
constexpr std::int64_t kMaxProducts = 1500000;

/// What does not change the expected result is drawn anew for each run.
void draw_run(Rng& rng, OpCase& op) {
  static constexpr ExecutorKind kExecutors[] = {ExecutorKind::serial, ExecutorKind::reversed,
                                                ExecutorKind::threads, ExecutorKind::openmp};
  static constexpr Accuracy kAccuracies[] = {Accuracy::standard, Accuracy::standard,
                                             Accuracy::strict, Accuracy::relaxed};
  op.threads = static_cast<int>(rng.integer(1, 3));
  op.executor = rng.pick(kExecutors);
  if (!executor_available(op.executor)) op.executor = ExecutorKind::threads;
  if (op.threads == 1) op.executor = ExecutorKind::serial;
  op.options.accuracy = rng.pick(kAccuracies);
  op.options.weight_layout = rng.chance(70) ? WeightLayout::oihw : WeightLayout::hwio;
  op.placement = rng.chance(50) ? Placement::at_end : Placement::at_start;
  op.shift = rng.chance(60) ? 0 : static_cast<int>(rng.integer(1, 15));
  op.residual_in_place = rng.chance(50);
  const std::int64_t whole_groups = (op.desc.in_channels - 1) / 16;
  const bool parts = whole_groups > 0 && rng.chance(40);
  op.part = parts ? 16 * rng.integer(1, whole_groups) : 0;
}

class Sweep : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    if (std::getenv("WINOGRAD_TEST_CASE") != nullptr) GTEST_SKIP() << "WINOGRAD_TEST_CASE is set";
  }
};

TEST_P(Sweep, AgreesWithTheReference) {
  const std::uint64_t seed = environment_number("WINOGRAD_TEST_SEED", 1);
  const std::uint64_t count =
      environment_number("WINOGRAD_TEST_COUNT", kDefaultCount / test_every());
  std::map<std::string, WorstRatios> worst;
  std::uint64_t geometries = 0;
  std::uint64_t runs = 0;
  for (auto i = static_cast<std::uint64_t>(GetParam()); i < count; i += kShards) {
    Rng rng(mix_seed(seed, i));
    OpCase op;
    op.desc = random_geometry(rng, kMaxProducts);
    op.bias = rng.chance(80);
    op.data_seed = rng.bits();
    const OpData data = make_data(op);
    ASSERT_TRUE(oracles_agree(op, data));
    for (const Isa isa : test_isas()) {
      op.options.max_isa = isa;
      for (const Algorithm algorithm : kAllAlgorithms) {
        op.options.algorithm = algorithm;
        draw_run(rng, op);
        worst[to_string(algorithm)].add(check_op(op, data));
        ++runs;
      }
    }
    ++geometries;
    if (HasFailure()) break;
  }
  std::printf("[ SWEEP    ] seed %llu, %llu geometries, %llu runs; largest error / bound:",
              static_cast<unsigned long long>(seed), static_cast<unsigned long long>(geometries),
              static_cast<unsigned long long>(runs));
  for (const auto& [name, ratios] : worst) {
    std::printf(" %s %.2f (RMS %.2f)", name.c_str(), ratios.element, ratios.rms);
  }
  std::printf("\n");
}

INSTANTIATE_TEST_SUITE_P(Shards, Sweep, ::testing::Range(0, kShards));

TEST(SweepCase, FromTheEnvironment) {
  const char* line = std::getenv("WINOGRAD_TEST_CASE");
  if (line == nullptr) GTEST_SKIP() << "WINOGRAD_TEST_CASE is not set";
  const std::optional<OpCase> op = parse_line(line);
  ASSERT_TRUE(op.has_value()) << "not a case: " << line;
  const Status valid = validate(op->desc);
  ASSERT_TRUE(valid.ok()) << valid.message();
  const OpData data = make_data(*op);
  ASSERT_TRUE(oracles_agree(*op, data));
  const Comparison comparison = check_op(*op, data);
  std::printf("largest error / bound: %.3f, RMS %.3f\n", comparison.element_ratio,
              comparison.rms_ratio);
}

}  // namespace
}  // namespace winograd::test
