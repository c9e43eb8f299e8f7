// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Applies Bᵀ and Aᵀ of a CookToom to SIMD values, as straight-line code generated from the matrix:
// zeros vanish, ±1 is an addition, and a ± pair of points shares its even and odd parts:
//   Bᵀ rows of ±p:  w± = even ± f * odd        (two products for both, after even and odd)
//   Aᵀ cols of ±p:  p^q (M+ + (-1)^q M-)       (one sum and one difference for all rows q)
// tests/kernels counts the operations: F(2,3) 4 and 4, F(4,3) 12 and 10, F(6,3) 24 and 20.
#ifndef WINOGRAD_KERNELS_COMMON_TRANSFORM_1D_HPP
#define WINOGRAD_KERNELS_COMMON_TRANSFORM_1D_HPP

#include <array>
#include <utility>

#include "kernels/simd/simd.hpp"
#include "kernels/transforms/cook_toom.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <int i>
struct Index {
  static constexpr int value = i;
  constexpr operator int() const { return i; }  // NOLINT: implicit on purpose
};

/// For lambdas that a kernel calls more than once: left out of line, they would keep sums in
/// memory.
#define WINOGRAD_INLINE __attribute__((always_inline))

template <class Body, int... i>
[[gnu::always_inline]] constexpr void unroll_over(std::integer_sequence<int, i...>, Body& body) {
  (body(Index<i>{}), ...);
}

/// body(Index<0>{}), ..., body(Index<n - 1>{}): a loop that is certainly unrolled. A body that
/// needs no constant takes an int and is WINOGRAD_INLINE: it is compiled once instead of n times.
template <int n, class Body>
[[gnu::always_inline]] constexpr void unroll(Body&& body) {
  unroll_over(std::make_integer_sequence<int, n>{}, body);
}

template <int cols, class Body, int... i>
[[gnu::always_inline]] constexpr void unroll_cells_over(std::integer_sequence<int, i...>,
                                                        Body& body) {
  (body(i / cols, i % cols), ...);
}

/// The same in two dimensions: body(0, 0), body(0, 1), ..., with ints.
template <int rows, int cols, class Body>
[[gnu::always_inline]] constexpr void unroll_cells(Body&& body) {
  unroll_cells_over<cols>(std::make_integer_sequence<int, rows * cols>{}, body);
}

template <std::size_t n>
constexpr int count_nonzero(const std::array<Rational, n>& row) {
  int count = 0;
  for (const Rational& entry : row) count += entry != Rational(0) ? 1 : 0;
  return count;
}

/// The term a sum starts from: an entry of 1 if there is one (it costs nothing), else of -1 or any.
template <std::size_t n>
constexpr int first_term(const std::array<Rational, n>& row) {
  int any = -1;
  for (int j = static_cast<int>(n) - 1; j >= 0; --j) {
    const Rational entry = row[static_cast<unsigned>(j)];
    if (entry == Rational(1)) return j;
    if (entry != Rational(0)) any = j;
  }
  return any;
}

/// Sum of Row::value[j] * x[j]. Row::value has at least one entry that is not zero. Fractions
/// become floats as constants of their own: elsewhere Clang leaves the division, and reducing the
/// fraction, to the loop that uses it (F(4,3)'s input transform took 12 times as long in Node).
template <class Row, class V>
[[gnu::always_inline]] inline V dot(const V* x) {
  constexpr auto row = Row::value;
  constexpr int first = first_term(row);
  constexpr Rational lead = row[static_cast<unsigned>(first)];
  V sum = x[first];
  if constexpr (lead != Rational(1)) {
    constexpr auto factor = static_cast<float>(lead);
    sum = sum * V(factor);
  }
  unroll<static_cast<int>(row.size())>([&](auto j) {
    constexpr Rational entry = row[static_cast<unsigned>(j.value)];
    if constexpr (j.value == first || entry == Rational(0)) {
    } else if constexpr (entry == Rational(1)) {
      sum = sum + x[j];
    } else if constexpr (entry == Rational(-1)) {
      sum = sum - x[j];
    } else {
      constexpr auto factor = static_cast<float>(entry);
      sum = Simd<V>::fma(V(factor), x[j], sum);
    }
  });
  return sum;
}

