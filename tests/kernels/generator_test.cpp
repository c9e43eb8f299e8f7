// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The matrices, in exact fractions of the tests' own: they compute the filter in one dimension and,
// nested, in two; they are those of the literature; smaller tiles read the U of the full one.
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <iterator>
#include <string>
#include <vector>

#include "tests/kernels/axis_tiles.hpp"
#include "tests/reference/random.hpp"

namespace winograd::test {
namespace {

using Vector = std::vector<Fraction>;

int to_family(const AxisTile& tile, int frequency) {
  return detail::family_frequency(frequency, tile.alpha, tile.family_alpha);
}

/// Rows of G that the tile uses, in its own order.
FractionMatrix filter_rows(const AxisTile& tile) {
  FractionMatrix rows;
  for (int i = 0; i < tile.alpha; ++i) {
    rows.push_back(tile.g[static_cast<std::size_t>(to_family(tile, i))]);
  }
  return rows;
}

Fraction dot(const Vector& a, const Vector& b) {
  EXPECT_EQ(a.size(), b.size());
  Fraction sum;
  for (std::size_t i = 0; i < a.size(); ++i) sum = sum + a[i] * b[i];
  return sum;
}

FractionMatrix transposed(const FractionMatrix& x) {
  FractionMatrix result(x.front().size(), Vector(x.size()));
  for (std::size_t i = 0; i < x.size(); ++i) {
    for (std::size_t j = 0; j < x[i].size(); ++j) result[j][i] = x[i][j];
  }
  return result;
}

/// left x rightᵀ
FractionMatrix multiply_transposed(const FractionMatrix& left, const FractionMatrix& right) {
  FractionMatrix product;
  for (const Vector& row : left) {
    product.emplace_back();
    for (const Vector& other : right) product.back().push_back(dot(row, other));
  }
  return product;
}

/// left x x rightᵀ
FractionMatrix nest(const FractionMatrix& left, const FractionMatrix& x,
                    const FractionMatrix& right) {
  return multiply_transposed(multiply_transposed(left, transposed(x)), right);
}

FractionMatrix random_integers(Rng& rng, int rows, int cols) {
  FractionMatrix x(static_cast<std::size_t>(rows));
  for (Vector& row : x) {
    for (int i = 0; i < cols; ++i) row.emplace_back(rng.integer(-9, 9));
  }
  return x;
}

TEST(Generator, HasEveryFamilyAndTile) {
  const struct {
    int m, kernel, stride, taps;
  } families[] = {{1, 1, 1, 1}, {2, 3, 1, 3}, {3, 3, 1, 3}, {4, 3, 1, 3},
                  {6, 3, 1, 3}, {2, 5, 1, 5}, {4, 5, 1, 5}, {2, 7, 1, 7},
                  {2, 3, 2, 2}, {4, 3, 2, 2}, {2, 5, 2, 3}, {4, 5, 2, 3}};
  ASSERT_EQ(std::size(families), static_cast<std::size_t>(detail::kAxisFamilies));
  auto tile = axis_tiles().begin();
  for (std::size_t f = 0; f < std::size(families); ++f) {
    for (int m = 1; m <= families[f].m; ++m, ++tile) {
      ASSERT_NE(tile, axis_tiles().end());
      EXPECT_EQ(tile->family, static_cast<detail::AxisFamily>(f));
      EXPECT_EQ(tile->m, m);
      EXPECT_EQ(tile->r, families[f].taps);
      EXPECT_EQ(tile->kernel, families[f].kernel);
      EXPECT_EQ(tile->stride, families[f].stride);
      EXPECT_EQ(tile->alpha, m + families[f].taps - 1);
    }
  }
  EXPECT_EQ(tile, axis_tiles().end());
}

// Bilinear, so unit vectors say it all.
TEST(Generator, ComputesTheFilterInOneDimension) {
  for (const AxisTile& tile : axis_tiles()) {
    SCOPED_TRACE(tile.name());
    const FractionMatrix g = filter_rows(tile);
    for (std::size_t q = 0; q < tile.at.size(); ++q) {
      for (std::size_t k = 0; k < g.front().size(); ++k) {
        for (std::size_t j = 0; j < tile.bt.size(); ++j) {
          Fraction sum;
          for (std::size_t i = 0; i < tile.bt.size(); ++i) {
            sum = sum + tile.at[q][i] * g[i][k] * tile.bt[i][j];
          }
          EXPECT_EQ(sum, Fraction(j == q + k ? 1 : 0)) << "y" << q << " g" << k << " d" << j;
        }
      }
    }
  }
}

// Even and odd taps on even and odd inputs, one sum before Aᵀ. The odd ones have no last frequency,
// and the others do not read their last input.
TEST(Generator, PhasesAddUpToTheStridedFilter) {
  for (const AxisTile& tile : axis_tiles()) {
    if (tile.stride == 1) continue;
    SCOPED_TRACE(tile.name());
    const detail::AxisFamilyInfo& info = detail::axis_family_info(tile.family);
    EXPECT_FALSE(info.is_short(0));
    EXPECT_TRUE(info.is_short(1));
    const FractionMatrix g = filter_rows(tile);
    const auto alpha = static_cast<std::size_t>(tile.alpha);
    for (std::size_t q = 0; q < tile.at.size(); ++q) {
      for (std::size_t k = 0; k < static_cast<std::size_t>(tile.kernel); ++k) {
        for (std::size_t j = 0; j < 2 * alpha - 1; ++j) {
          const std::size_t phase = k % 2;
          Fraction sum;
          for (std::size_t i = 0; i + phase < alpha; ++i) {
            if (j % 2 != phase) continue;
            sum = sum + tile.at[q][i] * g[i][k / 2] * tile.bt[i][j / 2];
          }
          EXPECT_EQ(sum, Fraction(j == 2 * q + k ? 1 : 0)) << "y" << q << " g" << k << " d" << j;
        }
      }
    }
    for (std::size_t i = 0; i + 1 < alpha; ++i) EXPECT_EQ(tile.bt[i].back(), Fraction(0));
  }
}

TEST(Generator, ComputesTheFilterInTwoDimensions) {
  Rng rng(3);
  for (const AxisTile& v : axis_tiles()) {
    for (const AxisTile& h : axis_tiles()) {
      SCOPED_TRACE(v.name() + " by " + h.name());
      const FractionMatrix g = random_integers(rng, v.r, h.r);
      const FractionMatrix d = random_integers(rng, v.alpha, h.alpha);
      const FractionMatrix u = nest(filter_rows(v), g, filter_rows(h));
      FractionMatrix products = nest(v.bt, d, h.bt);
      for (std::size_t i = 0; i < u.size(); ++i) {
        for (std::size_t j = 0; j < u[i].size(); ++j) products[i][j] = products[i][j] * u[i][j];
      }
      FractionMatrix expected(v.at.size(), Vector(h.at.size()));
      for (std::size_t y = 0; y < expected.size(); ++y) {
        for (std::size_t x = 0; x < expected[y].size(); ++x) {
          for (std::size_t i = 0; i < g.size(); ++i) {
            for (std::size_t j = 0; j < g[i].size(); ++j) {
              expected[y][x] = expected[y][x] + g[i][j] * d[y + i][x + j];
            }
          }
        }
      }
      EXPECT_EQ(nest(v.at, products, h.at), expected);
    }
  }
}

const AxisTile& full_tile(detail::AxisFamily family) {
  for (const AxisTile& tile : axis_tiles()) {
    if (tile.family == family && tile.m == tile.family_m) return tile;
  }
  throw std::logic_error("no such family");
}

/// The factor that turns `from` into `to`, or zero if there is none.
Fraction ratio(const Vector& to, const Vector& from) {
  Fraction factor;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] == Fraction(0)) {
      if (!(to[i] == Fraction(0))) return 0;
      continue;
    }
    if (factor == Fraction(0)) factor = to[i] / from[i];
    if (!(to[i] == factor * from[i])) return 0;
  }
  return factor;
}

