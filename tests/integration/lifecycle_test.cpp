// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Installing, delegating, new shapes and weights, several networks at once.
#include <gtest/gtest.h>

#include <array>
#include <opencv2/dnn/all_layers.hpp>
#include <opencv2/dnn/dnn.hpp>
#include <string>
#include <thread>
#include <vector>
#include <winograd/opencv.hpp>

#include "convolution.hpp"
#include "tests/integration/network_pair.hpp"

namespace winograd::test {
namespace {

/// Whether a convolution made now is ours.
bool made_ours() {
  Rng rng(1);
  cv::dnn::Net net;
  add(net, "conv", "Convolution", ConvolutionParams{}.make(rng));
  return !net.getLayer(net.getLayerId("conv")).dynamicCast<opencv::Convolution>().empty();
}

TEST(Install, IsCounted) {
  ASSERT_FALSE(opencv::installed());
  EXPECT_FALSE(made_ours());
  EXPECT_FALSE(opencv::uninstall());
  opencv::install();
  EXPECT_TRUE(made_ours());
  opencv::install();
  EXPECT_TRUE(opencv::uninstall());
  EXPECT_TRUE(opencv::installed());
  EXPECT_TRUE(made_ours());
  EXPECT_TRUE(opencv::uninstall());
  EXPECT_FALSE(opencv::installed());
  EXPECT_FALSE(made_ours());
  EXPECT_FALSE(opencv::uninstall());
}

TEST(Install, FromManyThreads) {
  std::vector<std::thread> threads;
  std::array<int, 4> ours{};
  for (int& count : ours) {
    threads.emplace_back([&count] {
      for (int i = 0; i < 50; ++i) {
        const Installed installed;
        count += made_ours();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const int count : ours) EXPECT_EQ(count, 50);
  EXPECT_FALSE(opencv::installed());
  EXPECT_FALSE(made_ours());
}

TEST(Install, LayersOutliveIt) {
  NetworkPair nets([](cv::dnn::Net& net, Rng& rng) {
    add(net, "conv", "Convolution", ConvolutionParams{}.make(rng));
  });
  ASSERT_FALSE(opencv::installed());
  EXPECT_EQ(opencv::report(nets.ours).at(0).reason, "it has not run yet");
  EXPECT_EQ(opencv::report(nets.theirs).at(0).reason,
            "it was made while winograd was not installed");
  Rng rng(1);
  nets.run_and_compare(random_blob(rng, {1, 16, 9, 9}));
  const auto report = opencv::report(nets.ours);
  EXPECT_TRUE(report.at(0).ours);
  EXPECT_GT(report.at(0).milliseconds, 0);
  EXPECT_GT(report.at(0).packed_bytes, 0U);
  EXPECT_FALSE(report.at(0).kernel.empty());
}

TEST(Install, OptionsHoldForLayersMadeAfter) {
  for (const Algorithm algorithm : {Algorithm::direct, Algorithm::winograd_f2}) {
    NetworkPair nets(
        [](cv::dnn::Net& net, Rng& rng) {
          add(net, "conv", "Convolution", ConvolutionParams{}.make(rng));
        },
        {algorithm, Accuracy::strict});
    Rng rng(1);
    nets.run_and_compare(random_blob(rng, {1, 16, 24, 24}));
    EXPECT_EQ(opencv::report(nets.ours).at(0).algorithm, algorithm);
  }
}

TEST(Delegation, WhatANamedAlgorithmDoesNotCover) {
  NetworkPair nets(
      [](cv::dnn::Net& net, Rng& rng) {
        add(net, "conv", "Convolution", ConvolutionParams{.stride = 3}.make(rng));
        add(net, "norm", "Power");
        add(net, "relu", "ReLU");
      },
      {Algorithm::winograd_f4, Accuracy::standard});
  Rng rng(1);
  // Twice: what was handed over stays so, with what is fused.
  for (const int size : {24, 17}) {
    nets.run_and_compare(random_blob(rng, {1, 16, size, size}), 0);
    const auto report = opencv::report(nets.ours);
    EXPECT_FALSE(report.at(0).ours);
    EXPECT_NE(report.at(0).reason.find("stride_h"), std::string::npos) << report.at(0).reason;
  }
}

TEST(Delegation, ThreeDimensions) {
  NetworkPair nets([](cv::dnn::Net& net, Rng& rng) {
    cv::dnn::LayerParams params;
    const int kernel[] = {3, 3, 3};
    const int pad[] = {1, 1, 1, 1, 1, 1};
    const int ones[] = {1, 1, 1};
    params.set("kernel_size", cv::dnn::DictValue::arrayInt(kernel, 3));
    params.set("pad", cv::dnn::DictValue::arrayInt(pad, 6));
    params.set("stride", cv::dnn::DictValue::arrayInt(ones, 3));
    params.set("dilation", cv::dnn::DictValue::arrayInt(ones, 3));
    params.set("num_output", 4);
    params.set("bias_term", false);
    params.blobs.push_back(random_blob(rng, {4, 2, 3, 3, 3}));
    add(net, "conv", "Convolution", params);
  });
  Rng rng(1);
  nets.run_and_compare(random_blob(rng, {1, 2, 5, 6, 7}), 0);
  const auto report = opencv::report(nets.ours);
  EXPECT_FALSE(report.at(0).ours);
  EXPECT_EQ(report.at(0).reason, "it is not 2-D");
}

TEST(Shapes, ANewOneKeepsThePackedWeights) {
  NetworkPair nets([](cv::dnn::Net& net, Rng& rng) {
    add(net, "conv", "Convolution", ConvolutionParams{}.make(rng));
    add(net, "power", "Power", [] {
      cv::dnn::LayerParams params;
      params.set("scale", 0.3);
      return params;
    }());
    add(net, "relu", "ReLU");
  });
  const auto layer = nets.ours.getLayer(nets.ours.getLayerId("conv"));
  const auto conv = layer.dynamicCast<opencv::Convolution>();
  ASSERT_FALSE(conv.empty());
  Rng rng(1);
  nets.run_and_compare(random_blob(rng, {1, 16, 24, 24}));
  ASSERT_TRUE(conv->packed_weights());
  const auto first = *conv->packed_weights();
  for (const std::vector<int>& shape :
       {std::vector{1, 16, 9, 31}, {2, 16, 24, 24}, {1, 16, 5, 4}}) {
    nets.run_and_compare(random_blob(rng, shape));
    ASSERT_TRUE(conv->packed_weights());
    EXPECT_EQ(*conv->packed_weights(), first);
    EXPECT_EQ(opencv::report(nets.ours).at(0).desc.height, shape[2]);
  }
}

TEST(Shapes, NewWeightsArePackedAnew) {
  NetworkPair nets([](cv::dnn::Net& net, Rng& rng) {
    add(net, "conv", "Convolution", ConvolutionParams{}.make(rng));
  });
  Rng rng(1);
  const cv::Mat before = nets.run_and_compare(random_blob(rng, {1, 16, 24, 24})).clone();
  const cv::Mat weights = random_blob(rng, {16, 16, 3, 3});
  nets.ours.setParam("conv", 0, weights);
  nets.theirs.setParam("conv", 0, weights);
  // OpenCV looks at parameters when it sets a network up: here for the other shape.
  const cv::Mat after = nets.run_and_compare(random_blob(rng, {1, 16, 23, 24}));
  EXPECT_NE(before.size, after.size);
}

TEST(Threads, TwoNetworksAtOnce) {
  const auto build = [](cv::dnn::Net& net, Rng& rng) {
    for (int i = 0; i < 4; ++i) {
      add(net, "conv" + std::to_string(i), "Convolution", ConvolutionParams{}.make(rng));
      add(net, "relu" + std::to_string(i), "ReLU");
    }
  };
  NetworkPair first(build), second(build);
  NetworkPair* const pairs[] = {&first, &second};
  std::vector<std::thread> threads;
  std::array<cv::Mat, 2> last;
  for (std::size_t t = 0; t < 2; ++t) {
    threads.emplace_back([&, t] {
      Rng rng(7);
      const cv::Mat input = random_blob(rng, {1, 16, 20 + static_cast<int>(t), 33});
      for (int i = 0; i < 20; ++i) last[t] = pairs[t]->run_and_compare(input);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(last[0].size[2], 20);
  EXPECT_EQ(last[1].size[2], 21);
}

TEST(Threads, TheirNumberChangesNoBit) {
  NetworkPair nets([](cv::dnn::Net& net, Rng& rng) {
    add(net, "conv", "Convolution", ConvolutionParams{}.make(rng));
  });
  Rng rng(1);
  const cv::Mat input = random_blob(rng, {1, 16, 40, 41});
  const int usual = cv::getNumThreads();
  cv::setNumThreads(1);
  const cv::Mat serial = nets.run_and_compare(input).clone();
  cv::setNumThreads(3);
  EXPECT_EQ(cv::norm(serial, nets.run_and_compare(input), cv::NORM_INF), 0);
  cv::setNumThreads(usual);
}

}  // namespace
}  // namespace winograd::test
