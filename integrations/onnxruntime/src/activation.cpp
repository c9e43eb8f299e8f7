// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "activation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "graph_reading.hpp"

namespace winograd::ort {
namespace {

/// min(max(x, low), high)
void set_clamp(float low, float high, Conv2dDesc& d) {
  if (low == 0.0F && high == std::numeric_limits<float>::max()) {
    d.activation = Activation::relu;
  } else if (low == 0.0F && high == 6.0F) {
    d.activation = Activation::relu6;
  } else {
    d.activation = Activation::clamp;
    d.activation_min = low;
    d.activation_max = high;
  }
}

bool read_clip(const Ort::ConstNode& node, Conv2dDesc& d) {
  constexpr float kMost = std::numeric_limits<float>::max();
  float bounds[] = {-kMost, kMost};
  if (node.GetSinceVersion() < 11) {
    bounds[0] = attribute<float>(node, "min").value_or(-kMost);
    bounds[1] = attribute<float>(node, "max").value_or(kMost);
  } else {
    const auto inputs = node.GetInputs();
    for (std::size_t i = 1; i < inputs.size() && i <= 2; ++i) {
      if (is_null(inputs[i])) continue;
      const std::optional<float> bound = constant_number(inputs[i]);
      if (!bound) return false;
      bounds[i - 1] = *bound;
    }
  }
  if (!(bounds[0] <= bounds[1])) return false;
  set_clamp(bounds[0], bounds[1], d);
  return true;
}

bool read_prelu(const Ort::ConstNode& node, Match& m) {
  const auto inputs = node.GetInputs();
  if (inputs.size() != 2 || !is_constant(inputs[1])) return false;
  const Shape slopes = shape_of(inputs[1]);
  const float* const values = constant_floats(inputs[1], count_of(slopes));
  if (!std::all_of(values, values + count_of(slopes), [](float s) { return std::isfinite(s); })) {
    return false;  // not among what the library does
  }
  if (count_of(slopes) == 1) {
    m.desc.activation = Activation::leaky_relu;
    m.desc.leaky_slope = values[0];
    return true;
  }
  // One for each channel: [K, 1, 1], with or without a 1 in front.
  std::vector<std::int64_t> dims = slopes.dims;
  if (dims.size() == 4 && dims[0] == 1) dims.erase(dims.begin());
  if (dims != std::vector<std::int64_t>{m.desc.out_channels, 1, 1}) return false;
  m.desc.activation = Activation::prelu;
  m.slopes = inputs[1];
  return true;
}

}  // namespace

bool is_our_hard_sigmoid(const Ort::ConstNode& node) {
  const float alpha = attribute<float>(node, "alpha").value_or(0.2F);
  return std::fabs(alpha - 1.0F / 6.0F) < 1e-6F &&
         attribute<float>(node, "beta").value_or(0.5F) == 0.5F;
}

bool read_activation(const Ort::ConstNode& node, Match& m) {
  Conv2dDesc& d = m.desc;
  if (is(node, "Clip")) return read_clip(node, d);
  if (is(node, "PRelu")) return read_prelu(node, m);
  if (is(node, "LeakyRelu")) {
    d.activation = Activation::leaky_relu;
    d.leaky_slope = attribute<float>(node, "alpha").value_or(0.01F);
    return true;
  }
  if (is(node, "HardSigmoid") && !is_our_hard_sigmoid(node)) return false;
  if (is(node, "Gelu") && attribute<std::string>(node, "approximate").value_or("none") != "tanh") {
    return false;
  }
  constexpr std::pair<const char*, Activation> kPlain[] = {
      {"Relu", Activation::relu},
      {"Sigmoid", Activation::sigmoid},
      {"Tanh", Activation::tanh},
      {"HardSigmoid", Activation::hard_sigmoid},
      {"HardSwish", Activation::hard_swish},
      {"Mish", Activation::mish},
      {"Gelu", Activation::gelu_tanh}};
  for (const auto& [type, activation] : kPlain) {
    if (is(node, type)) return d.activation = activation, true;
  }
  return false;
}

const char* read_fused(const Ort::ConstNode& node, Match& m) {
  const auto inputs = node.GetInputs();
  if (inputs.size() > 3 && !is_null(inputs[3])) {
    m.residual = inputs[3].GetName();
    m.desc.residual = true;
  }
  const std::string activation = attribute<std::string>(node, "activation").value_or("");
  const auto parameters = attributes<float>(node, "activation_params");
  const auto parameter = [&](std::size_t i, float otherwise) {
    return i < parameters.size() ? parameters[i] : otherwise;
  };
  Conv2dDesc& d = m.desc;
  if (activation.empty()) return nullptr;
  if (activation == "Relu") return d.activation = Activation::relu, nullptr;
  if (activation == "Sigmoid") return d.activation = Activation::sigmoid, nullptr;
  if (activation == "Tanh") return d.activation = Activation::tanh, nullptr;
  if (activation == "LeakyRelu") {
    d.activation = Activation::leaky_relu;
    d.leaky_slope = parameter(0, 0.01F);
    return nullptr;
  }
  if (activation == "Clip" && parameters.size() == 2 && parameters[0] <= parameters[1]) {
    set_clamp(parameters[0], parameters[1], d);
    return nullptr;
  }
  if (activation == "HardSigmoid" && std::fabs(parameter(0, 0.2F) - 1.0F / 6.0F) < 1e-6F &&
      parameter(1, 0.5F) == 0.5F) {
    return d.activation = Activation::hard_sigmoid, nullptr;
  }
  return "its fused activation is none of the library's";
}

}  // namespace winograd::ort
