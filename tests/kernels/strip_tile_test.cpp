// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The four passes together, one input channel per lane: every pair of tiles computes the
// convolution, and every instruction set what the scalar one computes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <vector>

#include "src/runtime/kernel_sets.hpp"
#include "tests/kernels/epilogue_case.hpp"
#include "tests/kernels/isa_param.hpp"
#include "tests/kernels/strip_case.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

constexpr int kTiles = 3;

/// d [alpha_h][cols][16] and g [r_h][r_w][16]: a filter for each lane.
struct Problem {
  Problem(Rng& rng, const AxisTile& v, const AxisTile& h)
      : vertical(v), horizontal(h), cols((kTiles - 1) * h.m + h.alpha),
        d(uniform_data(rng, std::int64_t{v.alpha} * cols * kLaneBlock, -1.0F, 1.0F)),
        g(uniform_data(rng, std::int64_t{v.r} * h.r * kLaneBlock, -1.0F, 1.0F)) {}

  const AxisTile& vertical;
  const AxisTile& horizontal;
  int cols;
  std::vector<float> d, g;

  double d_at(int row, int col, int c) const { return at(d, cols, row, col, c); }
  double g_at(int row, int col, int c) const { return at(g, horizontal.r, row, col, c); }

 private:
  static double at(const std::vector<float>& x, int cols, int row, int col, int c) {
    return static_cast<double>(x[static_cast<std::size_t>((row * cols + col) * kLaneBlock + c)]);
  }
};

/// [m_h][tiles * m_w][16], by definition.
std::vector<double> convolve(const Problem& p) {
  std::vector<double> outputs;
  for (int y = 0; y < p.vertical.m; ++y) {
    for (int x = 0; x < kTiles * p.horizontal.m; ++x) {
      for (int c = 0; c < kLaneBlock; ++c) {
        double sum = 0;
        for (int i = 0; i < p.vertical.r; ++i) {
          for (int j = 0; j < p.horizontal.r; ++j) sum += p.g_at(i, j, c) * p.d_at(y + i, x + j, c);
        }
        outputs.push_back(sum);
      }
    }
  }
  return outputs;
}

/// How much larger than the data the terms of an output can be: max over outputs q of
/// sum_i |Aᵀ[q][i]| (sum_k |G[i][k]|) (sum_j |Bᵀ[i][j]|). Rounding errors are relative to that.
double growth(const AxisTile& tile) {
  const auto sum_of = [](const auto& row, const auto& magnitude) {
    double sum = 0;
    for (const auto& entry : row) sum += magnitude(entry);
    return sum;
  };
  double largest = 0;
  for (const std::vector<double>& row : tile.at_double) {
    double sum = 0;
    for (int i = 0; i < tile.alpha; ++i) {
      const int xi = detail::family_frequency(i, tile.alpha, tile.family_alpha);
      sum +=
          std::abs(row[static_cast<std::size_t>(i)]) *
          sum_of(tile.g[static_cast<std::size_t>(xi)],
                 [](const Fraction& x) { return std::abs(x.to_double()); }) *
          sum_of(tile.bt_double[static_cast<std::size_t>(i)], [](double x) { return std::abs(x); });
    }
    largest = std::max(largest, sum);
  }
  return largest;
}

/// U = G g Gᵀ of one lane, at a frequency of the tiles.
float transformed_filter(const Problem& p, int i, int j, int c) {
  const auto row = [](const AxisTile& tile, int frequency) -> const std::vector<Fraction>& {
    return tile.g[static_cast<std::size_t>(
        detail::family_frequency(frequency, tile.alpha, tile.family_alpha))];
  };
  const std::vector<Fraction>& left = row(p.vertical, i);
  const std::vector<Fraction>& right = row(p.horizontal, j);
  double sum = 0;
  for (int y = 0; y < p.vertical.r; ++y) {
    for (int x = 0; x < p.horizontal.r; ++x) {
      sum += left[static_cast<std::size_t>(y)].to_double() * p.g_at(y, x, c) *
             right[static_cast<std::size_t>(x)].to_double();
    }
  }
  return static_cast<float>(sum);
}

std::vector<float> filter_with(const detail::KernelSet& kernels, const Problem& p, Rng& rng) {
  const AxisTile &v = p.vertical, &h = p.horizontal;
  const detail::AxisKernels& vertical = kernels.axis[v.family_index()][v.m - 1];
  const detail::AxisKernels& horizontal = kernels.axis[h.family_index()][h.m - 1];
  detail::StripView view{};
  view.base = p.d.data();
  view.row_stride = std::ptrdiff_t{p.cols} * kLaneBlock;
  view.col_stride = kLaneBlock;
  view.row_end = v.alpha;
  view.col_end = p.cols;
  const Scratch in(p.cols, v.alpha);
  vertical.input_vertical(view, p.cols, in.data());
  const Frequencies m(rng, v.alpha, h.alpha, kTiles);
  horizontal.input_horizontal(in.data(), v.alpha, kTiles, m.data(), m.offsets(), m.tile_stride());
  for (int i = 0; i < v.alpha; ++i) {
    for (int j = 0; j < h.alpha; ++j) {
      for (int c = 0; c < kLaneBlock; ++c) {
        const float u = transformed_filter(p, i, j, c);
        for (int t = 0; t < kTiles; ++t) m.at(i, j, t, c) *= u;
      }
    }
  }
  const int out_cols = kTiles * h.m;
  const Scratch out(out_cols, v.alpha);
  horizontal.output_horizontal(m.data(), m.offsets(), m.tile_stride(), v.alpha, kTiles, out.data());
  const std::vector<float> bias(kLaneBlock, 0.0F);
  std::vector<float> dst(static_cast<std::size_t>(v.m * out_cols * kLaneBlock));
  detail::OutputTarget target{};
  target.dst = dst.data();
  target.row_stride = std::ptrdiff_t{out_cols} * kLaneBlock;
  target.col_stride = kLaneBlock;
  target.epilogue = kEpilogueCases[0].epilogue(bias.data());
  vertical.output_vertical(out.data(), out_cols, target);
  return dst;
}

using StripPassesTogether = KernelSetTest;

TEST_P(StripPassesTogether, EveryPairOfTilesConvolves) {
  Rng rng(61);
  Subset subset("pairs of tiles");
  const detail::KernelSet* const scalar_set = detail::find_kernel_set(Isa::scalar);
  if (scalar_set == nullptr) std::printf("[ SKIPPED  ] scalar results: no such set here\n");
  for (const AxisTile& v : axis_tiles()) {
    for (const AxisTile& h : axis_tiles()) {
      if (!subset.takes()) continue;
      SCOPED_TRACE(v.name() + " by " + h.name());
      const Problem problem(rng, v, h);
      const std::vector<double> expected = convolve(problem);
      const std::vector<float> got = filter_with(kernels(), problem, rng);
      std::vector<float> scalar;
      if (scalar_set != nullptr) scalar = filter_with(*scalar_set, problem, rng);
      // Data are at most 1. Two roundings of everything; those of longer sums mostly cancel.
      const double bound = 0x1p-23 * growth(v) * growth(h);
      ASSERT_EQ(got.size(), expected.size());
      for (std::size_t i = 0; i < got.size(); ++i) {
        ASSERT_NEAR(static_cast<double>(got[i]), expected[i], bound) << "output " << i;
        if (scalar_set == nullptr) continue;
        ASSERT_NEAR(got[i], scalar[i], bound) << "output " << i;
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(StripPassesTogether);

}  // namespace
}  // namespace winograd::test
