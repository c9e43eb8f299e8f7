// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Every transform of the library, as data: the matrices of each family and each of its tile sizes.
#ifndef WINOGRAD_TESTS_KERNELS_AXIS_TILES_HPP
#define WINOGRAD_TESTS_KERNELS_AXIS_TILES_HPP

#include <string>
#include <utility>
#include <vector>

#include "kernels/transforms/axis_families.hpp"
#include "kernels/transforms/axis_family.hpp"
#include "tests/kernels/fraction.hpp"

namespace winograd::test {

using FractionMatrix = std::vector<std::vector<Fraction>>;
using Matrix = std::vector<std::vector<double>>;

/// One tile size of one family. G is the family's: its row family_frequency(i) belongs to row i of
/// Bᵀ and column i of Aᵀ.
struct AxisTile {
  detail::AxisFamily family;
  int family_m;
  int family_alpha;
  int m;
  int r;       ///< taps of the matrices: those of a phase
  int kernel;  ///< taps of the filter
  int stride;
  int alpha;
  FractionMatrix bt;  ///< [alpha][alpha]
  FractionMatrix g;   ///< [family_alpha][r]
  FractionMatrix at;  ///< [m][alpha]
  Matrix bt_double;
  Matrix at_double;

  /// "F(2,3) of F(4,3)", "F(2,2) of F(4,2) for 3 taps and stride 2"
  std::string name() const;
  int family_index() const { return static_cast<int>(family); }
};

/// All of them, families in the order of AxisFamily, tiles from 1 to the family's M.
const std::vector<AxisTile>& axis_tiles();

/// body(std::integral_constant<AxisFamily>, std::type_identity<CookToom>) for all of them.
template <class Body>
void for_each_tile_type(const Body& body) {
  const auto tiles_of = [&](auto family) {
    using Traits = detail::FamilyTraits<decltype(family)::value>;
    [&]<int... t>(std::integer_sequence<int, t...>) {
      (body(family, std::type_identity<typename Traits::template Tile<t + 1>>{}), ...);
    }
    (std::make_integer_sequence<int, Traits::m>{});
  };
  [&]<int... f>(std::integer_sequence<int, f...>) {
    (tiles_of(std::integral_constant<detail::AxisFamily, static_cast<detail::AxisFamily>(f)>{}),
     ...);
  }
  (std::make_integer_sequence<int, detail::kAxisFamilies>{});
}

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_KERNELS_AXIS_TILES_HPP
