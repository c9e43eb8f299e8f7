// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The messages and field numbers of onnx.proto that matter here.
#ifndef WINOGRAD_BENCH_MODEL_ONNX_FIELDS_HPP
#define WINOGRAD_BENCH_MODEL_ONNX_FIELDS_HPP

#include <cstdint>
#include <protozero/pbf_reader.hpp>

namespace winograd::bench::onnx {

enum ModelField : std::uint32_t { kIrVersion = 1, kProducer = 2, kGraph = 7, kOpsetImport = 8 };
enum OpsetField : std::uint32_t { kOpsetDomain = 1, kOpsetVersion = 2 };
enum GraphField : std::uint32_t {
  kNode = 1,
  kInitializer = 5,
  kGraphInput = 11,
  kGraphOutput = 12,
  kValueInfo = 13,
  kSparseInitializer = 15,
};
enum NodeField : std::uint32_t {
  kNodeInput = 1,
  kNodeOutput = 2,
  kNodeName = 3,
  kOpType = 4,
  kAttribute = 5,
  kNodeDomain = 7,
};
enum AttributeField : std::uint32_t {
  kAttributeName = 1,
  kF = 2,
  kI = 3,
  kS = 4,
  kT = 5,
  kG = 6,
  kFloats = 7,
  kInts = 8,
  kGraphs = 11,
};
enum TensorField : std::uint32_t {
  kTensorDims = 1,
  kDataType = 2,
  kFloatData = 4,
  kInt32Data = 5,
  kInt64Data = 7,
  kTensorName = 8,
  kRawData = 9,
  kDoubleData = 10,
};
enum SparseField : std::uint32_t { kSparseValues = 1, kSparseDims = 3 };
enum ValueField : std::uint32_t { kValueName = 1, kValueType = 2 };
enum TypeField : std::uint32_t { kTensorType = 1 };
enum TensorTypeField : std::uint32_t { kShape = 2 };
enum ShapeField : std::uint32_t { kDim = 1 };
enum DimField : std::uint32_t { kDimValue = 1 };

enum DataType : std::int64_t { kFloat = 1, kInt32 = 6, kInt64 = 7, kDouble = 11 };

// A field's number together with how it is written, as Parser tells fields apart.
constexpr std::uint32_t varint(std::uint32_t tag) {
  return protozero::tag_and_type(tag, protozero::pbf_wire_type::varint);
}
constexpr std::uint32_t block(std::uint32_t tag) {
  return protozero::tag_and_type(tag, protozero::pbf_wire_type::length_delimited);
}
constexpr std::uint32_t fixed32(std::uint32_t tag) {
  return protozero::tag_and_type(tag, protozero::pbf_wire_type::fixed32);
}

}  // namespace winograd::bench::onnx

#endif  // WINOGRAD_BENCH_MODEL_ONNX_FIELDS_HPP
