// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Concatenations that are not made: the same results, and only where nobody misses them.
#include <gtest/gtest.h>

#include <opencv2/dnn/dnn.hpp>
#include <string>
#include <vector>
#include <winograd/opencv.hpp>

#include "tests/integration/network_pair.hpp"

namespace winograd::test {
namespace {

/// A layer that reads others by name.
void join(cv::dnn::Net& net, const std::string& name, const std::string& type,
          const std::vector<std::string>& inputs, cv::dnn::LayerParams params = {}) {
  params.name = name;
  params.type = type;
  const int id = net.addLayer(name, type, params);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    net.connect(inputs[i] == "input" ? 0 : net.getLayerId(inputs[i]), 0, id, static_cast<int>(i));
  }
}

cv::dnn::LayerParams along(int axis) {
  cv::dnn::LayerParams params;
  params.set("axis", axis);
  return params;
}

cv::dnn::LayerParams weights(Rng& rng, int in_channels, int out_channels, int stride = 1) {
  ConvolutionParams params;
  params.in_channels = in_channels;
  params.out_channels = out_channels;
  params.stride = stride;
  return params.make(rng);
}

/// A dense block on `channels` channels, nested or not: each convolution adds `growth` to what the
/// next one reads, and the block's input is added at the end.
struct DenseBlock {
  int channels = 32, growth = 32, layers = 4;
  bool nested = true;  ///< concatenate with the last concatenation, or with all its parts
  const char* activation = "ReLU";

