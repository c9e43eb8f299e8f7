// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Tiles cover every output once, and each tile's frequencies have a place of their own in V and M.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "src/planning/tiling.hpp"
#include "tests/reference/random.hpp"

namespace winograd::test {
namespace {

using detail::AxisFamily;
using detail::Strip;
using detail::TileBlock;
using detail::TileClass;
using detail::Tiling;

/// A convolution with `out_h` x `out_w` outputs for the taps of these families.
detail::Layer layer_of(int batch, int out_h, int out_w, AxisFamily family_h, AxisFamily family_w) {
  Conv2dDesc desc;
  desc.batch = batch;
  desc.in_channels = desc.out_channels = 1;
  desc.kernel_h = detail::axis_family_info(family_h).r;
  desc.kernel_w = detail::axis_family_info(family_w).r;
  desc.stride_h = detail::axis_family_info(family_h).stride;
  desc.stride_w = detail::axis_family_info(family_w).stride;
  desc.height = detail::axis_family_info(family_h).extent(out_h);
  desc.width = detail::axis_family_info(family_w).extent(out_w);
  return detail::Layer(desc);
}

std::string text_of(int batch, int out_h, int out_w, AxisFamily family_h, AxisFamily family_w) {
  return std::to_string(batch) + " images of " + std::to_string(out_h) + " x " +
         std::to_string(out_w) + ", families " + std::to_string(static_cast<int>(family_h)) +
         " and " + std::to_string(static_cast<int>(family_w));
}

/// Cuts [0, tiles) into blocks of random size.
template <class Visit>
void for_random_blocks(Rng& rng, const Tiling& tiling, Visit visit) {
  for (std::int64_t begin = 0; begin < tiling.tiles;) {
    const std::int64_t end = std::min(tiling.tiles, begin + rng.integer(1, 40));
    visit(begin, end);
    begin = end;
  }
}

/// visit(batch, out_h, out_w, family_h, family_w) over a sweep of shapes and all pairs of families.
template <class Visit>
void for_shapes(Visit visit) {
  Rng rng(100);
  for (int h = 0; h < detail::kAxisFamilies; ++h) {
    for (int w = 0; w < detail::kAxisFamilies; ++w) {
      for (int repeat = 0; repeat < 12; ++repeat) {
        const auto family_h = static_cast<AxisFamily>(h), family_w = static_cast<AxisFamily>(w);
        // A pointwise layer is one long row, whatever its shape was: no tiles in two dimensions.
        if (family_h == AxisFamily::identity && family_w == AxisFamily::identity) continue;
        visit(static_cast<int>(rng.integer(1, 3)), static_cast<int>(rng.integer(1, 20)),
              static_cast<int>(rng.integer(1, 50)), family_h, family_w);
      }
    }
  }
}

TEST(Tiling, CoversEveryOutputOnce) {
  Rng rng(101);
  for_shapes([&](int batch, int out_h, int out_w, AxisFamily family_h, AxisFamily family_w) {
    SCOPED_TRACE(text_of(batch, out_h, out_w, family_h, family_w));
    const detail::Layer layer = layer_of(batch, out_h, out_w, family_h, family_w);
    const Tiling tiling(layer, family_h, family_w);
    const int max_columns = static_cast<int>(rng.integer(1, 40));
    std::vector<int> covered(static_cast<std::size_t>(batch * out_h * out_w));
    for_random_blocks(rng, tiling, [&](std::int64_t begin, std::int64_t end) {
      std::int64_t tiles = 0;
      int next_index[detail::kTileClasses] = {};
      const TileBlock block(tiling, begin, end);
      block.for_each_strip(max_columns, [&](const Strip& strip) {
        const TileClass& c = tiling.classes[strip.tile_class];
        tiles += strip.tiles;
        EXPECT_GE(strip.tiles, 1);
        EXPECT_TRUE(strip.tiles == 1 || strip.tiles * c.m_w <= max_columns);
        EXPECT_EQ(strip.index, next_index[strip.tile_class]);
        next_index[strip.tile_class] += strip.tiles;
        ASSERT_TRUE(strip.image >= 0 && strip.image < batch);
        for (int y = 0; y < c.m_h; ++y) {
          for (int x = 0; x < strip.tiles * c.m_w; ++x) {
            const int row = c.out_row + strip.row * c.m_h + y;
            const int col = c.out_col + strip.col * c.m_w + x;
            ASSERT_TRUE(row >= 0 && row < out_h && col >= 0 && col < out_w);
            ++covered[static_cast<std::size_t>((strip.image * out_h + row) * out_w + col)];
          }
        }
      });
      EXPECT_EQ(tiles, end - begin);
    });
    EXPECT_TRUE(std::all_of(covered.begin(), covered.end(), [](int n) { return n == 1; }));
  });
}

TEST(Tiling, HasAtMostOneRemainderPerAxis) {
  for_shapes([&](int batch, int out_h, int out_w, AxisFamily family_h, AxisFamily family_w) {
    SCOPED_TRACE(text_of(batch, out_h, out_w, family_h, family_w));
    const detail::AxisFamilyInfo& v = detail::axis_family_info(family_h);
    const detail::AxisFamilyInfo& h = detail::axis_family_info(family_w);
    const Tiling tiling(layer_of(batch, out_h, out_w, family_h, family_w), family_h, family_w);
    EXPECT_EQ(tiling.tiles,
              std::int64_t{batch} * detail::ceil_div(out_h, v.m) * detail::ceil_div(out_w, h.m));
    for (int k = 0; k < detail::kTileClasses; ++k) {
      const TileClass& c = tiling.classes[k];
      if (c.count == 0) continue;
      EXPECT_EQ(c.m_h, k / 2 == 0 ? v.m : out_h % v.m);
      EXPECT_EQ(c.m_w, k % 2 == 0 ? h.m : out_w % h.m);
      EXPECT_EQ(c.alpha_h, c.m_h + v.taps - 1);
      EXPECT_EQ(c.alpha_w, c.m_w + h.taps - 1);
    }
  });
}

/// The frequency of the family that (i, j) of a tile of class c is.
int xi_of(const Tiling& tiling, const TileClass& c, int i, int j) {
  return detail::family_frequency(i, c.alpha_h, tiling.alpha_h) * tiling.alpha_w +
         detail::family_frequency(j, c.alpha_w, tiling.alpha_w);
}

TEST(Tiling, PlacesInAFrequencyAreItsRows) {
  Rng rng(102);
  for_shapes([&](int batch, int out_h, int out_w, AxisFamily family_h, AxisFamily family_w) {
    SCOPED_TRACE(text_of(batch, out_h, out_w, family_h, family_w));
    const Tiling tiling(layer_of(batch, out_h, out_w, family_h, family_w), family_h, family_w);
    const std::ptrdiff_t stride = detail::kLaneBlock * rng.offset(1, 5);
    for_random_blocks(rng, tiling, [&](std::int64_t begin, std::int64_t end) {
      const TileBlock block(tiling, begin, end);
      std::ptrdiff_t start[detail::kMaxFrequencies];
      block.frequency_offsets(stride, start);

      // Every (xi, tile) gets the next free row of its xi: no overlap, no hole.
      std::vector<std::set<std::ptrdiff_t>> places(static_cast<std::size_t>(tiling.frequencies()));
      block.for_each_strip(32, [&](const Strip& strip) {
        const TileClass& c = tiling.classes[strip.tile_class];
        std::ptrdiff_t offsets[detail::kMaxFrequencies];
        block.class_offsets(strip.tile_class, stride, offsets);
        for (int i = 0; i < c.alpha_h; ++i) {
          for (int j = 0; j < c.alpha_w; ++j) {
            const int xi = xi_of(tiling, c, i, j);
            for (int t = 0; t < strip.tiles; ++t) {
              const bool is_new =
                  places[static_cast<std::size_t>(xi)]
                      .insert(offsets[i * c.alpha_w + j] + (strip.index + t) * stride - start[xi])
                      .second;
              EXPECT_TRUE(is_new) << "xi " << xi;
            }
          }
        }
      });
      std::ptrdiff_t used = 0;
      for (int xi = 0; xi < tiling.frequencies(); ++xi) {
        const std::set<std::ptrdiff_t>& rows = places[static_cast<std::size_t>(xi)];
        ASSERT_EQ(static_cast<int>(rows.size()), block.rows(xi)) << "xi " << xi;
        std::ptrdiff_t expected = 0;
        for (const std::ptrdiff_t row : rows) {
          EXPECT_EQ(row, expected) << "xi " << xi;
          expected += stride;
        }
        EXPECT_GE(start[xi], used) << "xi " << xi << " overlaps the one before";
        used = start[xi] + block.rows(xi) * stride;
      }
      EXPECT_LE(used,
                TileBlock::max_size(tiling, static_cast<std::ptrdiff_t>(end - begin), stride));
    });
  });
}

TEST(Tiling, FrequenciesAreAnOddNumberOfCacheLinesApart) {
  Rng rng(103);
  for_shapes([&](int batch, int out_h, int out_w, AxisFamily family_h, AxisFamily family_w) {
    SCOPED_TRACE(text_of(batch, out_h, out_w, family_h, family_w));
    const Tiling tiling(layer_of(batch, out_h, out_w, family_h, family_w), family_h, family_w);
    const std::ptrdiff_t stride = detail::kLaneBlock * rng.offset(1, 5);
    for_random_blocks(rng, tiling, [&](std::int64_t begin, std::int64_t end) {
      std::ptrdiff_t start[detail::kMaxFrequencies];
      TileBlock(tiling, begin, end).frequency_offsets(stride, start);
      EXPECT_EQ(start[0], 0);
      for (int xi = 1; xi < tiling.frequencies(); ++xi) {
        const std::ptrdiff_t distance = start[xi] - start[xi - 1];
        EXPECT_EQ(distance % detail::kLaneBlock, 0) << "xi " << xi;
        EXPECT_EQ(distance / detail::kLaneBlock % 2, 1) << "xi " << xi;
      }
    });
  });
}

}  // namespace
}  // namespace winograd::test
