// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Single layers: what is taken, with what behind it, and that the numbers are ONNX Runtime's.
#include <gtest/gtest.h>

#include <functional>

#include "sessions.hpp"

namespace winograd::ort::test {
namespace {

constexpr double kTolerance = 1e-4;
const ProviderOptions kAll = {{"layers", "all"}};

/// Runs a model of the input "x" both ways; `operators`: those that are to be one layer of ours.
void expect_fused(ModelWriter model, const std::string& operators, const Numbers& shape,
                  std::int64_t opset = 13) {
  const std::string bytes = model.output("y").bytes(opset);
  Session alone(bytes), with(bytes, kAll);
  EXPECT_EQ(with.count("winograd: " + operators + " by"), 1)
      << ::testing::PrintToString(with.report());
  EXPECT_EQ(with.report().size(), 1U);
  EXPECT_LE(difference(alone.run({shape}), with.run({shape})), kTolerance);
}

ModelWriter with_conv() {
  ModelWriter model;
  model.input("x", {2, 16, 12, 10});
  add_constant(model, "w", {24, 16, 3, 3}, 1);
  add_constant(model, "b", {24}, 2, 1.0F);
  model.node("Conv", {"x", "w", "b"}, "c", {{"pads", {1, 1, 1, 1}}});
  return model;
}

using Attribute = ModelWriter::Attribute;
Attribute number(const char* name, float value) { return {name, {}, false, {value}}; }

const Numbers kShape = {2, 16, 12, 10};

TEST(OnnxruntimeLayers, AloneAndWithItsActivation) {
  const struct {
    const char* type;
    std::vector<Attribute> attributes;
    std::int64_t opset;
  } cases[] = {{"Relu", {}, 13},
               {"Sigmoid", {}, 13},
               {"Tanh", {}, 13},
               {"LeakyRelu", {number("alpha", 0.2F)}, 13},
               {"LeakyRelu", {}, 13},
               {"HardSigmoid", {number("alpha", 1.0F / 6), number("beta", 0.5F)}, 13},
               {"HardSwish", {}, 14},
               {"Mish", {}, 18},
               {"Gelu", {{"approximate", {}, false, {}, "tanh"}}, 20},
               {"Clip", {number("min", -0.5F), number("max", 0.75F)}, 10},
               {"Clip", {number("min", 0.0F), number("max", 6.0F)}, 10}};
  for (const auto& one : cases) {
    SCOPED_TRACE(one.type);
    ModelWriter model = with_conv();
    model.node(one.type, {"c"}, "y", one.attributes);
    expect_fused(model, std::string("Conv+") + one.type, kShape, one.opset);
  }
  ModelWriter model = with_conv();
  expect_fused(model.node("Identity", {"c"}, "y"), "Conv", kShape);
}

TEST(OnnxruntimeLayers, ClipWithBoundsAsInputs) {
  for (const auto& [low, high] : {std::pair{"low", "high"}, {"low", ""}, {"", "high"}}) {
    ModelWriter model = with_conv();
    model.floats("low", {}, {-0.25F}).floats("high", {}, {0.5F});
    expect_fused(model.node("Clip", {"c", low, high}, "y"), "Conv+Clip", kShape);
  }
}

TEST(OnnxruntimeLayers, PreluOfOneAndOfManySlopes) {
  for (const Numbers& dims : {Numbers{1}, {24, 1, 1}, {1, 24, 1, 1}}) {
    ModelWriter model = with_conv();
    add_constant(model, "s", dims, 3, 1.0F);
    expect_fused(model.node("PRelu", {"c", "s"}, "y"), "Conv+PRelu", kShape);
  }
}

TEST(OnnxruntimeLayers, ProductsWithAGate) {
  ModelWriter silu = with_conv();
  expect_fused(silu.node("Sigmoid", {"c"}, "g").node("Mul", {"g", "c"}, "y"), "Conv+Sigmoid+Mul",
               kShape);
  ModelWriter swish = with_conv();
  expect_fused(
      swish.node("HardSigmoid", {"c"}, "g", {number("alpha", 1.0F / 6), number("beta", 0.5F)})
          .node("Mul", {"c", "g"}, "y"),
      "Conv+HardSigmoid+Mul", kShape);
}

TEST(OnnxruntimeLayers, ActivationsThatAreNotOursStay) {
  ModelWriter elu = with_conv();
  expect_fused(elu.node("Elu", {"c"}, "y"), "Conv", kShape);
  ModelWriter hard = with_conv();  // a slope of 0.2
  expect_fused(hard.node("HardSigmoid", {"c"}, "y"), "Conv", kShape);
  ModelWriter gelu = with_conv();  // by erf
  expect_fused(gelu.node("Gelu", {"c"}, "y"), "Conv", kShape, 20);
  ModelWriter prelu = with_conv();  // a slope for each pixel
  add_constant(prelu, "s", {12, 10}, 3);
  expect_fused(prelu.node("PRelu", {"c", "s"}, "y"), "Conv", kShape);
  ModelWriter clip = with_conv();  // a bound that is computed
  clip.node("ReduceMax", {"x"}, "m", {{"keepdims", {0}, false}}).node("Clip", {"c", "", "m"}, "y");
  expect_fused(clip, "Conv", kShape);
}

TEST(OnnxruntimeLayers, WhatOthersReadIsNotFused) {
  ModelWriter output = with_conv();  // the sum is an output itself
  output.node("Relu", {"c"}, "y").output("c");
  expect_fused(output, "Conv", kShape);
  ModelWriter twice = with_conv();
  twice.node("Relu", {"c"}, "r").node("Tanh", {"c"}, "t").node("Sub", {"r", "t"}, "y");
  expect_fused(twice, "Conv", kShape);
  ModelWriter gate = with_conv();  // the gate is read once more
  gate.node("Sigmoid", {"c"}, "g").node("Mul", {"g", "c"}, "m").node("Sub", {"m", "g"}, "y");
  expect_fused(gate, "Conv", kShape);
}

/// x -> conv of 16 -> "c", for sums with x.
ModelWriter square() {
  ModelWriter model;
  model.input("x", {2, 16, 12, 10});
  add_constant(model, "w", {16, 16, 3, 3}, 1);
  model.conv("x", "w", "c");
  return model;
}

TEST(OnnxruntimeLayers, Residuals) {
  ModelWriter own = square();  // src is residual, too
  expect_fused(own.node("Add", {"c", "x"}, "y"), "Conv+Add", kShape);
  ModelWriter relu = square();
  expect_fused(relu.node("Neg", {"x"}, "n").node("Add", {"n", "c"}, "a").node("Relu", {"a"}, "y"),
               "Conv+Add+Relu", kShape);
  ModelWriter silu = square();
  silu.node("Add", {"c", "x"}, "a").node("Sigmoid", {"a"}, "g").node("Mul", {"a", "g"}, "y");
  expect_fused(silu, "Conv+Add+Sigmoid+Mul", kShape);
  ModelWriter after = square();  // what follows the activation is not ours
  expect_fused(after.node("Relu", {"c"}, "r").node("Add", {"r", "x"}, "y"), "Conv+Relu", kShape);
  ModelWriter itself = square();
  expect_fused(itself.node("Add", {"c", "c"}, "y"), "Conv", kShape);
}

TEST(OnnxruntimeLayers, SumsThatBroadcastAreNotResiduals) {
  ModelWriter model = square();
  model.node("GlobalAveragePool", {"x"}, "p").node("Add", {"c", "p"}, "y");
  expect_fused(model, "Conv", kShape);
}

TEST(OnnxruntimeLayers, TwoConvolutionsOfOneSum) {
  ModelWriter model = square();
  add_constant(model, "w2", {16, 16, 1, 1}, 2);
  model.conv("x", "w2", "d", 0).node("Add", {"c", "d"}, "a").node("Relu", {"a"}, "y");
  const std::string bytes = model.output("y").bytes();
  Session alone(bytes), with(bytes, kAll);
  EXPECT_EQ(with.count("winograd: Conv+Add+Relu"), 1);
  EXPECT_EQ(with.count("winograd: Conv by"), 1);
  EXPECT_LE(difference(alone.run({kShape}), with.run({kShape})), kTolerance);
}

TEST(OnnxruntimeLayers, Geometries) {
  const struct {
    Numbers weights, pads, strides, dilations;
    std::int64_t groups;
  } cases[] = {{{24, 16, 3, 3}, {2, 0, 1, 3}, {1, 1}, {1, 1}, 1},
               {{24, 16, 3, 3}, {1, 1, 1, 1}, {2, 1}, {1, 1}, 1},
               {{24, 16, 3, 3}, {2, 2, 2, 2}, {1, 1}, {2, 2}, 1},
               {{24, 16, 1, 1}, {0, 0, 0, 0}, {2, 2}, {1, 1}, 1},
               {{24, 16, 5, 5}, {2, 2, 2, 2}, {1, 1}, {1, 1}, 1},
               {{24, 16, 1, 3}, {0, 1, 0, 1}, {1, 1}, {1, 1}, 1},
               {{24, 4, 3, 3}, {1, 1, 1, 1}, {1, 1}, {1, 1}, 4},
               {{16, 1, 3, 3}, {1, 0, 1, 0}, {1, 1}, {1, 1}, 16},
               {{32, 1, 3, 3}, {1, 1, 1, 1}, {2, 2}, {1, 1}, 16}};
  for (const auto& one : cases) {
    ModelWriter model;
    model.input("x", kShape);
    add_constant(model, "w", one.weights, 1);
    model.node("Conv", {"x", "w"}, "y",
               {{"pads", one.pads},
                {"strides", one.strides},
                {"dilations", one.dilations},
                {"group", {one.groups}, false}});
    SCOPED_TRACE(::testing::PrintToString(one.weights));
    expect_fused(model, "Conv", kShape);
  }
}

TEST(OnnxruntimeLayers, PaddingByName) {
  for (const char* name : {"SAME_UPPER", "SAME_LOWER", "VALID"}) {
    for (const std::int64_t stride : {1, 2}) {
      ModelWriter model;
      model.input("x", {-1, 16, -1, -1});  // so that it depends on the run
      add_constant(model, "w", {24, 16, 4, 3}, 1);
      model.node("Conv", {"x", "w"}, "y",
                 {{"strides", {stride, stride}}, {"auto_pad", {}, false, {}, name}});
      const std::string bytes = model.output("y").bytes();
      Session alone(bytes), with(bytes, kAll);
      EXPECT_EQ(with.count("winograd"), 1);
      for (const Numbers& shape : {Numbers{1, 16, 9, 12}, {1, 16, 12, 7}}) {
        EXPECT_LE(difference(alone.run({shape}), with.run({shape})), kTolerance) << name;
      }
    }
  }
}

TEST(OnnxruntimeLayers, FusedConvOfAnOptimisedFile) {
  const struct {
    const char* activation;
    std::vector<float> parameters;
  } cases[] = {{"Relu", {}}, {"LeakyRelu", {0.3F}}, {"Clip", {-0.5F, 0.5F}}, {"Tanh", {}}};
  for (const auto& one : cases) {
    ModelWriter model;
    model.input("x", kShape);
    add_constant(model, "w", {16, 16, 3, 3}, 1);
    add_constant(model, "b", {16}, 2);
    std::vector<Attribute> attributes = {{"pads", {1, 1, 1, 1}},
                                         {"activation", {}, false, {}, one.activation}};
    if (!one.parameters.empty())
      attributes.push_back({"activation_params", {}, true, one.parameters});
    model.node("FusedConv", {"x", "w", "b", "x"}, "y", attributes, "com.microsoft");
    SCOPED_TRACE(one.activation);
    expect_fused(model, "FusedConv", kShape);
  }
}

TEST(OnnxruntimeLayers, WhatIsNotOursStaysWithItsReason) {
  ModelWriter model;
  model.input("x", {1, 8, 10, 10}).input("v", {8, 8, 3, 3}).input("z", {1, 8, 20});
  add_constant(model, "w1", {8, 8, 3}, 1);
  add_constant(model, "w", {8, 8, 3, 3}, 1);
  model.node("Conv", {"z", "w1"}, "one_dimension")
      .node("Conv", {"x", "v"}, "weights_from_outside")
      .node("Conv", {"x", "w"}, "ordinary")
      .output("one_dimension")
      .output("weights_from_outside")
      .output("ordinary");
  const std::string bytes = model.bytes();
  Session alone(bytes), with(bytes, kAll);
  EXPECT_EQ(with.count("ONNX Runtime: it is not two-dimensional"), 1);
  EXPECT_EQ(with.count("ONNX Runtime: its weights are no constant"), 1);
  EXPECT_EQ(with.count("winograd: Conv by"), 1);
  const std::vector<Numbers> shapes = {{1, 8, 10, 10}, {8, 8, 3, 3}, {1, 8, 20}};
  EXPECT_LE(difference(alone.run(shapes), with.run(shapes)), kTolerance);
}

}  // namespace
}  // namespace winograd::ort::test
