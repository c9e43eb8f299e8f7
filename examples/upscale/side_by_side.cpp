// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "side_by_side.hpp"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "model.hpp"

namespace winograd::upscale {
namespace {

constexpr int kGap = 8;
constexpr int kCaption = 28;

}  // namespace

cv::Mat side_by_side(const cv::Mat& picture, const cv::Mat& upscaled, int side) {
  const cv::Size shown(std::min(side, picture.cols), std::min(side, picture.rows));
  const cv::Point corner((picture.cols - shown.width) / 2, (picture.rows - shown.height) / 2);
  const cv::Size large = shown * kScale;

  cv::Mat panels[3];
  // Enlarged as a whole and then cut, so that the borders are as they would be.
  const cv::Rect cut(corner * kScale, large);
  const int interpolations[] = {cv::INTER_NEAREST, cv::INTER_CUBIC};
  for (int i = 0; i < 2; ++i) {
    cv::resize(picture, panels[i], upscaled.size(), 0, 0, interpolations[i]);
    panels[i] = panels[i](cut);
  }
  panels[2] = upscaled(cut);

  const char* captions[] = {"nearest", "bicubic", "network"};
  cv::Mat sheet(large.height + kCaption, 3 * large.width + 2 * kGap, CV_8UC3, cv::Scalar::all(255));
  for (int i = 0; i < 3; ++i) {
    const int x = i * (large.width + kGap);
    panels[i].copyTo(sheet(cv::Rect({x, kCaption}, large)));
    cv::putText(sheet, captions[i], {x + 4, kCaption - 9}, cv::FONT_HERSHEY_SIMPLEX, 0.6,
                cv::Scalar::all(0), 1, cv::LINE_AA);
  }
  return sheet;
}

}  // namespace winograd::upscale
