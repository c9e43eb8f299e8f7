// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Which function says what an operator makes of shapes; the functions are in operators/, by family.
#include "bench/model/operators.hpp"

#include <initializer_list>
#include <map>

#include "bench/model/operators/dims.hpp"
#include "bench/model/operators/functions.hpp"

namespace winograd::bench {

const Tensor& Operands::input(std::size_t index) const {
  static const Tensor nothing;
  return has(index) ? *inputs_[index] : nothing;
}

const Attribute* Operands::attribute(const char* name) const {
  const auto found = node_.attributes.find(name);
  return found == node_.attributes.end() ? nullptr : &found->second;
}

std::int64_t Operands::integer(const char* name, std::int64_t otherwise) const {
  const Attribute* found = attribute(name);
  return found == nullptr ? otherwise : found->i.value_or(otherwise);
}

std::string Operands::text(const char* name, const char* otherwise) const {
  const Attribute* found = attribute(name);
  return found == nullptr ? otherwise : found->s.value_or(otherwise);
}

std::optional<Dims> Operands::list(const char* name, std::size_t index) const {
  if (const Attribute* found = attribute(name); found != nullptr) return found->ints;
  if (!input(index).values) return std::nullopt;
  Dims result;
  for (const double value : *input(index).values) result.push_back(operators::whole(value));
  return result;
}

namespace {

const std::map<std::string, ShapeFunction>& table() {
  using namespace operators;
  static const std::map<std::string, ShapeFunction> functions = [] {
    std::map<std::string, ShapeFunction> all;
    const auto add = [&](ShapeFunction function, std::initializer_list<const char*> names) {
      for (const char* name : names) all[name] = function;
    };
    add(same, {"Abs",
               "Acos",
               "Asin",
               "Atan",
               "BatchNormalization",
               "Celu",
               "Clip",
               "Cos",
               "CumSum",
               "DequantizeLinear",
               "Dropout",
               "Elu",
               "Erf",
               "Exp",
               "Gelu",
               "GroupNormalization",
               "HardSigmoid",
               "HardSwish",
               "Hardmax",
               "InstanceNormalization",
               "IsInf",
               "IsNaN",
               "LRN",
               "LayerNormalization",
               "LeakyRelu",
               "Log",
               "LogSoftmax",
               "LpNormalization",
               "MeanVarianceNormalization",
               "Mish",
               "Not",
               "PRelu",
               "QuantizeLinear",
               "Reciprocal",
               "Relu",
               "Round",
               "Selu",
               "Shrink",
               "Sigmoid",
               "Sign",
               "Sin",
               "Softmax",
               "Softplus",
               "Softsign",
               "Sqrt",
               "Swish",
               "Tan",
               "Tanh",
               "ThresholdedRelu",
               "Trilu"});
    add(map_values, {"Cast", "Ceil", "Floor", "Identity", "Neg"});
    add(broadcast,
        {"Add",  "And",         "BitwiseAnd", "Div",  "Equal", "Greater", "GreaterOrEqual",
         "Less", "LessOrEqual", "Max",        "Mean", "Min",   "Mod",     "Mul",
         "Or",   "Pow",         "Sub",        "Sum",  "Where", "Xor"});
    add(convolve, {"Conv"});
    add(convolve_transposed, {"ConvTranspose"});
    add(pool, {"AveragePool", "LpPool", "MaxPool"});
    add(pool_globally, {"GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool"});
    add(concatenate, {"Concat"});
    add(split, {"Split"});
    add(slice, {"Slice"});
    add(reshape, {"Reshape"});
    add(flatten, {"Flatten"});
    add(transpose, {"Transpose"});
    add(squeeze, {"Squeeze"});
    add(unsqueeze, {"Unsqueeze"});
    add(pad, {"Pad"});
    add(resize, {"Resize", "Upsample"});
    add(depth_to_space, {"DepthToSpace", "SpaceToDepth"});
    add(gemm, {"Gemm"});
    add(multiply_matrices, {"MatMul"});
    add(shape_of, {"Shape"});
    add(gather, {"Gather"});
    add(constant, {"Constant"});
    add(constant_of_shape, {"ConstantOfShape"});
    add(expand, {"Expand"});
    add(tile, {"Tile"});
    add(reduce,
        {"ArgMax", "ArgMin", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax",
         "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare"});
    return all;
  }();
  return functions;
}

}  // namespace

ShapeFunction shape_function(const Node& node) {
  // ONNX Runtime saves optimised models with convolutions of its own, which are Conv and more.
  if (node.domain == "com.microsoft" && node.type == "FusedConv") return operators::convolve;
  if (!node.domain.empty()) return nullptr;
  const auto found = table().find(node.type);
  return found == table().end() ? nullptr : found->second;
}

}  // namespace winograd::bench
