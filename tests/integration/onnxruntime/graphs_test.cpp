// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Whole graphs and sessions: choice, options, sizes, sharing, threads.
#include <gtest/gtest.h>

#include <thread>

#include "sessions.hpp"

namespace winograd::ort::test {
namespace {

constexpr double kTolerance = 1e-4;
const ProviderOptions kAll = {{"layers", "all"}};

/// Two residual blocks between a first layer and a head.
std::string tower(const Numbers& input, std::int64_t channels, std::int64_t kernel = 3,
                  std::uint32_t seed = 1) {
  ModelWriter model;
  model.input("x", input);
  add_constant(model, "w0", {channels, input[1], 3, 3}, seed);
  model.conv("x", "w0", "c0").node("Relu", {"c0"}, "r0");
  std::string last = "r0";
  for (int i = 1; i <= 4; ++i) {
    const std::string w = "w" + std::to_string(i), c = "c" + std::to_string(i),
                      r = "r" + std::to_string(i);
    add_constant(model, w, {channels, channels, kernel, kernel},
                 seed + static_cast<std::uint32_t>(i), 0.05F);
    model.conv(last.c_str(), w.c_str(), c, kernel / 2);
    if (i % 2 == 1) {
      model.node("Relu", {c.c_str()}, r);
      last = r;
    } else {
      const std::string before = "r" + std::to_string(i - 2), a = "a" + std::to_string(i);
      model.node("Add", {c.c_str(), before.c_str()}, a).node("Relu", {a.c_str()}, r);
      last = r;
    }
  }
  return model.node("GlobalAveragePool", {last.c_str()}, "p").output("p").output(last).bytes();
}

TEST(OnnxruntimeGraphs, ATowerIsTakenWhereItGains) {
  const std::string bytes = tower({1, 64, 56, 56}, 64);
  Session alone(bytes), with(bytes, {});
  EXPECT_EQ(with.count("winograd"), 5) << ::testing::PrintToString(with.report());
  EXPECT_EQ(with.count("winograd: Conv+Add+Relu by winograd_f4"), 2);
  EXPECT_LE(difference(alone.run({{1, 64, 56, 56}}), with.run({{1, 64, 56, 56}})), kTolerance);
}

TEST(OnnxruntimeGraphs, WhatDoesNotGainStays) {
  // 1x1 kernels are matrix products: nothing is saved there.
  const std::string bytes = tower({1, 3, 56, 56}, 64, 1);
  Session alone(bytes), gain(bytes, {}), all(bytes, kAll);
  EXPECT_EQ(gain.count("winograd"), 0) << ::testing::PrintToString(gain.report());
  EXPECT_EQ(gain.count("ONNX Runtime"), 5);
  EXPECT_EQ(all.count("winograd"), 5);
  const auto expected = alone.run({{1, 3, 56, 56}});
  EXPECT_EQ(difference(expected, gain.run({{1, 3, 56, 56}})), 0);
  EXPECT_LE(difference(expected, all.run({{1, 3, 56, 56}})), kTolerance);
}

TEST(OnnxruntimeGraphs, OpenBatchAndSize) {
  const std::string bytes = tower({-1, 16, -1, -1}, 32);
  Session alone(bytes), with(bytes, kAll);
  EXPECT_EQ(with.count("winograd"), 5);
  for (const Numbers& shape : {Numbers{1, 16, 20, 20}, {3, 16, 9, 31}, {1, 16, 20, 20}}) {
    EXPECT_LE(difference(alone.run({shape}), with.run({shape})), kTolerance);
  }
  // More sizes than a layer keeps plans for.
  for (std::int64_t size = 4; size < 24; ++size) {
    const Numbers shape = {1, 16, size, 5};
    EXPECT_LE(difference(alone.run({shape}), with.run({shape})), kTolerance) << size;
  }
}

TEST(OnnxruntimeGraphs, AnEmptyBatch) {
  ModelWriter model;
  model.input("x", {-1, 16, 14, 14});
  add_constant(model, "w", {32, 16, 3, 3}, 1);
  Session session(model.conv("x", "w", "y").output("y").bytes(), kAll);
  const auto outputs = session.run({{0, 16, 14, 14}});
  EXPECT_EQ(outputs.at(0).shape, (Numbers{0, 32, 14, 14}));
}

TEST(OnnxruntimeGraphs, WithoutOptimisations) {
  const std::string bytes = tower({1, 16, 14, 14}, 32);
  Session alone(bytes), with(bytes, kAll, 1, ORT_DISABLE_ALL);
  EXPECT_EQ(with.count("winograd: Conv+Add+Relu"), 2);
  EXPECT_LE(difference(alone.run({{1, 16, 14, 14}}), with.run({{1, 16, 14, 14}})), kTolerance);
}

TEST(OnnxruntimeGraphs, BatchNormalisationIsFolded) {
  ModelWriter model;
  model.input("x", {1, 16, 14, 14});
  add_constant(model, "w", {32, 16, 3, 3}, 1);
  add_constant(model, "s", {32}, 2);
  add_constant(model, "m", {32}, 3);
  model.floats("v", {32}, std::vector<float>(32, 0.7F));
  model.conv("x", "w", "c")
      .node("BatchNormalization", {"c", "s", "m", "m", "v"}, "n")
      .node("Relu", {"n"}, "y")
      .output("y");
  const std::string bytes = model.bytes();
  Session alone(bytes), with(bytes, kAll);
  EXPECT_EQ(with.count("winograd: Conv+Relu"), 1) << ::testing::PrintToString(with.report());
  EXPECT_LE(difference(alone.run({{1, 16, 14, 14}}), with.run({{1, 16, 14, 14}})), kTolerance);
}

TEST(OnnxruntimeGraphs, WeightsThatOthersReadToo) {
  ModelWriter model;
  model.input("x", {1, 16, 14, 14});
  add_constant(model, "w", {16, 16, 3, 3}, 1);
  model.conv("x", "w", "c")
      .conv("c", "w", "y")
      .node("ReduceSum", {"w"}, "sum")
      .output("y")
      .output("sum");
  const std::string bytes = model.bytes();
  Session alone(bytes), with(bytes, kAll);
  EXPECT_EQ(with.count("winograd"), 2);
  EXPECT_LE(difference(alone.run({{1, 16, 14, 14}}), with.run({{1, 16, 14, 14}})), kTolerance);
}

bool all_shared(const Session& session) {
  for (const std::string& line : session.report()) {
    if (line.find("bytes packed, shared") == std::string::npos) return false;
  }
  return !session.report().empty();
}

TEST(OnnxruntimeGraphs, SessionsOfOneModelShareTheirWeights) {
  const std::string bytes = tower({1, 16, 14, 14}, 32, 3, 50);
  Session first(bytes, kAll);
  EXPECT_FALSE(all_shared(first));
  {
    Session second(bytes, kAll), other(tower({1, 16, 14, 14}, 32, 3, 60), kAll);
    EXPECT_TRUE(all_shared(second)) << ::testing::PrintToString(second.report());
    EXPECT_FALSE(all_shared(other));
    EXPECT_EQ(difference(first.run({{1, 16, 14, 14}}), second.run({{1, 16, 14, 14}})), 0);
    EXPECT_GT(difference(first.run({{1, 16, 14, 14}}), other.run({{1, 16, 14, 14}})), 0.01);
  }
  // With another accuracy they are others.
  EXPECT_FALSE(all_shared(Session(bytes, {{"layers", "all"}, {"accuracy", "half"}})));
}

TEST(OnnxruntimeGraphs, RunsAtTheSameTime) {
  const std::string bytes = tower({-1, 16, 14, 14}, 32);
  Session session(bytes, kAll, 2);
  const auto expected = session.run({{1, 16, 14, 14}});
  std::vector<double> differences(4, HUGE_VAL);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < differences.size(); ++i) {
    threads.emplace_back([&, i] {
      for (int run = 0; run < 5; ++run) {
        differences[i] = difference(expected, session.run({{1, 16, 14, 14}}));
        if (differences[i] != 0) return;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const double one : differences) EXPECT_EQ(one, 0);
}

TEST(OnnxruntimeGraphs, TheNumberOfThreadsDoesNotChangeABit) {
  // No head: ONNX Runtime's own means would depend on it.
  ModelWriter model;
  model.input("x", {1, 32, 28, 28});
  add_constant(model, "w", {32, 32, 3, 3}, 1);
  const std::string bytes = model.conv("x", "w", "y").output("y").bytes();
  const Numbers shape = {1, 32, 28, 28};
  Session one(bytes, kAll, 1), pool(bytes, kAll, 2);
  Session told(bytes, {{"layers", "all"}, {"threads", "3"}}, 2);
  EXPECT_EQ(difference(one.run({shape}), pool.run({shape})), 0);
  EXPECT_EQ(difference(one.run({shape}), told.run({shape})), 0);
}

TEST(OnnxruntimeGraphs, PackedWeightsHaveALimit) {
  const std::string bytes = tower({1, 16, 14, 14}, 32);
  const auto count = [&](const char* limit) {
    return Session(bytes, {{"layers", "all"}, {"packed_limit_bytes", limit}}).count("winograd");
  };
  EXPECT_EQ(count("1000"), 0);
  EXPECT_EQ(count("10000000"), 5);
  const int some = count("400000");
  EXPECT_GT(some, 0);
  EXPECT_LT(some, 5);
}

TEST(OnnxruntimeGraphs, HalfTheMemoryWithAnErrorThatIsSmall) {
  const std::string bytes = tower({1, 16, 14, 14}, 32);
  Session alone(bytes), with(bytes, {{"layers", "all"}, {"accuracy", "half"}});
  const double error = difference(alone.run({{1, 16, 14, 14}}), with.run({{1, 16, 14, 14}}));
  EXPECT_GT(error, 1e-6);
  EXPECT_LT(error, 1e-2);
}

TEST(OnnxruntimeGraphs, OptionsThatThereAreNot) {
  const std::string bytes = tower({1, 16, 14, 14}, 32);
  const auto message = [&](const ProviderOptions& options) -> std::string {
    try {
      Session session(bytes, options);
    } catch (const Ort::Exception& e) {
      return e.what();
    }
    return "none";
  };
  EXPECT_NE(message({{"layer", "all"}}).find("no option layer, only layers"), std::string::npos);
  EXPECT_NE(message({{"layers", "some"}}).find("layers is 'some': gain or all"), std::string::npos);
  EXPECT_NE(message({{"accuracy", "best"}}).find("strict, standard, relaxed or half"),
            std::string::npos);
  EXPECT_NE(message({{"threads", "-1"}}).find("a number from 0 to 1024"), std::string::npos);
  EXPECT_NE(message({{"packed_limit_bytes", "1 MB"}}).find("packed_limit_bytes is '1 MB'"),
            std::string::npos);
  EXPECT_NE(message({{"report", "/nowhere/at/all"}}).find("cannot be written"), std::string::npos);
}

TEST(OnnxruntimeGraphs, AnInputThatDoesNotFitIsAnError) {
  const std::string bytes = tower({-1, 16, -1, -1}, 32);
  Session session(bytes, kAll);
  EXPECT_THROW(session.run({{1, 12, 20, 20}}), Ort::Exception);
  EXPECT_NO_THROW(session.run({{1, 16, 20, 20}}));
}

}  // namespace
}  // namespace winograd::ort::test
