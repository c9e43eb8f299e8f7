// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tiles.hpp"

#include <algorithm>
#include <opencv2/core.hpp>

namespace winograd::upscale {
namespace {

struct Span {
  int begin, size;            ///< what the network sees
  int kept_begin, kept_size;  ///< what is used
};

std::vector<Span> cut_axis(int length, int side, int overlap) {
  if (length <= side) return {{0, length, 0, length}};
  std::vector<Span> spans;
  int done = 0;
  while (done < length) {
    // The last tile moves back so far that it ends where the picture does.
    const int begin = std::clamp(done - overlap, 0, length - side);
    const int end = begin + side;
    const int kept_end = end == length ? length : end - overlap;
    spans.push_back({begin, side, done, kept_end - done});
    done = kept_end;
  }
  return spans;
}

}  // namespace

std::vector<Tile> cut_into_tiles(cv::Size picture, int side, int overlap) {
  CV_Assert(overlap >= 0 && side > 2 * overlap);
  std::vector<Tile> tiles;
  for (const Span& y : cut_axis(picture.height, side, overlap)) {
    for (const Span& x : cut_axis(picture.width, side, overlap)) {
      tiles.push_back({{x.begin, y.begin, x.size, y.size},
                       {x.kept_begin, y.kept_begin, x.kept_size, y.kept_size}});
    }
  }
  return tiles;
}

}  // namespace winograd::upscale
