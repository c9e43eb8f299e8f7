// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "difference.hpp"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>

namespace winograd::upscale {

void Difference::add_floats(const cv::Mat& a, const cv::Mat& b, double range) {
  max_ = std::max(max_, cv::norm(a, b, cv::NORM_INF) / range);
  squares_ += cv::norm(a, b, cv::NORM_L2SQR) / (range * range);
  count_ += a.total();
}

void Difference::add_levels(const cv::Mat& a, const cv::Mat& b) {
  max_levels_ = std::max(max_levels_, static_cast<int>(cv::norm(a, b, cv::NORM_INF)));
}

double Difference::psnr() const { return -10 * std::log10(squares_ / static_cast<double>(count_)); }

}  // namespace winograd::upscale
