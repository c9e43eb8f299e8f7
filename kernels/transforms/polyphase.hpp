// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A filter of stride 2 as two of stride 1, in one Winograd domain.
//
// Of the taps of y_q = Σ_k g_k d_(2q+k), those with even k form a filter of (r + 1) / 2 taps over
// the even inputs, and those with odd k one of a tap less over the odd inputs, since r is odd:
//   y_q = Σ_s g_2s e_(q+s) + Σ_s g_(2s+1) o_(q+s),      e_j = d_2j,  o_j = d_(2j+1)
// Both are sums of stride 1, and both can use the points of F(m, (r + 1) / 2). Then they share Aᵀ,
// so that they are added before it: they are more input channels of one sum. The odd taps are those
// of a filter with a last tap of zero; that makes its row of G at infinity zero, so this frequency
// is left out for the odd inputs, and with it the last of these, which no other row of Bᵀ reads. A
// tile has 2 alpha - 1 products along an axis instead of m * r.
#ifndef WINOGRAD_KERNELS_TRANSFORMS_POLYPHASE_HPP
#define WINOGRAD_KERNELS_TRANSFORMS_POLYPHASE_HPP

#include <array>

#include "kernels/transforms/rational.hpp"

namespace winograd::detail {

/// The input side of a tile without its frequency at infinity: alpha - 1 inputs, as many values.
template <class Tile>
struct WithoutInfinity {
  static constexpr int m = Tile::m;
  static constexpr int alpha = Tile::alpha - 1;
  static constexpr int points = alpha;

  using InputMatrix = std::array<std::array<Rational, alpha>, alpha>;

  static constexpr Rational at(int i) { return Tile::at(i); }
  static constexpr Rational scale(int i) { return Tile::scale(i); }

  static constexpr InputMatrix input_matrix() {
    InputMatrix matrix{};
    for (unsigned i = 0; i < alpha; ++i) {
      for (unsigned j = 0; j < alpha; ++j) matrix[i][j] = Tile::bt[i][j];
    }
    return matrix;
  }
  static constexpr InputMatrix bt = input_matrix();

  static constexpr bool loses_nothing() {
    for (unsigned i = 0; i < alpha; ++i) {
      if (Tile::bt[i][alpha] != Rational(0)) return false;
    }
    return true;
  }
  static_assert(loses_nothing(), "a finite point reads the last input");
};

/// `EvenTile` is the transform of the even inputs, for a filter of R taps.
template <class EvenTile, int R>
struct Polyphase {
  static_assert(R % 2 == 1 && EvenTile::r == (R + 1) / 2);
  using Even = EvenTile;
  using Odd = WithoutInfinity<EvenTile>;

  /// What input j and tap k add to output q, through the Winograd domain.
  static constexpr Rational product(int q, int k, int j) {
    if ((j - k) % 2 != 0) return 0;  // other phases never meet
    const bool odd = k % 2 != 0;
    Rational sum = 0;
    for (int i = 0; i < (odd ? Odd::alpha : Even::alpha); ++i) {
      const auto at = static_cast<unsigned>(i), input = static_cast<unsigned>(j / 2);
      const Rational value = odd ? Odd::bt[at][input] : Even::bt[at][input];
      sum = sum + Even::at_matrix[static_cast<unsigned>(q)][at] *
                      Even::g[static_cast<unsigned>(Even::family_frequency(i))]
                             [static_cast<unsigned>(k / 2)] *
                      value;
    }
    return sum;
  }

  /// The sum of both is the strided filter, for every unit filter and unit input: asserted where
  /// that of CookToom is.
  static constexpr bool is_identity() {
    for (int q = 0; q < Even::m; ++q) {
      for (int k = 0; k < R; ++k) {
        for (int j = 0; j < Even::alpha + Odd::alpha; ++j) {
          if (product(q, k, j) != Rational(j == 2 * q + k ? 1 : 0)) return false;
        }
      }
    }
    return true;
  }
};

}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_TRANSFORMS_POLYPHASE_HPP
