// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The passes of the output transform against Aᵀ by definition, in fp64.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/kernels/epilogue_case.hpp"
#include "tests/kernels/isa_param.hpp"
#include "tests/kernels/strip_case.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

class StripPassesOutput : public KernelSetTest {
 protected:
  const detail::AxisKernels& axis(const AxisTile& tile) const {
    return kernels().axis[tile.family_index()][tile.m - 1];
  }

  void check_horizontal(Rng& rng, const AxisTile& tile, int alpha_h, int tiles) {
    Frequencies m(rng, alpha_h, tile.alpha, tiles);
    m.fill(rng);
    m.make_read_only();
    const Scratch scratch(tiles * tile.m, alpha_h);
    axis(tile).output_horizontal(m.data(), m.offsets(), m.tile_stride(), alpha_h, tiles,
                                 scratch.data());
    EXPECT_TRUE(scratch.intact());
    for (int t = 0; t < tiles; ++t) {
      for (int i = 0; i < alpha_h; ++i) {
        for (int q = 0; q < tile.m; ++q) {
          for (int c = 0; c < kLaneBlock; ++c) {
            Product expected(tile.at_double[static_cast<std::size_t>(q)]);
            for (int j = 0; j < tile.alpha; ++j) expected.add(j, m.at(i, j, t, c));
            ASSERT_TRUE(expected.matches(scratch.at(t * tile.m + q, i, c)))
                << "tile " << t << " row " << i << " output " << q << " channel " << c << ": "
                << scratch.at(t * tile.m + q, i, c) << " instead of " << expected.value;
          }
        }
      }
    }
  }

  /// Row q of Aᵀ times the column of scratch.
  static Product product(const AxisTile& tile, const Scratch& scratch, int q, int col, int c) {
    Product expected(tile.at_double[static_cast<std::size_t>(q)]);
    for (int i = 0; i < tile.alpha; ++i) expected.add(i, scratch.at(col, i, c));
    return expected;
  }

  enum class Residual { none, apart, in_place };

  void check_vertical(Rng& rng, const AxisTile& tile, int cols, const EpilogueCase& activation,
                      Residual residual, bool stream) {
    Scratch scratch(cols, tile.alpha);
    scratch.fill(rng);
    scratch.make_read_only();
    // Streaming stores need whole vectors; otherwise any float's address will do.
    const std::ptrdiff_t step = stream ? kLaneBlock : 1;
    const std::ptrdiff_t col_stride = kLaneBlock + step * rng.offset(0, 3);
    const std::ptrdiff_t row_stride = cols * col_stride + step * rng.offset(0, 3);
    const std::ptrdiff_t floats = (tile.m - 1) * row_stride + (cols - 1) * col_stride + kLaneBlock;
    const auto bytes = static_cast<std::size_t>(floats) * sizeof(float);
    const std::size_t shift =
        stream ? 0 : static_cast<std::size_t>(rng.integer(0, 3)) * sizeof(float);
    const GuardedBuffer dst(bytes, Placement::at_end, shift);
    const GuardedBuffer apart(bytes, Placement::at_end, shift);
    const auto pixel = [&](const GuardedBuffer& image, int q, int col) {
      return image.floats() + q * row_stride + col * col_stride;
    };
    const GuardedBuffer& added = residual == Residual::in_place ? dst : apart;
    std::vector<float> residuals;
    for (int q = 0; q < tile.m; ++q) {
      for (int col = 0; col < cols; ++col) {
        for (int c = 0; c < kLaneBlock; ++c) {
          residuals.push_back(rng.uniform(-1.0F, 1.0F));
          if (residual != Residual::none) pixel(added, q, col)[c] = residuals.back();
        }
      }
    }
    const GuardedInput bias(uniform_data(rng, kLaneBlock, -1.0F, 1.0F), Placement::at_end);
    detail::OutputTarget target{};
    target.dst = dst.floats();
    target.residual = residual == Residual::none ? nullptr : added.floats();
    target.row_stride = row_stride;
    target.col_stride = col_stride;
    target.stream = stream;
    target.epilogue = activation.epilogue(bias.data());
    axis(tile).output_vertical(scratch.data(), cols, target);
    if (kernels().stream_fence != nullptr) kernels().stream_fence();

    EXPECT_TRUE(dst.intact());
    auto added_value = residuals.begin();
    for (int q = 0; q < tile.m; ++q) {
      for (int col = 0; col < cols; ++col) {
        for (int c = 0; c < kLaneBlock; ++c, ++added_value) {
          Product expected = product(tile, scratch, q, col, c);
          expected.add(bias.data()[c]);
          if (residual != Residual::none) expected.add(*added_value);
          expected.value = activation.apply(expected.value, c);
          expected.bound *= activation.steepness();
          ASSERT_TRUE(expected.matches(pixel(dst, q, col)[c]))
              << "output " << q << " column " << col << " channel " << c << ": "
              << pixel(dst, q, col)[c] << " instead of " << expected.value;
        }
        const float* const end = col + 1 < cols   ? pixel(dst, q, col + 1)
                                 : q + 1 < tile.m ? pixel(dst, q + 1, 0)
                                                  : pixel(dst, q, col) + kLaneBlock;
        EXPECT_TRUE(std::all_of<const float*>(pixel(dst, q, col) + kLaneBlock, end, is_unwritten))
            << "written after output " << q << " column " << col;
      }
    }
  }
};

