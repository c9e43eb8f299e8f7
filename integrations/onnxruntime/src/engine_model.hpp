// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What ONNX Runtime's own CPU kernels cost, in the unit of winograd::Cost::cycles.
#ifndef WINOGRAD_ONNXRUNTIME_SRC_ENGINE_MODEL_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_ENGINE_MODEL_HPP

#include "winograd/conv2d.hpp"

namespace winograd::ort {

/// How ONNX Runtime keeps a tensor: as the model says, or with a vector's worth of channels side by
/// side, which its convolutions on x86 want.
enum class Order { plain, blocked };

/// True where there is another order than the plain one.
bool has_blocked_order();

/// The order of a convolution's output.
Order engine_order(const Conv2dDesc& desc);
/// The order that it reads; never blocked unless its output is.
Order engine_input_order(const Conv2dDesc& desc);

double engine_cycles(const Conv2dDesc& desc);

/// For changing the order of a tensor.
double reorder_cycles(double elements);

/// For one call of a layer of ours, beside what the library predicts.
constexpr double kCallCycles = 7000;

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_ENGINE_MODEL_HPP
