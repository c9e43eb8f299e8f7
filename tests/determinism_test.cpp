// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The same bits, whoever computes them: any number of threads, any batch, any workspace, several
// callers at once.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <latch>
#include <string>
#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

constexpr const char* kLines[] = {
    "n=3 c=40 h=14 w=15 k=70 pt=1 pl=1 pb=1 pr=1 act=relu",
    "n=2 c=70 h=7 w=7 k=130 pt=1 pl=1 pb=1 pr=1 residual=1",
    "n=2 c=12 h=40 w=37 k=20 pt=1 pl=1 pb=1 pr=1",
    "n=3 c=13 h=19 w=18 k=17 kh=5 kw=5 pt=2 pl=2 pb=2 pr=2",
    "n=2 c=34 h=15 w=16 k=35 sh=2 sw=2 pt=1 pl=1 pb=1 pr=1",
    "n=2 c=65 h=9 w=9 k=66 kh=1 kw=1",
    "n=2 c=64 h=18 w=17 k=96 groups=2 sh=2 sw=2 pt=1 pl=1 pb=1 pr=1",
    "n=2 c=300 h=17 w=19 k=20 kh=1 kw=1 act=relu",  // in planes, several chains
    "n=2 c=24 h=9 w=11 k=32 groups=4 pt=1 pl=1 pb=1 pr=1",
    "c=16 h=24 w=24 k=32 groups=2 pt=1",
    "n=2 c=72 h=9 w=10 k=48 groups=3 pt=1 pl=1 pb=1 pr=1",  // parts end inside a group
    "n=3 c=37 h=12 w=13 k=37 groups=37 pt=1 pl=1 pb=1 pr=1",
    "n=2 c=40 h=14 w=15 k=70 pt=1 pl=1 pb=1 pr=1 residual=1 type=f16 accuracy=half",
    "n=2 c=65 h=9 w=9 k=66 kh=1 kw=1 type=bf16 accuracy=half",
};

/// Calls visit(op, data) for each algorithm that applies, instruction set and layout.
template <class Visit>
void for_each_case(const char* line, Visit visit) {
  static Subset subset("determinism");  // one for each test, whose `visit` is a type of its own
  std::optional<OpCase> op = parse_line(line);
  ASSERT_TRUE(op.has_value());
  for (const Layout layout : kLayouts) {
    op->desc.layout = layout;
    const OpData data = make_data(*op);
    for (const Isa isa : test_isas()) {
      op->options.max_isa = isa;
      for (const Algorithm algorithm : kAllAlgorithms) {
        if (!algorithm_applies(op->desc, algorithm) || !subset.takes()) continue;
        op->options.algorithm = algorithm;
        SCOPED_TRACE(to_line(*op));
        visit(*op, data);
      }
    }
  }
}

class Determinism : public ::testing::TestWithParam<const char*> {};

TEST_P(Determinism, SameBitsOnAnyExecutor) {
  for_each_case(GetParam(), [](OpCase op, const OpData& data) {
    const Result<Conv2dPlan> plan = make_plan(op, data);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    const std::vector<float> expected = run_plan(*plan, op, data);
    for (const ExecutorKind kind :
         {ExecutorKind::reversed, ExecutorKind::threads, ExecutorKind::openmp}) {
      if (!executor_available(kind)) continue;
      for (const int threads : {2, 3, 5, 16}) {
        op.executor = kind;
        op.threads = threads;
        EXPECT_TRUE(same_bits(expected, run_plan(*plan, op, data))) << to_line(op);
      }
    }
  });
}

TEST_P(Determinism, SameBitsFromParts) {
  for_each_case(GetParam(), [](OpCase op, const OpData& data) {
    const Result<Conv2dPlan> plan = make_plan(op, data);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    const std::vector<float> expected = run_plan(*plan, op, data);
    for (const std::int64_t part : {16, 32, 48}) {
      if (part >= op.desc.in_channels) continue;
      op.part = part;
      EXPECT_TRUE(same_bits(expected, run_plan(*plan, op, data))) << to_line(op);
    }
  });
}

TEST_P(Determinism, SameBitsImageByImage) {
  for_each_case(GetParam(), [](OpCase op, const OpData& data) {
    const Result<Conv2dPlan> plan = make_plan(op, data);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    const std::vector<float> expected = run_plan(*plan, op, data);
    const Result<Conv2dPlan> single = plan->reshaped(1, op.desc.height, op.desc.width);
    ASSERT_TRUE(single.ok()) << single.status().message();
    const std::int64_t batch = op.desc.batch;
    op.desc.batch = 1;
    const auto part = [](const std::vector<float>& all, std::int64_t index, std::int64_t size) {
      if (all.empty()) return all;
      const auto first = all.begin() + static_cast<std::ptrdiff_t>(index * size);
      return std::vector<float>(first, first + static_cast<std::ptrdiff_t>(size));
    };
    for (std::int64_t n = 0; n < batch; ++n) {
      OpData image;
      image.src = part(data.src, n, op.desc.src_size());
      image.residual = part(data.residual, n, op.desc.dst_size());
      EXPECT_TRUE(same_bits(part(expected, n, op.desc.dst_size()), run_plan(*single, op, image)))
          << "image " << n;
    }
  });
}

TEST_P(Determinism, SameBitsInLessMemory) {
  for_each_case(GetParam(), [](OpCase op, const OpData& data) {
    const Result<Conv2dPlan> plan = make_plan(op, data);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    const std::vector<float> expected = run_plan(*plan, op, data);
    std::size_t before = plan->workspace(1).size_bytes;
    for (std::size_t limit = before / 2; limit > 0; limit /= 2) {
      op.options.workspace_limit_bytes = limit;
      const Result<Conv2dPlan> smaller = make_plan(op, data);
      if (!smaller.ok()) {
        EXPECT_STREQ(to_string(smaller.status().code()), to_string(StatusCode::workspace));
        break;
      }
      const std::size_t size = smaller->workspace(1).size_bytes;
      EXPECT_LE(size, limit);
      EXPECT_LE(size, before);
      before = size;
      for (const int threads : {1, 3}) {
        op.threads = threads;
        op.executor = threads == 1 ? ExecutorKind::serial : ExecutorKind::threads;
        EXPECT_LE(smaller->workspace(threads).size_bytes, limit * static_cast<unsigned>(threads));
        EXPECT_TRUE(same_bits(expected, run_plan(*smaller, op, data))) << to_line(op);
      }
    }
  });
}

TEST_P(Determinism, OnePlanForManyCallersAtOnce) {
  constexpr int kCallers = 4;
  constexpr int kRuns = 3;
  for_each_case(GetParam(), [](const OpCase& op, const OpData& data) {
    const Result<Conv2dPlan> plan = make_plan(op, data);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    const std::vector<float> expected = run_plan(*plan, op, data);
    std::latch start(kCallers);
    auto call = [&](int caller) {
      OpCase mine = op;
      if (caller % 2 == 1) {
        mine.executor = ExecutorKind::threads;
        mine.threads = 2;
      }
      const Conv2dPlan copy = *plan;
      start.arrive_and_wait();
      for (int i = 0; i < kRuns; ++i) {
        EXPECT_TRUE(same_bits(expected, run_plan(copy, mine, data))) << to_line(mine);
      }
    };
    make_executor(ExecutorKind::threads, kCallers)
        .parallel_for(
            kCallers, [](void* f, int caller) { (*static_cast<decltype(call)*>(f))(caller); },
            &call);
  });
}

INSTANTIATE_TEST_SUITE_P(Lines, Determinism, ::testing::ValuesIn(kLines));

}  // namespace
}  // namespace winograd::test
