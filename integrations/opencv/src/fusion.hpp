// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_OPENCV_SRC_FUSION_HPP
#define WINOGRAD_OPENCV_SRC_FUSION_HPP

#include <opencv2/dnn/all_layers.hpp>
#include <vector>

#include "winograd/conv2d.hpp"

namespace winograd::opencv {

/// What OpenCV has fused into a convolution since it was last set up: factors and summands per
/// output channel (batch normalisation, scale, power 1), then at most one activation.
class Fusion {
 public:
  /// Takes the layer after the convolution, or says no.
  bool add(const cv::Ptr<cv::dnn::Layer>& top, int channels);
  /// The same for an activation; an empty pointer takes the activation away.
  bool set_activation(const cv::Ptr<cv::dnn::ActivationLayer>& activation, int channels);
  /// Fuses the same into another convolution.
  void replay(cv::dnn::Layer& convolution) const;

  /// Fills the activation in. Slopes stay in the activation's layer.
  void describe(Conv2dDesc& desc, PlanOptions& options) const;
  /// A factor for each channel, empty if all are 1; likewise the summands, which come after.
  const std::vector<float>& scale() const { return scale_; }
  const std::vector<float>& shift() const { return shift_; }

 private:
  std::vector<cv::Ptr<cv::dnn::Layer>> tops_;
  std::vector<float> scale_, shift_;
  cv::Ptr<cv::dnn::ActivationLayer> activation_;
};

}  // namespace winograd::opencv

#endif  // WINOGRAD_OPENCV_SRC_FUSION_HPP
