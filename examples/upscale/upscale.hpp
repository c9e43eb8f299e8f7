// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_UPSCALE_UPSCALE_HPP
#define WINOGRAD_UPSCALE_UPSCALE_HPP

#include <functional>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "difference.hpp"
#include "engine.hpp"
#include "model.hpp"

namespace winograd::upscale {

struct Settings {
  int tile = 256;    ///< side of what the network sees at once, in pixels of the small picture
  int overlap = 16;  ///< of neighbouring tiles, at least
  int repeats = 1;   ///< runs of each engine on each tile, the engines taking turns
};

struct Result {
  cv::Mat picture;  ///< 8-bit BGR, of the first engine
  std::vector<double>
      seconds;  ///< for each engine: the sum over tiles of the median of the repeats
  std::vector<Difference> differences;  ///< of each engine from the first; the first's stays empty
};

/// Upscales an 8-bit BGR picture. Memory: the two pictures, and what the network needs for a tile.
/// `progress(done, all)` is called after each tile.
Result upscale(const cv::Mat& picture, std::vector<Engine>& engines, const Model& model,
               const Settings& settings, const std::function<void(int, int)>& progress);

}  // namespace winograd::upscale

#endif  // WINOGRAD_UPSCALE_UPSCALE_HPP
