// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_UPSCALE_SIDE_BY_SIDE_HPP
#define WINOGRAD_UPSCALE_SIDE_BY_SIDE_HPP

#include <opencv2/core/mat.hpp>

namespace winograd::upscale {

/// Three ways to enlarge the middle of a picture next to each other: nearest neighbour, bicubic,
/// and `upscaled`, the network's result for all of it. `side`: how much of the small picture is
/// shown.
cv::Mat side_by_side(const cv::Mat& picture, const cv::Mat& upscaled, int side);

}  // namespace winograd::upscale

#endif  // WINOGRAD_UPSCALE_SIDE_BY_SIDE_HPP
