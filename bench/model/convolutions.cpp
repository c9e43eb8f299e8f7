// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/model/convolutions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "bench/model/shapes.hpp"

namespace winograd::bench {
namespace {

bool is_convolution(const Node& node) {
  return node.type == "Conv" ? node.domain.empty()
                             : node.type == "FusedConv" && node.domain == "com.microsoft";
}

/// Who reads which tensor.
class Readers {
 public:
  explicit Readers(const Graph& graph) {
    for (const Node& node : graph.nodes)
      for (const std::string& input : node.inputs)
        if (!input.empty()) add(input, &node);
    for (const std::string& output : graph.outputs) add(output, nullptr);
  }

  /// The only node that reads the tensor; null if others, or the caller of the network, do too.
  const Node* only(const std::string& tensor) const {
    const auto found = readers_.find(tensor);
    return found != readers_.end() && found->second.count == 1 ? found->second.node : nullptr;
  }

 private:
  struct Entry {
    const Node* node = nullptr;
    int count = 0;
  };
  void add(const std::string& tensor, const Node* node) {
    Entry& entry = readers_[tensor];
    entry.node = node;
    ++entry.count;
  }
  std::map<std::string, Entry> readers_;
};

class Finder {
 public:
  explicit Finder(const Graph& graph) : graph_(graph), readers_(graph) {}

  Network find() {
    network_.notes = graph_.notes;
    for (const Node& node : graph_.nodes) {
      if (is_convolution(node))
        add_convolution(node);
      else
        add_other(node);
      for (const auto& [name, attribute] : node.attributes)
        if (attribute.has_graph) branches_ = true;
    }
    if (branches_)
      network_.notes.emplace_back(
          "The network has branches or loops; what is inside them is not listed.");
    return std::move(network_);
  }

 private:
  const Tensor* tensor(const std::string& name) const {
    const auto found = name.empty() ? graph_.tensors.end() : graph_.tensors.find(name);
    return found == graph_.tensors.end() ? nullptr : &found->second;
  }
  const Tensor* input(const Node& node, std::size_t index) const {
    return index < node.inputs.size() ? tensor(node.inputs[index]) : nullptr;
  }
  std::optional<Dims> input_dims(const Node& node, std::size_t index) const {
    const Tensor* found = input(node, index);
    return found == nullptr ? std::nullopt : found->dims;
  }
  std::optional<Dims> output_dims(const Node& node) const {
    const Tensor* found = node.outputs.empty() ? nullptr : tensor(node.outputs[0]);
    return found == nullptr ? std::nullopt : found->dims;
  }

  void add_convolution(const Node& node) {
    std::string reason;
    const std::optional<Conv2dDesc> desc = describe(node, reason);
    if (!desc) {
      network_.skipped.push_back(fmt::format("{}: {}", node.label(), reason));
      return;
    }
    const std::string fused = fusion(node);
    const std::string key = geometry_name(*desc) + " " + fused;
    const auto [found, added] = index_.try_emplace(key, network_.convolutions.size());
    if (added) network_.convolutions.push_back({{*desc, 0, node.label()}, fused, {}});
    Convolution& convolution = network_.convolutions[found->second];
    ++convolution.layer.count;
    convolution.nodes.push_back(node.label());
  }

