// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "bench/model/convolutions.hpp"
#include "bench/model/onnx.hpp"
#include "bench/model/shapes.hpp"
#include "bench/tests/model_writer.hpp"
#include "tests/reference/random.hpp"

namespace winograd::bench {
namespace {

using test::ModelWriter;
using test::sample_model;

Graph inferred(const std::string& bytes, const std::vector<InputDims>& inputs = {}) {
  Graph graph = parse_onnx(bytes);
  infer_shapes(graph, inputs);
  return graph;
}

Network network_of(const std::string& bytes, const std::vector<InputDims>& inputs = {}) {
  return find_convolutions(inferred(bytes, inputs));
}

std::string dims_of(const Graph& graph, const std::string& tensor) {
  return dims_text(graph.tensors.at(tensor).dims);
}

/// "3 x n1c16h32w32k16r3s1p1 bn+relu" for each row.
std::vector<std::string> rows(const Network& network) {
  std::vector<std::string> all;
  for (const Convolution& one : network.convolutions)
    all.push_back(std::to_string(one.layer.count) + " x " + geometry_name(one.layer.desc) +
                  (one.fused.empty() ? "" : " " + one.fused));
  return all;
}

bool mentions(const std::vector<std::string>& lines, const std::string& part) {
  for (const std::string& line : lines)
    if (line.find(part) != std::string::npos) return true;
  return false;
}

std::string error_of(const std::string& bytes) {
  try {
    parse_onnx(bytes);
  } catch (const ModelError& error) {
    return error.what();
  }
  return {};
}

TEST(Model, ListsConvolutionsWithWhatIsFused) {
  const Network network = network_of(sample_model().bytes());
  const std::vector<std::string> expected = {
      "1 x n1c3h32w32k16r3s1p1 relu", "1 x n1c16h32w32k16r3s1p1 bn+relu",
      "1 x n1c16h32w32k16r3s1p1 bn+add+relu", "1 x n1c16h32w32k32r1s2p0"};
  EXPECT_EQ(rows(network), expected);
  EXPECT_EQ(network.folded, 2);
  EXPECT_TRUE(network.skipped.empty());
  ASSERT_EQ(network.others.size(), 1U);
  EXPECT_EQ(network.others[0].type, "MatMul");
  EXPECT_EQ(network.others[0].flops, 2.0 * 32 * 10);
}

TEST(Model, FollowsShapesThatItComputes) {
  const Graph graph = inferred(sample_model().bytes());
  EXPECT_EQ(dims_of(graph, "c3"), "1x32x16x16");
  EXPECT_EQ(dims_of(graph, "up"), "1x32x32x32");
  EXPECT_EQ(dims_of(graph, "vector"), "1x32");
  EXPECT_EQ(dims_of(graph, "y"), "1x10");
}

TEST(Model, TakesDimensionsOfInputs) {
  const Network network =
      network_of(sample_model({-1, 3, -1, -1}).bytes(), {parse_input_dims("x:2x3x64x48")});
  EXPECT_EQ(rows(network)[0], "1 x n2c3h64w48k16r3s1p1 relu");
  EXPECT_EQ(rows(network)[3], "1 x n2c16h64w48k32r1s2p0");
}

TEST(Model, SaysWhatInputsItNeeds) {
  const Network network = network_of(sample_model({-1, 3, -1, -1}).bytes());
  EXPECT_TRUE(network.convolutions.empty());
  EXPECT_EQ(network.skipped.size(), 4U);
  EXPECT_TRUE(mentions(network.skipped, "c0: the dimensions of its input are not known (1x3x?x?"));
  EXPECT_TRUE(mentions(network.notes, "--input x:1x3x224x224"));
}

TEST(Model, RefusesDimensionsThatDoNotFit) {
  const std::string bytes = sample_model().bytes();
  EXPECT_THROW(inferred(bytes, {parse_input_dims("z:1x3x32x32")}), ModelError);
  EXPECT_THROW(inferred(bytes, {parse_input_dims("x:3x32x32")}), ModelError);
  for (const char* text : {"", "x:", "x:1x", "x:1x0x3", "x:1xbx3", "x:-1x3", "x:9999999999999"})
    EXPECT_THROW(parse_input_dims(text), ModelError) << text;
  const InputDims nameless = parse_input_dims("1x2x3");
  EXPECT_TRUE(nameless.name.empty());
  EXPECT_EQ(nameless.dims, (Dims{1, 2, 3}));
}

TEST(Model, ForgetsWhatTheFileSaysOfOtherDimensions) {
  ModelWriter model;
  model.input("x", {1, 8, 20, 20}).weights("w", {8, 8, 3, 3});
  model.node("Strange", {"x"}, "odd", {}, "some.where").describe("odd", {1, 8, 20, 20});
  model.conv("odd", "w", "y").output("y");
  EXPECT_EQ(rows(network_of(model.bytes())), (std::vector<std::string>{"1 x n1c8h20w20k8r3s1p1"}));
  const Network other = network_of(model.bytes(), {parse_input_dims("1x8x40x40")});
  EXPECT_TRUE(other.convolutions.empty());
  EXPECT_TRUE(mentions(other.notes, "some.where.Strange"));
  EXPECT_EQ(other.skipped.size(), 1U);
}

TEST(Model, KnowsPaddingGroupsAndOneDimension) {
  ModelWriter model;
  model.input("x", {1, 8, 15, 20}).input("line", {1, 4, 100});
  model.weights("depthwise", {8, 1, 5, 5})
      .weights("row", {6, 4, 3})
      .weights("cube", {4, 4, 3, 3, 3});
  model.node("Conv", {"x", "depthwise"}, "same",
             {{"group", {8}, false}, {"strides", {2, 2}}, {"pads", {1, 2, 3, 4}}});
  model.node("Conv", {"line", "row"}, "rows", {{"dilations", {2}}});
  model.node("MaxPool", {"x"}, "pooled",
             {{"kernel_shape", {2, 2}}, {"strides", {2, 2}}, {"ceil_mode", {1}, false}});
  model.input("volume", {1, 4, 5, 5, 5}).node("Conv", {"volume", "cube"}, "volumes");
  const Graph graph = inferred(model.bytes());
  EXPECT_EQ(dims_of(graph, "pooled"), "1x8x8x10");
  const Network network = find_convolutions(graph);
  EXPECT_EQ(rows(network), (std::vector<std::string>{"1 x n1c8h15w20k8r5s2p1x2x3x4g8",
                                                     "1 x n1c4h1w100k6r1x3s1p0d1x2"}));
  EXPECT_TRUE(mentions(network.skipped, "only 1-D and 2-D"));
}

TEST(Model, DoesNotFuseWhatOthersRead) {
  ModelWriter model;
  model.input("x", {1, 8, 16, 16}).weights("w", {8, 8, 3, 3});
  model.conv("x", "w", "c").node("Relu", {"c"}, "r").node("Sigmoid", {"c"}, "s");
  model.conv("r", "w", "d").node("Relu", {"d"}, "e").output("d").output("e");
  EXPECT_EQ(rows(network_of(model.bytes())), (std::vector<std::string>{"2 x n1c8h16w16k8r3s1p1"}));
}

TEST(Model, KnowsActivationsByTheirBounds) {
  ModelWriter model;
  model.input("x", {1, 8, 16, 16}).weights("w", {8, 8, 3, 3});
  model.floats("zero", {0.0F}).floats("six", {6.0F}).floats("one", {1.0F});
  model.conv("x", "w", "a").node("Clip", {"a", "zero", "six"}, "b");
  model.conv("b", "w", "c").node("Clip", {"c", "zero", "one"}, "d");
  model.conv("d", "w", "e").node("LeakyRelu", {"e"}, "f");
  model.conv("f", "w", "g").node("Mul", {"g", "six"}, "h").node("Sigmoid", {"h"}, "i");
  EXPECT_EQ(rows(network_of(model.bytes())),
            (std::vector<std::string>{
                "1 x n1c8h16w16k8r3s1p1 relu6", "1 x n1c8h16w16k8r3s1p1 clamp",
                "1 x n1c8h16w16k8r3s1p1 leaky_relu", "1 x n1c8h16w16k8r3s1p1 scale"}));
}

TEST(Model, NotesNewerVersions) {
  EXPECT_TRUE(mentions(network_of(sample_model().bytes(99)).notes, "newer ONNX"));
  EXPECT_TRUE(mentions(network_of(sample_model().bytes(13, 99)).notes, "newer ONNX"));
  EXPECT_FALSE(mentions(network_of(sample_model().bytes()).notes, "newer ONNX"));
}

TEST(Model, TellsOtherFilesApart) {
  EXPECT_NE(error_of("").find("empty"), std::string::npos);
  EXPECT_NE(error_of("{\"modelTopology\": {}}").find("TensorFlow.js"), std::string::npos);
  EXPECT_NE(error_of("version https://git-lfs.github.com/spec/v1\n").find("Git LFS"),
            std::string::npos);
  EXPECT_NE(error_of("PK\x03\x04 etc").find("zip archive"), std::string::npos);
  EXPECT_NE(error_of(std::string("\x1c\0\0\0TFL3\0\0", 10)).find("Lite"), std::string::npos);
  EXPECT_NE(error_of("some text that is no model").find("not an ONNX model"), std::string::npos);
  EXPECT_THROW(read_onnx("/"), ModelError);
  EXPECT_THROW(read_onnx("/nowhere/net.onnx"), ModelError);
}

TEST(Model, ControlCharactersDoNotReachTerminals) {
  ModelWriter model;
  model.input("x", {1, 8, 4, 4}).weights("w", {8, 8, 3, 3}).conv("x", "w", "\033[2Jboo");
  EXPECT_EQ(network_of(model.bytes()).convolutions.at(0).layer.where, "?[2Jboo");
}

/// Whatever the bytes: an answer or a ModelError, and nothing that a sanitizer minds.
void try_bytes(const std::string& bytes, int& answers) {
  try {
    network_of(bytes);
    ++answers;
  } catch (const ModelError&) {
  }
}

TEST(ModelFuzz, CutFiles) {
  const std::string bytes = sample_model().bytes();
  int answers = 0;
  for (std::size_t length = 0; length < bytes.size(); ++length)
    try_bytes(bytes.substr(0, length), answers);
  // Only between the model's own fields can a cut go unnoticed.
  EXPECT_LT(answers, 8);
}

TEST(ModelFuzz, FlippedBits) {
  const std::string bytes = sample_model().bytes();
  int answers = 0;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    try_bytes(damaged, answers);
  }
  EXPECT_GT(answers, static_cast<int>(bytes.size()));  // most flips are in names and numbers
}

TEST(ModelFuzz, RandomBytesInTheMiddle) {
  const std::string bytes = sample_model().bytes();
  winograd::test::Rng rng(14);
  int answers = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string damaged = bytes;
    for (int k = 0; k < 4; ++k) {
      const auto at =
          static_cast<std::size_t>(rng.integer(0, static_cast<std::int64_t>(bytes.size()) - 1));
      damaged[at] = static_cast<char>(rng.integer(0, 255));
    }
    try_bytes(damaged, answers);
  }
  EXPECT_GT(answers, 100);
}

