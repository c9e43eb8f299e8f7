// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The convolutions of a network: what this library would be given, and what it would leave.
#ifndef WINOGRAD_BENCH_MODEL_CONVOLUTIONS_HPP
#define WINOGRAD_BENCH_MODEL_CONVOLUTIONS_HPP

#include <string>
#include <vector>

#include "bench/layers/layer.hpp"
#include "bench/model/graph.hpp"

namespace winograd::bench {

/// Convolutions that differ in nothing that matters for time.
struct Convolution {
  Layer layer;                     ///< `where`: the first of the nodes
  std::string fused;               ///< what becomes part of it: "bn+add+relu", or empty
  std::vector<std::string> nodes;  ///< their labels, in the network's order
};

/// Work of another kind, as far as it is counted.
struct OtherWork {
  std::string type;  ///< "MatMul"
  int count = 0;
  double flops = 0.0;   ///< of those whose dimensions are known
  bool counted = true;  ///< false if some could not be counted
};

struct Network {
  std::vector<Convolution> convolutions;  ///< in the order in which each appears first
  std::vector<std::string> skipped;       ///< convolutions that are not listed, and why
  std::vector<OtherWork> others;          ///< matrix products and the like
  int folded = 0;                         ///< batch normalisations that become part of weights
  std::vector<std::string> notes;         ///< for the person who reads the result

  int count() const;
  double flops() const;        ///< of the convolutions
  double other_flops() const;  ///< of the others, as far as known
};

/// Of a graph whose shapes are inferred.
Network find_convolutions(const Graph& graph);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MODEL_CONVOLUTIONS_HPP
