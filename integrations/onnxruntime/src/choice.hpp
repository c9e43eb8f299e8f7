// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Which layers of a graph run here, and which stay with ONNX Runtime.
#ifndef WINOGRAD_ONNXRUNTIME_SRC_CHOICE_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_CHOICE_HPP

#include <string>
#include <vector>

#include "api.hpp"
#include "match.hpp"
#include "options.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::ort {

/// Height and width that are assumed where the model leaves them open.
constexpr std::int64_t kOpenSize = 64;

/// A layer that could run here.
struct Choice {
  Match match;
  Conv2dDesc nominal;  ///< match.desc with numbers for what the model leaves open
  double cycles = 0;   ///< predicted for us, in cycles of the arithmetic units
  double engine = 0;   ///< the same for ONNX Runtime's own kernel
  Algorithm algorithm = Algorithm::automatic;
  bool taken = false;
  std::string reason;  ///< of one that is not taken
};

/// A convolution that could not.
struct Refusal {
  std::string name;
  std::string reason;
};

struct Choices {
  std::vector<Choice> layers;
  std::vector<Refusal> refused;
};

PlanOptions plan_options(const Options& options);

/// Looks at all convolutions of a graph. With options.all_layers it takes every one that it can,
/// else those with which the graph is predicted to take the least time; within
/// options.packed_limit_bytes.
Choices choose(Ort::ConstGraph graph, const Options& options);

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_CHOICE_HPP
