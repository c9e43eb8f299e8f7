// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What a graph costs, depending on who runs which convolution: their cycles, and those of the
// changes of order in between. ONNX Runtime's convolutions hand each other tensors in blocks of
// channels; one of ours among them costs two changes of order.
#ifndef WINOGRAD_ONNXRUNTIME_SRC_GRAPH_COST_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_GRAPH_COST_HPP

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "choice.hpp"
#include "engine_model.hpp"

namespace winograd::ort {

class GraphCost {
 public:
  GraphCost(Ort::ConstGraph graph, const std::vector<Choice>& layers);

  /// Cycles of all layers and changes of order, where layer i is ours if taken[i].
  double cycles(const std::vector<bool>& taken) const;

 private:
  enum class Kind {
    layer,        ///< ours or ONNX Runtime's
    in_blocks,    ///< wants blocks and makes some: pooling
    as_it_comes,  ///< in blocks if all its inputs are
    plain
  };
  struct Node {
    Kind kind = Kind::plain;
    std::size_t layer = 0;
    std::vector<std::size_t> inputs, outputs;  ///< values
  };
  struct Value {
    double reorder = 0;  ///< cycles
  };

  std::size_t value_index(const Ort::ConstValueInfo& value);

  const std::vector<Choice>& layers_;
  std::vector<Node> nodes_;
  std::vector<Value> values_;
  std::map<std::string, std::size_t> indices_;
};

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_GRAPH_COST_HPP
