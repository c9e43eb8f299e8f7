// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "fusion.hpp"

#include <cmath>
#include <cstddef>

namespace winograd::opencv {
namespace {

/// True for an empty matrix, and for floats: one for all channels, or one for each.
bool per_channel(const cv::Mat& values, int channels) {
  if (values.empty()) return true;
  return values.type() == CV_32F && values.isContinuous() &&
         (values.total() == 1 || values.total() == static_cast<std::size_t>(channels));
}

float value_at(const cv::Mat& values, std::size_t channel) {
  return values.ptr<float>()[values.total() == 1 ? 0 : channel];
}

template <class Layer>
bool is(const cv::Ptr<cv::dnn::ActivationLayer>& activation) {
  return !activation.dynamicCast<Layer>().empty();
}

/// The activations without parameters, or `none` for all others.
Activation function_of(const cv::Ptr<cv::dnn::ActivationLayer>& activation) {
  using namespace cv::dnn;
  if (is<SwishLayer>(activation)) return Activation::silu;
  if (is<SigmoidLayer>(activation)) return Activation::sigmoid;
  if (is<TanHLayer>(activation)) return Activation::tanh;
  if (is<MishLayer>(activation)) return Activation::mish;
  if (is<HardSwishLayer>(activation)) return Activation::hard_swish;
  if (const auto hard = activation.dynamicCast<HardSigmoidLayer>(); !hard.empty()) {
    // Others than PyTorch have other slopes.
    const bool ours = std::fabs(hard->alpha * 6.0F - 1.0F) < 1e-6F && hard->beta == 0.5F;
    return ours ? Activation::hard_sigmoid : Activation::none;
  }
  // Of OpenCV 4.7; older ones have no class of this name.
  if (!activation.empty() && activation->type == "GeluApproximation") return Activation::gelu_tanh;
  return Activation::none;
}

/// A slope for each channel. (OpenCV makes a ReLU of a layer with one for all.)
bool has_slopes(const cv::Ptr<cv::dnn::ActivationLayer>& activation, int channels) {
  if (!is<cv::dnn::ChannelsPReLULayer>(activation) || activation->blobs.size() != 1) return false;
  const cv::Mat& slopes = activation->blobs[0];
  return slopes.type() == CV_32F && slopes.isContinuous() &&
         slopes.total() == static_cast<std::size_t>(channels) && cv::checkRange(slopes);
}

}  // namespace

bool Fusion::add(const cv::Ptr<cv::dnn::Layer>& top, int channels) {
  if (!activation_.empty()) return false;
  if (!top.dynamicCast<cv::dnn::BlankLayer>().empty()) return true;

  cv::Mat scale, shift;
  top->getScaleShift(scale, shift);
  if (scale.empty() && shift.empty()) return false;
  if (!per_channel(scale, channels) || !per_channel(shift, channels)) return false;

  const auto count = static_cast<std::size_t>(channels);
  if (!scale.empty()) {
    scale_.resize(count, 1.0F);
    for (std::size_t k = 0; k < count; ++k) scale_[k] *= value_at(scale, k);
    for (std::size_t k = 0; k < shift_.size(); ++k) shift_[k] *= value_at(scale, k);
  }
  if (!shift.empty()) {
    shift_.resize(count, 0.0F);
    for (std::size_t k = 0; k < count; ++k) shift_[k] += value_at(shift, k);
  }
  tops_.push_back(top);
  return true;
}

bool Fusion::set_activation(const cv::Ptr<cv::dnn::ActivationLayer>& activation, int channels) {
  if (!activation.empty()) {
    if (!activation_.empty()) return false;
    if (!is<cv::dnn::ReLULayer>(activation) && !is<cv::dnn::ReLU6Layer>(activation) &&
        function_of(activation) == Activation::none && !has_slopes(activation, channels)) {
      return false;
    }
  }
  activation_ = activation;
  return true;
}

void Fusion::replay(cv::dnn::Layer& convolution) const {
  for (cv::Ptr<cv::dnn::Layer> top : tops_) CV_Assert(convolution.tryFuse(top));
  CV_Assert(activation_.empty() || convolution.setActivation(activation_));
}

void Fusion::describe(Conv2dDesc& desc, PlanOptions& options) const {
  desc.activation = function_of(activation_);
  if (is<cv::dnn::ChannelsPReLULayer>(activation_)) {
    desc.activation = Activation::prelu;
    options.prelu_slopes = activation_->blobs[0].ptr<float>();
  }
  if (const auto relu = activation_.dynamicCast<cv::dnn::ReLULayer>(); !relu.empty()) {
    desc.leaky_slope = relu->negativeSlope;
    desc.activation = relu->negativeSlope == 0.0F ? Activation::relu : Activation::leaky_relu;
  }
  if (const auto clip = activation_.dynamicCast<cv::dnn::ReLU6Layer>(); !clip.empty()) {
    desc.activation = Activation::clamp;
    desc.activation_min = clip->minValue;
    desc.activation_max = clip->maxValue;
  }
}

}  // namespace winograd::opencv
