// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Writes small ONNX files for the tests, by the other half of the library that reads them.
#ifndef WINOGRAD_BENCH_TESTS_MODEL_WRITER_HPP
#define WINOGRAD_BENCH_TESTS_MODEL_WRITER_HPP

#include <cstdint>
#include <initializer_list>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <utility>
#include <vector>

namespace winograd::bench::test {

using Numbers = std::vector<std::int64_t>;

/// A model in the making; -1 is a dimension that is left open.
class ModelWriter {
 public:
  /// An input of the network.
  ModelWriter& input(const std::string& name, const Numbers& dims) { return value(11, name, dims); }
  ModelWriter& output(const std::string& name) { return value(12, name, {}); }
  /// What the file says of a tensor between.
  ModelWriter& describe(const std::string& name, const Numbers& dims) {
    return value(13, name, dims);
  }
  /// A constant of floats, whose numbers are not in the file.
  ModelWriter& weights(const std::string& name, const Numbers& dims) {
    std::string tensor = make_tensor(name, dims, 1);
    protozero::pbf_writer(tensor).add_int32(14, 1);  // data_location: external
    protozero::pbf_writer(graph_).add_message(5, tensor);
    return *this;
  }
  ModelWriter& integers(const std::string& name, const Numbers& values) {
    std::string tensor = make_tensor(name, {static_cast<std::int64_t>(values.size())}, 7);
    protozero::pbf_writer(tensor).add_packed_int64(7, values.begin(), values.end());
    protozero::pbf_writer(graph_).add_message(5, tensor);
    return *this;
  }
  ModelWriter& floats(const std::string& name, const std::vector<float>& values) {
    return floats(name, {static_cast<std::int64_t>(values.size())}, values);
  }
  ModelWriter& floats(const std::string& name, const Numbers& dims,
                      const std::vector<float>& values) {
    std::string tensor = make_tensor(name, dims, 1);
    protozero::pbf_writer(tensor).add_bytes(9, reinterpret_cast<const char*>(values.data()),
                                            values.size() * sizeof(float));
    protozero::pbf_writer(graph_).add_message(5, tensor);
    return *this;
  }

  struct Attribute {
    std::string name;
    Numbers values;
    bool list = true;
    std::vector<float> floats = {};  ///< instead of integers
    std::string text = {};           ///< instead of numbers
  };
  ModelWriter& node(const std::string& type, std::initializer_list<const char*> inputs,
                    const std::string& output, const std::vector<Attribute>& attributes = {},
                    const std::string& domain = {}) {
    std::string node;
    protozero::pbf_writer writer(node);
    for (const char* one : inputs) writer.add_string(1, one);
    writer.add_string(2, output);
    writer.add_string(3, output);
    writer.add_string(4, type);
    if (!domain.empty()) writer.add_string(7, domain);
    microsoft_ |= domain == "com.microsoft";
    for (const Attribute& attribute : attributes) {
      std::string bytes;
      protozero::pbf_writer one(bytes);
      one.add_string(1, attribute.name);
      one.add_int32(20, write_value(one, attribute));
      writer.add_message(5, bytes);
    }
    protozero::pbf_writer(graph_).add_message(1, node);
    return *this;
  }
  /// A convolution of square kernels whose output has its name.
  ModelWriter& conv(const char* src, const char* weights, const std::string& output,
                    std::int64_t pad = 1, std::int64_t stride = 1, std::int64_t groups = 1) {
    return node("Conv", {src, weights}, output,
                {{"pads", {pad, pad, pad, pad}},
                 {"strides", {stride, stride}},
                 {"group", {groups}, false}});
  }

  std::string bytes(std::int64_t opset = 13, std::int64_t ir_version = 8) const {
    std::string model, import;
    protozero::pbf_writer(import).add_int64(2, opset);
    protozero::pbf_writer writer(model);
    writer.add_int64(1, ir_version);
    writer.add_string(2, "test");
    writer.add_message(7, graph_);
    writer.add_message(8, import);
    if (microsoft_) {
      std::string other;
      protozero::pbf_writer domain(other);
      domain.add_string(1, "com.microsoft");
      domain.add_int64(2, 1);
      writer.add_message(8, other);
    }
    return model;
  }

