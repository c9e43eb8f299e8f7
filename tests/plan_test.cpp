// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Plans as values, what they tell about themselves, their memory, and the one-shot call.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/subset.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::test {
namespace {

OpCase typical_case() {
  return parse_line("c=20 h=15 w=14 k=24 pt=1 pl=1 pb=1 pr=1 act=relu residual=1").value();
}

TEST(Plan, InfoTellsWhatRunsAndWhy) {
  OpCase op = typical_case();
  const OpData data = make_data(op);
  for (const Isa isa : test_isas()) {
    op.options.max_isa = isa;
    for (const Algorithm algorithm : kAllAlgorithms) {
      op.options.algorithm = algorithm;
      const Result<Conv2dPlan> plan = make_plan(op, data);
      ASSERT_TRUE(plan.ok()) << plan.status().message();
      const PlanInfo info = plan->info();
      const std::string kernel = info.kernel;
      EXPECT_NE(kernel.find(to_string(info.algorithm)), std::string::npos) << kernel;
      // With FEAT_FP16 layers in fp32 have the kernels of plain NEON.
      const std::string of_kernel = to_string(isa == Isa::neon_fp16 ? Isa::neon : isa);
      EXPECT_NE(kernel.find("_" + of_kernel), std::string::npos) << kernel;
      EXPECT_GT(std::strlen(info.reason), 10U);
      EXPECT_GT(info.expected_rms_error, 1e-8);
      EXPECT_LT(info.expected_rms_error, 1e-5);
      EXPECT_GE(info.packed_bytes,
                static_cast<std::size_t>(op.desc.weights_size()) * sizeof(float));
      EXPECT_EQ(info.packed_bytes, plan->weights().size_bytes());
      EXPECT_EQ(plan->weights().algorithm(), info.algorithm);
      EXPECT_EQ(plan->weights().isa(), info.isa);
    }
  }
}

// WINOGRAD_TEST_EXPECT_ISA: what must be chosen here, where somebody knows the CPU.
TEST(Plan, ChoosesTheExpectedInstructionSet) {
  const char* const expected = std::getenv("WINOGRAD_TEST_EXPECT_ISA");
  if (expected == nullptr) GTEST_SKIP() << "WINOGRAD_TEST_EXPECT_ISA is not set";
  const OpCase op = typical_case();
  const Result<Conv2dPlan> plan = make_plan(op, make_data(op));
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  EXPECT_STREQ(to_string(plan->info().isa), expected);
}

TEST(Plan, AutomaticKeepsToTheAccuracy) {
  for (const char* line : {"c=64 h=56 w=56 k=64 pt=1 pl=1 pb=1 pr=1", "c=256 h=14 w=14 k=256",
                           "c=32 h=40 w=40 k=32 kh=5 kw=5", "c=128 h=28 w=28 k=128"}) {
    OpCase op = parse_line(line).value();
    const std::vector<float> weights(static_cast<std::size_t>(op.desc.weights_size()), 0.01F);
    for (const auto accuracy : {Accuracy::strict, Accuracy::standard, Accuracy::relaxed}) {
      op.options.accuracy = accuracy;
      const auto plan = Conv2dPlan::create(op.desc, op.options, weights.data(), nullptr);
      ASSERT_TRUE(plan.ok()) << plan.status().message();
      const PlanInfo info = plan->info();
      const bool five = op.desc.kernel_h == 5;
      const bool coarse = info.algorithm == Algorithm::winograd_f6 ||
                          (info.algorithm == Algorithm::winograd_f4 && five);
      if (accuracy != Accuracy::relaxed) {
        EXPECT_FALSE(coarse) << line;
        EXPECT_LT(info.expected_rms_error, 8.6e-7) << line;
      }
    }
  }
}

TEST(Plan, LargeLayersUseWinograd) {
  // Where multiplications are all that counts, saving them must win.
  const OpCase op = parse_line("c=256 h=56 w=56 k=256 pt=1 pl=1 pb=1 pr=1").value();
  const std::vector<float> weights(static_cast<std::size_t>(op.desc.weights_size()), 0.01F);
  const auto plan = Conv2dPlan::create(op.desc, {}, weights.data(), nullptr);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  EXPECT_NE(plan->info().algorithm, Algorithm::direct) << plan->info().reason;
}

TEST(Plan, OutlivesItsOriginalAndItsCopies) {
  const OpCase op = typical_case();
  const OpData data = make_data(op);
  std::optional<Conv2dPlan> first;
  {
    Result<Conv2dPlan> plan = make_plan(op, data);
    ASSERT_TRUE(plan.ok());
    first.emplace(plan.value());
  }
  const std::vector<float> expected = run_plan(*first, op, data);
  const Conv2dPlan second = *first;
  const std::string reason = first->info().reason;
  first.reset();
  EXPECT_EQ(second.info().reason, reason);
  EXPECT_TRUE(same_bits(expected, run_plan(second, op, data)));
}

TEST(Plan, DescIsWhatItWasMadeFrom) {
  const OpCase op = typical_case();
  const Result<Conv2dPlan> plan = make_plan(op, make_data(op));
  ASSERT_TRUE(plan.ok());
  OpCase copy = op;
  copy.desc = plan->desc();
  EXPECT_EQ(to_line(copy), to_line(op));
}

TEST(Plan, ReshapedComputesTheOtherSize) {
  Subset subset("other sizes");
  OpCase op = typical_case();
  const OpData data = make_data(op);
  for (const Isa isa : test_isas()) {
    op.options.max_isa = isa;
    for (const Algorithm algorithm : kAllAlgorithms) {
      op.options.algorithm = algorithm;
      const Result<Conv2dPlan> plan = make_plan(op, data);
      ASSERT_TRUE(plan.ok()) << plan.status().message();
      for (const char* size : {"n=1 h=1 w=1", "n=3 h=9 w=40", "n=1 h=30 w=5", "n=2 h=15 w=14"}) {
        if (!subset.takes()) continue;
        const Conv2dDesc wanted = parse_line(size).value().desc;
        const auto reshaped = plan->reshaped(wanted.batch, wanted.height, wanted.width);
        ASSERT_TRUE(reshaped.ok()) << reshaped.status().message();
        EXPECT_EQ(reshaped->info().algorithm, plan->info().algorithm);
        EXPECT_EQ(reshaped->weights(), plan->weights());

        OpCase other = op;
        other.desc = reshaped->desc();
        EXPECT_EQ(other.desc.batch, wanted.batch);
        EXPECT_EQ(other.desc.height, wanted.height);
        EXPECT_EQ(other.desc.width, wanted.width);
        OpData other_data = make_data(other);
        other_data.weights = data.weights;
        other_data.bias = data.bias;
        other_data.reference = naive_conv2d(other.desc, data.weights.data(), data.bias.data(),
                                            other_data.src.data(), other_data.residual.data());
        const std::vector<float> dst = run_plan(*reshaped, other, other_data);
        ASSERT_FALSE(dst.empty());
        const Comparison comparison =
            compare(other.desc, plan->info().algorithm, other_data.reference, dst.data());
        EXPECT_TRUE(comparison.ok()) << comparison.failure << '\n' << to_line(other);
      }
    }
  }
}

TEST(Plan, ReshapedRefusesWhatCannotBe) {
  const OpCase op = parse_line("c=4 h=8 w=8 k=4 kh=5 kw=5").value();
  const Result<Conv2dPlan> plan = make_plan(op, make_data(op));
  ASSERT_TRUE(plan.ok());
  const struct {
    std::int64_t n, h, w;
    const char* word;
  } rows[] = {{-1, 8, 8, "batch"}, {1, 0, 8, "height"}, {1, 8, -3, "width"}, {1, 4, 8, "kernel_h"}};
  for (const auto& row : rows) {
    const Status status = plan->reshaped(row.n, row.h, row.w).status();
    EXPECT_STREQ(to_string(status.code()), to_string(StatusCode::invalid_argument));
    EXPECT_NE(std::string(status.message()).find(row.word), std::string::npos) << status.message();
  }
}

/// The largest number in a text.
std::size_t largest_number(const std::string& text) {
  std::size_t largest = 0;
  std::size_t value = 0;
  for (const char c : text) {
    value = c >= '0' && c <= '9' ? value * 10 + static_cast<std::size_t>(c - '0') : 0;
    largest = std::max(largest, value);
  }
  return largest;
}

class WorkspaceLimit : public ::testing::TestWithParam<const char*> {};

TEST_P(WorkspaceLimit, ThatCannotBeMetNamesTheLeastThatCan) {
  static Subset subset("least limits");
  OpCase op = parse_line(GetParam()).value();
  const OpData data = make_data(op);
  for (const Isa isa : test_isas()) {
    op.options.max_isa = isa;
    for (const Algorithm algorithm : kAllAlgorithms) {
      if (!algorithm_applies(op.desc, algorithm) || !subset.takes()) continue;
      op.options.algorithm = algorithm;
      op.options.workspace_limit_bytes = 1;
      SCOPED_TRACE(to_line(op));
      const Result<Conv2dPlan> refused = make_plan(op, data);
      if (refused.ok()) {
        EXPECT_LE(refused->workspace(1).size_bytes, 1U);
        continue;
      }
      EXPECT_STREQ(to_string(refused.status().code()), to_string(StatusCode::workspace));
      const std::string message = refused.status().message();
      EXPECT_NE(message.find("workspace_limit_bytes"), std::string::npos) << message;
      const std::size_t enough = largest_number(message);
      op.options.workspace_limit_bytes = enough - 1;
      EXPECT_FALSE(make_plan(op, data).ok()) << "less is enough than: " << message;
      op.options.workspace_limit_bytes = enough;
      const Result<Conv2dPlan> plan = make_plan(op, data);
      ASSERT_TRUE(plan.ok()) << message << "; then: " << plan.status().message();
      EXPECT_LE(plan->workspace(1).size_bytes, enough);
      check_op(op, data);
    }
  }
}

TEST_P(WorkspaceLimit, IsKeptByEveryThread) {
  static Subset subset("limits");
  OpCase op = parse_line(GetParam()).value();
  const OpData data = make_data(op);
  for (const Algorithm algorithm : kAllAlgorithms) {
    if (!algorithm_applies(op.desc, algorithm) || !subset.takes()) continue;
    op.options.algorithm = algorithm;
    bool fitted = false;
    for (std::size_t limit = 512; limit <= std::size_t{1} << 20; limit += limit / 8) {
      op.options.workspace_limit_bytes = limit;
      SCOPED_TRACE(to_line(op));
      const Result<Conv2dPlan> plan = make_plan(op, data);
      EXPECT_TRUE(plan.ok() || !fitted) << "less was enough; " << plan.status().message();
      if (!plan.ok()) continue;
      fitted = true;
      for (const int threads : {1, 2, 3, 16}) {
        EXPECT_LE(plan->workspace(threads).size_bytes, limit * static_cast<unsigned>(threads));
      }
    }
    EXPECT_TRUE(fitted) << to_string(algorithm);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Lines, WorkspaceLimit,
    ::testing::Values("c=20 h=15 w=14 k=24 pt=1 pl=1 pb=1 pr=1 act=relu residual=1",
                      "n=2 c=70 h=30 w=31 k=70 pt=1 pl=1 pb=1 pr=1",
                      "c=3 h=40 w=41 k=17 kh=7 kw=7 sh=2 sw=2 pt=3 pl=3 pb=3 pr=3",
                      "c=24 h=9 w=11 k=32 groups=4 layout=nhwc",
                      "c=37 h=12 w=13 k=37 groups=37 pt=1 pl=1 pb=1 pr=1"));

TEST(WorkspaceDefault, IsModest) {
  for (const char* line :
       {"c=512 h=28 w=28 k=512 pt=1 pl=1 pb=1 pr=1", "c=64 h=224 w=224 k=64 pt=1 pl=1 pb=1 pr=1"}) {
    const OpCase op = parse_line(line).value();
    const std::vector<float> weights(static_cast<std::size_t>(op.desc.weights_size()), 0.01F);
    const auto plan = Conv2dPlan::create(op.desc, {}, weights.data(), nullptr);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    for (const int threads : {1, 2, 4}) {
      EXPECT_LE(plan->workspace(threads).size_bytes,
                static_cast<std::size_t>(threads) * (std::size_t{2} << 20))
          << line << ", " << threads << " threads";
    }
  }
}

TEST(OneShot, IsPlanAndRun) {
  OpCase op = typical_case();
  const OpData data = make_data(op);
  for (const Algorithm algorithm : kAllAlgorithms) {
    op.options.algorithm = algorithm;
    const Result<Conv2dPlan> plan = make_plan(op, data);
    ASSERT_TRUE(plan.ok());
    const std::vector<float> expected = run_plan(*plan, op, data);
    for (const int threads : {1, 2}) {
      std::vector<float> dst(expected.size());
      const Status status =
          conv2d(op.desc, data.src.data(), data.weights.data(), data.bias.data(), dst.data(),
                 data.residual.data(), op.options, make_executor(ExecutorKind::threads, threads));
      EXPECT_TRUE(status.ok()) << status.message();
      EXPECT_TRUE(same_bits(expected, dst));
    }
  }
}

TEST(OneShot, RefusesBadPointersWithoutWriting) {
  const OpCase op = typical_case();
  const OpData data = make_data(op);
  std::vector<float> dst(static_cast<std::size_t>(op.desc.dst_size()), 42.0F);
  const std::vector<float> before = dst;
  const auto call = [&](const float* src, float* to, const float* residual) {
    return conv2d(op.desc, src, data.weights.data(), nullptr, to, residual).code();
  };
  EXPECT_EQ(call(nullptr, dst.data(), data.residual.data()), StatusCode::invalid_argument);
  EXPECT_EQ(call(data.src.data(), nullptr, data.residual.data()), StatusCode::invalid_argument);
  EXPECT_EQ(call(data.src.data(), dst.data(), nullptr), StatusCode::invalid_argument);
  EXPECT_EQ(call(dst.data(), dst.data(), data.residual.data()), StatusCode::invalid_argument);
  EXPECT_TRUE(same_bits(before, dst));
}

}  // namespace
}  // namespace winograd::test
