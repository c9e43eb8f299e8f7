// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// ONNX bytes, message by message, into a Graph.
#include "bench/model/onnx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <protozero/pbf_reader.hpp>
#include <set>
#include <utility>

#include "bench/model/onnx_fields.hpp"

namespace winograd::bench {
namespace {

using namespace onnx;

constexpr std::int64_t kNewestIr = 13;
constexpr std::int64_t kNewestOpset = 25;

std::int64_t checked_dim(std::int64_t dim) {
  return dim < 0 || dim > kLargestDim ? kUnknownDim : dim;
}

/// Two bytes of a damaged file can ask for a node. Everything that is kept is paid for here, in
/// units of about 32 bytes.
class Budget {
 public:
  void pay(int units) {
    left_ -= units;
    if (left_ < 0) throw ModelError("the graph is too large to be one: more than 4 million parts");
  }

 private:
  std::int64_t left_ = std::int64_t{1} << 22;
};

class Parser {
 public:
  Graph parse(std::string_view bytes) {
    protozero::pbf_reader model(bytes.data(), bytes.size());
    bool has_graph = false;
    while (model.next()) {
      switch (model.tag_and_type()) {
        case varint(kIrVersion): ir_version_ = model.get_int64(); break;
        case block(kProducer): graph_.producer = text(model); break;
        case block(kGraph):
          has_graph = true;
          parse_graph(model.get_message());
          break;
        case block(kOpsetImport): parse_opset(model.get_message()); break;
        default: model.skip();
      }
    }
    if (!has_graph || graph_.nodes.empty())
      throw ModelError("this is not an ONNX model: it has no graph");
    drop_constant_inputs();
    note_age();
    return std::move(graph_);
  }

 private:
  using Reader = protozero::pbf_reader;

  std::string text(Reader& message) {
    const protozero::data_view view = message.get_view();
    budget_.pay(1 + static_cast<int>(view.size() / 32));
    std::string result(view.data(), view.size());
    // Names go to terminals, which obey control characters.
    for (char& c : result)
      if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
    return result;
  }

  void parse_opset(Reader message) {
    std::string domain;
    std::int64_t version = 0;
    while (message.next()) {
      switch (message.tag_and_type()) {
        case block(kOpsetDomain): domain = text(message); break;
        case varint(kOpsetVersion): version = message.get_int64(); break;
        default: message.skip();
      }
    }
    if (domain.empty() || domain == "ai.onnx") graph_.opset = version;
  }

  void parse_graph(Reader message) {
    while (message.next()) {
      switch (message.tag_and_type()) {
        case block(kNode): parse_node(message.get_message()); break;
        case block(kInitializer): {
          NamedTensor constant = parse_tensor(message.get_message());
          constants_.insert(constant.name);
          graph_.tensors[constant.name] = std::move(constant.tensor);
          break;
        }
        case block(kSparseInitializer): parse_sparse(message.get_message()); break;
        case block(kGraphInput): graph_.inputs.push_back(parse_value(message.get_message())); break;
        case block(kGraphOutput): {
          NamedTensor value = parse_value(message.get_message());
          graph_.outputs.push_back(value.name);
          describe(std::move(value));
          break;
        }
        case block(kValueInfo): describe(parse_value(message.get_message())); break;
        default: message.skip();
      }
    }
  }

  /// A constant is known better than the file's words about it.
  void describe(NamedTensor value) {
    graph_.tensors.try_emplace(value.name, std::move(value.tensor));
  }

  void parse_node(Reader message) {
    budget_.pay(8);
    Node node;
    while (message.next()) {
      switch (message.tag_and_type()) {
        case block(kNodeInput): node.inputs.push_back(text(message)); break;
        case block(kNodeOutput): node.outputs.push_back(text(message)); break;
        case block(kNodeName): node.name = text(message); break;
        case block(kOpType): node.type = text(message); break;
        case block(kNodeDomain): node.domain = text(message); break;
        case block(kAttribute): parse_attribute(message.get_message(), node); break;
        default: message.skip();
      }
    }
    if (node.domain == "ai.onnx") node.domain.clear();
    graph_.nodes.push_back(std::move(node));
  }

