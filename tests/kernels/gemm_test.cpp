// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// GEMM kernels against the double loop, on small integers: every sum is exact, so equality must be.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tests/kernels/gemm_case.hpp"
#include "tests/kernels/isa_param.hpp"
#include "tests/reference/activation_function.hpp"
#include "tests/reference/crash_note.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

class Gemm : public KernelSetTest {
 protected:
  /// False if it differs from the double loop; stops a test from printing thousands of failures.
  void check(Rng& rng, const GemmCase& gemm) {
    const std::string text = gemm.text();
    SCOPED_TRACE(text);
    const CrashNote note(text);
    GemmCall call(gemm);
    const auto small = [&rng] { return static_cast<float>(rng.integer(-3, 3)); };
    const auto any = [&rng] { return static_cast<float>(rng.integer(-100, 100)); };
    call.fill(small, small, any);
    std::vector<float> expected;
    for (int row = 0; row < gemm.rows; ++row) {
      for (int column = 0; column < gemm.columns; ++column) {
        int sum = gemm.accumulate ? static_cast<int>(call.c(row, column)) : 0;
        for (int s = 0; s < gemm.segments; ++s) {
          for (int p = 0; p < gemm.k; ++p) {
            sum += static_cast<int>(call.a(row, s, p)) * static_cast<int>(call.b(s, p, column));
          }
        }
        expected.push_back(static_cast<float>(sum));
      }
    }
    const detail::GemmEntry* const entries[] = {&kernels().winograd, &kernels().direct,
                                                &kernels().winograd_half};
    const int built = kernels().winograd_half.run != nullptr ? 3 : 2;
    call.run(*entries[rng.integer(0, built - 1)]);
    EXPECT_TRUE(call.intact());
    auto wanted = expected.begin();
    for (int row = 0; row < gemm.rows; ++row) {
      for (int column = 0; column < gemm.columns; ++column, ++wanted) {
        ASSERT_EQ(call.c(row, column), *wanted) << "row " << row << " column " << column;
      }
    }
  }
};

