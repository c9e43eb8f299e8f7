// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_UPSCALE_TILES_HPP
#define WINOGRAD_UPSCALE_TILES_HPP

#include <opencv2/core/types.hpp>
#include <vector>

namespace winograd::upscale {

/// A piece of the picture: the network sees `input`; of its result only `kept` is used. Both in
/// pixels of the small picture.
struct Tile {
  cv::Rect input;
  cv::Rect kept;
};

/// Covers a picture, row by row. All tiles are of the same size, at most `side` x `side`, so that a
/// network is set up once; the `kept` pieces do not overlap, and lie at least `overlap` from those
/// borders of `input` that are not borders of the picture. Needs side > 2 * overlap.
std::vector<Tile> cut_into_tiles(cv::Size picture, int side, int overlap);

}  // namespace winograd::upscale

#endif  // WINOGRAD_UPSCALE_TILES_HPP
