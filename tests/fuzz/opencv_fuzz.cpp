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

  /// False if a kernel does not fit into its image. OpenCV does not look, and then asks for as much
  /// memory as a negative size seems to be.
  bool fits(int height, int width) const {
    for (const ConvolutionParams& conv : convolutions) {
      height = outputs(height, conv.kernel_h, conv.pad_h, conv);
      width = outputs(width, conv.kernel_w, conv.pad_w, conv);
      if (height < 1 || width < 1) return false;
    }
    return true;
  }

  static int outputs(int extent, int kernel, int pad, const ConvolutionParams& conv) {
    if (std::string_view(conv.pad_mode) == "SAME") return (extent + conv.stride - 1) / conv.stride;
    const int padded = extent + (std::string_view(conv.pad_mode) == "VALID" ? 0 : 2 * pad);
    const int left = padded - (kernel - 1) * conv.dilation - 1;
    return left < 0 ? 0 : left / conv.stride + 1;
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
    const int batch = in.ConsumeIntegralInRange(1, 2);
    const int height = in.ConsumeIntegralInRange(1, 14), width = in.ConsumeIntegralInRange(1, 14);
    if (!network.fits(height, width)) return;
    inputs.push_back(random_blob(rng, {batch, channels, height, width}));
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
