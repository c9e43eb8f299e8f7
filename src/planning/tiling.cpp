// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/planning/tiling.hpp"

#include <algorithm>

namespace winograd::detail {

Tiling::Tiling(const Layer& layer, AxisFamily family_h, AxisFamily family_w) noexcept
    : classes{}, tiles(0) {
  const AxisFamilyInfo& vertical = axis_family_info(family_h);
  const AxisFamilyInfo& horizontal = axis_family_info(family_w);
  alpha_h = vertical.alpha;
  alpha_w = horizontal.alpha;
  for (int k = 0; k < kTileClasses; ++k) {
    const bool rest_h = k / 2 == 1, rest_w = k % 2 == 1;
    TileClass& c = classes[k];
    const int whole_h = layer.out_h / vertical.m, whole_w = layer.out_w / horizontal.m;
    c.m_h = rest_h ? layer.out_h % vertical.m : vertical.m;
    c.m_w = rest_w ? layer.out_w % horizontal.m : horizontal.m;
    c.rows = rest_h ? (c.m_h > 0 ? 1 : 0) : whole_h;
    c.cols = rest_w ? (c.m_w > 0 ? 1 : 0) : whole_w;
    c.alpha_h = tile_alpha(c.m_h, vertical.taps);
    c.alpha_w = tile_alpha(c.m_w, horizontal.taps);
    c.out_row = rest_h ? whole_h * vertical.m : 0;
    c.out_col = rest_w ? whole_w * horizontal.m : 0;
    c.first = tiles;
    c.count = std::int64_t{layer.n} * c.rows * c.cols;
    tiles += c.count;
  }
}

TileBlock::TileBlock(const Tiling& tiling, std::int64_t begin, std::int64_t end) noexcept
    : tiling_(tiling), rows_{}, class_row_{} {
  for (int k = 0; k < kTileClasses; ++k) {
    const TileClass& c = tiling.classes[k];
    begin_[k] = std::clamp(begin - c.first, std::int64_t{0}, c.count);
    end_[k] = std::clamp(end - c.first, std::int64_t{0}, c.count);
    if (begin_[k] == end_[k]) continue;
    for (int i = 0; i < c.alpha_h; ++i) {
      for (int j = 0; j < c.alpha_w; ++j) {
        const int xi = family_frequency(i, c.alpha_h, tiling.alpha_h) * tiling.alpha_w +
                       family_frequency(j, c.alpha_w, tiling.alpha_w);
        class_row_[k][xi] = rows_[xi];
        rows_[xi] += static_cast<int>(end_[k] - begin_[k]);
      }
    }
  }
}

void TileBlock::frequency_offsets(std::ptrdiff_t stride, std::ptrdiff_t* offsets) const noexcept {
  std::ptrdiff_t at = 0;
  for (int xi = 0; xi < tiling_.frequencies(); ++xi) {
    offsets[xi] = at;
    at += frequency_size(xi, stride);
  }
}

void TileBlock::class_offsets(int tile_class, std::ptrdiff_t stride,
                              std::ptrdiff_t* offsets) const noexcept {
  if (begin_[tile_class] == end_[tile_class]) return;  // no tile of this class: nothing to address
  const TileClass& c = tiling_.classes[tile_class];
  std::ptrdiff_t of_frequency[kMaxFrequencies];
  frequency_offsets(stride, of_frequency);
  for (int i = 0; i < c.alpha_h; ++i) {
    const int row = family_frequency(i, c.alpha_h, tiling_.alpha_h) * tiling_.alpha_w;
    for (int j = 0; j < c.alpha_w; ++j) {
      const int xi = row + family_frequency(j, c.alpha_w, tiling_.alpha_w);
      *offsets++ = of_frequency[xi] + class_row_[tile_class][xi] * stride;
    }
  }
}

}  // namespace winograd::detail
