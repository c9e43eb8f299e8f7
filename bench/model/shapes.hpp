// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Shape inference: the dimensions of every tensor of a network, as far as its file and its inputs
// say.
#ifndef WINOGRAD_BENCH_MODEL_SHAPES_HPP
#define WINOGRAD_BENCH_MODEL_SHAPES_HPP

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bench/model/graph.hpp"

namespace winograd::bench {

/// Dimensions that replace those of an input.
struct InputDims {
  std::string name;  ///< empty: of the only input
  Dims dims;
};

/// Reads "name:1x3x224x224" or "1x3x224x224". Throws ModelError.
InputDims parse_input_dims(std::string_view text);

/// Fixes the inputs: those that `wanted` names get those dimensions, others keep their own, with 1
/// for a first dimension that is not known (the batch). Then goes through the nodes, filling in
/// graph.tensors. What stays unknown stays so; graph.notes says which operators are to blame.
/// Throws ModelError for a name that is no input.
void infer_shapes(Graph& graph, const std::vector<InputDims>& wanted);

/// Where a convolution or a pooling looks: for each spatial axis. Empty, where attributes are out
/// of their range or in numbers that do not fit the axes.
struct Window {
  Dims kernel, stride, dilation, pad_begin, pad_end;
  Dims output;  ///< dimensions of the output, unknown where those of the input are
};

/// `input` and `kernel`: spatial dimensions.
std::optional<Window> window_of(const Node& node, const Dims& input, const Dims& kernel);

/// a * b, or unknown if one of them is, or the product is too large to be a dimension.
std::int64_t multiply_dims(std::int64_t a, std::int64_t b);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MODEL_SHAPES_HPP
