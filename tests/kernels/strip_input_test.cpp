// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The two passes of the input transform against Bᵀ by definition, in fp64; of strided families also
// those of the odd phase, which lack the last row and column of Bᵀ.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/kernels/isa_param.hpp"
#include "tests/kernels/strip_case.hpp"
#include "tests/reference/crash_note.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

class StripPassesInput : public KernelSetTest {
 protected:
  const detail::AxisKernels& axis(const AxisTile& tile) const {
    return kernels().axis[tile.family_index()][tile.m - 1];
  }

  /// The phases that a tile has passes for.
  static std::vector<bool> phases(const AxisTile& tile) {
    return tile.stride == 1 ? std::vector<bool>{false} : std::vector<bool>{false, true};
  }

  struct Window {
    int cols;
    int row_begin, row_end, col_begin, col_end;
    bool empty() const { return row_begin == row_end || col_begin == col_end; }
    bool contains(int row, int col) const {
      return row >= row_begin && row < row_end && col >= col_begin && col < col_end;
    }
  };

  void check_vertical(Rng& rng, const AxisTile& tile, bool odd, const Window& window) {
    const int alpha = tile.alpha - (odd ? 1 : 0);
    const int valid_rows = window.row_end - window.row_begin;
    const int valid_cols = window.col_end - window.col_begin;
    detail::StripView view{};
    view.row_begin = window.row_begin;
    view.row_end = window.row_end;
    view.col_begin = window.col_begin;
    view.col_end = window.col_end;
    view.col_stride = kLaneBlock + rng.offset(0, 20);
    view.row_stride = valid_cols * view.col_stride + rng.offset(0, 20);
    const std::ptrdiff_t floats =
        window.empty()
            ? 0
            : (valid_rows - 1) * view.row_stride + (valid_cols - 1) * view.col_stride + kLaneBlock;
    const std::string text = "rows " + std::to_string(window.row_begin) + ".." +
                             std::to_string(window.row_end) + ", columns " +
                             std::to_string(window.col_begin) + ".." +
                             std::to_string(window.col_end) + " of " + std::to_string(window.cols);
    SCOPED_TRACE(text);
    const CrashNote note(text);
    GuardedBuffer image(static_cast<std::size_t>(floats) * sizeof(float),
                        rng.chance(20) ? Placement::at_start : Placement::at_end,
                        static_cast<std::size_t>(rng.integer(0, 3)) * sizeof(float));
    const auto pixel = [&](int row, int col) {
      return image.floats() + (row - view.row_begin) * view.row_stride +
             (col - view.col_begin) * view.col_stride;
    };
    for (int row = 0; row < alpha; ++row) {
      for (int col = 0; col < window.cols; ++col) {
        if (!window.contains(row, col)) continue;
        std::generate_n(pixel(row, col), kLaneBlock, [&rng] { return rng.uniform(-1.0F, 1.0F); });
      }
    }
    image.make_read_only();
    const bool nothing = valid_rows == 0 && valid_cols == 0;
    view.base = nothing ? nullptr : image.floats();
    const Scratch scratch(window.cols, alpha);
    const auto pass = odd ? axis(tile).odd_input_vertical : axis(tile).input_vertical;
    ASSERT_NE(pass, nullptr);
    pass(view, window.cols, scratch.data());
    EXPECT_TRUE(scratch.intact());
    for (int col = 0; col < window.cols; ++col) {
      for (int i = 0; i < alpha; ++i) {
        for (int c = 0; c < kLaneBlock; ++c) {
          Product expected(tile.bt_double[static_cast<std::size_t>(i)]);
          for (int row = 0; row < alpha; ++row) {
            if (!window.contains(row, col)) continue;
            expected.add(row, pixel(row, col)[c]);
          }
          ASSERT_TRUE(expected.matches(scratch.at(col, i, c)))
              << "column " << col << " frequency " << i << " channel " << c << ": "
              << scratch.at(col, i, c) << " instead of " << expected.value;
        }
      }
    }
  }

  void check_horizontal(Rng& rng, const AxisTile& tile, bool odd, int alpha_h, int tiles) {
    const int alpha = tile.alpha - (odd ? 1 : 0);
    Scratch scratch((tiles - 1) * tile.m + alpha, alpha_h);
    scratch.fill(rng);
    scratch.make_read_only();
    const Frequencies v(rng, alpha_h, alpha, tiles);
    const auto pass = odd ? axis(tile).odd_input_horizontal : axis(tile).input_horizontal;
    ASSERT_NE(pass, nullptr);
    pass(scratch.data(), alpha_h, tiles, v.data(), v.offsets(), v.tile_stride());
    EXPECT_TRUE(v.intact());
    for (int t = 0; t < tiles; ++t) {
      for (int i = 0; i < alpha_h; ++i) {
        for (int j = 0; j < alpha; ++j) {
          for (int c = 0; c < kLaneBlock; ++c) {
            Product expected(tile.bt_double[static_cast<std::size_t>(j)]);
            for (int col = 0; col < alpha; ++col) {
              expected.add(col, scratch.at(t * tile.m + col, i, c));
            }
            ASSERT_TRUE(expected.matches(v.at(i, j, t, c)))
                << "tile " << t << " frequency " << i << ", " << j << " channel " << c << ": "
                << v.at(i, j, t, c) << " instead of " << expected.value;
          }
        }
      }
    }
  }
};

TEST_P(StripPassesInput, VerticalWithEveryPadding) {
  constexpr int kCols = 5;
  Rng rng(41);
  Subset subset("every padding");
  for (const AxisTile& tile : axis_tiles()) {
    SCOPED_TRACE(tile.name());
    for (const bool odd : phases(tile)) {
      const int alpha = tile.alpha - (odd ? 1 : 0);
      for (int row_begin = 0; row_begin <= alpha; ++row_begin) {
        for (int row_end = row_begin; row_end <= alpha; ++row_end) {
          for (int col_begin = 0; col_begin <= kCols; ++col_begin) {
            for (int col_end = col_begin; col_end <= kCols; ++col_end) {
              if (!subset.takes()) continue;
              check_vertical(rng, tile, odd, {kCols, row_begin, row_end, col_begin, col_end});
              if (HasFatalFailure()) return;
            }
          }
        }
      }
    }
  }
}

TEST_P(StripPassesInput, VerticalOfEveryWidth) {
  Rng rng(42);
  Subset subset("every width");
  for (const AxisTile& tile : axis_tiles()) {
    SCOPED_TRACE(tile.name());
    for (int cols = 1; cols <= 40; ++cols) {
      if (!subset.takes()) continue;
      const bool odd = tile.stride == 2 && rng.chance(50);
      const int begin = rng.chance(50) ? 0 : static_cast<int>(rng.integer(0, cols));
      const int end = rng.chance(50) ? cols : static_cast<int>(rng.integer(begin, cols));
      check_vertical(rng, tile, odd, {cols, 0, tile.alpha - (odd ? 1 : 0), begin, end});
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(StripPassesInput, Horizontal) {
  Rng rng(43);
  Subset subset("horizontal");
  for (const AxisTile& tile : axis_tiles()) {
    SCOPED_TRACE(tile.name());
    for (int alpha_h = 1; alpha_h <= detail::kMaxAlpha; ++alpha_h) {
      for (const int tiles : {1, 2, 3, 32 / tile.m}) {
        if (!subset.takes()) continue;
        check_horizontal(rng, tile, tile.stride == 2 && rng.chance(50), alpha_h, tiles);
        if (HasFatalFailure()) return;
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(StripPassesInput);

}  // namespace
}  // namespace winograd::test
