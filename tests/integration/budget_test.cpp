// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The cap of packed bytes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <opencv2/dnn/dnn.hpp>
#include <string>
#include <vector>
#include <winograd/opencv.hpp>

#include "packed_budget.hpp"
#include "tests/integration/network_pair.hpp"

namespace winograd::test {
namespace {

/// A large map with few channels, then a small one with many: saving bytes is cheapest at the end.
void build(cv::dnn::Net& net, Rng& rng) {
  add(net, "large", "Convolution", ConvolutionParams{.out_channels = 32}.make(rng));
  add(net, "down", "Convolution",
      ConvolutionParams{.in_channels = 32, .out_channels = 64, .stride = 4}.make(rng));
  add(net, "small", "Convolution",
      ConvolutionParams{.in_channels = 64, .out_channels = 64}.make(rng));
}

std::size_t packed_bytes(const std::vector<opencv::LayerReport>& report) {
  std::size_t sum = 0;
  for (const opencv::LayerReport& layer : report) sum += layer.packed_bytes;
  return sum;
}

TEST(PackedLimit, HoldsAtAnyValue) {
  NetworkPair nets(build);
  Rng rng(1);
  const cv::Mat input = random_blob(rng, {1, 16, 64, 64});
  nets.run_and_compare(input);
  const std::size_t free = packed_bytes(opencv::report(nets.ours));
  ASSERT_GT(free, 0U);

  for (std::size_t limit = 2 * free; limit > 1000; limit = limit * 3 / 4) {
    opencv::limit_packed_bytes(nets.ours, limit);
    EXPECT_EQ(packed_bytes(opencv::report(nets.ours)), 0U) << "nothing is kept from before";
    nets.run_and_compare(input);
    EXPECT_LE(packed_bytes(opencv::report(nets.ours)), limit);
  }
}

TEST(PackedLimit, NothingForNothing) {
  NetworkPair nets(build);
  Rng rng(1);
  const cv::Mat input = random_blob(rng, {1, 16, 32, 32});
  opencv::limit_packed_bytes(nets.ours, 0);
  nets.run_and_compare(input, 0);
  for (const opencv::LayerReport& layer : opencv::report(nets.ours)) {
    EXPECT_FALSE(layer.ours);
    EXPECT_NE(layer.reason.find("cap"), std::string::npos) << layer.reason;
  }
  opencv::limit_packed_bytes(nets.ours, opencv::kNoLimit);
  nets.run_and_compare(input);
  for (const opencv::LayerReport& layer : opencv::report(nets.ours)) EXPECT_TRUE(layer.ours);
}

TEST(PackedLimit, HoldsForLaterShapes) {
  NetworkPair nets(build);
  Rng rng(1);
  const std::size_t limit = 300'000;
  opencv::limit_packed_bytes(nets.ours, limit);
  std::vector<Algorithm> first;
  for (const int size : {64, 16, 40}) {
    nets.run_and_compare(random_blob(rng, {1, 16, size, size}));
    const auto report = opencv::report(nets.ours);
    EXPECT_LE(packed_bytes(report), limit);
    std::vector<Algorithm> algorithms;
    for (const opencv::LayerReport& layer : report) algorithms.push_back(layer.algorithm);
    if (first.empty()) first = algorithms;
    EXPECT_EQ(algorithms, first);
  }
}

// All in f16 is half of the bytes, and near; a cap takes it only where that was allowed, and then
// before anything else.
TEST(HalfWeights, HalveAllPackedWeights) {
  NetworkPair full(build), half(build, {.weights = opencv::Weights::half});
  Rng rng(1);
  const cv::Mat input = random_blob(rng, {1, 16, 64, 64});
  full.run_and_compare(input);
  const cv::Mat expected = full.ours.forward().clone();
  const cv::Mat actual = half.run_and_compare(input, 5e-3);
  EXPECT_GT(relative_difference(actual, expected), 1e-5) << "these are no f16 weights";
  const auto all = opencv::report(full.ours), halves = opencv::report(half.ours);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_FALSE(all[i].half_weights);
    EXPECT_TRUE(halves[i].half_weights);
    EXPECT_EQ(halves[i].algorithm, all[i].algorithm);
    // The bias and a header stay.
    EXPECT_LE(halves[i].packed_bytes, all[i].packed_bytes / 2 + 512) << all[i].name;
  }
}

TEST(HalfWeights, ComeBeforeSmallerTilesUnderACap) {
  NetworkPair full(build), fitted(build, {.weights = opencv::Weights::half_to_fit});
  Rng rng(1);
  const cv::Mat input = random_blob(rng, {1, 16, 64, 64});
  full.run_and_compare(input);
  const std::vector<opencv::LayerReport> free = opencv::report(full.ours);
  fitted.run_and_compare(input);
  for (const opencv::LayerReport& layer : opencv::report(fitted.ours)) {
    EXPECT_FALSE(layer.half_weights) << "nothing is capped";
  }

  const std::size_t all = packed_bytes(free);
  bool some = false;
  for (std::size_t limit = all; limit > all * 3 / 5; limit -= all / 20) {
    opencv::limit_packed_bytes(fitted.ours, limit);
    fitted.run_and_compare(input, 5e-3);
    const std::vector<opencv::LayerReport> now = opencv::report(fitted.ours);
    EXPECT_LE(packed_bytes(now), limit);
    for (std::size_t i = 0; i < now.size(); ++i) {
      EXPECT_TRUE(now[i].ours) << now[i].reason;
      EXPECT_EQ(now[i].algorithm, free[i].algorithm) << "at " << limit << ": " << now[i].reason;
      some |= now[i].half_weights;
    }
  }
  EXPECT_TRUE(some);

  // As long as it takes: a cap still holds at any value, and for the rest f16 is not thrown away.
  opencv::limit_packed_bytes(fitted.ours, all / 4);
  fitted.run_and_compare(input, 5e-3);
  EXPECT_LE(packed_bytes(opencv::report(fitted.ours)), all / 4);
  opencv::limit_packed_bytes(fitted.ours, opencv::kNoLimit);
  fitted.run_and_compare(input);
}

std::vector<opencv::LayerRequest> two_layers() {
  Conv2dDesc large;
  large.in_channels = large.out_channels = 32;
  large.height = large.width = 128;
  large.set_padding(1);
  Conv2dDesc small = large;
  small.height = small.width = 16;
  return {{large, {}}, {small, {}}};
}

TEST(ChooseWithin, LeavesAloneWhatFits) {
  for (const opencv::Choice& choice : opencv::choose_within(two_layers(), 1 << 20)) {
    EXPECT_TRUE(choice.ours);
    EXPECT_EQ(choice.algorithm, Algorithm::automatic);
    EXPECT_EQ(choice.reason, "");
  }
}

TEST(ChooseWithin, SavesWhereItCostsLeast) {
  // F(4,3) takes 147 kB for each of the two, so one of them has to shrink: the one with less work.
  const auto choices = opencv::choose_within(two_layers(), 270'000);
  EXPECT_EQ(choices.at(0).algorithm, Algorithm::automatic);
  EXPECT_TRUE(choices.at(1).ours);
  EXPECT_NE(choices.at(1).algorithm, Algorithm::automatic);
  EXPECT_NE(choices.at(1).reason, "");
}

TEST(ChooseWithin, CountsHalfOfAccuracyHalf) {
  auto layers = two_layers();
  for (opencv::LayerRequest& layer : layers) layer.options.accuracy = Accuracy::half;
  for (const opencv::Choice& choice : opencv::choose_within(layers, 160'000)) {
    EXPECT_EQ(choice.algorithm, Algorithm::automatic);
    EXPECT_EQ(choice.reason, "");
  }
}

TEST(ChooseWithin, TakesHalvesOnlyIfAllowed) {
  auto layers = two_layers();
  const auto full = opencv::choose_within(layers, 160'000);
  for (const opencv::Choice& choice : full) EXPECT_EQ(choice.accuracy, Accuracy::standard);

  for (opencv::LayerRequest& layer : layers) layer.options.weights = opencv::Weights::half_to_fit;
  for (const opencv::Choice& choice : opencv::choose_within(layers, 160'000)) {
    EXPECT_TRUE(choice.ours);
    EXPECT_EQ(choice.algorithm, Algorithm::automatic);
    EXPECT_EQ(choice.accuracy, Accuracy::half);
    EXPECT_NE(choice.reason.find("f16"), std::string::npos) << choice.reason;
  }
  // One of the two is enough: the one with less work.
  const auto one = opencv::choose_within(layers, 270'000);
  EXPECT_EQ(one.at(0).accuracy, Accuracy::standard);
  EXPECT_EQ(one.at(1).accuracy, Accuracy::half);
}

TEST(ChooseWithin, LeavesOutHalvesThatTheAlgorithmDoesNotHave) {
  auto layers = two_layers();
  for (opencv::LayerRequest& layer : layers) {
    layer.options = {Algorithm::winograd_f6, Accuracy::relaxed, opencv::Weights::half_to_fit};
  }
  for (const opencv::Choice& choice : opencv::choose_within(layers, 200'000)) {
    EXPECT_FALSE(choice.ours);
  }
}

TEST(ChooseWithin, KeepsToANamedAlgorithm) {
  auto layers = two_layers();
  for (opencv::LayerRequest& layer : layers) layer.options.algorithm = Algorithm::winograd_f4;
  const auto choices = opencv::choose_within(layers, 200'000);
  EXPECT_TRUE(choices.at(0).ours);
  EXPECT_EQ(choices.at(0).algorithm, Algorithm::winograd_f4);
  EXPECT_FALSE(choices.at(1).ours);
}

}  // namespace
}  // namespace winograd::test
