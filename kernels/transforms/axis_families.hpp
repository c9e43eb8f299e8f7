// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The table of transforms: a new F(m, r) is a line here, and in `AxisFamily` of
// kernels/transforms/axis_family.hpp.
#ifndef WINOGRAD_KERNELS_TRANSFORMS_AXIS_FAMILIES_HPP
#define WINOGRAD_KERNELS_TRANSFORMS_AXIS_FAMILIES_HPP

#include "kernels/transforms/axis_family.hpp"
#include "kernels/transforms/cook_toom.hpp"

namespace winograd::detail {

template <AxisFamily family>
struct FamilyTraits;

template <class List, int M, int R>
struct FamilyOf {
  static constexpr int m = M;
  static constexpr int r = R;
  template <int T>
  using Tile = CookToom<List, M, R, T>;
};

// clang-format off
template <> struct FamilyTraits<AxisFamily::identity> : FamilyOf<PointsNone, 1, 1> {};
template <> struct FamilyTraits<AxisFamily::f2_3>     : FamilyOf<Points1,    2, 3> {};
template <> struct FamilyTraits<AxisFamily::f3_3>     : FamilyOf<Points58,   3, 3> {};
template <> struct FamilyTraits<AxisFamily::f4_3>     : FamilyOf<Points58,   4, 3> {};
template <> struct FamilyTraits<AxisFamily::f6_3>     : FamilyOf<Points12,   6, 3> {};
template <> struct FamilyTraits<AxisFamily::f2_5>     : FamilyOf<Points58,   2, 5> {};
template <> struct FamilyTraits<AxisFamily::f4_5>     : FamilyOf<Points12,   4, 5> {};
// clang-format on

}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_TRANSFORMS_AXIS_FAMILIES_HPP
