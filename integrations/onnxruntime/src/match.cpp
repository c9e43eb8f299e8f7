// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "match.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

namespace winograd::ort {
namespace {

// ---- values -------------------------------------------------------------------------------------

struct Shape {
  bool known = false;  ///< the rank, at least
  std::vector<std::int64_t> dims;
  std::vector<std::string> symbols;
};

/// Of a tensor of floats; of anything else unknown.
Shape shape_of(const Ort::ConstValueInfo& value) {
  Shape shape;
  if (is_null(value)) return shape;
  const Ort::ConstTypeInfo type = value.TypeInfo();
  if (type.GetONNXType() != ONNX_TYPE_TENSOR) return shape;
  const auto tensor = type.GetTensorTypeAndShapeInfo();
  if (tensor.GetElementType() != ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) return shape;
  shape.known = true;
  shape.dims = tensor.GetShape();
  for (const char* symbol : tensor.GetSymbolicDimensions()) {
    shape.symbols.emplace_back(symbol == nullptr ? "" : symbol);
  }
  return shape;
}

/// True if two tensors certainly have the same shape, whatever the open dimensions will be.
bool same_shape(const Shape& a, const Shape& b) {
  if (!a.known || !b.known || a.dims.size() != b.dims.size()) return false;
  for (std::size_t i = 0; i < a.dims.size(); ++i) {
    if (a.dims[i] != b.dims[i]) return false;
    if (a.dims[i] < 0 && (a.symbols[i].empty() || a.symbols[i] != b.symbols[i])) return false;
  }
  return true;
}

bool is_constant(const Ort::ConstValueInfo& value) {
  return !is_null(value) && value.IsConstantInitializer() && !value.IsFromOuterScope() &&
         shape_of(value).known;
}

std::int64_t count_of(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t dim : shape.dims) count *= dim;
  return count;
}

/// The number that a constant of one element has.
std::optional<float> constant_number(const Ort::ConstValueInfo& value) {
  if (!is_constant(value) || count_of(shape_of(value)) != 1) return {};
  return *constant_floats(value, 1);
}

bool is(const Ort::ConstNode& node, const char* type) {
  const std::string domain = node.GetDomain();
  return (domain.empty() || domain == "ai.onnx") && node.GetOperatorType() == type;
}

// ---- attributes ---------------------------------------------------------------------------------

template <class T>
std::optional<T> attribute(const Ort::ConstNode& node, const char* name) {
  Ort::ConstOpAttr found;
  if (!node.GetAttributeByName(name, found).IsOK()) return {};
  if (static_cast<const OrtOpAttr*>(found) == nullptr) return {};
  T value{};
  if (!found.GetValue(value).IsOK()) return {};
  return value;
}

template <class T>
std::vector<T> attributes(const Ort::ConstNode& node, const char* name) {
  Ort::ConstOpAttr found;
  std::vector<T> values;
  if (!node.GetAttributeByName(name, found).IsOK()) return values;
  if (static_cast<const OrtOpAttr*>(found) == nullptr) return values;
  if (!found.GetValueArray(values).IsOK()) values.clear();
  return values;
}

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

// ---- activations --------------------------------------------------------------------------------

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

/// Ours has a slope of 1/6.
bool is_our_hard_sigmoid(const Ort::ConstNode& node) {
  const float alpha = attribute<float>(node, "alpha").value_or(0.2F);
  return std::fabs(alpha - 1.0F / 6.0F) < 1e-6F &&
         attribute<float>(node, "beta").value_or(0.5F) == 0.5F;
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

/// The activation that a node applies to the one tensor it computes from.
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

/// com.microsoft's FusedConv: an activation, a residual, or both, as attributes and fourth input.
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

const float* constant_floats(const Ort::ConstValueInfo& value, std::int64_t count) {
  Ort::ConstValue tensor{nullptr};
  Ort::ThrowOnError(value.GetInitializer(tensor));
  const std::size_t elements = tensor.GetTensorTypeAndShapeInfo().GetElementCount();
  if (elements != static_cast<std::size_t>(count)) {
    throw Ort::Exception("winograd: " + value.GetName() + " has " + std::to_string(elements) +
                             " elements, not " + std::to_string(count),
                         ORT_INVALID_GRAPH);
  }
  return tensor.GetTensorData<float>();
}

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
