// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Derives the matrices of F(m, r) from a list of points, exactly, at compile time.
//
// Notation (Lavin & Gray 2016): Y = Aᵀ [ (G g) ⊙ (Bᵀ d) ], alpha = m + r - 1 inputs, alpha - 1
// finite points p_0, p_1, ... and the point at infinity, which comes last. With
//   w(x)   = product over all j of (x - p_j)           (degree alpha - 1)
//   w_i(x) = product over j != i of (x - p_j)          (degree alpha - 2)
//   N_i    = w_i(p_i)
// the rows and columns are
//   Bᵀ row i   = coefficients of w_i,       Bᵀ row inf = coefficients of w      (on d_0, d_1, ...)
//   G  row i   = s_i / N_i * (1, p_i, p_i², ...),   G  row inf = (0, ..., 0, 1)
//   Aᵀ col i   = 1 / s_i * (1, p_i, p_i², ...)ᵀ,    Aᵀ col inf = (0, ..., 0, 1)ᵀ
// Why: read d as the functional L(x^j) = d_j. Then Y_q = L(x^q g(x)); interpolating x^q g(x) at the
// points gives the sum above, and only its coefficient of x^(alpha-1), which is g_{r-1} for
// q = m - 1 and zero otherwise, is left over for the row at infinity.
// s_i is free. It moves a factor between G (fp64, once) and Aᵀ (fp32, always), and is chosen so
// that more entries of Aᵀ are 1.
//
// Smaller tiles share U. A row of G depends on its point and on N_i alone. So F(m', r) on the first
// m' + r - 2 points of the list of F(m, r) can use the same U (a subset of its frequencies), if its
// row i of Bᵀ carries the factor N_i(m) / N_i(m'). `CookToom<List, M, R, T>` is that: the transform
// of a tile of T <= M outputs, for U of F(M, R).
#ifndef WINOGRAD_KERNELS_TRANSFORMS_COOK_TOOM_HPP
#define WINOGRAD_KERNELS_TRANSFORMS_COOK_TOOM_HPP

#include <array>

#include "kernels/transforms/rational.hpp"

namespace winograd::detail {

struct Point {
  Rational at;
  Rational scale = 1;  ///< s_i
};

// The point lists. ± pairs are adjacent, + first, which is what lets them share work.

/// No finite point: the identity, for the axis where a kernel has one tap.
struct PointsNone {
  static constexpr std::array<Point, 1> list = {Point{0}};  // never looked at
};

/// 0, ±1, ∞: F(2,3), exact in binary up to G's halves.
struct Points1 {
  static constexpr std::array<Point, 3> list = {Point{0}, Point{1}, Point{-1}};
};

/// ±1, ∞: F(2,2), which needs neither products nor fractions but for G's halves.
struct PointsPair {
  static constexpr std::array<Point, 2> list = {Point{1}, Point{-1}};
};

/// ±1/2, ±3/2, ∞: F(4,2). Two pairs and no zero share most of their work, and their error is half
/// of that of 0, ±1, 2.
struct PointsHalves {
  static constexpr std::array<Point, 4> list = {Point{{1, 2}}, Point{{-1, 2}}, Point{{3, 2}},
                                                Point{{-3, 2}}};
};

/// 0, ±5/8, ±3/2, ∞. For F(4,3) the RMS error is 2.3 times below that of ±1, ±2, and Bᵀ is exact in
/// few bits. The scales make Aᵀ need 10 operations instead of 12.
struct Points58 {
  static constexpr std::array<Point, 5> list = {Point{0}, Point{{5, 8}, {5, 8}},
                                                Point{{-5, 8}, {5, 8}}, Point{{3, 2}, {9, 4}},
                                                Point{{-3, 2}, {9, 4}}};
};

/// 0, ±1, ±1/2, ±2, ∞: F(6,3), F(4,5) and F(2,7), exact in binary.
struct Points12 {
  static constexpr std::array<Point, 7> list = {Point{0},       Point{1}, Point{-1}, Point{{1, 2}},
                                                Point{{-1, 2}}, Point{2}, Point{-2}};
};

template <class List, int M, int R, int T = M>
struct CookToom {
  static_assert(1 <= T && T <= M && R >= 1);
  static constexpr int m = T;
  static constexpr int r = R;
  static constexpr int alpha = T + R - 1;
  static constexpr int points = alpha - 1;        ///< finite ones
  static constexpr int family_alpha = M + R - 1;  ///< rows of the U that is shared
  static constexpr int family_points = family_alpha - 1;

