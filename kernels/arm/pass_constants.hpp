// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The transforms that are written in assembly: which tiles have them, and their constants.
//
// Tiles of six values, for a pair of points ±p and ±q:
//   Bᵀ  v0 = d4 + k0 d0 + k1 d2                       Aᵀ  y0 = x0 + k0 (x1 + x2) + k1 (x3 + x4)
//       v1 = (d4 + k2 d2) + k4 (d3 + k2 d1)               y1 =      (x1 - x2) + k2 (x3 - x4)
//       v2 = (d4 + k2 d2) - k4 (d3 + k2 d1)               y2 = k3 (x1 + x2) +      (x3 + x4)
//       v3 = (d4 + k3 d2) + k5 (d3 + k3 d1)               y3 = k4 (x1 - x2) + k5 (x3 - x4) + x5
//       v4 = (d4 + k3 d2) - k5 (d3 + k3 d1)
//       v5 = d5 + k0 d1 + k1 d3
//
// Tiles of eight values, for the points 0, ±1, ±p, ±q:
//   Bᵀ  v0 = d6 - d0 + k0 d2 - k0 d4         Aᵀ, with sums s and differences t of each pair:
//       v1, v2 = e ± o                           y0 = s3 + x0 + s1 + s2
//         e = d6 + d2 + k1 d4                    y1 = t1 + k0 t2 + k1 t3
//         o = d5 + d1 + k1 d3                    y2 = s1 + k4 s2 + k6 s3
//       v3, v4 = e ± k4 o                        y3 = t1 + k2 t2 + k3 t3
//         e = d6 + k2 d2 + k3 d4                 y4 = s1 + k7 s2 + k9 s3
//         o = d5 + k2 d1 + k3 d3                 y5 = x7 + t1 + k8 t2 + k5 t3
//       v5, v6 = e ± k7 o
//         e = d6 + k5 d2 + k6 d4
//         o = d5 + k5 d1 + k6 d3
//       v7 = d7 - d1 + k0 d3 - k0 d5
#ifndef WINOGRAD_KERNELS_ARM_PASS_CONSTANTS_HPP
#define WINOGRAD_KERNELS_ARM_PASS_CONSTANTS_HPP

#include <array>

#include "kernels/common/transform_1d.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// k0 ... k5 of Bᵀ of six, and whether the tile's Bᵀ has that form.
template <class T>
struct InputConstantsOf6 {
  using Row = std::array<Rational, 6>;
  static constexpr bool matches() {
    if constexpr (T::alpha != 6 || T::points != 5) {
      return false;
    } else {
      const Row v0 = T::bt[0], v5 = T::bt[5];
      const Row even1 = EvenPart<T, 1>::value, even3 = EvenPart<T, 3>::value;
      const Row odd1 = OddPart<T, 1>::value, odd3 = OddPart<T, 3>::value;
      return is_pair<T>(1) && is_pair<T>(3) && v0 == Row{v0[0], 0, v0[2], 0, 1, 0} &&
             v5 == Row{0, v0[0], 0, v0[2], 0, 1} && even1 == Row{0, 0, even1[2], 0, 1, 0} &&
             odd1 == Row{0, even1[2], 0, 1, 0, 0} && even3 == Row{0, 0, even3[2], 0, 1, 0} &&
             odd3 == Row{0, even3[2], 0, 1, 0, 0};
    }
  }
  static constexpr std::array<float, 8> values() {
    return {static_cast<float>(T::bt[0][0]),
            static_cast<float>(T::bt[0][2]),
            static_cast<float>(EvenPart<T, 1>::value[2]),
            static_cast<float>(EvenPart<T, 3>::value[2]),
            static_cast<float>(OddPart<T, 1>::factor),
            static_cast<float>(OddPart<T, 3>::factor),
            0.0F,
            0.0F};
  }
};

