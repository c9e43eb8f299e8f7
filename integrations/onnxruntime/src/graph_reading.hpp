// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What nodes and values of a graph of ONNX Runtime's say of themselves.
#ifndef WINOGRAD_ONNXRUNTIME_SRC_GRAPH_READING_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_GRAPH_READING_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "api.hpp"

namespace winograd::ort {

struct Shape {
  bool known = false;  ///< the rank, at least
  std::vector<std::int64_t> dims;
  std::vector<std::string> symbols;
};

/// Of a tensor of floats; of anything else unknown.
Shape shape_of(const Ort::ConstValueInfo& value);

/// True if two tensors certainly have the same shape, whatever the open dimensions will be.
bool same_shape(const Shape& a, const Shape& b);

std::int64_t count_of(const Shape& shape);

inline bool is_null(const Ort::ConstValueInfo& value) {
  return static_cast<const OrtValueInfo*>(value) == nullptr;
}

bool is_constant(const Ort::ConstValueInfo& value);

/// The numbers of a constant; throws if it has another count.
const float* constant_floats(const Ort::ConstValueInfo& value, std::int64_t count);

/// The number that a constant of one element has.
std::optional<float> constant_number(const Ort::ConstValueInfo& value);

/// Whether an operator is ONNX's own of that type.
bool is(const Ort::ConstNode& node, const char* type);

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

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_GRAPH_READING_HPP