  using InputMatrix = std::array<std::array<Rational, alpha>, alpha>;
  using OutputMatrix = std::array<std::array<Rational, alpha>, m>;
  using FilterMatrix = std::array<std::array<Rational, r>, family_alpha>;

  /// Frequency of the family that frequency i of this tile is: the prefix, and infinity stays last.
  static constexpr int family_frequency(int i) { return i == points ? family_points : i; }

  static constexpr Rational at(int i) { return List::list[static_cast<unsigned>(i)].at; }
  static constexpr Rational scale(int i) { return List::list[static_cast<unsigned>(i)].scale; }

  /// N_i over the first `count` points.
  static constexpr Rational norm(int i, int count) {
    Rational product = 1;
    for (int j = 0; j < count; ++j) {
      if (j != i) product = product * (at(i) - at(j));
    }
    return product;
  }

  static constexpr InputMatrix input_matrix() {
    InputMatrix matrix{};
    for (int i = 0; i < alpha; ++i) {
      auto& row = matrix[static_cast<unsigned>(i)];
      // Coefficients of the product of (x - p_j), lowest power first.
      row[0] = i < points ? norm(i, family_points) / norm(i, points) : Rational(1);
      int degree = 0;
      for (int j = 0; j < points; ++j) {
        if (j == i) continue;
        ++degree;
        for (int k = degree; k >= 0; --k) {
          const Rational shifted = k > 0 ? row[static_cast<unsigned>(k - 1)] : Rational(0);
          row[static_cast<unsigned>(k)] = shifted - at(j) * row[static_cast<unsigned>(k)];
        }
      }
    }
    return matrix;
  }

  static constexpr FilterMatrix filter_matrix() {
    FilterMatrix matrix{};
    for (int i = 0; i < family_points; ++i) {
      Rational entry = scale(i) / norm(i, family_points);
      for (int k = 0; k < r; ++k) {
        matrix[static_cast<unsigned>(i)][static_cast<unsigned>(k)] = entry;
        entry = entry * at(i);
      }
    }
    matrix[static_cast<unsigned>(family_points)][static_cast<unsigned>(r - 1)] = 1;
    return matrix;
  }

  static constexpr OutputMatrix output_matrix() {
    OutputMatrix matrix{};
    for (int i = 0; i < points; ++i) {
      Rational entry = Rational(1) / scale(i);
      for (int q = 0; q < m; ++q) {
        matrix[static_cast<unsigned>(q)][static_cast<unsigned>(i)] = entry;
        entry = entry * at(i);
      }
    }
    matrix[static_cast<unsigned>(m - 1)][static_cast<unsigned>(points)] = 1;
    return matrix;
  }

  static constexpr InputMatrix bt = input_matrix();
  static constexpr FilterMatrix g = filter_matrix();
  static constexpr OutputMatrix at_matrix = output_matrix();

  /// Aᵀ[(G g) ⊙ (Bᵀ d)] is the filter, for every unit g and unit d. Asserted in axis_family.cpp,
  /// once for all kernel sets: it takes compilers seconds.
  static constexpr bool is_identity() {
    for (int q = 0; q < m; ++q) {
      for (int k = 0; k < r; ++k) {
        for (int j = 0; j < alpha; ++j) {
          Rational sum = 0;
          for (int i = 0; i < alpha; ++i) {
            sum =
                sum + at_matrix[static_cast<unsigned>(q)][static_cast<unsigned>(i)] *
                          g[static_cast<unsigned>(family_frequency(i))][static_cast<unsigned>(k)] *
                          bt[static_cast<unsigned>(i)][static_cast<unsigned>(j)];
          }
          if (sum != Rational(j == q + k ? 1 : 0)) return false;
        }
      }
    }
    return true;
  }
};

}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_TRANSFORMS_COOK_TOOM_HPP
