// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// ONNX models, written here, through both engines.
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <numeric>
#include <opencv2/dnn/dnn.hpp>
#include <ostream>
#include <string>
#include <vector>
#include <winograd/opencv.hpp>

#include "tests/integration/network_pair.hpp"
#include "tests/integration/wire.hpp"

namespace winograd::test {
namespace {

using Ints = std::vector<std::int64_t>;

// Fields and numbers of onnx.proto (version 3 of the format).
namespace onnx {

constexpr int kFloat = 1;

Message ints(const std::string& name, const Ints& values) {
  Message attribute;
  attribute.bytes(1, name).number(20, 7);
  for (const std::int64_t value : values) attribute.number(8, value);
  return attribute;
}

Message real(const std::string& name, float value) {
  return Message().bytes(1, name).number(20, 1).real(2, value);
}

Message integer(const std::string& name, std::int64_t value) {
  return Message().bytes(1, name).number(20, 2).number(3, value);
}

Message string(const std::string& name, const std::string& value) {
  return Message().bytes(1, name).number(20, 3).bytes(4, value);
}

/// A value of the graph; an extent of 0 has a name instead of a number.
Message value(const std::string& name, const Ints& shape) {
  Message dimensions;
  for (const std::int64_t extent : shape) {
    dimensions.message(1, extent > 0 ? Message().number(1, extent) : Message().bytes(2, "any"));
  }
  const Message tensor = Message().number(1, kFloat).message(2, dimensions);
  return Message().bytes(1, name).message(2, Message().message(1, tensor));
}

/// Nodes and initialisers, added in the order in which they run.
class Graph {
 public:
  explicit Graph(Rng& rng) : rng_(rng) {}

  void node(const std::string& type, const std::vector<std::string>& inputs,
            const std::string& output, const std::vector<Message>& attributes = {}) {
    Message node;
    for (const std::string& input : inputs) node.bytes(1, input);
    node.bytes(2, output).bytes(3, output).bytes(4, type);
    for (const Message& attribute : attributes) node.message(5, attribute);
    graph_.message(1, node);
  }

  void initializer(const std::string& name, const Ints& shape, float low = -1, float high = 1) {
    const std::int64_t count =
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
    Message tensor;
    for (const std::int64_t extent : shape) tensor.number(1, extent);
    tensor.number(2, kFloat).bytes(8, name);
    tensor.bytes(9, raw(uniform_data(rng_, count, low, high)));
    graph_.message(5, tensor);
  }

  void input(const std::string& name, const Ints& shape) { graph_.message(11, value(name, shape)); }
  void output(const std::string& name, const Ints& shape) {
    graph_.message(12, value(name, shape));
  }

  std::string model() const {
    Message named = graph_;
    named.bytes(2, "test");
    const Message opset = Message().bytes(1, "").number(2, 9);
    return Message().number(1, 6).bytes(2, "tests").message(8, opset).message(7, named).data();
  }