  void parse_attribute(Reader message, Node& node) {
    budget_.pay(10);
    std::string name;
    Attribute attribute;
    while (message.next()) {
      switch (message.tag_and_type()) {
        case block(kAttributeName): name = text(message); break;
        case fixed32(kF): attribute.f = message.get_float(); break;
        case varint(kI): attribute.i = message.get_int64(); break;
        case block(kS): attribute.s = text(message); break;
        case block(kT): attribute.t = parse_tensor(message.get_message()).tensor; break;
        case fixed32(kFloats): add(attribute.floats, message.get_float()); break;
        case block(kFloats):
          for (const float value : message.get_packed_float()) add(attribute.floats, value);
          break;
        case varint(kInts): add(attribute.ints, message.get_int64()); break;
        case block(kInts):
          for (const std::int64_t value : message.get_packed_int64()) add(attribute.ints, value);
          break;
        case block(kG):
        case block(kGraphs):
          attribute.has_graph = true;
          message.skip();
          break;
        default: message.skip();
      }
    }
    node.attributes[std::move(name)] = std::move(attribute);
  }

  template <class T>
  void add(std::vector<T>& values, T value) {
    budget_.pay(1);
    values.push_back(value);
  }

  /// The first values only: what has more than kMostValues is not kept, but may be long.
  template <class Range>
  static void take(const Range& range, std::vector<double>& values) {
    for (const auto value : range) {
      if (values.size() > kMostValues) return;
      values.push_back(static_cast<double>(value));
    }
  }

  template <class T>
  static void take_raw(protozero::data_view data, std::vector<double>& values) {
    for (std::size_t at = 0; at + sizeof(T) <= data.size() && values.size() <= kMostValues;
         at += sizeof(T)) {
      T value;  // little-endian, as this machine is
      std::memcpy(&value, data.data() + at, sizeof(T));
      values.push_back(static_cast<double>(value));
    }
  }

  NamedTensor parse_tensor(Reader message) {
    budget_.pay(4);
    NamedTensor result;
    Dims dims;
    std::int64_t type = 0;
    std::vector<double> values;
    protozero::data_view bytes;
    while (message.next()) {
      switch (message.tag_and_type()) {
        case varint(kTensorDims): add(dims, checked_dim(message.get_int64())); break;
        case block(kTensorDims):
          for (const std::int64_t dim : message.get_packed_int64()) add(dims, checked_dim(dim));
          break;
        case varint(kDataType): type = message.get_int64(); break;
        case block(kTensorName): result.name = text(message); break;
        case block(kFloatData): take(message.get_packed_float(), values); break;
        case block(kInt32Data): take(message.get_packed_int32(), values); break;
        case block(kInt64Data): take(message.get_packed_int64(), values); break;
        case block(kDoubleData): take(message.get_packed_double(), values); break;
        case block(kRawData): bytes = message.get_view(); break;
        default: message.skip();
      }
    }
    switch (type) {
      case kFloat: take_raw<float>(bytes, values); break;
      case kInt32: take_raw<std::int32_t>(bytes, values); break;
      case kInt64: take_raw<std::int64_t>(bytes, values); break;
      case kDouble: take_raw<double>(bytes, values); break;
      default: break;
    }
    result.tensor.constant = true;
    result.tensor.whole = type == kInt32 || type == kInt64;
    std::int64_t count = 1;
    for (const std::int64_t dim : dims)
      count = dim < 0 || count > kLargestDim / std::max<std::int64_t>(dim, 1) ? -1 : count * dim;
    // Others are not here: too many, of another type, or in a file of their own.
    if (count >= 0 && values.size() <= kMostValues &&
        values.size() == static_cast<std::size_t>(count)) {
      budget_.pay(static_cast<int>(values.size()));
      result.tensor.values = std::move(values);
    }
    if (dims.size() <= kMostDims) result.tensor.dims = std::move(dims);
    return result;
  }

