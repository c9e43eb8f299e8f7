// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The choice of algorithm: by measurement, and under a cap of packed bytes.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "winograd/conv2d.hpp"
#include "winograd/tuning_cache.hpp"

namespace winograd::test {
namespace {

OpCase small_case() { return parse_line("c=20 h=15 w=14 k=24 pt=1 pl=1 pb=1 pr=1").value(); }

Result<Conv2dPlan> plan_of(const OpCase& op, const std::vector<float>& weights) {
  return Conv2dPlan::create(op.desc, op.options, weights.data(), nullptr);
}

class Choice : public ::testing::Test {
 protected:
  OpCase op_ = small_case();
  std::vector<float> weights_ =
      std::vector<float>(static_cast<std::size_t>(op_.desc.weights_size()), 0.5F);
};

TEST_F(Choice, IsMeasuredOnceAndRemembered) {
  TuningCache cache;
  op_.options.tuning = &cache;
  const auto first = plan_of(op_, weights_);
  ASSERT_TRUE(first) << first.status().message();
  EXPECT_EQ(cache.size(), 1U);
  EXPECT_NE(std::string(first->info().reason).find("measured"), std::string::npos);
  const auto second = plan_of(op_, weights_);
  ASSERT_TRUE(second);
  EXPECT_EQ(cache.size(), 1U);
  EXPECT_EQ(second->info().algorithm, first->info().algorithm);
  EXPECT_NE(std::string(second->info().reason).find("cache"), std::string::npos);
}

/// The text of a cache in which the fastest algorithm of the layer is `algorithm`.
std::string text_naming(OpCase op, Algorithm algorithm, const std::vector<float>& weights) {
  TuningCache measured;
  op.options.tuning = &measured;
  EXPECT_TRUE(plan_of(op, weights));
  const auto text = measured.save();
  EXPECT_TRUE(text);
  return text->substr(0, text->find(' ')) + ' ' + to_string(algorithm) + '\n';
}

TEST_F(Choice, FollowsALoadedCacheWhereTheOptionsAllowIt) {
  for (const Algorithm algorithm : {Algorithm::direct, Algorithm::winograd_f2,
                                    Algorithm::winograd_f3, Algorithm::winograd_f4}) {
    TuningCache loaded;
    const std::string line = text_naming(op_, algorithm, weights_);
    ASSERT_TRUE(loaded.load(line.data(), line.size()));
    op_.options.tuning = &loaded;
    const auto plan = plan_of(op_, weights_);
    ASSERT_TRUE(plan);
    EXPECT_EQ(plan->info().algorithm, algorithm);
    EXPECT_NE(std::string(plan->info().reason).find("cache"), std::string::npos);
  }
}

/// A text that names `algorithm` leads to another choice, measured anew and put in its place.
void expect_measured_anew(OpCase op, Algorithm algorithm, const std::vector<float>& weights) {
  SCOPED_TRACE(to_line(op));
  TuningCache loaded;
  const std::string line = text_naming(op, algorithm, weights);
  ASSERT_TRUE(loaded.load(line.data(), line.size()));
  op.options.tuning = &loaded;
  for (const bool again : {false, true}) {
    const auto plan = plan_of(op, weights);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    EXPECT_NE(plan->info().algorithm, algorithm);
    EXPECT_EQ(std::string(plan->info().reason).find("cache") != std::string::npos, again);
    EXPECT_EQ(loaded.size(), 1U);
  }
}

TEST_F(Choice, OfALoadedCacheStaysWithinTheOptions) {
  expect_measured_anew(op_, Algorithm::winograd_f6, weights_);  // too coarse

  OpCase strided = op_;  // no such transform
  strided.desc.stride_h = strided.desc.stride_w = 3;
  expect_measured_anew(strided, Algorithm::winograd_f4, weights_);

  OpCase few_bytes = op_;
  few_bytes.options.algorithm = Algorithm::direct;
  few_bytes.options.packed_limit_bytes = plan_of(few_bytes, weights_)->info().packed_bytes;
  few_bytes.options.algorithm = Algorithm::automatic;
  expect_measured_anew(few_bytes, Algorithm::winograd_f2, weights_);

  OpCase little_workspace = op_;
  little_workspace.options.algorithm = Algorithm::direct;
  little_workspace.options.workspace_limit_bytes = 1;
  const std::string message = plan_of(little_workspace, weights_).status().message();
  little_workspace.options.workspace_limit_bytes =
      std::stoul(message.substr(message.find("at least ") + 9));
  little_workspace.options.algorithm = Algorithm::automatic;
  expect_measured_anew(little_workspace, Algorithm::winograd_f4, weights_);
}

TEST_F(Choice, OfOneWorkspaceLimitIsNotThatOfAnother) {
  TuningCache cache;
  op_.options.tuning = &cache;
  ASSERT_TRUE(plan_of(op_, weights_));
  for (std::size_t limit = std::size_t{1} << 15; limit >= 1; limit /= 2) {
    op_.options.workspace_limit_bytes = limit;
    const auto warm = plan_of(op_, weights_);
    TuningCache fresh;
    op_.options.tuning = &fresh;
    const auto cold = plan_of(op_, weights_);
    op_.options.tuning = &cache;
    EXPECT_STREQ(warm.status().message(), cold.status().message());
    EXPECT_EQ(warm.ok(), cold.ok());
    if (!cold) {
      EXPECT_STREQ(to_string(cold.status().code()), to_string(StatusCode::workspace));
    }
  }
}

TEST_F(Choice, LoadsNothingOfADamagedText) {
  TuningCache cache;
  const std::string text = "layer winograd_f4\nlayer winograd_f5\n";
  const Status status = cache.load(text.data(), text.size());
  EXPECT_EQ(status.code(), StatusCode::bad_packed_data);
  EXPECT_NE(std::string(status.message()).find("line 2"), std::string::npos) << status.message();
  EXPECT_EQ(cache.size(), 0U);
  EXPECT_EQ(cache.load(nullptr, 1).code(), StatusCode::invalid_argument);
}

TEST_F(Choice, LoadsReplaceEntriesOfTheSameLayers) {
  TuningCache cache;
  for (const char* text : {"a direct\nb direct\n", "b winograd_f2\nc winograd_f3\n", ""}) {
    EXPECT_TRUE(cache.load(text, std::string(text).size()));
  }
  EXPECT_EQ(cache.save().value(), "a direct\nb winograd_f2\nc winograd_f3\n");
}

TEST_F(Choice, MeasuresFromSeveralThreads) {
  TuningCache cache;
  op_.options.tuning = &cache;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([this] { EXPECT_TRUE(plan_of(op_, weights_)); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(cache.size(), 1U);
}

TEST_F(Choice, StaysBelowTheCapOfPackedBytes) {
  std::size_t last = SIZE_MAX;
  for (const Algorithm algorithm : {Algorithm::winograd_f4, Algorithm::winograd_f3,
                                    Algorithm::winograd_f2, Algorithm::direct}) {
    op_.options.algorithm = algorithm;
    op_.options.packed_limit_bytes = 0;
    const auto named = plan_of(op_, weights_);
    ASSERT_TRUE(named);
    const std::size_t bytes = named->info().packed_bytes;
    EXPECT_LT(bytes, last);
    last = bytes;

    op_.options.packed_limit_bytes = bytes - 1;
    EXPECT_EQ(plan_of(op_, weights_).status().code(), StatusCode::unsupported);

    op_.options.algorithm = Algorithm::automatic;
    op_.options.packed_limit_bytes = bytes;
    for (const bool measure : {false, true}) {
      TuningCache cache;
      op_.options.tuning = measure ? &cache : nullptr;
      const auto capped = plan_of(op_, weights_);
      ASSERT_TRUE(capped) << capped.status().message();
      EXPECT_LE(capped->info().packed_bytes, bytes);
    }
    op_.options.tuning = nullptr;
  }
  op_.options.packed_limit_bytes = last - 1;
  const Status status = plan_of(op_, weights_).status();
  EXPECT_EQ(status.code(), StatusCode::unsupported);
  EXPECT_NE(std::string(status.message()).find(std::to_string(last)), std::string::npos)
      << status.message();
}

TEST_F(Choice, TellsWhatTheCapCosts) {
  op_ = parse_line("c=64 h=56 w=56 k=64 pt=1 pl=1 pb=1 pr=1").value();
  weights_.assign(static_cast<std::size_t>(op_.desc.weights_size()), 0.5F);
  op_.options.packed_limit_bytes = 300000;
  const auto plan = plan_of(op_, weights_);
  ASSERT_TRUE(plan);
  EXPECT_NE(std::string(plan->info().reason).find("packed_limit_bytes"), std::string::npos)
      << plan->info().reason;
}

}  // namespace
}  // namespace winograd::test