 private:
  Rng& rng_;
  Message graph_;
};

}  // namespace onnx

NetworkPair read_both(const std::string& model) {
  return NetworkPair([&] { return cv::dnn::readNetFromONNX(model.data(), model.size()); });
}

void expect_ours(NetworkPair& nets, std::size_t convolutions) {
  const auto report = opencv::report(nets.ours);
  EXPECT_EQ(report.size(), convolutions);
  for (const opencv::LayerReport& layer : report) EXPECT_TRUE(layer.ours) << layer.reason;
}

/// One Conv node.
struct Conv {
  const char* name;
  std::vector<Message> attributes;
  std::int64_t in_channels = 16, out_channels = 16, groups = 1;
  std::int64_t kernel_h = 3, kernel_w = 3;
};

std::ostream& operator<<(std::ostream& out, const Conv& conv) { return out << conv.name; }

std::vector<Message> padded(const Ints& pads) { return {onnx::ints("pads", pads)}; }

/// `first` and what else is given.
std::vector<Message> with(std::vector<Message> first, const Message& second) {
  first.push_back(second);
  return first;
}

const Conv kConvs[] = {
    {"NoAttributes", {}},
    {"Pads", padded({1, 1, 1, 1})},
    {"AsymmetricPads", padded({0, 1, 2, 1})},
    {"PadsOnlyBefore", padded({2, 2, 0, 0})},
    {"PadsOnlyBehind", padded({0, 0, 1, 1})},
    {"AsymmetricPadsStride", with(padded({0, 0, 1, 1}), onnx::ints("strides", {2, 2}))},
    {"WidePads", padded({3, 2, 3, 2})},
    {"AutoPadSameUpper", {onnx::string("auto_pad", "SAME_UPPER")}},
    {"AutoPadSameUpperStride",
     with({onnx::string("auto_pad", "SAME_UPPER")}, onnx::ints("strides", {2, 2}))},
    {"AutoPadSameLower", {onnx::string("auto_pad", "SAME_LOWER")}},
    {"AutoPadValid", {onnx::string("auto_pad", "VALID")}},
    {"AutoPadNotSet", with(padded({1, 0, 1, 0}), onnx::string("auto_pad", "NOTSET"))},
    {"Strides", with(padded({1, 1, 1, 1}), onnx::ints("strides", {2, 1}))},
    {"Dilations", with(padded({2, 2, 2, 2}), onnx::ints("dilations", {2, 2}))},
    {"DilationsOfOneAxis", with(padded({1, 3, 1, 3}), onnx::ints("dilations", {1, 3}))},
    {"Groups", padded({1, 1, 1, 1}), 24, 36, 4},
    {"GroupsDilations", with(padded({2, 2, 2, 2}), onnx::ints("dilations", {2, 2})), 16, 16, 2},
    {"Depthwise", padded({1, 1, 1, 1}), 20, 20, 20},
    {"DepthwiseAsymmetricPads", padded({0, 1, 2, 1}), 20, 20, 20},
    {"DepthwiseMultiplier", padded({1, 1, 1, 1}), 12, 24, 12},
    {"OneByOne", {}, 19, 33, 1, 1, 1},
    {"FiveByThree", padded({2, 1, 2, 1}), 16, 16, 1, 5, 3},
    {"EvenKernel", padded({0, 0, 1, 1}), 16, 16, 1, 2, 2},
};

class OnnxConv : public testing::TestWithParam<Conv> {};

TEST_P(OnnxConv, AsOpenCv) {
  const Conv& conv = GetParam();
  Rng rng(1);
  onnx::Graph graph(rng);
  graph.input("x", {1, conv.in_channels, 14, 17});
  graph.initializer(
      "w", {conv.out_channels, conv.in_channels / conv.groups, conv.kernel_h, conv.kernel_w});
  graph.initializer("b", {conv.out_channels});
  std::vector<Message> attributes = conv.attributes;
  attributes.push_back(onnx::ints("kernel_shape", {conv.kernel_h, conv.kernel_w}));
  attributes.push_back(onnx::integer("group", conv.groups));
  graph.node("Conv", {"x", "w", "b"}, "y", attributes);
  graph.output("y", {1, conv.out_channels, 0, 0});
  NetworkPair nets = read_both(graph.model());
  nets.run_and_compare(random_blob(rng, {1, static_cast<int>(conv.in_channels), 14, 17}));
  expect_ours(nets, 1);
}

INSTANTIATE_TEST_SUITE_P(, OnnxConv, testing::ValuesIn(kConvs),
                         [](const auto& info) { return std::string(info.param.name); });

/// A small network of what follows convolutions: batch normalisation, activations, a sum, a
/// concatenation, which is read by a depthwise convolution.
std::string network(Rng& rng, const Ints& input) {
  onnx::Graph graph(rng);
  const Message kernel = onnx::ints("kernel_shape", {3, 3});
  const Message pads = onnx::ints("pads", {1, 1, 1, 1});
  graph.input("x", input);
  graph.initializer("w0", {16, 3, 3, 3});
  graph.node("Conv", {"x", "w0"}, "c0", {kernel, pads});
  for (const char* name : {"scale", "shift", "mean"}) graph.initializer(name, {16});
  graph.initializer("variance", {16}, 0.5F, 2);
  graph.node("BatchNormalization", {"c0", "scale", "shift", "mean", "variance"}, "n0");
  graph.node("Relu", {"n0"}, "r0");
  graph.initializer("w1", {16, 16, 3, 3}, -0.1F, 0.1F);
  graph.initializer("b1", {16});
  graph.node("Conv", {"r0", "w1", "b1"}, "c1", {kernel, pads});
  graph.node("LeakyRelu", {"c1"}, "r1");
  graph.node("Add", {"r0", "r1"}, "sum");
  graph.node("Concat", {"sum", "r1"}, "both", {onnx::integer("axis", 1)});
  graph.initializer("w2", {32, 1, 3, 3});
  graph.node("Conv", {"both", "w2"}, "c2",
             {kernel, pads, onnx::integer("group", 32), onnx::ints("strides", {2, 2})});
  graph.node("Clip", {"c2"}, "r2", {onnx::real("min", 0), onnx::real("max", 6)});
  graph.initializer("w3", {8, 32, 1, 1});
  graph.node("Conv", {"r2", "w3"}, "c3", {onnx::ints("kernel_shape", {1, 1})});
  graph.node("Sigmoid", {"c3"}, "y");
  graph.output("y", {0, 8, 0, 0});
  return graph.model();
}

TEST(OnnxNetwork, AsOpenCv) {
  for (const bool elide : {false, true}) {
    Rng rng(2);
    NetworkPair nets = read_both(network(rng, {1, 3, 20, 23}));
    if (elide) {
      EXPECT_EQ(opencv::elide_concats(nets.ours), 1U);
    }
    for (int i = 0; i < 2; ++i) nets.run_and_compare(random_blob(rng, {1, 3, 20, 23}));
    expect_ours(nets, 4);
  }
}

TEST(OnnxNetwork, DynamicBatchAndSize) {
  Rng rng(3);
  NetworkPair nets = read_both(network(rng, {0, 3, 0, 0}));
  opencv::elide_concats(nets.ours);
  for (const std::vector<int>& shape : std::vector<std::vector<int>>{
           {1, 3, 20, 23}, {4, 3, 20, 23}, {2, 3, 9, 40}, {1, 3, 20, 23}}) {
    nets.run_and_compare(random_blob(rng, shape));
    expect_ours(nets, 4);
    EXPECT_EQ(opencv::report(nets.ours).at(0).desc.batch, shape[0]);
  }
}

}  // namespace
}  // namespace winograd::test
