// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// GEMM kernels on f16 against the double loop, on small integers: every sum is exact, so equality
// must be. On guarded memory that is full of NaNs elsewhere.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "src/runtime/kernel_sets.hpp"
#include "tests/reference/crash_note.hpp"
#include "tests/reference/guarded_buffer.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/sixteen_bits.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

using detail::F16;

struct Case {
  int rows, columns, k, chain;
  bool accumulate;
  std::ptrdiff_t lda, ldc;
  Placement placement;
};

std::string text_of(const Case& c) {
  return "rows " + std::to_string(c.rows) + " columns " + std::to_string(c.columns) + " k " +
         std::to_string(c.k) + " chain " + std::to_string(c.chain) + " lda " +
         std::to_string(c.lda) + (c.accumulate ? " accumulate" : "");
}

F16* halves_of(const GuardedBuffer& buffer) { return static_cast<F16*>(buffer.data()); }

void check(const detail::GemmEntryOf<F16>& entry, Rng& rng, const Case& c) {
  const std::string text = text_of(c);
  SCOPED_TRACE(text);
  const CrashNote note(text);
  const auto bytes = [](std::ptrdiff_t halves) {
    return static_cast<std::size_t>(halves) * sizeof(F16);
  };
  const std::ptrdiff_t panel = std::ptrdiff_t{c.k} * 16;
  GuardedBuffer a(bytes((c.rows - 1) * c.lda + c.k), c.placement);
  GuardedBuffer b(bytes(std::ptrdiff_t{c.k} * c.columns), c.placement);
  const GuardedBuffer sums(bytes((c.rows - 1) * c.ldc + c.columns), c.placement);
  const auto draw = [&](F16& to, int most) {
    const auto value = static_cast<int>(rng.integer(-most, most));
    to = encode(DataType::f16, value);
    return value;
  };
  std::vector<int> left, right, expected;
  for (int row = 0; row < c.rows; ++row) {
    for (int p = 0; p < c.k; ++p) left.push_back(draw(halves_of(a)[row * c.lda + p], 3));
  }
  for (int p = 0; p < c.k; ++p) {
    for (int column = 0; column < c.columns; ++column) {
      const int first = column / 16 * 16, width = c.columns - first < 16 ? 8 : 16;
      F16& to = halves_of(b)[panel / 16 * first + std::ptrdiff_t{p} * width + column - first];
      right.push_back(draw(to, 3));
    }
  }
  for (int row = 0; row < c.rows; ++row) {
    for (int column = 0; column < c.columns; ++column) {
      int sum = c.accumulate ? draw(halves_of(sums)[row * c.ldc + column], 100) : 0;
      for (int p = 0; p < c.k; ++p) {
        sum += left[static_cast<unsigned>(row * c.k + p)] *
               right[static_cast<unsigned>(p * c.columns + column)];
      }
      expected.push_back(sum);
    }
  }
  a.make_read_only();
  b.make_read_only();
  detail::GemmArgsOf<F16> args{};
  args.a = halves_of(a);
  args.lda = c.lda;
  args.segments = 1;
  args.k = c.k;
  args.chain = c.chain;
  args.rows = c.rows;
  args.columns = c.columns;
  args.b = halves_of(b);
  args.panel_stride = panel;
  args.c = halves_of(sums);
  args.ldc = c.ldc;
  args.accumulate = c.accumulate;
  args.next_b = args.b;
  entry.run(args);
  EXPECT_TRUE(sums.intact());
  auto wanted = expected.begin();
  for (int row = 0; row < c.rows; ++row) {
    for (int column = 0; column < c.ldc && row * c.ldc + column < (c.rows - 1) * c.ldc + c.columns;
         ++column) {
      const F16 bits = halves_of(sums)[row * c.ldc + column];
      if (column >= c.columns) {
        ASSERT_EQ(bits, 0xffff) << "written between rows, row " << row << " column " << column;
      } else {
        ASSERT_EQ(decode(DataType::f16, bits), *wanted++) << "row " << row << " column " << column;
      }
    }
  }
}

TEST(HalfGemm, AllRowsAndDepths) {
  Rng rng(5);
  int sets = 0;
  for (const Isa isa : test_isas()) {
    const detail::KernelSet& kernels = *detail::find_kernel_set(isa);
    if (kernels.half == nullptr) continue;
    ++sets;
    Subset subset("every number of rows and depth");
    for (int rows = 1; rows <= 27; ++rows) {
      for (const int k : {1, 2, 7, 8, 9, 15, 16, 17, 24, 31, 32, 40, 41, 48, 63, 64, 72, 100}) {
        for (const int columns : {8, 16, 24, 48}) {
          for (const int chain : {1, 16, 24, 32, 1000}) {
            if (!subset.takes()) continue;
            const std::ptrdiff_t lda = k + rng.offset(0, 20);
            const std::ptrdiff_t ldc = (columns + 15) / 16 * 16 + 16 * rng.offset(0, 2);
            check(kernels.half->winograd, rng,
                  {rows, columns, k, chain, rng.chance(50), lda, ldc,
                   rng.chance(50) ? Placement::at_end : Placement::at_start});
            if (::testing::Test::HasFailure()) return;
          }
        }
      }
    }
  }
  if (sets == 0) GTEST_SKIP() << "no instruction set here computes with f16";
}

}  // namespace
}  // namespace winograd::test
