// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/model/shapes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "bench/model/operators.hpp"

namespace winograd::bench {
namespace {

// Beyond these nothing is a convolution, and sums of them stay far from overflowing.
constexpr std::int64_t kLargestStep = std::int64_t{1} << 20;

/// The attribute's values for `axes` axes, `otherwise` if there is none; nothing if they are in
/// other numbers or outside [least, kLargestStep].
std::optional<Dims> axis_values(const Node& node, const char* name, std::size_t count,
                                std::int64_t otherwise, std::int64_t least) {
  const auto found = node.attributes.find(name);
  if (found == node.attributes.end() || found->second.ints.empty()) return Dims(count, otherwise);
  const Dims& values = found->second.ints;
  if (values.size() != count) return std::nullopt;
  for (const std::int64_t value : values)
    if (value < least || value > kLargestStep) return std::nullopt;
  return values;
}

std::string attribute_text(const Node& node, const char* name) {
  const auto found = node.attributes.find(name);
  return found == node.attributes.end() ? std::string() : found->second.s.value_or("");
}

bool attribute_set(const Node& node, const char* name) {
  const auto found = node.attributes.find(name);
  return found != node.attributes.end() && found->second.i.value_or(0) != 0;
}

std::string input_names(const Graph& graph) {
  std::vector<std::string> names;
  for (const NamedTensor& input : graph.inputs)
    names.push_back(fmt::format("{} ({})", input.name, dims_text(input.tensor.dims)));
  return fmt::format("{}", fmt::join(names, ", "));
}

/// True if `wanted` only fills in what `dims` leaves open.
bool agrees(const std::optional<Dims>& dims, const Dims& wanted) {
  return !dims || std::equal(dims->begin(), dims->end(), wanted.begin(), wanted.end(),
                             [](auto a, auto b) { return a == kUnknownDim || a == b; });
}

void fix_inputs(Graph& graph, const std::vector<InputDims>& wanted) {
  bool stale = false;
  for (const InputDims& want : wanted) {
    if (want.name.empty() && graph.inputs.size() != 1)
      throw ModelError(fmt::format("--input without a name, but the model has {} inputs: {}",
                                   graph.inputs.size(), input_names(graph)));
    const auto input = std::find_if(
        graph.inputs.begin(), graph.inputs.end(),
        [&](const NamedTensor& one) { return want.name.empty() || one.name == want.name; });
    if (input == graph.inputs.end())
      throw ModelError(
          fmt::format("the model has no input '{}', only: {}", want.name, input_names(graph)));
    if (input->tensor.dims && input->tensor.dims->size() != want.dims.size())
      throw ModelError(fmt::format("input '{}' has {} dimensions ({}), not {}", input->name,
                                   input->tensor.dims->size(), dims_text(input->tensor.dims),
                                   want.dims.size()));
    if (!agrees(input->tensor.dims, want.dims)) stale = true;
    input->tensor.dims = want.dims;
  }
  // What the file says of other tensors is true for its own dimensions only.
  if (stale) std::erase_if(graph.tensors, [](const auto& item) { return !item.second.constant; });
  std::vector<std::string> open;
  for (NamedTensor& input : graph.inputs) {
    std::optional<Dims>& dims = input.tensor.dims;
    if (dims && !dims->empty() && dims->front() == kUnknownDim) dims->front() = 1;
    if (!dims || std::count(dims->begin(), dims->end(), kUnknownDim) != 0)
      open.push_back(fmt::format("{}:{}", input.name, dims_text(dims)));
    graph.tensors[input.name] = input.tensor;
  }
  if (!open.empty())
    graph.notes.push_back(
        fmt::format("The file leaves dimensions of its inputs open ({}): give them with --input "
                    "NAME:DIMS, such as --input {}:1x3x224x224.",
                    fmt::join(open, ", "), open[0].substr(0, open[0].rfind(':'))));
}

}  // namespace

InputDims parse_input_dims(std::string_view text) {
  InputDims result;
  std::string_view dims = text;
  if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    result.name = text.substr(0, colon);
    dims = text.substr(colon + 1);
  }
  const char* at = dims.data();
  const char* const end = at + dims.size();
  for (;;) {
    std::int64_t dim = 0;
    const auto [next, error] = std::from_chars(at, end, dim);
    if (error != std::errc() || dim < 1 || dim > kLargestDim || result.dims.size() == kMostDims ||
        (next != end && *next != 'x'))
      throw ModelError(
          fmt::format("--input '{}': NAME:DIMS is wanted, such as x:1x3x224x224", text));
    result.dims.push_back(dim);
    if (next == end) return result;
    at = next + 1;
  }
}

std::int64_t multiply_dims(std::int64_t a, std::int64_t b) {
  if (a < 0 || b < 0) return kUnknownDim;
  if (b != 0 && a > kLargestDim / b) return kUnknownDim;
  return a * b;
}