  std::optional<Conv2dDesc> describe(const Node& node, std::string& reason) const {
    const std::optional<Dims> src = input_dims(node, 0), weights = input_dims(node, 1);
    if (!weights || std::count(weights->begin(), weights->end(), kUnknownDim) != 0) {
      reason = fmt::format("the dimensions of its weights are not known ({})", dims_text(weights));
      return std::nullopt;
    }
    if (!src || std::count(src->begin(), src->end(), kUnknownDim) != 0) {
      reason = fmt::format("the dimensions of its input are not known ({}; weights {})",
                           dims_text(src), dims_text(weights));
      return std::nullopt;
    }
    const std::size_t axes = src->size() - 2;
    if (src->size() != weights->size() || (axes != 1 && axes != 2)) {
      reason = fmt::format("only 1-D and 2-D convolutions are taken (input {}, weights {})",
                           dims_text(src), dims_text(weights));
      return std::nullopt;
    }
    const std::optional<Window> window =
        window_of(node, {src->begin() + 2, src->end()}, {weights->begin() + 2, weights->end()});
    if (!window) {
      reason = fmt::format("its attributes do not fit (input {}, weights {})", dims_text(src),
                           dims_text(weights));
      return std::nullopt;
    }
    // 1-D: an image of one row.
    const std::size_t h = 0, w = axes - 1;
    Conv2dDesc d;
    d.batch = (*src)[0];
    d.in_channels = (*src)[1];
    d.out_channels = (*weights)[0];
    d.width = (*src)[2 + w];
    d.kernel_w = window->kernel[w];
    d.stride_w = window->stride[w];
    d.dilation_w = window->dilation[w];
    d.pad_left = window->pad_begin[w];
    d.pad_right = window->pad_end[w];
    d.height = d.kernel_h = 1;
    if (axes == 2) {
      d.height = (*src)[2 + h];
      d.kernel_h = window->kernel[h];
      d.stride_h = window->stride[h];
      d.dilation_h = window->dilation[h];
      d.pad_top = window->pad_begin[h];
      d.pad_bottom = window->pad_end[h];
    }
    const auto group = node.attributes.find("group");
    d.groups = group == node.attributes.end() ? 1 : group->second.i.value_or(1);
    if (const Status status = validate(d); !status.ok()) {
      reason = status.message();
      return std::nullopt;
    }
    if (d.batch == 0 || d.in_channels / d.groups != (*weights)[1]) {
      reason = fmt::format("its input does not fit its weights (input {}, weights {})",
                           dims_text(src), dims_text(weights));
      return std::nullopt;
    }
    return d;
  }

  /// What follows the convolution and can be part of it, in the order in which the library applies
  /// it: constants folded into weights and bias, a residual, an activation.
  std::string fusion(const Node& conv) {
    std::string fused;
    const auto append = [&](const char* what) {
      if (!fused.empty()) fused += '+';
      fused += what;
    };
    if (conv.type == "FusedConv") {
      if (input(conv, 3) != nullptr) append("add");
      const auto activation = conv.attributes.find("activation");
      if (activation != conv.attributes.end())
        append(lower(activation->second.s.value_or("")).c_str());
      return fused;
    }
    const Node* last = &conv;
    // Only what comes later: in a damaged file a node may follow upon itself.
    const auto next = [&]() -> const Node* {
      const Node* reader = last->outputs.empty() ? nullptr : readers_.only(last->outputs[0]);
      return reader > last ? reader : nullptr;
    };
    const Node* node = next();
    for (; node != nullptr && folds(*node, *last); node = next()) {
      if (node->type == "BatchNormalization") {
        ++network_.folded;
        append("bn");
      } else {
        append(node->type == "Add" || node->type == "Sub" ? "bias" : "scale");
      }
      last = node;
    }
    if (node != nullptr && is_residual(*node, *last)) {
      append("add");
      last = node;
      node = next();
    }
    if (node != nullptr)
      if (const char* activation = activation_of(*node)) append(activation);
    return fused;
  }

  static std::string lower(std::string text) {
    for (char& c : text)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
  }

  /// True for a normalisation by constants, and for a constant per channel that is added or
  /// multiplied: they become part of weights and bias.
  bool folds(const Node& node, const Node& before) const {
    if (!node.domain.empty() || node.inputs.empty() || node.outputs.empty()) return false;
    if (node.type == "BatchNormalization") {
      if (node.inputs[0] != before.outputs[0]) return false;
      for (std::size_t i = 1; i < node.inputs.size(); ++i)
        if (input(node, i) == nullptr || !input(node, i)->constant) return false;
      return node.inputs.size() >= 5;
    }
    if (node.type != "Add" && node.type != "Sub" && node.type != "Mul" && node.type != "Div")
      return false;
    if (node.inputs.size() != 2) return false;
    const std::size_t other = node.inputs[0] == before.outputs[0] ? 1 : 0;
    if (other == 0 && node.type != "Add" && node.type != "Mul") return false;
    const Tensor* constant = input(node, other);
    const std::optional<Dims> dims = output_dims(node);
    if (constant == nullptr || !constant->constant || !constant->dims || !dims) return false;
    // One number for each channel, which is the second axis, or one for all.
    const Dims& c = *constant->dims;
    for (std::size_t i = 0; i < c.size(); ++i)
      if (c[i] != 1 && (dims->size() + i != c.size() + 1 || c[i] != (*dims)[1])) return false;
    return c.size() <= dims->size();
  }

