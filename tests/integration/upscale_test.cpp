// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The example's own parts: tiles and differences.
#include <gtest/gtest.h>

#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "difference.hpp"
#include "side_by_side.hpp"
#include "tiles.hpp"

namespace winograd::test {
namespace {

TEST(Tiles, CoverEachPixelOnceWithEnoughAround) {
  constexpr int kSide = 40;
  for (const cv::Size size :
       {cv::Size(1, 1), {40, 40}, {41, 39}, {100, 7}, {64, 133}, {200, 201}}) {
    for (const int overlap : {0, 1, 8, 19}) {
      cv::Mat hits = cv::Mat::zeros(size, CV_8U);
      const cv::Rect all({}, size);
      const auto tiles = upscale::cut_into_tiles(size, kSide, overlap);
      for (const upscale::Tile& tile : tiles) {
        ASSERT_EQ(tile.input & all, tile.input);
        ASSERT_EQ(tile.kept & tile.input, tile.kept);
        ASSERT_EQ(tile.input.size(), tiles.front().input.size());
        ASSERT_LE(std::max(tile.input.width, tile.input.height), kSide);
        hits(tile.kept) += 1;
        // What is kept, grown by the overlap, is in the tile or beyond the picture.
        const cv::Rect grown(tile.kept.tl() - cv::Point(overlap, overlap),
                             tile.kept.br() + cv::Point(overlap, overlap));
        ASSERT_EQ((grown & all) & tile.input, grown & all);
      }
      EXPECT_EQ(cv::countNonZero(hits != 1), 0) << size << ", overlap " << overlap;
    }
  }
}

TEST(Difference, IsInPartsOfTheRange) {
  const cv::Mat zero = cv::Mat::zeros(10, 10, CV_32F);
  cv::Mat other = zero.clone();
  other.at<float>(3, 4) = 2.55F;
  upscale::Difference difference;
  difference.add_floats(zero, zero, 255);
  EXPECT_TRUE(std::isinf(difference.psnr()));
  difference.add_floats(other, zero, 255);
  EXPECT_NEAR(difference.max(), 0.01, 1e-8);
  // 1e-4 / 200 mean square.
  EXPECT_NEAR(difference.psnr(), 10 * std::log10(200 / 1e-4), 1e-4);
}

TEST(Difference, CountsLevels) {
  const cv::Mat a(4, 4, CV_8UC3, cv::Scalar(1, 2, 3)), b(4, 4, CV_8UC3, cv::Scalar(1, 4, 2));
  upscale::Difference difference;
  difference.add_levels(a, a);
  EXPECT_EQ(difference.max_levels(), 0);
  difference.add_levels(a, b);
  EXPECT_EQ(difference.max_levels(), 2);
}

TEST(SideBySide, ShowsTheMiddleOfAllThree) {
  cv::Mat small(50, 70, CV_8UC3), large;
  cv::randu(small, 0, 255);
  cv::resize(small, large, {}, 4, 4, cv::INTER_NEAREST);
  const cv::Mat sheet = upscale::side_by_side(small, large, 20);
  // The first panel and the last show the same here.
  const cv::Rect panel(0, sheet.rows - 80, 80, 80);
  const cv::Mat first = sheet(panel), last = sheet(panel + cv::Point(sheet.cols - 80, 0));
  EXPECT_EQ(cv::norm(first, last, cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(first, large(cv::Rect(100, 60, 80, 80)), cv::NORM_INF), 0);
}

}  // namespace
}  // namespace winograd::test
