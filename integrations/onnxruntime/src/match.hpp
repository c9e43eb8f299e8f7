// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Convolutions in a graph of ONNX Runtime's, with what follows them that one plan does at once.
#ifndef WINOGRAD_ONNXRUNTIME_SRC_MATCH_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_MATCH_HPP

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "api.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::ort {

/// ONNX's auto_pad, other than what the pads themselves say.
enum class AutoPad { none, same_upper, same_lower };

struct Match {
  std::vector<Ort::ConstNode> nodes;  ///< the convolution first, in the order of computation
  std::string name;                   ///< of the convolution, for people
  /// The layer. Batch, height and width are 0 where the model leaves them open; the padding is then
  /// that of `auto_pad`, if it is not none, for the size that a run has.
  Conv2dDesc desc;
  AutoPad auto_pad = AutoPad::none;
  Ort::ConstValueInfo weights{nullptr};
  Ort::ConstValueInfo bias{nullptr};    ///< null: none
  Ort::ConstValueInfo slopes{nullptr};  ///< of Activation::prelu
  std::string src, residual, dst;       ///< names of values; residual is empty if there is none
};

/// Sets the padding of a description whose height and width are known.
void resolve_padding(AutoPad auto_pad, Conv2dDesc& desc);

/// The layer that begins with `node`, or nothing if that is no convolution that the library does;
/// `reason` then says why (and stays as it was if it is no convolution at all). Nodes with their
/// ids in `taken` are not made part of it.
std::optional<Match> match(const Ort::ConstNode& node, const std::set<std::size_t>& taken,
                           std::string& reason);

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_MATCH_HPP
