// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A Darknet model, written here, through both engines.
#include <gtest/gtest.h>

#include <cstdint>
#include <opencv2/dnn/dnn.hpp>
#include <string>
#include <vector>
#include <winograd/opencv.hpp>

#include "tests/integration/network_pair.hpp"
#include "tests/integration/wire.hpp"

namespace winograd::test {
namespace {

/// A block as in YOLO: a shortcut, a route back, grouped and strided convolutions, upsampling.
constexpr const char* kConfig = R"(
[net]
width=32
height=24
channels=3

[convolutional]
batch_normalize=1
filters=16
size=3
stride=1
pad=1
activation=leaky

[convolutional]
batch_normalize=1
filters=32
size=3
stride=2
pad=1
activation=leaky

[convolutional]
batch_normalize=1
filters=16
size=1
stride=1
pad=1
activation=leaky

[convolutional]
batch_normalize=1
filters=32
size=3
stride=1
pad=1
groups=4
activation=relu

[shortcut]
from=-3
activation=linear

[maxpool]
size=2
stride=2

[convolutional]
filters=16
size=3
stride=1
pad=1
activation=mish

[upsample]
stride=2

[route]
layers=-1,-4

[convolutional]
filters=21
size=1
stride=1
pad=1
activation=linear
)";

/// The parameters of a convolution in the order of the file: biases; scales, means and variances of
/// a batch normalisation; weights.
void append(std::string& weights, Rng& rng, std::int64_t filters, std::int64_t channels,
            std::int64_t size, bool normalize) {
  weights.append(raw(uniform_data(rng, filters, -1, 1)));
  if (normalize) {
    for (int i = 0; i < 3; ++i) weights.append(raw(uniform_data(rng, filters, 0.5F, 1)));
  }
  weights.append(raw(uniform_data(rng, filters * channels * size * size, -0.3F, 0.3F)));
}

TEST(Darknet, AsOpenCv) {
  Rng rng(1);
  std::string weights;
  // Version 0.2.0, and 64 bits for the images seen in training.
  for (const std::int32_t word : {0, 2, 0, 0, 0}) {
    weights.append(reinterpret_cast<const char*>(&word), sizeof word);
  }
  append(weights, rng, 16, 3, 3, true);
  append(weights, rng, 32, 16, 3, true);
  append(weights, rng, 16, 32, 1, true);
  append(weights, rng, 32, 4, 3, true);
  append(weights, rng, 16, 32, 3, false);
  append(weights, rng, 21, 48, 1, false);
  const std::string config = kConfig;

  for (const bool elide : {false, true}) {
    NetworkPair nets([&] {
      return cv::dnn::readNetFromDarknet(config.data(), config.size(), weights.data(),
                                         weights.size());
    });
    if (elide) {
      EXPECT_EQ(opencv::elide_concats(nets.ours), 1U);
    }
    for (const std::vector<int>& shape :
         {std::vector{1, 3, 24, 32}, {2, 3, 24, 32}, {1, 3, 40, 32}}) {
      nets.run_and_compare(random_blob(rng, shape));
      const auto report = opencv::report(nets.ours);
      EXPECT_EQ(report.size(), 6U);
      for (const opencv::LayerReport& one : report) EXPECT_TRUE(one.ours) << one.reason;
    }
  }
}

}  // namespace
}  // namespace winograd::test
