// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What each operator makes of the dimensions, and of the values of small constants, of its inputs.
#ifndef WINOGRAD_BENCH_MODEL_OPERATORS_HPP
#define WINOGRAD_BENCH_MODEL_OPERATORS_HPP

#include <optional>
#include <string>
#include <vector>

#include "bench/model/graph.hpp"

namespace winograd::bench {

/// A node and what is known of its inputs.
class Operands {
 public:
  Operands(const Node& node, std::vector<const Tensor*> inputs, std::int64_t opset)
      : node_(node), inputs_(std::move(inputs)), opset_(opset) {}

  const Node& node() const { return node_; }
  std::int64_t opset() const { return opset_; }
  std::size_t size() const { return inputs_.size(); }
  bool has(std::size_t index) const { return index < inputs_.size() && inputs_[index] != nullptr; }
  /// An input; one that is left out knows nothing.
  const Tensor& input(std::size_t index) const;
  const std::optional<Dims>& dims(std::size_t index) const { return input(index).dims; }

  const Attribute* attribute(const char* name) const;
  std::int64_t integer(const char* name, std::int64_t otherwise) const;
  std::string text(const char* name, const char* otherwise) const;
  /// A list that is an attribute in older versions of an operator and an input in newer ones.
  std::optional<Dims> list(const char* name, std::size_t index) const;

 private:
  const Node& node_;
  std::vector<const Tensor*> inputs_;
  std::int64_t opset_;
};

/// Fills in one tensor for each output of the node; those left alone are unknown.
using ShapeFunction = void (*)(const Operands& operands, std::vector<Tensor>& outputs);

/// Null for an operator that is not known.
ShapeFunction shape_function(const Node& node);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MODEL_OPERATORS_HPP
