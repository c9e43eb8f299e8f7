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
#include <map>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/subset.hpp"
#include "tests/reference/sweep_case.hpp"

namespace winograd::test {
namespace {

constexpr int kShards = 8;
constexpr std::uint64_t kDefaultCount = 2400;

class Sweep : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    if (is_alone()) GTEST_SKIP() << "WINOGRAD_TEST_CASE is set";
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
    OpCase op = random_layer(rng);
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
  if (!is_alone()) GTEST_SKIP() << "WINOGRAD_TEST_CASE is not set";
  check_alone();
}

}  // namespace
}  // namespace winograd::test
