// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Parameters of OpenCV's convolution layer, sensible and not: a network with them does inside
// winograd what it does without, and fails where it fails without.
#include <fuzzer/FuzzedDataProvider.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn/dnn.hpp>
#include <vector>

#include "tests/fuzz/require.hpp"
#include "tests/integration/network_pair.hpp"

namespace winograd::test {
namespace {

using Bytes = FuzzedDataProvider;

ConvolutionParams any_convolution(int in_channels, Bytes& in) {
  static constexpr const char* kPadModes[] = {"", "", "", "SAME", "VALID"};
  ConvolutionParams params;
  params.in_channels = in_channels;
  params.out_channels = in.ConsumeIntegralInRange(1, 20);
  params.kernel_h = in.ConsumeIntegralInRange(1, 5);
  params.kernel_w = in.ConsumeBool() ? params.kernel_h : in.ConsumeIntegralInRange(1, 5);
  params.stride = in.ConsumeIntegralInRange(1, 3);
  params.dilation = in.ConsumeBool() ? 1 : in.ConsumeIntegralInRange(1, 3);
  params.pad_h = in.ConsumeIntegralInRange(0, 4);
  params.pad_w = in.ConsumeBool() ? params.pad_h : in.ConsumeIntegralInRange(0, 4);
  params.pad_mode = in.PickValueInArray(kPadModes);
  params.bias = in.ConsumeBool();
  switch (in.ConsumeIntegralInRange(0, 3)) {
    case 0: params.groups = params.out_channels = in_channels; break;
    case 1: {
      const int groups = in.ConsumeIntegralInRange(1, 4);
      if (in_channels % groups == 0) {
        params.groups = groups;
        params.out_channels = groups * in.ConsumeIntegralInRange(1, 5);
      }
      break;
    }
    default: break;
  }
  return params;
}

void add_any_activation(cv::dnn::Net& net, const std::string& name, Bytes& in) {
  cv::dnn::LayerParams params;
  switch (in.ConsumeIntegralInRange(0, 4)) {
    case 0: add(net, name, "ReLU"); break;
    case 1:
      params.set("negative_slope", 0.25);
      add(net, name, "ReLU", params);
      break;
    case 2: add(net, name, "ReLU6"); break;
    case 3: add(net, name, "Sigmoid"); break;
    default: break;
  }
}

struct Network {
  std::vector<ConvolutionParams> convolutions;
  std::vector<std::uint8_t> activations;

  void build(cv::dnn::Net& net, Rng& rng) const {
    for (std::size_t i = 0; i < convolutions.size(); ++i) {
      add(net, "conv" + std::to_string(i), "Convolution", convolutions[i].make(rng));
      Bytes in(&activations[i], 1);
      add_any_activation(net, "activation" + std::to_string(i), in);
    }
  }

  /// What forward() gives, or nothing if OpenCV finds fault with it.
  cv::Mat run(const std::vector<cv::Mat>& inputs) const {
    try {
      Rng rng(1);
      cv::dnn::Net net;
      build(net, rng);
      net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
      cv::Mat result;
      for (const cv::Mat& input : inputs) {
        net.setInput(input);
        result = net.forward().clone();
      }
      return result;
    } catch (const cv::Exception&) {
      return {};
    }
  }
};

void check(Bytes& in) {
  const int channels = in.ConsumeIntegralInRange(1, 20);
  Network network;
  int next = channels;
  for (int i = in.ConsumeIntegralInRange(1, 3); i > 0; --i) {
    network.convolutions.push_back(any_convolution(next, in));
    network.activations.push_back(in.ConsumeIntegral<std::uint8_t>());
    next = network.convolutions.back().out_channels;
  }
  Rng rng(2);
  std::vector<cv::Mat> inputs;  // the second has another shape: the network is set up again
  for (int i = in.ConsumeIntegralInRange(1, 2); i > 0; --i) {
    inputs.push_back(
        random_blob(rng, {in.ConsumeIntegralInRange(1, 2), channels,
                          in.ConsumeIntegralInRange(1, 14), in.ConsumeIntegralInRange(1, 14)}));
  }
  const cv::Mat expected = network.run(inputs);
  const Installed installed;
  const cv::Mat actual = network.run(inputs);
  require(actual.empty() == expected.empty(), "ours fails where OpenCV's fails");
  if (expected.empty()) return;
  constexpr double kTolerance = 1e-4;  // of three layers
  require(relative_difference(actual, expected) <= kTolerance, "ours gives what OpenCV's gives");
}

}  // namespace
}  // namespace winograd::test

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  cv::redirectError([](int, const char*, const char*, const char*, int, void*) { return 0; });
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider in(data, size);
  winograd::test::check(in);
  return 0;
}