  void build(cv::dnn::Net& net, Rng& rng) const {
    join(net, "first", "Convolution", {"input"}, weights(rng, 16, channels));
    std::vector<std::string> parts = {"first"};
    std::string all = "first";
    for (int i = 0; i < layers; ++i) {
      const std::string n = std::to_string(i);
      join(net, "conv" + n, "Convolution", {all}, weights(rng, channels + i * growth, growth));
      std::string grown = "conv" + n;
      if (activation != nullptr) {
        join(net, "act" + n, activation, {grown});
        grown = "act" + n;
      }
      parts.push_back(grown);
      join(net, "concat" + n, "Concat", nested ? std::vector<std::string>{all, grown} : parts,
           along(1));
      all = "concat" + n;
    }
    join(net, "last", "Convolution", {all}, weights(rng, channels + layers * growth, channels));
    join(net, "sum", "Eltwise", {"first", "last"});
  }
};

NetworkPair pair_of(const DenseBlock& block) {
  return NetworkPair([&](cv::dnn::Net& net, Rng& rng) { block.build(net, rng); });
}

/// Parts that the layer's last run read.
int parts_of(cv::dnn::Net& net, const std::string& layer) {
  for (const opencv::LayerReport& report : opencv::report(net)) {
    if (report.name == layer) return report.source_parts;
  }
  return 0;
}

TEST(ElideConcats, DenseBlock) {
  NetworkPair nets = pair_of({});
  Rng rng(1);
  const cv::Mat input = random_blob(rng, {1, 16, 21, 18});
  const cv::Mat copied = nets.run_and_compare(input).clone();
  EXPECT_EQ(parts_of(nets.ours, "last"), 1);
  EXPECT_EQ(opencv::elide_concats(nets.ours), 4U);
  const cv::Mat elided = nets.run_and_compare(input);
  EXPECT_EQ(cv::norm(copied, elided, cv::NORM_INF), 0) << "not the same bits";
  EXPECT_EQ(parts_of(nets.ours, "conv1"), 2);
  EXPECT_EQ(parts_of(nets.ours, "last"), 5);
  // Again, with another shape, in a batch, and back.
  for (const std::vector<int>& shape : std::vector<std::vector<int>>{
           {1, 16, 21, 18}, {1, 16, 9, 40}, {3, 16, 9, 11}, {1, 16, 21, 18}}) {
    nets.run_and_compare(random_blob(rng, shape));
    EXPECT_EQ(parts_of(nets.ours, "last"), 5);
  }
  EXPECT_EQ(opencv::elide_concats(nets.ours, false), 0U);
  nets.run_and_compare(random_blob(rng, {1, 16, 21, 18}));
  EXPECT_EQ(parts_of(nets.ours, "last"), 1);
}

TEST(ElideConcats, EveryConvolutionOfADenseBlock) {
  NetworkPair nets = pair_of({});
  EXPECT_EQ(opencv::elide_concats(nets.ours), 4U);
  Rng rng(2);
  const cv::Mat input = random_blob(rng, {1, 16, 13, 14});
  nets.ours.setInput(input);
  nets.theirs.setInput(input);
  const std::vector<cv::String> names = {"conv0", "conv1", "conv2", "conv3", "last", "sum"};
  std::vector<cv::Mat> ours, theirs;
  nets.ours.forward(ours, names);
  nets.theirs.forward(theirs, names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_LT(relative_difference(ours[i], theirs[i]), 1e-5) << names[i];
  }
}

TEST(ElideConcats, WithoutActivation) {
  NetworkPair nets = pair_of({.activation = nullptr});
  EXPECT_EQ(opencv::elide_concats(nets.ours), 4U);
  Rng rng(3);
  nets.run_and_compare(random_blob(rng, {1, 16, 12, 12}));
  EXPECT_EQ(parts_of(nets.ours, "last"), 5);
}

TEST(ElideConcats, ActivationThatIsNotFused) {
  NetworkPair nets = pair_of({.activation = "ELU"});
  EXPECT_EQ(opencv::elide_concats(nets.ours), 4U);
  Rng rng(4);
  for (int i = 0; i < 2; ++i) nets.run_and_compare(random_blob(rng, {1, 16, 12, 17}));
}

TEST(ElideConcats, ActivationThatIsAFunction) {
  NetworkPair nets = pair_of({.activation = "Swish"});
  EXPECT_EQ(opencv::elide_concats(nets.ours), 4U);
  Rng rng(4);
  nets.run_and_compare(random_blob(rng, {1, 16, 12, 17}));
  EXPECT_EQ(parts_of(nets.ours, "last"), 5);
}

TEST(ElideConcats, OfAllPartsEachTime) {
  // Every part but the last has several readers, the concatenations one each.
  NetworkPair nets = pair_of({.nested = false});
  EXPECT_EQ(opencv::elide_concats(nets.ours), 4U);
  Rng rng(5);
  nets.run_and_compare(random_blob(rng, {1, 16, 15, 12}));
  EXPECT_EQ(parts_of(nets.ours, "last"), 5);
}

TEST(ElideConcats, ChannelsThatAreNoMultiplesOf16) {
  NetworkPair nets = pair_of({.channels = 24, .growth = 12});
  EXPECT_EQ(opencv::elide_concats(nets.ours), 4U);
  Rng rng(6);
  for (int i = 0; i < 2; ++i) nets.run_and_compare(random_blob(rng, {1, 16, 15, 12}));
  EXPECT_EQ(parts_of(nets.ours, "last"), 1) << "the convolution copied them together";
}

TEST(ElideConcats, BeforeGroupsAndDepthwise) {
  for (const int groups : {2, 4, 24, 48}) {
    SCOPED_TRACE(groups);
    NetworkPair nets([&](cv::dnn::Net& net, Rng& rng) {
      join(net, "a", "Convolution", {"input"}, weights(rng, 16, 16));
      join(net, "b", "Convolution", {"input"}, weights(rng, 16, 32));
      join(net, "concat", "Concat", {"a", "b"}, along(1));
      const ConvolutionParams params{.in_channels = 48, .out_channels = 48, .groups = groups};
      join(net, "grouped", "Convolution", {"concat"}, params.make(rng));
    });
    EXPECT_EQ(opencv::elide_concats(nets.ours), 1U);
    Rng rng(11);
    // With one image OpenCV has the layers write into the concatenation.
    nets.run_and_compare(random_blob(rng, {2, 16, 15, 12}));
    EXPECT_EQ(parts_of(nets.ours, "grouped"), 2);
  }
}

TEST(ElideConcats, BeforeAConvolutionThatIsHandedOver) {
  // F(4,3) does not cover stride 2, so OpenCV's own convolution runs and needs the whole tensor.
  NetworkPair nets(
      [](cv::dnn::Net& net, Rng& rng) {
        join(net, "a", "Convolution", {"input"}, weights(rng, 16, 16));
        join(net, "b", "Convolution", {"input"}, weights(rng, 16, 32));
        join(net, "concat", "Concat", {"a", "b", "a"}, along(1));
        join(net, "strided", "Convolution", {"concat"}, weights(rng, 64, 8, 2));
      },
      {.algorithm = Algorithm::winograd_f4});
  EXPECT_EQ(opencv::elide_concats(nets.ours), 1U);
  Rng rng(7);
  nets.run_and_compare(random_blob(rng, {1, 16, 15, 12}));
}

TEST(ElideConcats, BlobsOverFreedParts) {
  // Small tensors after large ones lie in the large ones' memory, and the blob of the second
  // concatenation over the parts of the first.
  for (const int channels : {16, 64, 256}) {
    SCOPED_TRACE(channels);
    NetworkPair nets([&](cv::dnn::Net& net, Rng& rng) {
      join(net, "a", "Convolution", {"input"}, weights(rng, 16, channels));
      join(net, "b", "Convolution", {"a"}, weights(rng, channels, channels));
      join(net, "x", "Convolution", {"b"}, weights(rng, channels, 16));
      join(net, "c0", "Convolution", {"x"}, weights(rng, 16, 16));
      join(net, "k1", "Concat", {"x", "c0"}, along(1));
      join(net, "c1", "Convolution", {"k1"}, weights(rng, 32, 16));
      join(net, "k2", "Concat", {"k1", "c1"}, along(1));
      join(net, "out", "Convolution", {"k2"}, weights(rng, 48, 16));
    });
    EXPECT_EQ(opencv::elide_concats(nets.ours), 2U);
    Rng rng(10);
    for (const int batch : {1, 2, 1}) {
      nets.run_and_compare(random_blob(rng, {batch, 16, 12, 14}));
      EXPECT_EQ(parts_of(nets.ours, "out"), 3);
    }
  }
}

TEST(ElideConcats, LeavesAloneWhatOthersRead) {
  const auto elided = [](const std::function<void(cv::dnn::Net&, Rng&)>& rest, int axis = 1) {
    NetworkPair nets([&](cv::dnn::Net& net, Rng& rng) {
      join(net, "a", "Convolution", {"input"}, weights(rng, 16, 16));
      join(net, "b", "Convolution", {"input"}, weights(rng, 16, 16));
      // Twice, or OpenCV has the layers write into the concatenation.
      join(net, "concat", "Concat", {"a", "b", "a"}, along(axis));
      rest(net, rng);
    });
    const std::size_t count = opencv::elide_concats(nets.ours);
    Rng rng(8);
    const cv::Mat input = random_blob(rng, {1, 16, 12, 12});
    for (int i = 0; i < 2; ++i) nets.run_and_compare(input);
    return count;
  };
  EXPECT_EQ(elided([](cv::dnn::Net& net, Rng& rng) {
              join(net, "conv", "Convolution", {"concat"}, weights(rng, 48, 16));
            }),
            1U)
      << "the ordinary case";
  EXPECT_EQ(elided([](cv::dnn::Net&, Rng&) {}), 0U) << "a result of the network";
  EXPECT_EQ(elided([](cv::dnn::Net& net, Rng&) { join(net, "act", "ReLU", {"concat"}); }), 0U)
      << "not a convolution";
  EXPECT_EQ(elided([](cv::dnn::Net& net, Rng& rng) {
              join(net, "conv", "Convolution", {"concat"}, weights(rng, 48, 16));
              join(net, "other", "Convolution", {"concat"}, weights(rng, 48, 16));
              join(net, "sum", "Eltwise", {"conv", "other"});
            }),
            0U)
      << "two convolutions";
  EXPECT_EQ(elided([](cv::dnn::Net& net, Rng& rng) {
              join(net, "between", "Convolution", {"a"}, weights(rng, 16, 32));
              join(net, "conv", "Convolution", {"concat"}, weights(rng, 48, 32));
              join(net, "sum", "Eltwise", {"conv", "between"});
            }),
            0U)
      << "not the next layer";
  EXPECT_EQ(
      elided([](cv::dnn::Net& net,
                Rng& rng) { join(net, "conv", "Convolution", {"concat"}, weights(rng, 16, 16)); },
             2),
      0U)
      << "along another axis";
}

TEST(ElideConcats, LeavesAloneWhatWasMadeWithoutUs) {
  cv::dnn::Net net;
  Rng rng(9);
  DenseBlock().build(net, rng);
  EXPECT_EQ(opencv::elide_concats(net), 0U);
}

}  // namespace
}  // namespace winograd::test