 private:
  /// Returns ONNX's number of the attribute's type.
  static int write_value(protozero::pbf_writer& writer, const Attribute& attribute) {
    if (!attribute.text.empty()) return writer.add_string(4, attribute.text), 3;
    if (!attribute.floats.empty() && attribute.list) {
      for (const float one : attribute.floats) writer.add_float(7, one);
      return 6;
    }
    if (!attribute.floats.empty()) return writer.add_float(2, attribute.floats[0]), 1;
    if (!attribute.list) return writer.add_int64(3, attribute.values[0]), 2;
    writer.add_packed_int64(8, attribute.values.begin(), attribute.values.end());
    return 7;
  }

  static std::string make_tensor(const std::string& name, const Numbers& dims, int type) {
    std::string tensor;
    protozero::pbf_writer writer(tensor);
    for (const std::int64_t dim : dims) writer.add_int64(1, dim);
    writer.add_int32(2, type);
    writer.add_string(8, name);
    return tensor;
  }

  ModelWriter& value(protozero::pbf_tag_type field, const std::string& name, const Numbers& dims) {
    std::string shape, tensor, type, value;
    for (const std::int64_t dim : dims) {
      std::string one;
      if (dim >= 0)
        protozero::pbf_writer(one).add_int64(1, dim);
      else
        protozero::pbf_writer(one).add_string(2, "open");
      protozero::pbf_writer(shape).add_message(1, one);
    }
    protozero::pbf_writer(tensor).add_int32(1, 1);
    if (!dims.empty()) protozero::pbf_writer(tensor).add_message(2, shape);
    protozero::pbf_writer(type).add_message(1, tensor);
    protozero::pbf_writer writer(value);
    writer.add_string(1, name);
    writer.add_message(2, type);
    protozero::pbf_writer(graph_).add_message(field, value);
    return *this;
  }

  std::string graph_;
  bool microsoft_ = false;
};

/// Two residual blocks, a stride, a head, and shapes that the network computes itself.
inline ModelWriter sample_model(Numbers input = {-1, 3, 32, 32}) {
  ModelWriter model;
  model.input("x", input)
      .weights("w0", {16, 3, 3, 3})
      .weights("w1", {16, 16, 3, 3})
      .weights("w2", {32, 16, 1, 1})
      .weights("s", {16})
      .weights("dense", {32, 10})
      .integers("two", {2})
      .integers("three", {3})
      .integers("flat", {0, -1})
      .conv("x", "w0", "c0")
      .node("Relu", {"c0"}, "r0")
      .conv("r0", "w1", "c1")
      .node("BatchNormalization", {"c1", "s", "s", "s", "s"}, "b1")
      .node("Relu", {"b1"}, "r1")
      .conv("r1", "w1", "c2")
      .node("BatchNormalization", {"c2", "s", "s", "s", "s"}, "b2")
      .node("Add", {"b2", "r0"}, "a2")
      .node("Relu", {"a2"}, "r2")
      .conv("r2", "w2", "c3", 0, 2)
      // Twice as large as r2: its height and width times two.
      .node("Shape", {"c3"}, "shape")
      .node("Slice", {"shape", "two", "end"}, "size")
      .node("Mul", {"size", "two"}, "twice")
      .node("Slice", {"shape", "zero", "two"}, "first")
      .node("Concat", {"first", "twice"}, "target", {{"axis", {0}, false}})
      .node("Resize", {"c3", "", "", "target"}, "up")
      .node("GlobalAveragePool", {"up"}, "pooled")
      .node("Reshape", {"pooled", "flat"}, "vector")
      .node("MatMul", {"vector", "dense"}, "y")
      .integers("zero", {0})
      .integers("end", {4})
      .output("y");
  return model;
}

}  // namespace winograd::bench::test

#endif  // WINOGRAD_BENCH_TESTS_MODEL_WRITER_HPP
