// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Weights that change while a network is in use: exchanged, or in place.
#include <gtest/gtest.h>

#include <cstdint>
#include <opencv2/dnn/dnn.hpp>
#include <string>
#include <utility>
#include <vector>
#include <winograd/opencv.hpp>

#include "convolution.hpp"
#include "fingerprint.hpp"
#include "tests/integration/network_pair.hpp"

namespace winograd::test {
namespace {

cv::Mat filled(const std::vector<int>& shape, float value) {
  return {shape, CV_32F, cv::Scalar(value)};
}

/// One convolution of ones, 9 weights of `value` each, behind it what `follow` adds.
cv::dnn::Net net_of(float value, const opencv::Options& options = {}) {
  const Installed installed(options);
  cv::dnn::Net net;
  cv::dnn::LayerParams params;
  params.set("kernel_size", 3);
  params.set("pad", 1);
  params.set("num_output", 8);
  params.set("bias_term", true);
  params.blobs = {filled({8, 8, 3, 3}, value), filled({1, 8}, 0)};
  add(net, "conv", "Convolution", params);
  net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
  net.getLayer(net.getLayerId("conv"));  // makes it
  return net;
}

/// The sum of the 72 products in the middle of an image of ones.
float middle(cv::dnn::Net& net, int size = 8) {
  net.setInput(filled({1, 8, size, size}, 1));
  const cv::Mat result = net.forward();
  return result.ptr<float>()[size + 1];
}

constexpr float kOnce = 9, kTwice = 18;
constexpr float kWeight = 0.125F;  // 72 of them are 9

/// The same with some 600 KiB of weights.
ConvolutionParams large() { return {.in_channels = 128, .out_channels = 128}; }

cv::Mat& weights_of(cv::dnn::Net& net) { return net.getLayer(net.getLayerId("conv"))->blobs.at(0); }

TEST(Weights, DoubledInPlaceCountAtOnce) {
  for (const bool set : {false, true}) {
    for (const bool handed_over : {false, true}) {
      SCOPED_TRACE((set ? "set again, " : "") + std::string(handed_over ? "OpenCV's" : "ours"));
      cv::dnn::Net net = net_of(kWeight);
      if (handed_over) opencv::limit_packed_bytes(net, 0);
      EXPECT_EQ(middle(net), kOnce);
      EXPECT_NE(opencv::report(net).at(0).ours, handed_over);
      cv::Mat weights = net.getParam("conv", 0);
      weights *= 2;
      if (set) net.setParam("conv", 0, weights);
      EXPECT_EQ(middle(net), kTwice);
      EXPECT_EQ(middle(net, 10), kTwice);
    }
  }
}

TEST(Weights, DoubledThroughAHandleThatIsLetGo) {
  for (const bool through_layer : {false, true}) {
    cv::dnn::Net net = net_of(kWeight);
    EXPECT_EQ(middle(net), kOnce);
    if (through_layer) {
      weights_of(net) *= 2;
    } else {
      net.getParam("conv", 0) *= 2;
    }
    EXPECT_EQ(middle(net), kTwice);
  }
}

TEST(Weights, OneValueOfFew) {
  cv::dnn::Net net = net_of(kWeight);
  EXPECT_EQ(middle(net), kOnce);
  weights_of(net).ptr<float>()[5] += 1;
  EXPECT_EQ(middle(net), kOnce + 1);
  net.getLayer(net.getLayerId("conv"))->blobs.at(1).ptr<float>()[0] = 0.5F;
  EXPECT_EQ(middle(net), kOnce + 1.5F) << "of the bias";
}

TEST(Weights, OneValueOfMany) {
  // Of many, so that looking at places does not show it; but a holder does, or the option.
  for (const bool watch : {false, true}) {
    SCOPED_TRACE(watch);
    NetworkPair nets(
        [](cv::dnn::Net& net, Rng& rng) { add(net, "conv", "Convolution", large().make(rng)); },
        {.watch_weights = watch});
    Rng rng(1);
    const cv::Mat input = random_blob(rng, {1, 128, 8, 8});
    nets.run_and_compare(input);
    const cv::Mat held = watch ? cv::Mat() : nets.ours.getParam("conv", 0);
    for (cv::dnn::Net* net : {&nets.ours, &nets.theirs}) weights_of(*net).ptr<float>()[17] += 30;
    nets.run_and_compare(input);
    if (watch) continue;
    nets.ours.getLayer(nets.ours.getLayerId("conv"))->blobs.at(1).ptr<float>()[0] = 7;
    nets.theirs.setParam("conv", 1, nets.ours.getParam("conv", 1).clone());
    // OpenCV looks at a bias when it sets a network up.
    nets.theirs.setInput(random_blob(rng, {1, 128, 4, 4}));
    nets.theirs.forward();
    nets.run_and_compare(input);
  }
}

TEST(Weights, OneValueOfManyThatNobodyHoldsCountsFromTheNextSetUp) {
  NetworkPair nets(
      [](cv::dnn::Net& net, Rng& rng) { add(net, "conv", "Convolution", large().make(rng)); });
  Rng rng(1);
  const cv::Mat input = random_blob(rng, {1, 128, 8, 8});
  const cv::Mat before = nets.run_and_compare(input).clone();
  for (cv::dnn::Net* net : {&nets.ours, &nets.theirs}) weights_of(*net).ptr<float>()[17] += 30;
  // That nobody is taken for a holder: all looks would cost what looking costs.
  nets.ours.setInput(input);
  EXPECT_EQ(cv::norm(nets.ours.forward(), before, cv::NORM_INF), 0);
  nets.run_and_compare(random_blob(rng, {1, 128, 8, 9}));
  nets.run_and_compare(input);
}

TEST(Weights, AnotherMatrixCountsAtOnce) {
  cv::dnn::Net net = net_of(kWeight);
  EXPECT_EQ(middle(net), kOnce);
  net.setParam("conv", 0, filled({8, 8, 3, 3}, 2 * kWeight));
  EXPECT_EQ(middle(net), kTwice);
}

TEST(Weights, ABlobOfAnotherShapeIsAnError) {
  cv::dnn::Net net = net_of(kWeight);
  EXPECT_EQ(middle(net), kOnce);
  net.setParam("conv", 0, filled({8, 8, 1, 1}, 1));
  EXPECT_THROW(middle(net), cv::Exception);
  net.setParam("conv", 0, cv::Mat(std::vector<int>{8, 8, 3, 3}, CV_8U, cv::Scalar(1)));
  EXPECT_THROW(middle(net), cv::Exception);
  net.setParam("conv", 0, filled({8, 8, 3, 3}, kWeight));
  EXPECT_EQ(middle(net), kOnce) << "it recovers";
}

TEST(Weights, EqualOnesAreNotPackedAnew) {
  cv::dnn::Net net = net_of(kWeight);
  EXPECT_EQ(middle(net), kOnce);
  const auto conv = net.getLayer(net.getLayerId("conv")).dynamicCast<opencv::Convolution>();
  ASSERT_FALSE(conv.empty());
  const auto packed = *conv->packed_weights();
  net.setParam("conv", 0, filled({8, 8, 3, 3}, kWeight));
  EXPECT_EQ(middle(net), kOnce);
  EXPECT_EQ(middle(net, 9), kOnce);
  EXPECT_EQ(*conv->packed_weights(), packed);
}

TEST(Fingerprint, ShowsWhateverChanges) {
  const std::uint64_t nothing = opencv::fingerprint({cv::Mat()});
  EXPECT_EQ(nothing, opencv::fingerprint({}));
  // Larger than the chunks it works in, and no multiple of anything.
  std::vector<cv::Mat> blobs = {filled({1, 200003}, 0.5F), filled({1, 7}, 0), cv::Mat()};
  const std::uint64_t before = opencv::fingerprint(blobs);
  EXPECT_EQ(opencv::fingerprint({blobs[0].clone(), blobs[1].clone(), {}}), before);
  for (const int index : {0, 1, 15, 16, 65535, 65536, 131071, 199999, 200002}) {
    float& value = blobs[0].ptr<float>()[index];
    for (const float other : {0.25F, -0.5F, 0.50000006F}) {
      value = other;
      EXPECT_NE(opencv::fingerprint(blobs), before) << index << ": " << other;
    }
    value = 0.5F;
  }
  EXPECT_EQ(opencv::fingerprint(blobs), before);

  // Signs of neighbours, of values a chunk apart; a swap; a zero in the last blob that gets a sign.
  const auto shows = [&](auto change) {
    std::vector<cv::Mat> changed = {blobs[0].clone(), blobs[1].clone(), {}};
    change(changed[0].ptr<float>(), changed[1].ptr<float>());
    return opencv::fingerprint(changed) != before;
  };
  EXPECT_TRUE(shows([](float* a, float*) { a[1] = a[3] = -0.5F; }));
  EXPECT_TRUE(shows([](float* a, float*) { a[1] = a[17] = -0.5F; }));
  EXPECT_TRUE(shows([](float* a, float*) { a[1] = a[65537] = -0.5F; }));
  EXPECT_TRUE(shows([](float*, float* b) { b[6] = -0.0F; }));
  EXPECT_TRUE(shows([](float* a, float* b) { std::swap(a[200002], b[0]); }));
  const int usual = cv::getNumThreads();
  for (const int threads : {1, 3}) {
    cv::setNumThreads(threads);
    EXPECT_EQ(opencv::fingerprint(blobs), before);
  }
  cv::setNumThreads(usual);

  const std::uint64_t places = opencv::fingerprint_of_places(blobs);
  for (const int index : {0, 15, 200002}) {  // the ends of a large blob
    blobs[0].ptr<float>()[index] += 1;
    EXPECT_NE(opencv::fingerprint_of_places(blobs), places) << index;
    blobs[0].ptr<float>()[index] -= 1;
  }
  blobs[1].ptr<float>()[3] = 1;  // anywhere in a small one
  EXPECT_NE(opencv::fingerprint_of_places(blobs), places);
}

}  // namespace
}  // namespace winograd::test
