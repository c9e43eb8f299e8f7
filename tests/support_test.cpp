// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The tools of the other tests: guarded memory, executors, the line that describes a case.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "tests/reference/executors.hpp"
#include "tests/reference/guarded_buffer.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/random_geometry.hpp"

namespace winograd::test {
namespace {

constexpr Placement kPlacements[] = {Placement::at_start, Placement::at_end};

TEST(GuardedBuffer, HoldsWhatItShould) {
  for (const Placement placement : kPlacements) {
    for (const std::size_t size : {0U, 4U, 100U, 4096U, 10000U}) {
      for (const std::size_t shift : {0U, 4U, 60U}) {
        const GuardedBuffer buffer(size, placement, shift);
        auto* bytes = static_cast<unsigned char*>(buffer.data());
        for (std::size_t i = 0; i < size; ++i) {
          ASSERT_EQ(bytes[i], 0xFF);
          bytes[i] = static_cast<unsigned char>(i);
        }
        EXPECT_TRUE(buffer.intact());
      }
    }
  }
}

TEST(GuardedBuffer, SeesWritesBesideTheArray) {
  const GuardedBuffer at_start(100, Placement::at_start, 4);
  at_start.floats()[25] = 0.0F;
  EXPECT_FALSE(at_start.intact());
  const GuardedBuffer at_end(100, Placement::at_end);
  at_end.floats()[-1] = 0.0F;
  EXPECT_FALSE(at_end.intact());
}

TEST(GuardedBufferDeathTest, OneFloatBeyondIsFatal) {
  const GuardedBuffer at_start(100, Placement::at_start);
  const GuardedBuffer at_end(100, Placement::at_end);
  const GuardedInput input({1.0F, 2.0F}, Placement::at_end);
  const volatile float* before = at_start.floats() - 1;
  const volatile float* behind = at_end.floats() + 25;
  auto* constant = const_cast<volatile float*>(input.data());
  EXPECT_DEATH(static_cast<void>(*before), "");
  EXPECT_DEATH(static_cast<void>(*behind), "");
  EXPECT_DEATH(*constant = 3.0F, "");
}

TEST(Executors, RunEveryTaskOnce) {
  for (const auto kind : {ExecutorKind::serial, ExecutorKind::reversed, ExecutorKind::threads,
                          ExecutorKind::openmp}) {
    if (!executor_available(kind)) {
      std::printf("[ SKIPPED  ] executor %s\n", to_string(kind));
      continue;
    }
    for (const int concurrency : {1, 2, 3}) {
      const Executor executor = make_executor(kind, concurrency);
      EXPECT_EQ(executor.concurrency(), kind == ExecutorKind::serial ? 1 : concurrency);
      for (const int count : {0, 1, 2, 3, 7}) {
        std::vector<std::atomic<int>> calls(7);
        executor.parallel_for(
            count,
            [](void* argument, int index) {
              (*static_cast<std::vector<std::atomic<int>>*>(
                  argument))[static_cast<std::size_t>(index)]++;
            },
            &calls);
        for (int i = 0; i < 7; ++i) {
          EXPECT_EQ(calls[static_cast<std::size_t>(i)], i < count ? 1 : 0) << to_string(kind);
        }
      }
    }
  }
}

TEST(OpCase, LineRoundTrip) {
  EXPECT_EQ(to_line(OpCase()), "");
  Rng rng(5);
  for (int round = 0; round < 100; ++round) {
    OpCase op;
    op.desc = random_geometry(rng, 1000000);
    op.options.algorithm = rng.pick(kAllAlgorithms);
    op.options.weight_layout = WeightLayout::hwio;
    op.executor = ExecutorKind::threads;
    op.placement = Placement::at_start;
    op.data_seed = rng.bits();
    const std::string line = to_line(op);
    const std::optional<OpCase> parsed = parse_line(line);
    ASSERT_TRUE(parsed.has_value()) << line;
    EXPECT_EQ(to_line(*parsed), line);
    EXPECT_EQ(parsed->desc.pad_right, op.desc.pad_right);
    EXPECT_EQ(parsed->desc.activation_min, op.desc.activation_min);
    EXPECT_EQ(parsed->data_seed, op.data_seed);
  }
}

TEST(OpCase, BadLinesAreRefused) {
  for (const char* line : {"nonsense", "n=x", "n=", "n=1x", "layout=chwn", "height=3", "bias=2"}) {
    EXPECT_FALSE(parse_line(line).has_value()) << line;
  }
}

TEST(RandomGeometry, IsValidWithinItsLimitAndVaried) {
  Rng rng(9);
  int winograd = 0;
  int depthwise = 0;
  int empty_rows = 0;
  constexpr int kCount = 2000;
  for (int i = 0; i < kCount; ++i) {
    const Conv2dDesc d = random_geometry(rng, 3000000);
    EXPECT_TRUE(validate(d).ok()) << validate(d).message();
    EXPECT_LE(products_of(d), 3000000);
    if (algorithm_applies(d, Algorithm::winograd_f2)) ++winograd;
    if (d.groups > 1 && d.groups == d.in_channels) ++depthwise;
    if (d.pad_top > (d.kernel_h - 1) * d.dilation_h) ++empty_rows;
  }
  EXPECT_GT(winograd, kCount / 3);
  EXPECT_GT(depthwise, kCount / 20);
  EXPECT_GT(empty_rows, kCount / 200);
}

}  // namespace
}  // namespace winograd::test
