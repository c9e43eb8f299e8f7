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

/// Mean over the outputs q of the sum over i of (Aᵀ_qi |G_i| |Bᵀ_i|)² / r: docs/accuracy.md derives
/// it.
template <class Tile>
constexpr double amplification_squared() {
  double sum = 0;
  for (const auto& row : Tile::at_matrix) {
    for (unsigned i = 0; i < row.size(); ++i) {
      const auto a = static_cast<double>(row[i]);
      const auto shared = static_cast<unsigned>(Tile::family_frequency(static_cast<int>(i)));
      sum += a * a * length_squared(Tile::g[shared]) * length_squared(Tile::bt[i]);
    }
  }
  return sum / Tile::m / Tile::r;
}

template <AxisFamily family>
constexpr AxisFamilyInfo make_info() {
  using Traits = FamilyTraits<family>;
  using Full = typename Traits::template Tile<Traits::m>;
  static_assert(Traits::m <= kMaxTile && Full::alpha <= kMaxAlpha && Traits::r <= kMaxTaps);
  AxisFamilyInfo info{Traits::m, Traits::r, Full::alpha, {}, {}};
  for (unsigned i = 0; i < Full::alpha; ++i) {
    for (unsigned k = 0; k < Traits::r; ++k) info.filter[i][k] = static_cast<double>(Full::g[i][k]);
  }
  [&]<int... t>(std::integer_sequence<int, t...>) {
    ((info.amplification_squared[t] =
          amplification_squared<typename Traits::template Tile<t + 1>>()),
     ...);
  }
  (std::make_integer_sequence<int, Traits::m>());
  return info;
}

constexpr AxisFamilyInfo kInfos[kAxisFamilies] = {
    make_info<AxisFamily::identity>(), make_info<AxisFamily::f2_3>(), make_info<AxisFamily::f3_3>(),
    make_info<AxisFamily::f4_3>(),     make_info<AxisFamily::f6_3>(), make_info<AxisFamily::f2_5>(),
    make_info<AxisFamily::f4_5>(),
};

}  // namespace

const AxisFamilyInfo& axis_family_info(AxisFamily family) noexcept {
  return kInfos[static_cast<unsigned>(family)];
}

double AxisFamilyInfo::max_amplification_squared() const noexcept {
  return *std::max_element(amplification_squared, amplification_squared + m);
}

bool axis_family_of(int m, std::int64_t r, AxisFamily* family) noexcept {
  for (unsigned i = 0; i < kAxisFamilies; ++i) {
    if (kInfos[i].r != r || (r > 1 && kInfos[i].m != m)) continue;
    *family = static_cast<AxisFamily>(i);
    return true;
  }
  return false;
}

}  // namespace winograd::detail