TEST_P(StripPassesOutput, Horizontal) {
  Rng rng(51);
  Subset subset("horizontal");
  for (const AxisTile& tile : axis_tiles()) {
    SCOPED_TRACE(tile.name());
    for (int alpha_h = 1; alpha_h <= detail::kMaxAlpha; ++alpha_h) {
      for (const int tiles : {1, 2, 3, 32 / tile.m}) {
        if (!subset.takes()) continue;
        check_horizontal(rng, tile, alpha_h, tiles);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_P(StripPassesOutput, VerticalWithEveryEpilogue) {
  Rng rng(52);
  Subset subset("every epilogue");
  for (const AxisTile& tile : axis_tiles()) {
    SCOPED_TRACE(tile.name());
    for (const EpilogueCase& activation : kEpilogueCases) {
      SCOPED_TRACE(activation.name);
      for (const Residual residual : {Residual::none, Residual::apart, Residual::in_place}) {
        SCOPED_TRACE(static_cast<int>(residual));
        for (const bool stream : {false, true}) {
          for (const int cols : {1, 2, 3, 7, 32}) {
            if (!subset.takes()) continue;
            check_vertical(rng, tile, cols, activation, residual, stream);
            if (HasFatalFailure()) return;
          }
        }
      }
    }
  }
}

TEST_P(StripPassesOutput, VerticalRaw) {
  Rng rng(53);
  Subset subset("raw, every width");
  for (const AxisTile& tile : axis_tiles()) {
    SCOPED_TRACE(tile.name());
    for (int cols = 1; cols <= 32; ++cols) {
      if (!subset.takes()) continue;
      Scratch scratch(cols, tile.alpha);
      scratch.fill(rng);
      scratch.make_read_only();
      const int gap = static_cast<int>(rng.integer(0, 2));  // pixels between rows
      const Scratch staging(tile.m, cols + gap);            // [m][cols + gap][16]
      constexpr float kUntouched = 77.0F;
      std::fill_n(staging.data(), tile.m * (cols + gap) * kLaneBlock, kUntouched);
      axis(tile).output_vertical_raw(scratch.data(), cols, staging.data(),
                                     std::ptrdiff_t{cols + gap} * kLaneBlock);
      EXPECT_TRUE(staging.intact());
      for (int q = 0; q < tile.m; ++q) {
        for (int col = 0; col < cols; ++col) {
          for (int c = 0; c < kLaneBlock; ++c) {
            const Product expected = product(tile, scratch, q, col, c);
            ASSERT_TRUE(expected.matches(staging.at(q, col, c)))
                << "output " << q << " column " << col << " channel " << c << ": "
                << staging.at(q, col, c) << " instead of " << expected.value;
          }
        }
        for (int c = 0; c < gap * kLaneBlock; ++c) {
          ASSERT_EQ(staging.at(q, cols, c), kUntouched) << "output " << q << " gap " << c;
        }
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(StripPassesOutput);

}  // namespace
}  // namespace winograd::test
