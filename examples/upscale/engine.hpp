// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_UPSCALE_ENGINE_HPP
#define WINOGRAD_UPSCALE_ENGINE_HPP

#include <cstddef>
#include <opencv2/dnn/dnn.hpp>
#include <vector>
#include <winograd/opencv.hpp>

#include "model.hpp"

namespace winograd::upscale {

/// A network in OpenCV, its convolutions run by winograd, by winograd with weights in f16, or by
/// OpenCV itself.
class Engine {
 public:
  enum class Kind { winograd, half, opencv };

  /// `options` and `packed_limit_bytes` are for winograd.
  Engine(Kind kind, const Model& model, const opencv::Options& options,
         std::size_t packed_limit_bytes);

  const char* name() const;
  Kind kind() const { return kind_; }

  /// Floats, [1][3][height][width], RGB, valid until the next run. Notes the time.
  cv::Mat run(const cv::Mat& blob);

  /// Seconds of each run. The first includes setting up, and packing the weights.
  const std::vector<double>& times() const { return times_; }
  cv::dnn::Net& net() { return net_; }

 private:
  Kind kind_;
  cv::dnn::Net net_;
  std::vector<double> times_;
};

}  // namespace winograd::upscale

#endif  // WINOGRAD_UPSCALE_ENGINE_HPP
