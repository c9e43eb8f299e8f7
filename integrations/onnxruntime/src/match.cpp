// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "match.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "activation.hpp"
#include "graph_reading.hpp"

namespace winograd::ort {
namespace {

// ---- the convolution ----------------------------------------------------------------------------

/// Fills all of `m` that the node itself says; a text if the library cannot do it.
const char* read_convolution(const Ort::ConstNode& node, Match& m) {
  const std::vector<Ort::ConstValueInfo> inputs = node.GetInputs();
  if (inputs.size() < 2) return "it has no weights";
  const Shape src = shape_of(inputs[0]), weights = shape_of(inputs[1]);
  if (!weights.known) return "its tensors are not of floats";
  if (!is_constant(inputs[1])) return "its weights are no constant";
  if (weights.dims.size() != 4) return "it is not two-dimensional";
  if (!src.known || src.dims.size() != 4) return "the rank of its input is not known to be 4";
  m.weights = inputs[1];
  if (inputs.size() > 2 && !is_null(inputs[2])) {
    if (!is_constant(inputs[2])) return "its bias is no constant";
    m.bias = inputs[2];
  }

  Conv2dDesc& d = m.desc;
  d.groups = attribute<std::int64_t>(node, "group").value_or(1);
  d.out_channels = weights.dims[0];
  d.in_channels = weights.dims[1] * std::max<std::int64_t>(d.groups, 1);
  d.kernel_h = weights.dims[2];
  d.kernel_w = weights.dims[3];
  if (src.dims[1] >= 0 && src.dims[1] != d.in_channels)
    return "its channels do not fit its weights";
  d.batch = std::max<std::int64_t>(src.dims[0], 0);
  d.height = std::max<std::int64_t>(src.dims[2], 0);
  d.width = std::max<std::int64_t>(src.dims[3], 0);
  const auto strides = attributes<std::int64_t>(node, "strides");
  if (strides.size() == 2) d.stride_h = strides[0], d.stride_w = strides[1];
  const auto dilations = attributes<std::int64_t>(node, "dilations");
  if (dilations.size() == 2) d.dilation_h = dilations[0], d.dilation_w = dilations[1];
  const auto pads = attributes<std::int64_t>(node, "pads");
  if (pads.size() == 4) {
    d.pad_top = pads[0], d.pad_left = pads[1], d.pad_bottom = pads[2], d.pad_right = pads[3];
  }
  const std::string auto_pad = attribute<std::string>(node, "auto_pad").value_or("NOTSET");
  if (auto_pad == "SAME_UPPER") m.auto_pad = AutoPad::same_upper;
  if (auto_pad == "SAME_LOWER") m.auto_pad = AutoPad::same_lower;
  if (auto_pad == "VALID") d.set_padding(0);
  if (m.auto_pad != AutoPad::none && d.height > 0 && d.width > 0) {
    resolve_padding(m.auto_pad, d);
    m.auto_pad = AutoPad::none;
  }
  return nullptr;
}

// ---- what follows -------------------------------------------------------------------------------

/// Takes what follows the convolution, one node after another.
class Follower {
 public:
  Follower(Match& m, const std::set<std::size_t>& taken) : m_(m), taken_(taken) {}

  void follow() {
    while (step()) {
    }
  }

 private:
  bool step() {
    const Ort::ConstValueInfo value = m_.nodes.back().GetOutputs().at(0);
    if (m_.desc.activation != Activation::none || value.IsGraphOutput()) return false;
    const auto consumers = value.GetConsumers();
    for (const auto& consumer : consumers) {
      if (consumer.index < 0 || taken_.count(consumer.node.GetId()) > 0) return false;
    }
    if (consumers.size() == 1) {
      const Ort::ConstNode& next = consumers[0].node;
      if (is(next, "Add")) return take_residual(next, consumers[0].index, value);
      return consumers[0].index == 0 && read_activation(next, m_) && take(next);
    }
    return consumers.size() == 2 && (take_product(consumers[0].node, consumers[1].node, value) ||
                                     take_product(consumers[1].node, consumers[0].node, value));
  }

  bool take(const Ort::ConstNode& node) {
    m_.nodes.push_back(node);
    m_.dst = node.GetOutputs().at(0).GetName();
    return true;
  }

