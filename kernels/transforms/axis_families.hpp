// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The table of transforms: a new F(m, r) is a line here, and in `AxisFamily` of
// kernels/transforms/axis_family.hpp.
#ifndef WINOGRAD_KERNELS_TRANSFORMS_AXIS_FAMILIES_HPP
#define WINOGRAD_KERNELS_TRANSFORMS_AXIS_FAMILIES_HPP

#include "kernels/transforms/axis_family.hpp"
#include "kernels/transforms/cook_toom.hpp"
#include "kernels/transforms/polyphase.hpp"

namespace winograd::detail {

template <AxisFamily family>
struct FamilyTraits;

template <class List, int M, int R>
struct FamilyOf {
  static constexpr int m = M;
  static constexpr int r = R;
  static constexpr int stride = 1;
  template <int T>
  using Tile = CookToom<List, M, R, T>;

  /// The matrices of a tile of T outputs compute the filter.
  template <int T>
  static constexpr bool proved = Tile<T>::is_identity();
};

/// A filter of R taps, an odd number, with stride 2.
template <class List, int M, int R>
struct StridedFamilyOf {
  static constexpr int m = M;
  static constexpr int r = R;
  static constexpr int stride = 2;
  template <int T>
  using Phases = Polyphase<CookToom<List, M, (R + 1) / 2, T>, R>;
  template <int T>
  using Tile = typename Phases<T>::Even;

  template <int T>
  static constexpr bool proved = Tile<T>::is_identity() && Phases<T>::is_identity();
};

// clang-format off
template <> struct FamilyTraits<AxisFamily::identity> : FamilyOf<PointsNone, 1, 1> {};
template <> struct FamilyTraits<AxisFamily::f2_3>     : FamilyOf<Points1,    2, 3> {};
template <> struct FamilyTraits<AxisFamily::f3_3>     : FamilyOf<Points58,   3, 3> {};
template <> struct FamilyTraits<AxisFamily::f4_3>     : FamilyOf<Points58,   4, 3> {};
template <> struct FamilyTraits<AxisFamily::f6_3>     : FamilyOf<Points12,   6, 3> {};
template <> struct FamilyTraits<AxisFamily::f2_5>     : FamilyOf<Points58,   2, 5> {};
template <> struct FamilyTraits<AxisFamily::f4_5>     : FamilyOf<Points12,   4, 5> {};
template <> struct FamilyTraits<AxisFamily::f2_7>     : FamilyOf<Points12,   2, 7> {};
template <> struct FamilyTraits<AxisFamily::f2_3s2>   : StridedFamilyOf<PointsPair, 2, 3> {};
template <> struct FamilyTraits<AxisFamily::f4_3s2>   : StridedFamilyOf<PointsHalves, 4, 3> {};
template <> struct FamilyTraits<AxisFamily::f2_5s2>   : StridedFamilyOf<Points1, 2, 5> {};
template <> struct FamilyTraits<AxisFamily::f4_5s2>   : StridedFamilyOf<Points58, 4, 5> {};
// clang-format on

}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_TRANSFORMS_AXIS_FAMILIES_HPP
