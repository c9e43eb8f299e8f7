// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_UPSCALE_DIFFERENCE_HPP
#define WINOGRAD_UPSCALE_DIFFERENCE_HPP

#include <cstdint>
#include <opencv2/core/mat.hpp>

namespace winograd::upscale {

/// How far two engines' results are apart, gathered over the tiles.
class Difference {
 public:
  /// Two results of the network, floats in which white is `range`.
  void add_floats(const cv::Mat& a, const cv::Mat& b, double range);
  /// The same as 8-bit pictures.
  void add_levels(const cv::Mat& a, const cv::Mat& b);

  double max() const { return max_; }             ///< of the floats, in parts of the range
  int max_levels() const { return max_levels_; }  ///< of the 8-bit pictures
  double psnr() const;  ///< of the floats, in dB; infinite if they are the same

 private:
  double max_ = 0;
  double squares_ = 0;
  std::uint64_t count_ = 0;
  int max_levels_ = 0;
};

}  // namespace winograd::upscale

#endif  // WINOGRAD_UPSCALE_DIFFERENCE_HPP
