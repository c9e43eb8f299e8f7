// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "graph_reading.hpp"

namespace winograd::ort {

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

std::optional<float> constant_number(const Ort::ConstValueInfo& value) {
  if (!is_constant(value) || count_of(shape_of(value)) != 1) return {};
  return *constant_floats(value, 1);
}

bool is(const Ort::ConstNode& node, const char* type) {
  const std::string domain = node.GetDomain();
  return (domain.empty() || domain == "ai.onnx") && node.GetOperatorType() == type;
}

}  // namespace winograd::ort