TEST(ModelFuzz, MemoryIsBounded) {
  // Two bytes for a node each: as many as would take a GiB.
  std::string nodes;
  for (int i = 0; i < 4'000'000; ++i) nodes.append("\x0a\x00", 2);
  std::string bomb;
  protozero::pbf_writer(bomb).add_message(7, nodes);
  EXPECT_NE(error_of(bomb).find("too large"), std::string::npos);

  // Dimensions without end, and operators that would copy them on.
  ModelWriter chain;
  chain.input("x0", test::Numbers(100'000, 2));
  for (int i = 0; i < 1000; ++i)
    chain.node("Relu", {("x" + std::to_string(i)).c_str()}, "x" + std::to_string(i + 1));
  EXPECT_EQ(dims_of(inferred(chain.bytes()), "x1000"), "?");

  // Sizes that overflow when they are multiplied.
  ModelWriter large;
  const std::int64_t much = std::int64_t{1} << 39;
  large.input("x", {much, much, much, much}).weights("w", {8, 8, 3, 3}).conv("x", "w", "y");
  large.node("Flatten", {"x"}, "f").node("Tile", {"x", "t"}, "u").integers("t", {9, 9, 9, 9});
  EXPECT_EQ(network_of(large.bytes()).skipped.size(), 1U);
}

/// The upscaling example's networks, from npm, where they have been fetched.
TEST(ModelFile, OfARealNetwork) {
  const char* folder = std::getenv("WINOGRAD_MODELS");
  const char* home = std::getenv("HOME");
  const std::filesystem::path models =
      folder != nullptr
          ? folder
          : std::filesystem::path(home == nullptr ? "/" : home) / ".cache/winograd/models";
  const std::filesystem::path file = models / "gans.onnx";
  if (!std::filesystem::exists(file))
    GTEST_SKIP() << file << ": examples/upscale/fetch_models.sh fetches it";
  Graph graph = read_onnx(file);
  ASSERT_EQ(graph.inputs.size(), 1U);
  infer_shapes(graph, {{"", {1, 3, 64, 64}}});
  const Network network = find_convolutions(graph);
  EXPECT_TRUE(network.skipped.empty());
  EXPECT_EQ(network.count(), 154);
  for (const Convolution& one : network.convolutions) EXPECT_EQ(one.layer.desc.kernel_h, 3);
}

}  // namespace
}  // namespace winograd::bench