  bool is_residual(const Node& node, const Node& before) const {
    if (node.type != "Add" || !node.domain.empty() || node.inputs.size() != 2) return false;
    const std::size_t other = node.inputs[0] == before.outputs[0] ? 1 : 0;
    const std::optional<Dims> dims = output_dims(before);
    return dims && input_dims(node, other) == dims && !input(node, other)->constant;
  }

  /// A bound of Clip, which is an attribute in old versions and an input in others.
  std::optional<double> bound(const Node& node, const char* name, std::size_t index) const {
    const auto found = node.attributes.find(name);
    if (found != node.attributes.end() && found->second.f)
      return static_cast<double>(*found->second.f);
    if (index >= node.inputs.size() || node.inputs[index].empty())
      return index == 1 ? -std::numeric_limits<double>::infinity()
                        : std::numeric_limits<double>::infinity();
    const Tensor* value = input(node, index);
    if (value == nullptr || !value->values || value->values->size() != 1) return std::nullopt;
    return (*value->values)[0];
  }

  const char* activation_of(const Node& node) const {
    if (!node.domain.empty()) return nullptr;
    if (node.type == "Relu") return "relu";
    if (node.type == "LeakyRelu") return "leaky_relu";
    if (node.type != "Clip") return nullptr;
    const auto least = bound(node, "min", 1), most = bound(node, "max", 2);
    if (!least || !most) return nullptr;
    if (*least == 0.0 && *most == 6.0) return "relu6";
    return "clamp";
  }

  void add_other(const Node& node) {
    const std::optional<Dims> a = input_dims(node, 0), b = input_dims(node, 1);
    const std::optional<Dims> out = output_dims(node);
    const auto elements = [](const std::optional<Dims>& dims) {
      if (!dims) return -1.0;
      double all = 1.0;
      for (const std::int64_t dim : *dims) all *= static_cast<double>(dim);
      return std::count(dims->begin(), dims->end(), kUnknownDim) != 0 ? -1.0 : all;
    };
    double products = 0.0;  // negative: not known
    if (node.type == "MatMul" || node.type == "Gemm") {
      const auto transposed = node.attributes.find("transA");
      const bool first =
          transposed != node.attributes.end() && transposed->second.i.value_or(0) != 0;
      const double depth =
          !a || a->empty() ? -1.0 : static_cast<double>(first ? a->front() : a->back());
      products = elements(out) < 0 || depth < 0 ? -1.0 : elements(out) * depth;
    } else if (node.type == "ConvTranspose") {
      const double taps = elements(b) < 0 || !b || b->empty() || b->front() < 1
                              ? -1.0
                              : elements(b) / static_cast<double>(b->front());
      products = taps < 0 || elements(a) < 0 ? -1.0 : elements(a) * taps;
    } else if (node.type == "LSTM" || node.type == "GRU" || node.type == "RNN" ||
               node.type == "ConvInteger" || node.type == "QLinearConv" ||
               node.type == "MatMulInteger" || node.type == "QLinearMatMul" ||
               node.type == "DeformConv" || node.type == "Attention" || node.type == "Einsum") {
      products = -1.0;
    } else {
      return;
    }
    auto kind = std::find_if(network_.others.begin(), network_.others.end(),
                             [&](const OtherWork& one) { return one.type == node.type; });
    if (kind == network_.others.end()) {
      network_.others.push_back({node.type});
      kind = network_.others.end() - 1;
    }
    ++kind->count;
    if (products < 0)
      kind->counted = false;
    else
      kind->flops += 2.0 * products;
  }

  const Graph& graph_;
  Readers readers_;
  Network network_;
  std::map<std::string, std::size_t> index_;
  bool branches_ = false;
};

}  // namespace

int Network::count() const {
  int all = 0;
  for (const Convolution& one : convolutions) all += one.layer.count;
  return all;
}

double Network::flops() const {
  double all = 0.0;
  for (const Convolution& one : convolutions) all += direct_flops(one.layer.desc) * one.layer.count;
  return all;
}

double Network::other_flops() const {
  double all = 0.0;
  for (const OtherWork& one : others) all += one.flops;
  return all;
}

Network find_convolutions(const Graph& graph) { return Finder(graph).find(); }

}  // namespace winograd::bench
