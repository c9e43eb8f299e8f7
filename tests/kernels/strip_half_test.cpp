// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The passes in f16 against the generated code of the same transforms, run on one number that is
// rounded to f16 after each operation: the same bits, whatever a kernel set has in assembly.
#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <vector>

#include "kernels/common/transform_1d.hpp"
#include "src/runtime/kernel_sets.hpp"
#include "tests/kernels/axis_tiles.hpp"
#include "tests/kernels/half_case.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

using detail::F16;
using detail::kLaneBlock;

/// Not an array: g++ 12 fails to compile the transform of one value then.
using Column = std::vector<Rounded>;
constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }

/// Where the frequencies of a strip lie in V or M: in reverse, with gaps.
struct Places {
  Places(Rng& rng, int count, int tiles) : tile_stride(kLaneBlock * rng.offset(1, 3)) {
    const std::ptrdiff_t each = tiles * tile_stride + kLaneBlock * rng.offset(0, 2);
    for (int i = 0; i < count; ++i) offsets.push_back((count - 1 - i) * each);
    size = count * each;
  }
  std::vector<std::ptrdiff_t> offsets;
  std::ptrdiff_t tile_stride;
  std::ptrdiff_t size;
};

/// The passes of one tile, which are a type.
template <class Tile>
struct Checks {
  static constexpr int alpha = Tile::alpha;
  static constexpr int m = Tile::m;
  const detail::AxisKernelsOf<F16>& passes;
  Rng& rng;

  void input_vertical(int cols, int row_begin, int row_end, int col_begin, int col_end) const {
    detail::StripViewOf<F16> view{};
    view.row_begin = row_begin;
    view.row_end = row_end;
    view.col_begin = col_begin;
    view.col_end = col_end;
    view.col_stride = kLaneBlock + rng.offset(0, 20);
    view.row_stride = (col_end - col_begin) * view.col_stride + rng.offset(0, 20);
    const bool nothing = row_begin == row_end || col_begin == col_end;
    Halves image(nothing ? 0
                         : (row_end - row_begin - 1) * view.row_stride +
                               (col_end - col_begin - 1) * view.col_stride + kLaneBlock);
    image.fill(rng);
    view.base = image.data();
    const Halves scratch(std::ptrdiff_t{cols} * alpha * kLaneBlock);
    passes.input_vertical(view, cols, scratch.data());
    EXPECT_TRUE(scratch.intact());
    for (int col = 0; col < cols; ++col) {
      for (int c = 0; c < kLaneBlock; ++c) {
        Column d(alpha), v(alpha);
        for (int row = row_begin; row < row_end && col >= col_begin && col < col_end; ++row) {
          d[index(row)] = image.at((row - row_begin) * view.row_stride +
                                   (col - col_begin) * view.col_stride + c);
        }
        detail::apply_input<Tile>(d.data(), v.data());
        for (int i = 0; i < alpha; ++i) {
          ASSERT_EQ(scratch.at((std::ptrdiff_t{col} * alpha + i) * kLaneBlock + c).value,
                    v[index(i)].value)
              << "column " << col << " frequency " << i << " channel " << c;
        }
      }
    }
  }

  void input_horizontal(int alpha_h, int tiles) const {
    const auto at = [&](int col, int i, int c) {
      return (std::ptrdiff_t{col} * alpha_h + i) * kLaneBlock + c;
    };
    Halves scratch(at((tiles - 1) * m + alpha, 0, 0));
    scratch.fill(rng);
    const Places places(rng, alpha_h * alpha, tiles);
    const Halves v(places.size);
    passes.input_horizontal(scratch.data(), alpha_h, tiles, v.data(), places.offsets.data(),
                            places.tile_stride);
    EXPECT_TRUE(v.intact());
    for (int t = 0; t < tiles; ++t) {
      for (int i = 0; i < alpha_h; ++i) {
        for (int c = 0; c < kLaneBlock; ++c) {
          Column d(alpha), expected(alpha);
          for (int j = 0; j < alpha; ++j) d[index(j)] = scratch.at(at(t * m + j, i, c));
          detail::apply_input<Tile>(d.data(), expected.data());
          for (int j = 0; j < alpha; ++j) {
            const auto offset = places.offsets[static_cast<std::size_t>(i * alpha + j)];
            ASSERT_EQ(v.at(offset + t * places.tile_stride + c).value, expected[index(j)].value)
                << "tile " << t << " frequency " << i << ", " << j << " channel " << c;
          }
        }
      }
    }
  }

  void output_horizontal(int alpha_h, int tiles) const {
    const Places places(rng, alpha_h * alpha, tiles);
    Halves sums(places.size);
    sums.fill(rng);
    const Halves scratch(std::ptrdiff_t{tiles} * m * alpha_h * kLaneBlock);
    passes.output_horizontal(sums.data(), places.offsets.data(), places.tile_stride, alpha_h, tiles,
                             scratch.data());
    EXPECT_TRUE(scratch.intact());
    for (int t = 0; t < tiles; ++t) {
      for (int i = 0; i < alpha_h; ++i) {
        for (int c = 0; c < kLaneBlock; ++c) {
          Column x(alpha), y(m);
          for (int j = 0; j < alpha; ++j) {
            const auto offset = places.offsets[static_cast<std::size_t>(i * alpha + j)];
            x[index(j)] = sums.at(offset + t * places.tile_stride + c);
          }
          detail::apply_output<Tile>(x.data(), y.data());
          for (int q = 0; q < m; ++q) {
            const std::ptrdiff_t col = t * m + q;
            ASSERT_EQ(scratch.at((col * alpha_h + i) * kLaneBlock + c).value, y[index(q)].value)
                << "tile " << t << " row " << i << " output " << q << " channel " << c;
          }
        }
      }
    }
  }

