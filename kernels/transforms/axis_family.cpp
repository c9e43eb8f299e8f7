// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "kernels/transforms/axis_family.hpp"

#include "kernels/transforms/axis_families.hpp"

namespace winograd::detail {
namespace {

template <AxisFamily family>
constexpr AxisFamilyInfo make_info() {
  using Traits = FamilyTraits<family>;
  using Full = typename Traits::template Tile<Traits::m>;
  static_assert(Traits::m <= kMaxTile && Full::alpha <= kMaxAlpha && Traits::r <= kMaxTaps);
  AxisFamilyInfo info{Traits::m, Traits::r, Full::alpha, {}};
  for (unsigned i = 0; i < Full::alpha; ++i) {
    for (unsigned k = 0; k < Traits::r; ++k) info.filter[i][k] = static_cast<double>(Full::g[i][k]);
  }
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

}  // namespace winograd::detail
