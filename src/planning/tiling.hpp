// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// How an output image is cut into Winograd tiles.
//
// Along each axis all tiles have the family's full size M, but for at most one remainder tile,
// whose smaller transform shares U. That makes up to four classes of tiles:
//
//   +----+----+--+      class 0: M x M             numbered first, across the whole batch,
//   | 0  | 0  | 1|      class 1: M x rest          then class 1, ...
//   +----+----+--+      class 2: rest x M
//   | 2  | 2  | 3|      class 3: rest x rest
//   +----+----+--+
#ifndef WINOGRAD_SRC_PLANNING_TILING_HPP
#define WINOGRAD_SRC_PLANNING_TILING_HPP

#include <cstddef>
#include <cstdint>

#include "kernels/transforms/axis_family.hpp"
#include "src/planning/layer.hpp"

namespace winograd::detail {

inline constexpr int kTileClasses = 4;

struct TileClass {
  int m_h, m_w;          ///< outputs of a tile
  int alpha_h, alpha_w;  ///< inputs of a tile, of a strided layer those of the first phase
  int rows, cols;        ///< tiles of one image
  int out_row, out_col;  ///< of the first tile's first output
  std::int64_t first;    ///< number of the first tile
  std::int64_t count;    ///< over the batch
};

struct Tiling {
  Tiling(const Layer& layer, AxisFamily family_h, AxisFamily family_w) noexcept;

  int alpha_h, alpha_w;  ///< of the family
  TileClass classes[kTileClasses];
  std::int64_t tiles;

  int frequencies() const { return alpha_h * alpha_w; }
};

/// Consecutive tiles of one class in one row of one image.
struct Strip {
  int tile_class;
  int image, row, col;  ///< of the first tile
  int tiles;
  int index;  ///< of the first tile among the block's tiles of this class
};

/// A range of tile numbers, and where its V and M live. Frequency xi has rows[xi] tiles: those
/// whose class owns xi, in order of their numbers. So every xi is one GEMM, whatever the mix of
/// classes.
class TileBlock {
 public:
  TileBlock(const Tiling& tiling, std::int64_t begin, std::int64_t end) noexcept;

  int rows(int xi) const { return rows_[xi]; }

  /// Floats from row 0 of a frequency in V (or M) to that of the next, for rows of `stride` floats:
  /// an odd number of cache lines, for the transforms write all frequencies of a tile at once, and
  /// would otherwise hit one set of L1 again and again.
  std::ptrdiff_t frequency_size(int xi, std::ptrdiff_t stride) const noexcept {
    const std::ptrdiff_t lines = rows_[xi] * stride / kLaneBlock;
    return (lines | 1) * kLaneBlock;
  }
  /// Floats from the start of V (or M) to row 0 of each frequency.
  void frequency_offsets(std::ptrdiff_t stride, std::ptrdiff_t* offsets) const noexcept;

  /// The same for the first tile of a class, indexed by the class's own frequencies (i, j). Writes
  /// nothing if the block has no tile of the class.
  void class_offsets(int tile_class, std::ptrdiff_t stride, std::ptrdiff_t* offsets) const noexcept;

  /// Calls visit(const Strip&) for all tiles, in strips of at most `max_columns` outputs.
  template <class Visit>
  void for_each_strip(int max_columns, Visit&& visit) const {
    for (int k = 0; k < kTileClasses; ++k) {
      const TileClass& c = tiling_.classes[k];
      if (begin_[k] == end_[k]) continue;
      const int max_tiles = max_columns / c.m_w > 0 ? max_columns / c.m_w : 1;
      for (std::int64_t at = begin_[k]; at < end_[k];) {
        Strip strip{k,
                    static_cast<int>(at / c.cols / c.rows),
                    static_cast<int>(at / c.cols % c.rows),
                    static_cast<int>(at % c.cols),
                    0,
                    static_cast<int>(at - begin_[k])};
        const std::int64_t in_row = c.cols - strip.col;
        const int left = static_cast<int>(in_row < end_[k] - at ? in_row : end_[k] - at);
        // Strips start at multiples of max_tiles, so that their pixels start on cache lines.
        const int to_boundary = max_tiles - strip.col % max_tiles;
        strip.tiles = left < to_boundary ? left : to_boundary;
        visit(strip);
        at += strip.tiles;
      }
    }
  }

  /// Upper bound of floats in V or M for a block of `tiles` tiles.
  static std::ptrdiff_t max_size(const Tiling& tiling, std::ptrdiff_t tiles,
                                 std::ptrdiff_t stride) noexcept {
    return tiling.frequencies() * (tiles * stride + kLaneBlock);
  }

 private:
  const Tiling& tiling_;
  std::int64_t begin_[kTileClasses], end_[kTileClasses];  ///< within the class
  int rows_[kMaxFrequencies];
  int class_row_[kTileClasses][kMaxFrequencies];  ///< first row of a class in a frequency it owns
};

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PLANNING_TILING_HPP