  /// Rows of a column of scratch.
  static Column output_of(const Halves& scratch, int col, int c) {
    Column x(alpha), y(m);
    for (int i = 0; i < alpha; ++i) {
      x[index(i)] = scratch.at((std::ptrdiff_t{col} * alpha + i) * kLaneBlock + c);
    }
    detail::apply_output<Tile>(x.data(), y.data());
    return y;
  }

  void output_vertical(int cols, const HalfEpilogue& activation) const {
    Halves scratch(std::ptrdiff_t{cols} * alpha * kLaneBlock);
    scratch.fill(rng);
    detail::OutputTargetOf<F16> target{};
    target.col_stride = kLaneBlock + rng.offset(0, 3);
    target.row_stride = cols * target.col_stride + rng.offset(0, 3);
    const std::ptrdiff_t size =
        (m - 1) * target.row_stride + (cols - 1) * target.col_stride + kLaneBlock;
    const Halves dst(size);
    Halves added(size);
    added.fill(rng);
    std::vector<float> bias;
    for (int c = 0; c < kLaneBlock; ++c) bias.push_back(rng.uniform(-1.0F, 1.0F));
    target.dst = dst.data();
    target.residual = activation.residual ? added.data() : nullptr;
    target.epilogue = activation.epilogue(bias.data());
    passes.output_vertical(scratch.data(), cols, target);
    EXPECT_TRUE(dst.intact());
    for (int col = 0; col < cols; ++col) {
      for (int c = 0; c < kLaneBlock; ++c) {
        const Column y = output_of(scratch, col, c);
        for (int q = 0; q < m; ++q) {
          const std::ptrdiff_t at = q * target.row_stride + col * target.col_stride + c;
          const double expected =
              activation.apply(y[index(q)], bias[static_cast<std::size_t>(c)], added.at(at));
          ASSERT_EQ(dst.at(at).value, expected)
              << activation.name << ", output " << q << " column " << col << " channel " << c;
        }
      }
    }
  }

  void output_vertical_raw(int cols) const {
    Halves scratch(std::ptrdiff_t{cols} * alpha * kLaneBlock);
    scratch.fill(rng);
    const std::ptrdiff_t row = (cols + rng.offset(0, 2)) * kLaneBlock;
    const Halves staging((m - 1) * row + std::ptrdiff_t{cols} * kLaneBlock);
    passes.output_vertical_raw(scratch.data(), cols, staging.data(), row);
    EXPECT_TRUE(staging.intact());
    for (int col = 0; col < cols; ++col) {
      for (int c = 0; c < kLaneBlock; ++c) {
        const Column y = output_of(scratch, col, c);
        for (int q = 0; q < m; ++q) {
          ASSERT_EQ(staging.at(q * row + std::ptrdiff_t{col} * kLaneBlock + c).value,
                    y[index(q)].value)
              << "output " << q << " column " << col << " channel " << c;
        }
      }
    }
  }

  void all(Subset& subset) const {
    for (const int cols : {1, 2, 3, 5, 20}) {
      if (subset.takes()) input_vertical(cols, 0, alpha, 0, cols);
      if (subset.takes()) {
        const int row = static_cast<int>(rng.integer(0, alpha));
        const int col = static_cast<int>(rng.integer(0, cols));
        input_vertical(cols, row, static_cast<int>(rng.integer(row, alpha)), col,
                       static_cast<int>(rng.integer(col, cols)));
      }
      for (const HalfEpilogue& activation : kHalfEpilogues) {
        if (subset.takes()) output_vertical(cols, activation);
      }
      if (subset.takes()) output_vertical_raw(cols);
    }
    for (int alpha_h = 1; alpha_h <= 6; ++alpha_h) {
      for (const int tiles : {1, 2, 7}) {
        if (subset.takes()) input_horizontal(alpha_h, tiles);
        if (subset.takes()) output_horizontal(alpha_h, tiles);
      }
    }
  }
};

TEST(StripPassesInHalf, HaveTheBitsOfTheGeneratedCode) {
  Rng rng(61);
  int sets = 0;
  for (const Isa isa : test_isas()) {
    const auto* const half = detail::find_kernel_set(isa)->half;
    if (half == nullptr) continue;
    ++sets;
    Subset subset("passes in f16");
    for_each_tile_type([&](auto family, auto type) {
      using Tile = typename decltype(type)::type;
      if constexpr (detail::half_axis_shift(decltype(family)::value) >= 0) {
        SCOPED_TRACE("F(" + std::to_string(Tile::m) + "," + std::to_string(Tile::r) + ")");
        if (::testing::Test::HasFatalFailure()) return;
        Checks<Tile>{half->axis[static_cast<int>(decltype(family)::value)][Tile::m - 1], rng}.all(
            subset);
      }
    });
  }
  if (sets == 0) GTEST_SKIP() << "no instruction set here computes with f16";
}

}  // namespace
}  // namespace winograd::test
