// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Activations in a graph of ONNX Runtime's that are the library's.
#ifndef WINOGRAD_ONNXRUNTIME_SRC_ACTIVATION_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_ACTIVATION_HPP

#include "match.hpp"

namespace winograd::ort {

/// The activation that a node applies to the one tensor it computes from. False if it is none of
/// the library's.
bool read_activation(const Ort::ConstNode& node, Match& m);

/// com.microsoft's FusedConv: an activation, a residual, or both, as attributes and fourth input. A
/// text if the library cannot do it.
const char* read_fused(const Ort::ConstNode& node, Match& m);

/// The library's has a slope of 1/6.
bool is_our_hard_sigmoid(const Ort::ConstNode& node);

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_ACTIVATION_HPP
