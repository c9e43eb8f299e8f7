// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A Caffe model, written here, through both engines.
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <numeric>
#include <opencv2/dnn/dnn.hpp>
#include <string>
#include <vector>
#include <winograd/opencv.hpp>

#include "tests/integration/network_pair.hpp"
#include "tests/integration/wire.hpp"

namespace winograd::test {
namespace {

constexpr const char* kPrototxt = R"(
name: "test"
input: "data"
input_shape { dim: 1 dim: 3 dim: 21 dim: 18 }
layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
  convolution_param { num_output: 16 kernel_size: 3 pad: 1 bias_term: false } }
layer { name: "norm1" type: "BatchNorm" bottom: "conv1" top: "conv1"
  batch_norm_param { use_global_stats: true } }
layer { name: "scale1" type: "Scale" bottom: "conv1" top: "conv1" scale_param { bias_term: true } }
layer { name: "relu1" type: "ReLU" bottom: "conv1" top: "conv1" }
layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1"
  pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
layer { name: "dilated" type: "Convolution" bottom: "pool1" top: "dilated"
  convolution_param { num_output: 16 kernel_size: 3 pad: 2 dilation: 2 group: 2 } }
layer { name: "relu2" type: "ReLU" bottom: "dilated" top: "dilated"
  relu_param { negative_slope: 0.1 } }
layer { name: "wide" type: "Convolution" bottom: "pool1" top: "wide"
  convolution_param { num_output: 16 kernel_h: 1 kernel_w: 5 pad_h: 0 pad_w: 2 } }
layer { name: "sum" type: "Eltwise" bottom: "dilated" bottom: "wide" top: "sum" }
layer { name: "both" type: "Concat" bottom: "sum" bottom: "wide" top: "both" }
layer { name: "strided" type: "Convolution" bottom: "both" top: "strided"
  convolution_param { num_output: 10 kernel_size: 3 stride: 2 } }
)";

/// A layer of the model: its name and its blobs.
Message layer(Rng& rng, const char* name, const std::vector<std::vector<std::int64_t>>& shapes) {
  Message layer;
  layer.bytes(1, name);
  for (const auto& shape : shapes) {
    Message extents;
    for (const std::int64_t extent : shape) extents.number(1, extent);
    const std::int64_t count =
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    // Positive, since some of them are variances.
    layer.message(7, Message().message(7, extents).floats(5, uniform_data(rng, count, 0.2F, 1)));
  }
  return layer;
}

TEST(Caffe, AsOpenCv) {
  Rng rng(1);
  const std::string model = Message()
                                .bytes(1, "test")
                                .message(100, layer(rng, "conv1", {{16, 3, 3, 3}}))
                                .message(100, layer(rng, "norm1", {{16}, {16}, {1}}))
                                .message(100, layer(rng, "scale1", {{16}, {16}}))
                                .message(100, layer(rng, "dilated", {{16, 8, 3, 3}, {16}}))
                                .message(100, layer(rng, "wide", {{16, 16, 1, 5}, {16}}))
                                .message(100, layer(rng, "strided", {{10, 32, 3, 3}, {10}}))
                                .data();
  const std::string text = kPrototxt;
  for (const bool elide : {false, true}) {
    NetworkPair nets([&] {
      return cv::dnn::readNetFromCaffe(text.data(), text.size(), model.data(), model.size());
    });
    if (elide) {
      EXPECT_EQ(opencv::elide_concats(nets.ours), 1U);
    }
    for (const int batch : {1, 3}) {
      nets.run_and_compare(random_blob(rng, {batch, 3, 21, 18}));
      const auto report = opencv::report(nets.ours);
      EXPECT_EQ(report.size(), 4U);
      for (const opencv::LayerReport& one : report) EXPECT_TRUE(one.ours) << one.reason;
    }
  }
}

}  // namespace
}  // namespace winograd::test
