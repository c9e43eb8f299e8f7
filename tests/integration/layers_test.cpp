// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Single convolutions with what OpenCV fuses into them, against OpenCV's own.
#include <gtest/gtest.h>

#include <array>
#include <opencv2/dnn/dnn.hpp>
#include <ostream>
#include <string>
#include <vector>
#include <winograd/opencv.hpp>

#include "tests/integration/network_pair.hpp"

namespace winograd::test {
namespace {

struct Geometry {
  const char* name;
  ConvolutionParams params;
  std::array<int, 4> input;
};

std::ostream& operator<<(std::ostream& out, const Geometry& geometry) {
  return out << geometry.name;
}

const Geometry kGeometries[] = {
    {"ThreeByThree", {}, {1, 16, 21, 19}},
    {"NoBias", {.bias = false}, {1, 16, 12, 12}},
    {"OddChannels", {.in_channels = 5, .out_channels = 7}, {1, 5, 9, 14}},
    {"NoPadding", {.pad_h = 0, .pad_w = 0}, {1, 16, 11, 17}},
    {"WidePadding", {.pad_h = 3, .pad_w = 2}, {1, 16, 8, 8}},
    {"Batch", {}, {3, 16, 10, 13}},
    {"OneByOne", {.kernel_h = 1, .kernel_w = 1, .pad_h = 0, .pad_w = 0}, {1, 16, 10, 13}},
    {"FiveByFive", {.kernel_h = 5, .kernel_w = 5, .pad_h = 2, .pad_w = 2}, {1, 16, 15, 14}},
    {"SevenByThree", {.kernel_h = 7, .pad_h = 3}, {1, 16, 15, 14}},
    {"OneByThree", {.kernel_h = 1, .pad_h = 0}, {1, 16, 15, 14}},
    {"Stride", {.stride = 2}, {1, 16, 21, 18}},
    {"Dilation", {.dilation = 2, .pad_h = 2, .pad_w = 2}, {1, 16, 21, 18}},
    {"Groups", {.groups = 4}, {1, 16, 9, 11}},
    {"Depthwise", {.groups = 16}, {2, 16, 9, 11}},
    {"DepthwiseStride", {.stride = 2, .groups = 16}, {1, 16, 20, 11}},
    {"Same", {.pad_mode = "SAME"}, {1, 16, 14, 15}},
    {"SameStride", {.stride = 2, .pad_mode = "SAME"}, {1, 16, 14, 15}},
    {"SameStrideBeyondKernel",
     {.kernel_h = 1, .kernel_w = 1, .stride = 2, .pad_mode = "SAME"},
     {1, 16, 14, 15}},
    {"Valid", {.kernel_h = 5, .pad_mode = "VALID"}, {1, 16, 14, 15}},
};

class Geometries : public testing::TestWithParam<Geometry> {};

TEST_P(Geometries, AsOpenCv) {
  const Geometry& geometry = GetParam();
  NetworkPair nets([&](cv::dnn::Net& net, Rng& rng) {
    add(net, "conv", "Convolution", geometry.params.make(rng));
  });
  Rng rng(1);
  nets.run_and_compare(random_blob(rng, {geometry.input.begin(), geometry.input.end()}));
  const auto report = opencv::report(nets.ours);
  ASSERT_EQ(report.size(), 1U);
  EXPECT_TRUE(report[0].ours) << report[0].reason;
  EXPECT_EQ(report[0].desc.batch, geometry.input[0]);
}

INSTANTIATE_TEST_SUITE_P(, Geometries, testing::ValuesIn(kGeometries),
                         [](const auto& info) { return std::string(info.param.name); });

struct Follower {
  const char* name;
  std::string type;
  cv::dnn::LayerParams params;
  Activation fused;
};

std::ostream& operator<<(std::ostream& out, const Follower& follower) {
  return out << follower.name;
}

cv::dnn::LayerParams with(const std::string& key, double value) {
  cv::dnn::LayerParams params;
  params.set(key, value);
  return params;
}

cv::dnn::LayerParams clip(double low, double high) {
  cv::dnn::LayerParams params = with("min_value", low);
  params.set("max_value", high);
  return params;
}

cv::dnn::LayerParams hard_sigmoid(double alpha, double beta) {
  cv::dnn::LayerParams params = with("alpha", alpha);
  params.set("beta", beta);
  return params;
}

cv::dnn::LayerParams slopes(int count) {
  Rng rng(6);
  cv::dnn::LayerParams params;
  params.blobs.push_back(random_blob(rng, {1, count}, -0.5F, 0.5F));
  return params;
}

class Activations : public testing::TestWithParam<Follower> {};

TEST_P(Activations, FusedOrLeftAlone) {
  const Follower& follower = GetParam();
  NetworkPair nets([&](cv::dnn::Net& net, Rng& rng) {
    add(net, "conv", "Convolution", ConvolutionParams{}.make(rng));
    add(net, "activation", follower.type, follower.params);
  });
  Rng rng(2);
  nets.run_and_compare(random_blob(rng, {1, 16, 13, 22}));
  EXPECT_EQ(opencv::report(nets.ours).at(0).desc.activation, follower.fused);
}

INSTANTIATE_TEST_SUITE_P(
    , Activations,
    testing::Values(Follower{"Relu", "ReLU", {}, Activation::relu},
                    Follower{"Leaky", "ReLU", with("negative_slope", 0.2), Activation::leaky_relu},
                    Follower{"Relu6", "ReLU6", {}, Activation::clamp},
                    Follower{"Clip", "ReLU6", clip(-0.5, 2.5), Activation::clamp},
                    Follower{"Sigmoid", "Sigmoid", {}, Activation::sigmoid},
                    Follower{"Tanh", "TanH", {}, Activation::tanh},
                    Follower{"Swish", "Swish", {}, Activation::silu},
                    Follower{"Mish", "Mish", {}, Activation::mish},
                    Follower{"HardSwish", "HardSwish", {}, Activation::hard_swish},
                    Follower{"HardSigmoid", "HardSigmoid", hard_sigmoid(1.0 / 6, 0.5),
                             Activation::hard_sigmoid},
                    Follower{"OtherHardSigmoid", "HardSigmoid", hard_sigmoid(0.2, 0.5),
                             Activation::none},
                    Follower{"Prelu", "PReLU", slopes(16), Activation::prelu},
                    Follower{"OneSlope", "PReLU", slopes(1), Activation::leaky_relu},
                    Follower{"Elu", "ELU", {}, Activation::none}),
    [](const auto& info) { return std::string(info.param.name); });

/// Mean, variance, weight and bias of a batch normalisation.
cv::dnn::LayerParams batch_norm(Rng& rng, int channels) {
  cv::dnn::LayerParams params;
  params.set("has_weight", true);
  params.set("has_bias", true);
  params.blobs.push_back(random_blob(rng, {1, channels}));
  params.blobs.push_back(random_blob(rng, {1, channels}, 0.5F, 2));
  params.blobs.push_back(random_blob(rng, {1, channels}));
  params.blobs.push_back(random_blob(rng, {1, channels}));
  return params;
}

TEST(Fusion, FoldsFactorsAndSummandsInTheirOrder) {
  NetworkPair nets([](cv::dnn::Net& net, Rng& rng) {
    add(net, "conv", "Convolution", ConvolutionParams{.bias = false}.make(rng));
    add(net, "norm", "BatchNorm", batch_norm(rng, 16));
    add(net, "dropout", "Dropout");
    cv::dnn::LayerParams power = with("scale", 0.25);
    power.set("shift", 0.75);
    add(net, "power", "Power", power);
    cv::dnn::LayerParams scale = with("axis", 1);
    scale.set("bias_term", true);
    scale.blobs = {random_blob(rng, {1, 16}), random_blob(rng, {1, 16})};
    add(net, "scale", "Scale", scale);
    add(net, "relu", "ReLU");
  });
  Rng rng(3);
  nets.run_and_compare(random_blob(rng, {2, 16, 13, 22}));
  // All of them: the convolution's own time is all there is.
  std::vector<double> ticks;
  nets.ours.getPerfProfile(ticks);
  ASSERT_EQ(ticks.size(), 6U);
  for (std::size_t i = 1; i < ticks.size(); ++i) EXPECT_EQ(ticks[i], 0) << "layer " << i;
}

TEST(Fusion, LeavesASquareAlone) {
  NetworkPair nets([](cv::dnn::Net& net, Rng& rng) {
    add(net, "conv", "Convolution", ConvolutionParams{}.make(rng));
    add(net, "power", "Power", with("power", 2));
  });
  Rng rng(4);
  nets.run_and_compare(random_blob(rng, {1, 16, 13, 22}));
}

TEST(Fusion, ReachesAConcatenationWithoutACopy) {
  // Two convolutions of one input, side by side: OpenCV lets them write into the result.
  NetworkPair nets([](cv::dnn::Net& net, Rng& rng) {
    for (const char* name : {"left", "right"}) {
      cv::dnn::LayerParams params = ConvolutionParams{}.make(rng);
      net.addLayer(name, "Convolution", params);
      net.connect(0, 0, net.getLayerId(name), 0);
    }
    cv::dnn::LayerParams params = with("axis", 1);
    const int both = net.addLayer("both", "Concat", params);
    net.connect(net.getLayerId("left"), 0, both, 0);
    net.connect(net.getLayerId("right"), 0, both, 1);
  });
  Rng rng(5);
  nets.run_and_compare(random_blob(rng, {1, 16, 13, 22}));
  nets.run_and_compare(random_blob(rng, {2, 16, 13, 22}));
}

}  // namespace
}  // namespace winograd::test