// Lavin & Gray 2016, section 4.1. Each frequency may be scaled in Bᵀ, G and Aᵀ as long as the
// product of the three factors is 1.
TEST(Generator, F23IsThatOfLavinAndGray) {
  const FractionMatrix bt = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
  const Fraction half(1, 2), minus_half(-1, 2);
  const FractionMatrix g = {{1, 0, 0}, {half, half, half}, {half, minus_half, half}, {0, 0, 1}};
  const FractionMatrix at = {{1, 1, 1, 0}, {0, 1, -1, -1}};
  const AxisTile& tile = full_tile(detail::AxisFamily::f2_3);
  ASSERT_EQ(tile.bt.size(), bt.size());
  for (std::size_t i = 0; i < bt.size(); ++i) {
    EXPECT_EQ(ratio(tile.bt[i], bt[i]) * ratio(tile.g[i], g[i]) *
                  ratio(transposed(tile.at)[i], transposed(at)[i]),
              Fraction(1))
        << "frequency " << i;
  }
}

// The points as documented; a row of G is (1, p, p², ...) times a factor, (0, ..., 0, 1) last.
TEST(Generator, RowsOfGArePowersOfTheDocumentedPoints) {
  const Fraction half(1, 2), five_eighths(5, 8), three_halves(3, 2);
  const auto minus = [](const Fraction& x) { return Fraction(-1) * x; };
  const Vector points_1 = {0, 1, -1};
  const Vector points_58 = {0, five_eighths, minus(five_eighths), three_halves,
                            minus(three_halves)};
  const Vector points_12 = {0, 1, -1, half, minus(half), 2, -2};
  const std::pair<detail::AxisFamily, Vector> lists[] = {
      {detail::AxisFamily::f2_3, points_1},
      {detail::AxisFamily::f3_3, points_58},
      {detail::AxisFamily::f4_3, points_58},
      {detail::AxisFamily::f6_3, points_12},
      {detail::AxisFamily::f2_5, points_58},
      {detail::AxisFamily::f4_5, points_12},
      {detail::AxisFamily::f2_7, points_12},
      {detail::AxisFamily::f2_3s2, {1, -1}},
      {detail::AxisFamily::f4_3s2, {half, minus(half), three_halves, minus(three_halves)}},
      {detail::AxisFamily::f2_5s2, points_1},
      {detail::AxisFamily::f4_5s2, points_58},
  };
  for (const auto& [family, points] : lists) {
    const AxisTile& tile = full_tile(family);
    SCOPED_TRACE(tile.name());
    ASSERT_LE(tile.g.size(), points.size() + 1);
    for (std::size_t i = 0; i + 1 < tile.g.size(); ++i) {
      Vector powers = {1};
      while (powers.size() < tile.g[i].size()) powers.push_back(powers.back() * points[i]);
      EXPECT_FALSE(ratio(tile.g[i], powers) == Fraction(0)) << "row " << i;
    }
    Vector last(tile.g.back().size(), Fraction(0));
    last.back() = 1;
    EXPECT_EQ(tile.g.back(), last);
  }
}

