// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "winograd/conv2d.hpp"

namespace winograd {

const char* to_string(DataType type) noexcept {
  switch (type) {
    case DataType::f32: return "f32";
    case DataType::f16: return "f16";
    case DataType::bf16: return "bf16";
  }
  return "unknown";
}

const char* to_string(Layout layout) noexcept {
  switch (layout) {
    case Layout::nchw: return "nchw";
    case Layout::nhwc: return "nhwc";
  }
  return "unknown";
}

const char* to_string(Activation activation) noexcept {
  switch (activation) {
    case Activation::none: return "none";
    case Activation::relu: return "relu";
    case Activation::relu6: return "relu6";
    case Activation::clamp: return "clamp";
    case Activation::leaky_relu: return "leaky_relu";
    case Activation::sigmoid: return "sigmoid";
    case Activation::tanh: return "tanh";
    case Activation::silu: return "silu";
    case Activation::hard_sigmoid: return "hard_sigmoid";
    case Activation::hard_swish: return "hard_swish";
    case Activation::mish: return "mish";
    case Activation::gelu_tanh: return "gelu_tanh";
    case Activation::prelu: return "prelu";
  }
  return "unknown";
}

const char* to_string(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::automatic: return "automatic";
    case Algorithm::direct: return "direct";
    case Algorithm::winograd_f2: return "winograd_f2";
    case Algorithm::winograd_f3: return "winograd_f3";
    case Algorithm::winograd_f4: return "winograd_f4";
    case Algorithm::winograd_f6: return "winograd_f6";
  }
  return "unknown";
}

const char* to_string(Accuracy accuracy) noexcept {
  switch (accuracy) {
    case Accuracy::strict: return "strict";
    case Accuracy::standard: return "standard";
    case Accuracy::relaxed: return "relaxed";
    case Accuracy::half: return "half";
  }
  return "unknown";
}

}  // namespace winograd
