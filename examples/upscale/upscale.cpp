// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "upscale.hpp"

#include <algorithm>
#include <cstddef>
#include <opencv2/core.hpp>
#include <opencv2/dnn/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "tiles.hpp"

namespace winograd::upscale {
namespace {

/// What the network gave, as an 8-bit BGR picture.
cv::Mat to_picture(const cv::Mat& blob, double range) {
  std::vector<cv::Mat> images;
  cv::dnn::imagesFromBlob(blob, images);
  cv::Mat picture;
  images.at(0).convertTo(picture, CV_8U, 255 / range);
  cv::cvtColor(picture, picture, cv::COLOR_RGB2BGR);
  return picture;
}

/// Of the last `count` values.
double median(const std::vector<double>& values, int count) {
  std::vector<double> last(values.end() - count, values.end());
  const auto middle = last.begin() + count / 2;
  std::nth_element(last.begin(), middle, last.end());
  return *middle;
}

cv::Rect scaled(const cv::Rect& r) {
  return {r.x * kScale, r.y * kScale, r.width * kScale, r.height * kScale};
}

}  // namespace

Result upscale(const cv::Mat& picture, std::vector<Engine>& engines, const Model& model,
               const Settings& settings, const std::function<void(int, int)>& progress) {
  Result result;
  result.picture.create(picture.size() * kScale, CV_8UC3);
  result.seconds.assign(engines.size(), 0.0);
  result.differences.resize(engines.size());

  const std::vector<Tile> tiles = cut_into_tiles(picture.size(), settings.tile, settings.overlap);
  for (std::size_t t = 0; t < tiles.size(); ++t) {
    const Tile& tile = tiles[t];
    const cv::Mat blob = cv::dnn::blobFromImage(picture(tile.input), model.range / 255, {}, {},
                                                /*swapRB=*/true);
    std::vector<cv::Mat> outputs(engines.size());
    for (int repeat = 0; repeat < settings.repeats; ++repeat) {
      for (std::size_t e = 0; e < engines.size(); ++e) outputs[e] = engines[e].run(blob);
    }
    for (std::size_t e = 0; e < engines.size(); ++e) {
      result.seconds[e] += median(engines[e].times(), settings.repeats);
    }

    const cv::Mat large = to_picture(outputs[0], model.range);
    for (std::size_t e = 1; e < engines.size(); ++e) {
      result.differences[e].add_floats(outputs[0], outputs[e], model.range);
      result.differences[e].add_levels(large, to_picture(outputs[e], model.range));
    }
    const cv::Rect kept = scaled(tile.kept - tile.input.tl());
    large(kept).copyTo(result.picture(scaled(tile.kept)));
    progress(static_cast<int>(t + 1), static_cast<int>(tiles.size()));
  }
  return result;
}

}  // namespace winograd::upscale
