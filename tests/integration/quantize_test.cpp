// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Net::quantize makes of a network with our layers what it makes of one with OpenCV's.
#include <gtest/gtest.h>

#include <opencv2/dnn/dnn.hpp>
#include <string>
#include <vector>
#include <winograd/opencv.hpp>

#include "tests/integration/network_pair.hpp"

namespace winograd::test {
namespace {

std::vector<std::string> types_of(cv::dnn::Net& net) {
  std::vector<std::string> types;
  for (const cv::String& name : net.getLayerNames()) {
    types.push_back(net.getLayer(net.getLayerId(name))->type);
  }
  return types;
}

/// Two convolutions side by side, put together and read by a third; 5 channels, so that OpenCV
/// keeps an aligned copy of the weights. Twice "left", or OpenCV has the two write into "both".
void build(cv::dnn::Net& net, Rng& rng) {
  for (const char* name : {"left", "right"}) {
    cv::dnn::LayerParams params = ConvolutionParams{.in_channels = 5}.make(rng);
    net.addLayer(name, "Convolution", params);
    net.connect(0, 0, net.getLayerId(name), 0);
  }
  cv::dnn::LayerParams params;
  params.set("axis", 1);
  const int both = net.addLayer("both", "Concat", params);
  int input = 0;
  for (const char* name : {"left", "right", "left"}) {
    net.connect(net.getLayerId(name), 0, both, input++);
  }
  cv::dnn::LayerParams last =
      ConvolutionParams{.in_channels = 48, .stride = 2, .groups = 2}.make(rng);
  const int id = net.addLayer("last", "Convolution", last);
  net.connect(both, 0, id, 0);
}

TEST(Quantize, AsOpenCv) {
  for (const opencv::Options& options :
       {opencv::Options{}, opencv::Options{.algorithm = Algorithm::winograd_f2}}) {
    NetworkPair nets(build, options);  // F(2,3) does not cover stride 2: "last" is handed over
    Rng rng(1);
    const cv::Mat input = random_blob(rng, {1, 5, 17, 19});
    const cv::Mat before = nets.run_and_compare(input).clone();

    const Installed installed(options);
    cv::dnn::Net ours = nets.ours.quantize(input, CV_32F, CV_32F);
    cv::dnn::Net theirs = nets.theirs.quantize(input, CV_32F, CV_32F);
    EXPECT_EQ(types_of(ours), types_of(theirs));
    EXPECT_EQ(opencv::report(ours).size(), 0U) << "a convolution stayed fp32";
    ours.setInput(input);
    theirs.setInput(input);
    // Scales come from outputs that differ in their last bits: results by a step here and there.
    EXPECT_LE(relative_difference(ours.forward(), theirs.forward()), 0.02);
    EXPECT_LE(relative_difference(ours.forward(), before), 0.2);

    // The network itself is as it was.
    EXPECT_EQ(cv::norm(nets.run_and_compare(input), before, cv::NORM_INF), 0);
  }
}

TEST(Quantize, BytesInBytesOut) {
  NetworkPair nets(build);
  Rng rng(2);
  const cv::Mat input = random_blob(rng, {1, 5, 17, 19});
  cv::dnn::Net quantized = nets.ours.quantize(input, CV_8S, CV_8S);
  cv::Mat bytes;
  input.convertTo(bytes, CV_8S, 100);
  quantized.setInput(bytes);
  EXPECT_EQ(quantized.forward().type(), CV_8S);
}

TEST(Quantize, AsksForConcatenationsThatAreMade) {
  NetworkPair nets(build);
  ASSERT_EQ(opencv::elide_concats(nets.ours), 1U);
  Rng rng(3);
  const cv::Mat input = random_blob(rng, {1, 5, 17, 19});
  try {
    nets.ours.quantize(input, CV_32F, CV_32F);
    FAIL() << "its ranges come from a blob that nobody filled";
  } catch (const cv::Exception& exception) {
    EXPECT_NE(exception.err.find("elide_concats(net, false)"), std::string::npos) << exception.err;
  }
  opencv::elide_concats(nets.ours, false);
  cv::dnn::Net quantized = nets.ours.quantize(input, CV_32F, CV_32F);
  EXPECT_EQ(opencv::report(quantized).size(), 0U);
}

}  // namespace
}  // namespace winograd::test
