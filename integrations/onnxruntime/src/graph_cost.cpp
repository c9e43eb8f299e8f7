// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "graph_cost.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "graph_reading.hpp"

namespace winograd::ort {
namespace {

/// Elements of a tensor, with the size that choices assume for what is open; 0 if that is the rank.
double elements_of(const Ort::ConstValueInfo& value) {
  const Ort::ConstTypeInfo type = value.TypeInfo();
  if (type.GetONNXType() != ONNX_TYPE_TENSOR) return 0;
  const std::vector<std::int64_t> dims = type.GetTensorTypeAndShapeInfo().GetShape();
  if (dims.size() != 4) return 0;
  double elements = 1;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    elements *= static_cast<double>(dims[i] >= 0 ? dims[i] : i == 0 ? 1 : kOpenSize);
  }
  return elements;
}

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

GraphCost::GraphCost(Ort::ConstGraph graph, const std::vector<Choice>& layers) : layers_(layers) {
  // A layer stands where its last node does: by then all that it reads has been computed.
  std::map<std::size_t, std::size_t> last_of, part_of;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    for (const Ort::ConstNode& node : layers[i].match.nodes) part_of[node.GetId()] = i;
    last_of[layers[i].match.nodes.back().GetId()] = i;
  }
  for (const Ort::ConstNode& node : graph.GetNodes()) {
    const std::size_t id = node.GetId();
    Node one;
    const auto last = last_of.find(id);
    if (last != last_of.end()) {
      one.kind = Kind::layer;
      one.layer = last->second;
      const Match& match = layers[one.layer].match;
      for (const Ort::ConstNode& part : match.nodes) {
        for (const Ort::ConstValueInfo& input : part.GetInputs()) {
          if (is_null(input)) continue;
          const std::string name = input.GetName();
          if (name == match.src || name == match.residual) one.inputs.push_back(value_index(input));
        }
      }
    } else if (part_of.count(id) > 0) {
      continue;
    } else {
      const std::string type = node.GetOperatorType();
      if (is_one_of(type, {"MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool"})) {
        one.kind = Kind::in_blocks;
      } else if (is_one_of(type,
                           {"Add", "Sum", "Mul", "Relu", "Sigmoid", "Tanh", "LeakyRelu", "Clip",
                            "HardSigmoid", "Concat", "BatchNormalization", "Upsample", "Resize"})) {
        one.kind = Kind::as_it_comes;
      }
      for (const Ort::ConstValueInfo& input : node.GetInputs()) {
        if (is_null(input)) continue;
        if (!input.IsConstantInitializer()) {
          one.inputs.push_back(value_index(input));
        } else if (is_one_of(type, {"Add", "Sum", "Mul", "Concat"})) {
          one.kind = Kind::plain;  // a constant comes as it is
        }
      }
    }
    for (const Ort::ConstValueInfo& output : node.GetOutputs()) {
      if (!is_null(output)) one.outputs.push_back(value_index(output));
    }
    nodes_.push_back(std::move(one));
  }
}

std::size_t GraphCost::value_index(const Ort::ConstValueInfo& value) {
  const auto [place, is_new] = indices_.emplace(value.GetName(), values_.size());
  if (is_new) values_.push_back({reorder_cycles(elements_of(value))});
  return place->second;
}

double GraphCost::cycles(const std::vector<bool>& taken) const {
  // In which order each value is made, and whether somebody has paid for the other one.
  std::vector<Order> made(values_.size(), Order::plain);
  std::vector<char> reordered(values_.size(), 0);
  double cycles = 0;
  const auto read = [&](std::size_t value, Order order) {
    if (made[value] == order || reordered[value] != 0) return;
    reordered[value] = 1;
    cycles += values_[value].reorder;
  };
  for (const Node& node : nodes_) {
    Order order = Order::plain, input = Order::plain;
    if (node.kind == Kind::in_blocks) {
      order = input = has_blocked_order() ? Order::blocked : Order::plain;
    } else if (node.kind == Kind::as_it_comes) {
      const bool blocked = std::all_of(node.inputs.begin(), node.inputs.end(),
                                       [&](std::size_t v) { return made[v] == Order::blocked; });
      if (blocked && !node.inputs.empty()) order = input = Order::blocked;
    } else if (node.kind == Kind::layer) {
      const Choice& layer = layers_[node.layer];
      cycles += taken[node.layer] ? layer.cycles : layer.engine;
      if (!taken[node.layer]) {
        order = engine_order(layer.nominal);
        input = engine_input_order(layer.nominal);
      }
    }
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      // The residual is read in the order of the output.
      const bool residual = node.kind == Kind::layer && i > 0;
      read(node.inputs[i], residual ? order : input);
    }
    for (const std::size_t output : node.outputs) made[output] = order;
  }
  return cycles;
}

}  // namespace winograd::ort
