// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_OPENCV_SRC_FINGERPRINT_HPP
#define WINOGRAD_OPENCV_SRC_FINGERPRINT_HPP

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <vector>

namespace winograd::opencv {

/// 64 bits that tell whether the contents of `blobs` have changed. A single value that changes
/// always shows, others but for one chance in 2^64. As fast as memory is read, with OpenCV's
/// threads.
std::uint64_t fingerprint(const std::vector<cv::Mat>& blobs);

/// The same of blobs up to 16 KiB, and of 64 cache lines from all over a larger one: a matter of
/// microseconds. Shows what changes a blob as a whole.
std::uint64_t fingerprint_of_places(const std::vector<cv::Mat>& blobs);

}  // namespace winograd::opencv

#endif  // WINOGRAD_OPENCV_SRC_FINGERPRINT_HPP
