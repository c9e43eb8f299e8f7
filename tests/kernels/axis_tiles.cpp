// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/kernels/axis_tiles.hpp"

#include <array>
#include <cstddef>

namespace winograd::test {
namespace {

template <std::size_t rows, std::size_t cols>
FractionMatrix to_fractions(const std::array<std::array<detail::Rational, cols>, rows>& from) {
  FractionMatrix matrix;
  for (const auto& row : from) {
    matrix.emplace_back();
    for (const detail::Rational& entry : row) matrix.back().emplace_back(entry.num, entry.den);
  }
  return matrix;
}

Matrix to_doubles(const FractionMatrix& from) {
  Matrix matrix;
  for (const auto& row : from) {
    matrix.emplace_back();
    for (const Fraction& entry : row) matrix.back().push_back(entry.to_double());
  }
  return matrix;
}

}  // namespace

std::string AxisTile::name() const {
  const auto f = [this](int outputs) {
    return "F(" + std::to_string(outputs) + "," + std::to_string(r) + ")";
  };
  const std::string tile = m == family_m ? f(m) : f(m) + " of " + f(family_m);
  if (stride == 1) return tile;
  return tile + " for " + std::to_string(kernel) + " taps and stride " + std::to_string(stride);
}

const std::vector<AxisTile>& axis_tiles() {
  static const std::vector<AxisTile> tiles = [] {
    std::vector<AxisTile> all;
    for_each_tile_type([&](auto family, auto type) {
      using Tile = typename decltype(type)::type;
      using Traits = detail::FamilyTraits<decltype(family)::value>;
      AxisTile tile{family,
                    Traits::m,
                    Tile::family_alpha,
                    Tile::m,
                    Tile::r,
                    Traits::r,
                    Traits::stride,
                    Tile::alpha,
                    to_fractions(Tile::bt),
                    to_fractions(Tile::g),
                    to_fractions(Tile::at_matrix),
                    {},
                    {}};
      tile.bt_double = to_doubles(tile.bt);
      tile.at_double = to_doubles(tile.at);
      all.push_back(std::move(tile));
    });
    return all;
  }();
  return tiles;
}

}  // namespace winograd::test
