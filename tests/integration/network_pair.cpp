// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/integration/network_pair.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace winograd::test {
namespace {

constexpr std::uint64_t kSeed = 20240607;

}  // namespace

cv::Mat random_blob(Rng& rng, const std::vector<int>& shape, float low, float high) {
  cv::Mat blob(shape, CV_32F);
  auto* values = blob.ptr<float>();
  for (std::size_t i = 0; i < blob.total(); ++i) values[i] = rng.uniform(low, high);
  return blob;
}

cv::dnn::LayerParams ConvolutionParams::make(Rng& rng) const {
  cv::dnn::LayerParams params;
  const int kernel[] = {kernel_h, kernel_w};
  params.set("kernel_size", cv::dnn::DictValue::arrayInt(kernel, 2));
  params.set("num_output", out_channels);
  params.set("stride", stride);
  params.set("dilation", dilation);
  params.set("group", groups);
  if (std::string(pad_mode).empty()) {
    params.set("pad_h", pad_h);
    params.set("pad_w", pad_w);
    const int pad[] = {pad_h, pad_w, pad_h, pad_w};
    params.set("pad", cv::dnn::DictValue::arrayInt(pad, 4));
  } else {
    params.set("pad_mode", std::string(pad_mode));
  }
  params.set("bias_term", bias);
  params.blobs.push_back(
      random_blob(rng, {out_channels, in_channels / groups, kernel_h, kernel_w}));
  if (bias) params.blobs.push_back(random_blob(rng, {1, out_channels}));
  return params;
}

void add(cv::dnn::Net& net, const std::string& name, const std::string& type,
         cv::dnn::LayerParams params) {
  params.name = name;
  params.type = type;
  net.addLayerToPrev(name, type, params);
}

NetworkPair::NetworkPair(const std::function<void(cv::dnn::Net&, Rng&)>& build,
                         const opencv::Options& options) {
  *this = NetworkPair(
      [&] {
        Rng rng(kSeed);
        cv::dnn::Net net;
        build(net, rng);
        return net;
      },
      options);
}

NetworkPair::NetworkPair(const std::function<cv::dnn::Net()>& read,
                         const opencv::Options& options) {
  const auto make = [&] {
    cv::dnn::Net net = read();
    net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    // OpenCV makes the layers when they are asked for.
    for (const cv::String& name : net.getLayerNames()) net.getLayer(net.getLayerId(name));
    return net;
  };
  theirs = make();
  const Installed installed(options);
  ours = make();
}

cv::Mat NetworkPair::run_and_compare(const cv::Mat& input, double tolerance) {
  ours.setInput(input);
  theirs.setInput(input);
  cv::Mat actual = ours.forward();
  const cv::Mat expected = theirs.forward();
  EXPECT_LE(relative_difference(actual, expected), tolerance);
  return actual;
}

double relative_difference(const cv::Mat& actual, const cv::Mat& expected) {
  if (actual.size != expected.size || actual.type() != expected.type() ||
      !cv::checkRange(actual.reshape(1, 1)) || expected.empty()) {
    return std::numeric_limits<double>::infinity();
  }
  const double scale = cv::norm(expected, cv::NORM_INF);
  const double difference = cv::norm(actual, expected, cv::NORM_INF);
  return difference == 0 ? 0 : difference / scale;
}

}  // namespace winograd::test
