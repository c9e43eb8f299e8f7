// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// OpenCV's convolutions in the library's words.
#ifndef WINOGRAD_OPENCV_SRC_GEOMETRY_HPP
#define WINOGRAD_OPENCV_SRC_GEOMETRY_HPP

#include <opencv2/dnn/all_layers.hpp>

#include "winograd/conv2d.hpp"

namespace winograd::opencv {

/// Why a layer as the importer describes it stays OpenCV's; null if it need not.
const char* refusal(const cv::dnn::BaseConvolutionLayer& layer);

/// A layer that is not refused, for matrices of these shapes: without what is fused into it.
Conv2dDesc describe(const cv::dnn::BaseConvolutionLayer& layer, const cv::Mat& input,
                    const cv::Mat& output);

bool floats_in_order(const cv::Mat& values);

}  // namespace winograd::opencv

#endif  // WINOGRAD_OPENCV_SRC_GEOMETRY_HPP