  void parse_sparse(Reader message) {
    NamedTensor constant;
    Dims dims;
    while (message.next()) {
      switch (message.tag_and_type()) {
        case block(kSparseValues): constant = parse_tensor(message.get_message()); break;
        case varint(kSparseDims): add(dims, checked_dim(message.get_int64())); break;
        case block(kSparseDims):
          for (const std::int64_t dim : message.get_packed_int64()) add(dims, checked_dim(dim));
          break;
        default: message.skip();
      }
    }
    constants_.insert(constant.name);
    Tensor& tensor = graph_.tensors[constant.name];
    tensor = {};
    tensor.constant = true;
    if (dims.size() <= kMostDims) tensor.dims = std::move(dims);
  }

  NamedTensor parse_value(Reader message) {
    budget_.pay(4);
    NamedTensor result;
    while (message.next()) {
      switch (message.tag_and_type()) {
        case block(kValueName): result.name = text(message); break;
        case block(kValueType): {
          Reader type = message.get_message();
          while (type.next())
            if (type.tag_and_type() == block(kTensorType))
              result.tensor.dims = parse_tensor_type(type.get_message());
            else
              type.skip();
          break;
        }
        default: message.skip();
      }
    }
    return result;
  }

  std::optional<Dims> parse_tensor_type(Reader message) {
    std::optional<Dims> dims;
    while (message.next()) {
      if (message.tag_and_type() != block(kShape)) {
        message.skip();
        continue;
      }
      dims.emplace();
      Reader shape = message.get_message();
      while (shape.next()) {
        if (shape.tag_and_type() != block(kDim)) {
          shape.skip();
          continue;
        }
        std::int64_t size = kUnknownDim;
        Reader dim = shape.get_message();
        while (dim.next())
          if (dim.tag_and_type() == varint(kDimValue))
            size = checked_dim(dim.get_int64());
          else
            dim.skip();
        // Some exporters write 0 for what is not known.
        add(*dims, size == 0 ? kUnknownDim : size);
      }
    }
    if (dims && dims->size() > kMostDims) return std::nullopt;
    return dims;
  }

  /// Old models name their weights among the inputs.
  void drop_constant_inputs() {
    const auto constant = [&](const NamedTensor& input) {
      return constants_.count(input.name) != 0;
    };
    graph_.inputs.erase(std::remove_if(graph_.inputs.begin(), graph_.inputs.end(), constant),
                        graph_.inputs.end());
  }

  void note_age() {
    if (ir_version_ > kNewestIr || graph_.opset > kNewestOpset)
      graph_.notes.push_back(
          fmt::format("The file is of a newer ONNX (format {}, operators {}) than this program "
                      "knows ({}, {}); what is read may be wrong.",
                      ir_version_, graph_.opset, kNewestIr, kNewestOpset));
  }

  Graph graph_;
  std::set<std::string> constants_;
  std::int64_t ir_version_ = 0;
  Budget budget_;
};

/// Tells files apart that people mistake for ONNX.
void reject_others(std::string_view bytes) {
  if (bytes.empty()) throw ModelError("the file is empty");
  if (bytes.rfind("version https://git-lfs", 0) == 0)
    throw ModelError("this is a pointer of Git LFS; 'git lfs pull' gets the model itself");
  if (bytes.size() >= 8 && bytes.substr(4, 4) == "TFL3")
    throw ModelError("this is a TensorFlow Lite model; only ONNX is read");
  if (bytes.substr(0, 4) == "PK\x03\x04")
    throw ModelError(
        "this is a zip archive, as PyTorch saves models; export it with "
        "torch.onnx.export");
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && bytes[first] == '{')
    throw ModelError(
        "this is JSON; a TensorFlow.js layers model becomes ONNX by "
        "examples/upscale/convert.py");
}

}  // namespace

std::string dims_text(const std::optional<Dims>& dims) {
  if (!dims) return "?";
  std::string text;
  for (const std::int64_t dim : *dims) {
    if (!text.empty()) text += 'x';
    text += dim == kUnknownDim ? std::string("?") : std::to_string(dim);
  }
  return text.empty() ? "scalar" : text;
}

Graph parse_onnx(std::string_view bytes) {
  reject_others(bytes);
  try {
    return Parser().parse(bytes);
  } catch (const protozero::exception& error) {
    throw ModelError(
        fmt::format("this is not an ONNX model, or it is damaged or cut short ({})", error.what()));
  }
}

}  // namespace winograd::bench
