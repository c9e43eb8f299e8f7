// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The generated code of the 1-D transforms: does it compute the matrix product, and with how many
// operations?
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "kernels/common/transform_1d.hpp"
#include "tests/kernels/axis_tiles.hpp"
#include "tests/reference/random.hpp"

namespace winograd::test {
namespace {

using detail::AxisFamily;

/// A double with the interface of a vector. Coefficients come as floats, as for the kernels.
struct Real {
  double value = 0;
  Real() = default;
  explicit Real(float v) : value(v) {}
  explicit Real(double v) : value(v) {}
  friend Real operator+(Real a, Real b) { return Real(a.value + b.value); }
  friend Real operator-(Real a, Real b) { return Real(a.value - b.value); }
  friend Real operator*(Real a, Real b) { return Real(a.value * b.value); }
};

/// Counts what is done with it: additions, subtractions, products, fused multiply-adds, one each.
struct Counted {
  static int operations;
  Counted() = default;
  explicit Counted(float) {}
  friend Counted operator+(Counted, Counted) { return count(); }
  friend Counted operator-(Counted, Counted) { return count(); }
  friend Counted operator*(Counted, Counted) { return count(); }

  static Counted count() {
    ++operations;
    return {};
  }
};
int Counted::operations = 0;

}  // namespace
}  // namespace winograd::test

namespace winograd::detail {
using test::Counted;
using test::Real;
template <>
struct Simd<Real> {
  static Real fma(Real a, Real b, Real c) { return Real(a.value * b.value + c.value); }
};
template <>
struct Simd<Counted> {
  static Counted fma(Counted, Counted, Counted) { return Counted::count(); }
};
}  // namespace winograd::detail

namespace winograd::test {
namespace {

template <class Tile>
int input_operations() {
  Counted d[Tile::alpha], v[Tile::alpha];
  Counted::operations = 0;
  detail::apply_input<Tile>(d, v);
  return Counted::operations;
}

template <class Tile>
int output_operations() {
  Counted x[Tile::alpha], y[Tile::m];
  Counted::operations = 0;
  detail::apply_output<Tile>(x, y);
  return Counted::operations;
}

/// Of a matrix product that only skips zeros: each row a product and then fused multiply-adds.
int plain_operations(const FractionMatrix& matrix) {
  int count = 0;
  for (const auto& row : matrix) {
    for (const Fraction& entry : row) count += entry == Fraction(0) ? 0 : 1;
  }
  return count;
}

void expect_product(const FractionMatrix& matrix, const std::vector<Real>& x,
                    const std::vector<Real>& y) {
  for (std::size_t i = 0; i < matrix.size(); ++i) {
    double sum = 0, magnitude = 0;
    for (std::size_t j = 0; j < x.size(); ++j) {
      const double term = static_cast<float>(matrix[i][j].to_double()) * x[j].value;
      sum += term;
      magnitude += std::abs(term);
    }
    EXPECT_NEAR(y[i].value, sum, 1e-14 * magnitude) << "row " << i;
  }
}

TEST(Transform1d, IsTheMatrixProduct) {
  Rng rng(11);
  auto tile = axis_tiles().begin();
  for_each_tile_type([&](auto, auto type) {
    using Tile = typename decltype(type)::type;
    SCOPED_TRACE(tile->name());
    for (int repeat = 0; repeat < 20; ++repeat) {
      std::vector<Real> x(Tile::alpha), v(Tile::alpha), y(Tile::m);
      for (Real& value : x) value.value = 2 * rng.unit() - 1;
      detail::apply_input<Tile>(x.data(), v.data());
      expect_product(tile->bt, x, v);
      detail::apply_output<Tile>(x.data(), y.data());
      expect_product(tile->at, x, y);
    }
    ++tile;
  });
}

TEST(Transform1d, NeedsTheKnownNumberOfOperations) {
  const std::map<AxisFamily, std::pair<int, int>> known = {
      {AxisFamily::identity, {0, 0}},
      {AxisFamily::f2_3, {4, 4}},
      {AxisFamily::f4_3, {12, 10}},
      {AxisFamily::f6_3, {24, 20}},
  };
  std::printf("  operations        input  of  output  of   (\"of\": without shared parts)\n");
  auto tile = axis_tiles().begin();
  for_each_tile_type([&](auto family, auto type) {
    using Tile = typename decltype(type)::type;
    const std::string name = tile->name();
    SCOPED_TRACE(name);
    const int input = input_operations<Tile>(), output = output_operations<Tile>();
    const int plain_input = plain_operations(tile->bt), plain_output = plain_operations(tile->at);
    std::printf("  %-16s %6d %3d %7d %3d\n", name.c_str(), input, plain_input, output,
                plain_output);
    EXPECT_LE(input, plain_input);
    EXPECT_LE(output, plain_output);
    const auto exact = known.find(family);
    if (tile->m == tile->family_m && exact != known.end()) {
      EXPECT_EQ(input, exact->second.first);
      EXPECT_EQ(output, exact->second.second);
    }
    ++tile;
  });
}

}  // namespace
}  // namespace winograd::test
