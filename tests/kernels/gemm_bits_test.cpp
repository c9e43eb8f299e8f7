// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Where GEMM kernels round: the chained sum, and the same bits for a row wherever it stands.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/kernels/gemm_case.hpp"
#include "tests/kernels/isa_param.hpp"
#include "tests/reference/random.hpp"

namespace winograd::test {
namespace {

using GemmBits = KernelSetTest;

/// The sums of the chains, each exact, in order.
std::vector<double> chain_sums(const GemmCall& call, const GemmCase& gemm, int row, int column) {
  std::vector<double> sums;
  const int segments_of_chain = gemm.k >= gemm.chain ? 1 : gemm.chain / gemm.k;
  for (int s = 0; s < gemm.segments; s += segments_of_chain) {
    for (int first = 0; first < gemm.k; first += gemm.chain) {
      double sum = 0;
      for (int t = s; t < std::min(s + segments_of_chain, gemm.segments); ++t) {
        for (int p = first; p < std::min(first + gemm.chain, gemm.k); ++p) {
          sum += static_cast<double>(call.a(row, t, p)) * static_cast<double>(call.b(t, p, column));
        }
      }
      sums.push_back(sum);
    }
  }
  return sums;
}

// Integers so large that their sum within a chain is exact, in any order, and the sum of chains is
// not.
TEST_P(GemmBits, ChainsAreAddedOneAfterAnother) {
  Rng rng(31);
  int inexact = 0;
  for (int repeat = 0; repeat < 300; ++repeat) {
    const int segments = static_cast<int>(rng.integer(1, 5));
    const int k = static_cast<int>(rng.integer(1, 70));
    const int chain = static_cast<int>(rng.integer(1, std::min(60, 2 * k)));
    const GemmCase gemm = random_case(rng, static_cast<int>(rng.integer(1, 6)) * 8,
                                      static_cast<int>(rng.integer(1, 13)), segments, k, chain);
    SCOPED_TRACE(gemm.text());
    GemmCall call(gemm);
    const auto factor = [&rng] { return static_cast<float>(rng.integer(256, 511)); };
    const auto large = [&rng] { return static_cast<float>(rng.integer(1 << 23, 1 << 24)); };
    call.fill(factor, factor, large);
    std::vector<float> expected;
    for (int row = 0; row < gemm.rows; ++row) {
      for (int column = 0; column < gemm.columns; ++column) {
        float sum = gemm.accumulate ? call.c(row, column) : 0.0F;
        double exact = static_cast<double>(sum);
        for (const double of_chain : chain_sums(call, gemm, row, column)) {
          ASSERT_LT(of_chain, 0x1p24);
          sum += static_cast<float>(of_chain);
          exact += of_chain;
        }
        inexact += static_cast<double>(sum) != exact ? 1 : 0;
        expected.push_back(sum);
      }
    }
    call.run(kernels().winograd);
    auto wanted = expected.begin();
    for (int row = 0; row < gemm.rows; ++row) {
      for (int column = 0; column < gemm.columns; ++column, ++wanted) {
        ASSERT_EQ(call.c(row, column), *wanted) << "row " << row << " column " << column;
      }
    }
  }
  EXPECT_GT(inexact, 1000) << "the data decides nothing";
}

// Why: blocks, and so the rows of a call, depend on the number of threads; results must not.
TEST_P(GemmBits, ARowDoesNotDependOnTheOthers) {
  Rng rng(32);
  for (int rows = 2; rows <= 30; ++rows) {
    for (const int columns : {8, 16, 24, 32, 56}) {
      const int k = static_cast<int>(rng.integer(1, 70));
      GemmCase gemm = random_case(rng, columns, rows, static_cast<int>(rng.integer(1, 3)), k,
                                  static_cast<int>(rng.integer(1, k)));
      gemm.accumulate = false;
      SCOPED_TRACE(gemm.text());
      const auto real = [&rng] { return rng.uniform(-1.0F, 1.0F); };
      GemmCall together(gemm);
      together.fill(real, real, real);
      together.run(kernels().winograd);
      gemm.rows = gemm.lines = 1;
      for (int row = 0; row < rows; ++row) {
        GemmCall alone(gemm);
        std::vector<float> a, b;
        for (int s = 0; s < gemm.segments; ++s) {
          for (int p = 0; p < k; ++p) {
            a.push_back(together.a(row, s, p));
            for (int column = 0; column < columns; ++column) b.push_back(together.b(s, p, column));
          }
        }
        alone.fill([at = a.begin()]() mutable { return *at++; },
                   [at = b.begin()]() mutable { return *at++; }, real);
        alone.run(kernels().winograd);
        for (int column = 0; column < columns; ++column) {
          ASSERT_EQ(alone.c(0, column), together.c(row, column))
              << "row " << row << " column " << column;
        }
      }
    }
  }
}

WINOGRAD_FOR_EACH_ISA(GemmBits);

}  // namespace
}  // namespace winograd::test