TEST_P(Gemm, AllRowsAndDepths) {
  Rng rng(21);
  Subset subset("every number of rows and depth");
  for (int rows = 0; rows <= 30; ++rows) {
    for (int k = 1; k <= 71; ++k) {
      const int depth = k == 71 ? 256 : k;
      for (const int columns : {8, 16, 24, 32, 40, 56}) {
        if (!subset.takes()) continue;
        const int segments = static_cast<int>(rng.integer(1, depth == 256 ? 2 : 5));
        const int chain = static_cast<int>(rng.chance(20) ? depth : rng.integer(1, depth));
        check(rng, random_case(rng, columns, rows, segments, depth, chain));
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_P(Gemm, AllChains) {
  Rng rng(22);
  Subset subset("every chain");
  for (int k = 1; k <= 70; ++k) {
    for (int chain = 1; chain <= k; ++chain) {
      if (!subset.takes()) continue;
      const int columns = static_cast<int>(rng.integer(1, 8)) * 8;
      const int rows = static_cast<int>(rng.integer(1, 13));
      const int segments = static_cast<int>(rng.integer(1, 5));
      check(rng, random_case(rng, columns, rows, segments, k, chain));
      if (HasFatalFailure()) return;
    }
  }
}

// Runs longer than a segment take several segments together.
TEST_P(Gemm, RunsOfSeveralSegments) {
  Rng rng(23);
  Subset subset("runs of several segments");
  for (int segments = 1; segments <= 7; ++segments) {
    for (int k = 1; k <= 9; ++k) {
      for (int chain = k; chain <= segments * k + 1; ++chain) {
        if (!subset.takes()) continue;
        const int columns = static_cast<int>(rng.integer(1, 8)) * 8;
        const int rows = static_cast<int>(rng.integer(1, 13));
        check(rng, random_case(rng, columns, rows, segments, k, chain));
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_P(Gemm, NextBIsOnlyAHint) {
  Rng rng(24);
  GemmCase gemm = random_case(rng, 16, 13, 3, 20, 8);
  gemm.placement = Placement::at_end;
  const std::string text = gemm.text();
  const CrashNote note(text);
  const auto one = [] { return 1.0F; };
  GemmCall call(gemm);
  call.fill(one, one, one);
  call.run(kernels().winograd, call.forbidden());
  EXPECT_EQ(call.c(0, 0), gemm.accumulate ? 61.0F : 60.0F);
  EXPECT_TRUE(call.intact());
}

/// The target's epilogue on one sum, as GemmTarget has it.
float finished(const detail::Epilogue& epilogue, float sum, int column, const float* residual) {
  float value = sum + epilogue.bias[column];
  if (residual != nullptr) value += *residual;
  if (epilogue.slopes != nullptr) return value < 0 ? value * epilogue.slopes[column] : value;
  if (epilogue.function != Activation::none) {
    return static_cast<float>(activation_function(epilogue.function, value));
  }
  return std::min(epilogue.high, std::max(epilogue.low, value));
}

TEST_P(Gemm, FinishesRows) {
  if (!kernels().direct.finishes) GTEST_SKIP() << "this set's GEMMs write C only";
  Rng rng(25);
  Subset subset("finished rows");
  const auto small = [&rng] { return static_cast<float>(rng.integer(-3, 3)); };
  for (int rows = 0; rows <= 20; ++rows) {
    for (int repeat = 0; repeat < 24; ++repeat) {
      if (!subset.takes()) continue;
      const int columns = static_cast<int>(rng.integer(1, 8)) * 8,
                padded = (columns + 15) / 16 * 16;
      const int k = static_cast<int>(rng.integer(1, 40));
      const int segments = static_cast<int>(rng.integer(1, 4));
      const int chain = static_cast<int>(rng.integer(1, segments * k));
      const GemmCase gemm = random_case(rng, columns, rows, segments, k, chain);
      const std::string text = gemm.text();
      SCOPED_TRACE(text);
      const CrashNote note(text);
      // The same numbers twice: once the sums alone, as AllRowsAndDepths has checked them.
      GemmCall sums(gemm), call(gemm);
      const std::uint64_t seed = rng.bits();
      for (GemmCall* one : {&sums, &call}) {
        Rng numbers(seed);
        const auto next = [&numbers] { return static_cast<float>(numbers.integer(-3, 3)); };
        one->fill(next, next, next);
      }
      sums.run(kernels().direct);

      detail::GemmTarget target{};
      target.stream = columns == padded && rng.chance(30);
      target.stride = columns + (target.stream ? 16 * rng.offset(0, 2) : rng.offset(0, 24));
      const int of_line = rows / gemm.lines;
      target.line_stride = of_line * target.stride + 16 * rng.offset(0, 2);
      const auto offset = [&](int row) {
        return row / of_line * target.line_stride + row % of_line * target.stride;
      };
      const std::ptrdiff_t size = rows == 0 ? 0 : offset(rows - 1) + columns;
      const std::size_t bytes = static_cast<std::size_t>(size) * sizeof(float);
      const std::size_t shift =
          target.stream ? 0 : static_cast<std::size_t>(rng.integer(0, 3)) * sizeof(float);
      GuardedBuffer dst(bytes, target.stream ? Placement::at_start : gemm.placement, shift);
      GuardedBuffer bias(static_cast<std::size_t>(padded) * sizeof(float), gemm.placement);
      const std::vector<float> residual =
          rng.chance(50) ? integer_data(rng, size, -5, 5) : std::vector<float>{};
      for (int j = 0; j < padded; ++j) bias.floats()[j] = small();
      target.dst = dst.floats();
      target.residual = residual.empty() ? nullptr : residual.data();
      target.epilogue.bias = bias.floats();
      target.epilogue.low = rng.chance(50) ? -std::numeric_limits<float>::infinity() : 0.0F;
      target.epilogue.high = rng.chance(50) ? std::numeric_limits<float>::infinity() : 6.0F;
      const GuardedInput slopes(uniform_data(rng, padded, -0.5F, 2.0F), gemm.placement);
      if (rng.chance(30)) target.epilogue.slopes = slopes.data();
      // One whose values are exact, or nearly so, for small integers.
      if (rng.chance(30)) target.epilogue.function = Activation::hard_swish;
      call.run(kernels().direct, nullptr, &target);
      if (kernels().stream_fence != nullptr) kernels().stream_fence();

      EXPECT_TRUE(dst.intact());
      for (int row = 0; row < rows; ++row) {
        for (int j = 0; j < columns; ++j) {
          const std::ptrdiff_t at = offset(row) + j;
          const float* addend =
              residual.empty() ? nullptr : &residual[static_cast<std::size_t>(at)];
          const float wanted = finished(target.epilogue, sums.c(row, j), j, addend);
          const bool exact =
              target.epilogue.function == Activation::none || target.epilogue.slopes != nullptr;
          ASSERT_NEAR(target.dst[at], wanted, exact ? 0 : 0x1p-22F * std::fabs(wanted))
              << "row " << row << " column " << j;
        }
        const std::ptrdiff_t next = row + 1 < rows ? offset(row + 1) : size;
        for (std::ptrdiff_t j = offset(row) + columns; j < next; ++j) {
          ASSERT_TRUE(std::isnan(target.dst[j])) << "written between rows";
        }
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(Gemm);

}  // namespace
}  // namespace winograd::test