  bool take_residual(const Ort::ConstNode& add, std::int64_t index,
                     const Ort::ConstValueInfo& value) {
    const auto inputs = add.GetInputs();
    if (m_.desc.residual || inputs.size() != 2) return false;
    const Ort::ConstValueInfo& other = inputs[index == 0 ? 1 : 0];
    if (is_null(other) || other.IsConstantInitializer()) return false;
    if (!same_shape(shape_of(value), shape_of(other))) return false;
    m_.residual = other.GetName();
    m_.desc.residual = true;
    return take(add);
  }

  /// x * sigmoid(x) and x * hard_sigmoid(x), as exporters write them.
  bool take_product(const Ort::ConstNode& gate, const Ort::ConstNode& product,
                    const Ort::ConstValueInfo& value) {
    const bool sigmoid = is(gate, "Sigmoid");
    if (!is(product, "Mul") ||
        (!sigmoid && !(is(gate, "HardSigmoid") && is_our_hard_sigmoid(gate))))
      return false;
    const Ort::ConstValueInfo between = gate.GetOutputs().at(0);
    const auto consumers = between.GetConsumers();
    if (between.IsGraphOutput() || consumers.size() != 1 ||
        consumers[0].node.GetId() != product.GetId())
      return false;
    // Of the same tensor: the product's other input is the value itself.
    const auto inputs = product.GetInputs();
    const auto is_value = [&](const Ort::ConstValueInfo& one) {
      return !is_null(one) && one.GetName() == value.GetName();
    };
    if (inputs.size() != 2 || !(is_value(inputs[0]) || is_value(inputs[1]))) return false;
    m_.desc.activation = sigmoid ? Activation::silu : Activation::hard_swish;
    return take(gate) && take(product);
  }

  Match& m_;
  const std::set<std::size_t>& taken_;
};

/// A description that stands for all the sizes a run may have.
Conv2dDesc representative(const Match& m) {
  Conv2dDesc desc = m.desc;
  if (desc.batch == 0) desc.batch = 1;
  const bool open = desc.height == 0 || desc.width == 0;
  if (desc.height == 0) desc.height = desc.kernel_h * desc.dilation_h + 64;
  if (desc.width == 0) desc.width = desc.kernel_w * desc.dilation_w + 64;
  if (open) resolve_padding(m.auto_pad, desc);
  return desc;
}

}  // namespace

void resolve_padding(AutoPad auto_pad, Conv2dDesc& desc) {
  if (auto_pad == AutoPad::none) return;
  const auto resolve = [&](std::int64_t size, std::int64_t kernel, std::int64_t stride,
                           std::int64_t dilation, std::int64_t& before, std::int64_t& after) {
    const std::int64_t outputs = (size + stride - 1) / stride;
    const std::int64_t all =
        std::max<std::int64_t>((outputs - 1) * stride + (kernel - 1) * dilation + 1 - size, 0);
    before = auto_pad == AutoPad::same_upper ? all / 2 : all - all / 2;
    after = all - before;
  };
  resolve(desc.height, desc.kernel_h, desc.stride_h, desc.dilation_h, desc.pad_top,
          desc.pad_bottom);
  resolve(desc.width, desc.kernel_w, desc.stride_w, desc.dilation_w, desc.pad_left, desc.pad_right);
}

std::optional<Match> match(const Ort::ConstNode& node, const std::set<std::size_t>& taken,
                           std::string& reason) {
  const bool fused = node.GetOperatorType() == "FusedConv" && node.GetDomain() == "com.microsoft";
  if (!fused && !is(node, "Conv")) return {};
  Match m;
  const char* why = read_convolution(node, m);
  if (why == nullptr && fused) why = read_fused(node, m);
  if (why != nullptr) return reason = why, std::nullopt;
  m.nodes.push_back(node);
  m.name = node.GetName();
  m.src = node.GetInputs()[0].GetName();
  m.dst = node.GetOutputs().at(0).GetName();
  if (m.name.empty()) m.name = m.dst;
  if (const Status status = validate(representative(m)); !status) {
    return reason = status.message(), std::nullopt;
  }
  Follower(m, taken).follow();
  return m;
}

}  // namespace winograd::ort
