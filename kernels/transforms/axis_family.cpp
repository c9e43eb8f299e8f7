// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "kernels/transforms/axis_family.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "kernels/transforms/axis_families.hpp"

namespace winograd::detail {
namespace {

template <std::size_t n>
constexpr double length_squared(const std::array<Rational, n>& row) {
  double sum = 0;
  for (const Rational& entry : row) {
    sum += static_cast<double>(entry) * static_cast<double>(entry);
  }
  return sum;
}

/// The same for the rows of G of all phases of a filter with r taps.
template <std::size_t taps>
constexpr double phases_length_squared(const std::array<Rational, taps>& row, int r, int stride) {
  double sum = 0;
  for (int k = 0; k < r; ++k) {
    const auto entry = static_cast<double>(row[static_cast<unsigned>(k / stride)]);
    sum += entry * entry;
  }
  return sum;
}

/// Mean over the outputs q of the sum over i of (Aᵀ_qi |G_i| |Bᵀ_i|)² / r: docs/accuracy.md derives
/// it. The phases of a strided filter are terms of their own, with the same Aᵀ and Bᵀ.
template <class Traits, class Tile>
constexpr double amplification_squared() {
  double sum = 0;
  for (const auto& row : Tile::at_matrix) {
    for (unsigned i = 0; i < row.size(); ++i) {
      const auto a = static_cast<double>(row[i]);
      const auto shared = static_cast<unsigned>(Tile::family_frequency(static_cast<int>(i)));
      const bool first_only = i + 1 == row.size() && Traits::r % Traits::stride != 0;
      const double filter = first_only
                                ? length_squared(Tile::g[shared])
                                : phases_length_squared(Tile::g[shared], Traits::r, Traits::stride);
      sum += a * a * filter * length_squared(Tile::bt[i]);
    }
  }
  return sum / Tile::m / Traits::r;
}

template <AxisFamily family>
constexpr AxisFamilyInfo make_info() {
  using Traits = FamilyTraits<family>;
  using Full = typename Traits::template Tile<Traits::m>;
  static_assert(Traits::m <= kMaxTile && Full::alpha <= kMaxAlpha && Traits::r <= kMaxTaps);
  AxisFamilyInfo info{Traits::m, Traits::r, Traits::stride, Full::r, Full::alpha, {}, {}};
  for (unsigned i = 0; i < Full::alpha; ++i) {
    for (unsigned k = 0; k < Full::r; ++k) info.filter[i][k] = static_cast<double>(Full::g[i][k]);
  }
  [&]<int... t>(std::integer_sequence<int, t...>) {
    static_assert((Traits::template proved<t + 1> && ...), "these matrices do not compute F(m, r)");
    ((info.amplification_squared[t] =
          amplification_squared<Traits, typename Traits::template Tile<t + 1>>()),
     ...);
  }
  (std::make_integer_sequence<int, Traits::m>());
  return info;
}

constexpr AxisFamilyInfo kInfos[kAxisFamilies] = {
    make_info<AxisFamily::identity>(), make_info<AxisFamily::f2_3>(),
    make_info<AxisFamily::f3_3>(),     make_info<AxisFamily::f4_3>(),
    make_info<AxisFamily::f6_3>(),     make_info<AxisFamily::f2_5>(),
    make_info<AxisFamily::f4_5>(),     make_info<AxisFamily::f2_7>(),
    make_info<AxisFamily::f2_3s2>(),   make_info<AxisFamily::f4_3s2>(),
    make_info<AxisFamily::f2_5s2>(),   make_info<AxisFamily::f4_5s2>(),
};

}  // namespace

const AxisFamilyInfo& axis_family_info(AxisFamily family) noexcept {
  return kInfos[static_cast<unsigned>(family)];
}

double AxisFamilyInfo::max_amplification_squared() const noexcept {
  return *std::max_element(amplification_squared, amplification_squared + m);
}

bool axis_family_of(int m, std::int64_t r, std::int64_t stride, AxisFamily* family) noexcept {
  for (unsigned i = 0; i < kAxisFamilies; ++i) {
    const AxisFamilyInfo& info = kInfos[i];
    if (info.r != r || info.stride != stride || (r > 1 && info.m != m)) continue;
    *family = static_cast<AxisFamily>(i);
    return true;
  }
  return false;
}

}  // namespace winograd::detail