/// k0 ... k5 of Aᵀ of six, and whether the tile's Aᵀ has that form.
template <class T>
struct OutputConstantsOf6 {
  using Row = std::array<Rational, 6>;
  static constexpr bool matches() {
    if constexpr (T::alpha != 6 || T::points != 5 || T::m != 4) {
      return false;
    } else {
      const auto& a = T::at_matrix;
      return is_pair<T>(1) && is_pair<T>(3) &&
             a[0] == Row{1, a[0][1], a[0][1], a[0][3], a[0][3], 0} &&
             a[1] == Row{0, 1, -1, a[1][3], -a[1][3], 0} &&
             a[2] == Row{0, a[2][1], a[2][1], 1, 1, 0} &&
             a[3] == Row{0, a[3][1], -a[3][1], a[3][3], -a[3][3], 1};
    }
  }
  static constexpr std::array<float, 8> values() {
    const auto& a = T::at_matrix;
    return {static_cast<float>(a[0][1]),
            static_cast<float>(a[0][3]),
            static_cast<float>(a[1][3]),
            static_cast<float>(a[2][1]),
            static_cast<float>(a[3][1]),
            static_cast<float>(a[3][3]),
            0.0F,
            0.0F};
  }
};

/// k0 ... k7 of Bᵀ of eight, and whether the tile's Bᵀ has that form.
template <class T>
struct InputConstantsOf8 {
  using Row = std::array<Rational, 8>;
  static constexpr bool matches() {
    if constexpr (T::alpha != 8 || T::points != 7) {
      return false;
    } else {
      const Rational k = T::bt[0][2];
      return is_pair<T>(1) && is_pair<T>(3) && is_pair<T>(5) &&
             T::bt[0] == Row{-1, 0, k, 0, -k, 0, 1, 0} &&
             T::bt[7] == Row{0, -1, 0, k, 0, -k, 0, 1} && is_regular<1>() && is_regular<3>() &&
             is_regular<5>() && EvenPart<T, 1>::value[2] == Rational(1) &&
             OddPart<T, 1>::factor == Rational(1);
    }
  }
  static constexpr std::array<float, 8> values() {
    const Row e1 = EvenPart<T, 1>::value, e3 = EvenPart<T, 3>::value, e5 = EvenPart<T, 5>::value;
    return {static_cast<float>(T::bt[0][2]),
            static_cast<float>(e1[4]),
            static_cast<float>(e3[2]),
            static_cast<float>(e3[4]),
            static_cast<float>(OddPart<T, 3>::factor),
            static_cast<float>(e5[2]),
            static_cast<float>(e5[4]),
            static_cast<float>(OddPart<T, 5>::factor)};
  }

 private:
  template <int i>
  static constexpr bool is_regular() {
    const Row even = EvenPart<T, i>::value;
    return even == Row{0, 0, even[2], 0, even[4], 0, 1, 0} &&
           OddPart<T, i>::value == Row{0, even[2], 0, even[4], 0, 1, 0, 0};
  }
};

/// k0 ... k9 of Aᵀ of eight, and whether the tile's Aᵀ has that form.
template <class T>
struct OutputConstantsOf8 {
  static constexpr bool matches() {
    if constexpr (T::alpha != 8 || T::points != 7 || T::m != 6) {
      return false;
    } else {
      const auto& a = T::at_matrix;
      bool good = is_pair<T>(1) && is_pair<T>(3) && is_pair<T>(5) && a[0][3] == Rational(1) &&
                  a[0][5] == Rational(1);
      for (unsigned q = 0; q < 6; ++q) {
        good = good && a[q][0] == Rational(q == 0 ? 1 : 0) && a[q][7] == Rational(q == 5 ? 1 : 0) &&
               a[q][1] == Rational(1);
      }
      return good;
    }
  }
  static constexpr std::array<float, 12> values() {
    const auto& a = T::at_matrix;
    return {static_cast<float>(a[1][3]),
            static_cast<float>(a[1][5]),
            static_cast<float>(a[3][3]),
            static_cast<float>(a[3][5]),
            static_cast<float>(a[2][3]),
            static_cast<float>(a[5][5]),
            static_cast<float>(a[2][5]),
            static_cast<float>(a[4][3]),
            static_cast<float>(a[5][3]),
            static_cast<float>(a[4][5]),
            0.0F,
            0.0F};
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_PASS_CONSTANTS_HPP