std::optional<Window> window_of(const Node& node, const Dims& input, const Dims& kernel) {
  const std::size_t axes = input.size();
  if (kernel.size() != axes) return std::nullopt;
  const auto stride = axis_values(node, "strides", axes, 1, 1);
  const auto dilation = axis_values(node, "dilations", axes, 1, 1);
  const auto pads = axis_values(node, "pads", 2 * axes, 0, 0);
  if (!stride || !dilation || !pads) return std::nullopt;
  const std::string automatic = attribute_text(node, "auto_pad");
  const bool same = automatic == "SAME_UPPER" || automatic == "SAME_LOWER";
  const bool valid = automatic == "VALID";
  const bool ceil = attribute_set(node, "ceil_mode");

  Window window{kernel, *stride, *dilation, Dims(axes, 0), Dims(axes, 0), Dims(axes, kUnknownDim)};
  for (std::size_t i = 0; i < axes; ++i) {
    if (kernel[i] < 1 || kernel[i] > kLargestStep) return std::nullopt;
    const std::int64_t reach = (kernel[i] - 1) * window.dilation[i] + 1;
    const std::int64_t step = window.stride[i];
    if (!same && !valid) {
      window.pad_begin[i] = (*pads)[i];
      window.pad_end[i] = (*pads)[axes + i];
    }
    if (input[i] < 1) continue;
    if (same) {
      window.output[i] = (input[i] + step - 1) / step;
      const std::int64_t total =
          std::max<std::int64_t>((window.output[i] - 1) * step + reach - input[i], 0);
      const std::int64_t smaller = total / 2;
      window.pad_begin[i] = automatic == "SAME_UPPER" ? smaller : total - smaller;
      window.pad_end[i] = total - window.pad_begin[i];
      continue;
    }
    const std::int64_t room = input[i] + window.pad_begin[i] + window.pad_end[i] - reach;
    if (room < 0) return std::nullopt;
    std::int64_t output = (room + (ceil ? step - 1 : 0)) / step + 1;
    // A window that would begin in the padding behind the image is left out.
    if (ceil && (output - 1) * step >= input[i] + window.pad_begin[i]) --output;
    window.output[i] = output;
  }
  return window;
}

void infer_shapes(Graph& graph, const std::vector<InputDims>& wanted) {
  fix_inputs(graph, wanted);
  std::map<std::string, int> unknown;  // operators, and how often
  for (const Node& node : graph.nodes) {
    std::vector<const Tensor*> inputs;
    bool constant = !node.inputs.empty();
    for (const std::string& name : node.inputs) {
      const auto found = name.empty() ? graph.tensors.end() : graph.tensors.find(name);
      inputs.push_back(found == graph.tensors.end() ? nullptr : &found->second);
      if (!name.empty() && (inputs.back() == nullptr || !inputs.back()->constant)) constant = false;
    }
    std::vector<Tensor> outputs(node.outputs.size());
    const ShapeFunction function = shape_function(node);
    if (function == nullptr)
      ++unknown[node.domain.empty() ? node.type : node.domain + "." + node.type];
    else if (!outputs.empty())
      function(Operands(node, inputs, graph.opset), outputs);

    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (node.outputs[i].empty()) continue;
      Tensor& output = outputs[i];
      if (output.dims && output.dims->size() > kMostDims) output.dims.reset();
      if (output.values && output.values->size() > kMostValues) output.values.reset();
      // Values that are known are the same in every run, as are those that depend on constants
      // only.
      if (constant || output.values) output.constant = true;
      if (node.type != "Cast" && !inputs.empty() && inputs[0] != nullptr && inputs[0]->whole)
        output.whole = true;
      Tensor& known = graph.tensors[node.outputs[i]];
      // Where inference fails, what the file says of the tensor stands.
      if (!output.dims) {
        output.dims = known.dims;
      } else if (known.dims && known.dims->size() == output.dims->size()) {
        for (std::size_t axis = 0; axis < output.dims->size(); ++axis)
          if ((*output.dims)[axis] == kUnknownDim) (*output.dims)[axis] = (*known.dims)[axis];
      }
      known = std::move(output);
    }
  }
  if (unknown.empty()) return;
  std::vector<std::string> names;
  for (const auto& [name, count] : unknown) {
    if (names.size() == 12) {
      names.emplace_back("...");
      break;
    }
    names.push_back(count == 1 ? name : fmt::format("{} ({} times)", name, count));
  }
  graph.notes.push_back(
      fmt::format("Operators that are not known here: {}. What depends on them is "
                  "listed only where the file gives the dimensions itself.",
                  fmt::join(names, ", ")));
}

}  // namespace winograd::bench