/// True if points i and i + 1 are +p and -p with equal scale, p != 0.
template <class T>
constexpr bool is_pair(int i) {
  return i >= 0 && i + 1 < T::points && T::at(i) != Rational(0) && T::at(i) == -T::at(i + 1) &&
         T::scale(i) == T::scale(i + 1);
}

template <class T, int i>
struct InputRow {
  static constexpr auto value = T::bt[static_cast<unsigned>(i)];
};

/// Half sum of the rows of a pair.
template <class T, int i>
struct EvenPart {
  static constexpr auto make() {
    auto row = T::bt[static_cast<unsigned>(i)];
    for (unsigned j = 0; j < row.size(); ++j) {
      row[j] = (row[j] + T::bt[static_cast<unsigned>(i + 1)][j]) * Rational(1, 2);
    }
    return row;
  }
  static constexpr auto value = make();
};

/// Half difference of the rows of a pair, divided by its highest entry, which is `factor`.
template <class T, int i>
struct OddPart {
  static constexpr auto half_difference() {
    auto row = T::bt[static_cast<unsigned>(i)];
    for (unsigned j = 0; j < row.size(); ++j) {
      row[j] = (row[j] - T::bt[static_cast<unsigned>(i + 1)][j]) * Rational(1, 2);
    }
    return row;
  }
  static constexpr Rational lead() {
    Rational highest = 0;
    for (const Rational& entry : half_difference()) {
      if (entry != Rational(0)) highest = entry;
    }
    return highest;
  }
  static constexpr Rational factor = lead();
  static constexpr auto make() {
    auto row = half_difference();
    for (Rational& entry : row) entry = entry / factor;
    return row;
  }
  static constexpr auto value = make();
};

/// v = Bᵀ d; T::alpha values each.
template <class T, class V>
[[gnu::always_inline]] inline void apply_input(const V* d, V* v) {
  unroll<T::alpha>([&](auto i) __attribute__((always_inline)) {
    if constexpr (is_pair<T>(i.value)) {
      const V even = dot<EvenPart<T, i.value>>(d);
      const V odd = dot<OddPart<T, i.value>>(d);
      constexpr Rational factor = OddPart<T, i.value>::factor;
      if constexpr (factor == Rational(1)) {
        v[i] = even + odd;
        v[i + 1] = even - odd;
      } else {
        constexpr auto plus = static_cast<float>(factor), minus = static_cast<float>(-factor);
        v[i] = Simd<V>::fma(V(plus), odd, even);
        v[i + 1] = Simd<V>::fma(V(minus), odd, even);
      }
    } else if constexpr (!is_pair<T>(i.value - 1)) {
      v[i] = dot<InputRow<T, i.value>>(d);
    }
  });
}

/// Row q of Aᵀ after the columns of each pair were replaced by their sum and difference: even rows
/// read the sum, odd rows the difference.
template <class T, int q>
struct FoldedOutputRow {
  static constexpr auto make() {
    auto row = T::at_matrix[static_cast<unsigned>(q)];
    for (int i = 0; i < T::points; ++i) {
      if (!is_pair<T>(i)) continue;
      const unsigned sum = static_cast<unsigned>(i), difference = sum + 1;
      if (q % 2 == 0) {
        row[difference] = 0;
      } else {
        row[difference] = row[sum];  // the coefficient of +p
        row[sum] = 0;
      }
    }
    return row;
  }
  static constexpr auto value = make();
};

/// y = Aᵀ x; T::alpha values in, T::m out.
template <class T, class V>
[[gnu::always_inline]] inline void apply_output(const V* x, V* y) {
  V folded[T::alpha];  // the sum of a pair at i, its difference at i + 1
  unroll<T::alpha>([&](auto i) __attribute__((always_inline)) {
    if constexpr (is_pair<T>(i.value) && T::m > 1) {
      folded[i] = x[i] + x[i + 1];
      folded[i + 1] = x[i] - x[i + 1];
    } else if constexpr (is_pair<T>(i.value)) {
      folded[i] = x[i] + x[i + 1];
      folded[i + 1] = x[i + 1];  // a single even row: never read
    } else if constexpr (!is_pair<T>(i.value - 1)) {
      folded[i] = x[i];
    }
  });
  unroll<T::m>([&](auto q) __attribute__((always_inline)) {
    y[q] = dot<FoldedOutputRow<T, q.value>>(folded);
  });
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_TRANSFORM_1D_HPP