TEST(Generator, RemainderTilesShareU) {
  for (const AxisTile& tile : axis_tiles()) {
    SCOPED_TRACE(tile.name());
    EXPECT_EQ(tile.g, full_tile(tile.family).g);
    std::vector<int> used;
    for (int i = 0; i < tile.alpha; ++i) used.push_back(to_family(tile, i));
    for (std::size_t i = 1; i < used.size(); ++i) EXPECT_LT(used[i - 1], used[i]);
    EXPECT_GE(used.front(), 0);
    EXPECT_EQ(used.back(), tile.family_alpha - 1) << "infinity stays last";
    EXPECT_EQ(used.size() + static_cast<std::size_t>(tile.family_m - tile.m),
              static_cast<std::size_t>(tile.family_alpha));
  }
  for_each_tile_type([](auto, auto type) {
    using Tile = typename decltype(type)::type;
    for (int i = 0; i < Tile::alpha; ++i) {
      EXPECT_EQ(Tile::family_frequency(i),
                detail::family_frequency(i, Tile::alpha, Tile::family_alpha));
    }
  });
}

// What makes the input transform's coefficients free of rounding.
TEST(Generator, EntriesOfBtAreExactInFloat) {
  for (const AxisTile& tile : axis_tiles()) {
    SCOPED_TRACE(tile.name());
    for (const Vector& row : tile.bt) {
      for (const Fraction& entry : row) {
        EXPECT_EQ(entry.denominator() & (entry.denominator() - 1), 0) << entry;
        EXPECT_LT(std::abs(entry.numerator()), 1 << 24) << entry;
      }
    }
  }
}

TEST(Generator, AxisFamilyInfoIsTheSameG) {
  for (int f = 0; f < detail::kAxisFamilies; ++f) {
    const auto family = static_cast<detail::AxisFamily>(f);
    const AxisTile& tile = full_tile(family);
    const detail::AxisFamilyInfo& info = detail::axis_family_info(family);
    SCOPED_TRACE(tile.name());
    EXPECT_EQ(info.m, tile.m);
    EXPECT_EQ(info.r, tile.kernel);
    EXPECT_EQ(info.stride, tile.stride);
    EXPECT_EQ(info.taps, tile.r);
    ASSERT_EQ(info.alpha, tile.alpha);
    for (std::size_t i = 0; i < tile.g.size(); ++i) {
      for (std::size_t k = 0; k < tile.g[i].size(); ++k) {
        EXPECT_EQ(info.filter[i][k], tile.g[i][k].to_double());
      }
    }
  }
}

}  // namespace
}  // namespace winograd::test
