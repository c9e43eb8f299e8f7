// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// WorkspaceBuffer: enough for every plan it was asked for, aligned, moved but not copied. What it
// does without memory is in allocation_test.cpp.
#include "winograd/workspace_buffer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/reference/executors.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"

namespace winograd::test {
namespace {

static_assert(std::is_nothrow_move_constructible_v<WorkspaceBuffer>);
static_assert(std::is_nothrow_move_assignable_v<WorkspaceBuffer>);
static_assert(!std::is_copy_constructible_v<WorkspaceBuffer>);
static_assert(!std::is_copy_assignable_v<WorkspaceBuffer>);

Conv2dPlan plan_of(const char* line) {
  const OpCase op = parse_line(line).value();
  return make_plan(op, make_data(op)).value();
}

constexpr const char* kSmall = "c=8 h=9 w=9 k=8 groups=8";
constexpr const char* kLarge = "c=40 h=24 w=24 k=40 pt=1 pl=1 pb=1 pr=1";

bool is_aligned(const Workspace& workspace, const Conv2dPlan& plan) {
  return reinterpret_cast<std::uintptr_t>(workspace.data) % plan.workspace(1).alignment_bytes == 0;
}

TEST(WorkspaceBuffer, StartsEmpty) {
  const WorkspaceBuffer buffer;
  const Workspace workspace = buffer;
  EXPECT_EQ(workspace.data, nullptr);
  EXPECT_EQ(workspace.size_bytes, 0U);
  EXPECT_EQ(buffer.size_bytes(), 0U);
}

TEST(WorkspaceBuffer, IsEnoughForTheLargest) {
  const Conv2dPlan small = plan_of(kSmall), large = plan_of(kLarge);
  ASSERT_LT(small.workspace(1).size_bytes, large.workspace(1).size_bytes);
  WorkspaceBuffer buffer;
  for (const Conv2dPlan* plan : {&small, &large}) {
    ASSERT_TRUE(buffer.reserve(*plan, 1).ok());
    const Workspace workspace = buffer;
    EXPECT_EQ(workspace.size_bytes, plan->workspace(1).size_bytes);
    EXPECT_EQ(workspace.size_bytes, buffer.size_bytes());
    EXPECT_TRUE(is_aligned(workspace, *plan));
  }
  const Workspace before = buffer;
  ASSERT_TRUE(buffer.reserve(small, 1).ok());
  ASSERT_TRUE(buffer.reserve(large, 1).ok());
  const Workspace after = buffer;
  EXPECT_EQ(after.data, before.data) << "it had enough";
  EXPECT_EQ(after.size_bytes, before.size_bytes);
}

TEST(WorkspaceBuffer, PlansRunOnIt) {
  for (const char* line : {kSmall, kLarge}) {
    const OpCase op = parse_line(line).value();
    const OpData data = make_data(op);
    const Conv2dPlan plan = make_plan(op, data).value();
    const std::vector<float> expected = run_plan(plan, op, data);
    for (const int threads : {1, 3}) {
      WorkspaceBuffer buffer;
      ASSERT_TRUE(buffer.reserve(plan, threads).ok());
      std::vector<float> dst(expected.size());
      const Status status = plan.run(data.src.data(), dst.data(), buffer,
                                     make_executor(ExecutorKind::threads, threads));
      ASSERT_TRUE(status.ok()) << status.message();
      EXPECT_TRUE(same_bits(dst, expected));
    }
  }
}

TEST(WorkspaceBuffer, NeedsNothingForAnEmptyBatch) {
  const Conv2dPlan plan = plan_of(kLarge).reshaped(0, 24, 24).value();
  WorkspaceBuffer buffer;
  ASSERT_TRUE(buffer.reserve(plan, 2).ok());
  EXPECT_EQ(buffer.size_bytes(), 0U);
  EXPECT_TRUE(plan.run(nullptr, nullptr, buffer).ok());
}

TEST(WorkspaceBuffer, Moves) {
  const Conv2dPlan plan = plan_of(kLarge);
  WorkspaceBuffer first;
  ASSERT_TRUE(first.reserve(plan, 1).ok());
  const Workspace memory = first;

  WorkspaceBuffer second = std::move(first);
  EXPECT_EQ(Workspace(second).data, memory.data);
  EXPECT_EQ(second.size_bytes(), memory.size_bytes);
  EXPECT_EQ(Workspace(first).data, nullptr);  // NOLINT: what is left of it is tested
  EXPECT_EQ(first.size_bytes(), 0U);

  ASSERT_TRUE(first.reserve(plan, 1).ok());
  first = std::move(second);
  EXPECT_EQ(Workspace(first).data, memory.data);
  EXPECT_EQ(first.size_bytes(), memory.size_bytes);
  EXPECT_EQ(second.size_bytes(), 0U);  // NOLINT: as above
}

}  // namespace
}  // namespace winograd::test
