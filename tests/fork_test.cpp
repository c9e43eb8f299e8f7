// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A child that was forked after OpenMP's threads were started runs the parent's plans with a serial
// executor. (GNU's OpenMP itself cannot be used there: winograd/openmp.hpp.)
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vector>

#include "tests/reference/op_case.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::test {
namespace {

TEST(Fork, AfterOpenMPASerialExecutorWorks) {
  if (!executor_available(ExecutorKind::openmp)) GTEST_SKIP() << "built without OpenMP";
  const OpCase op = parse_line("c=32 h=30 w=30 k=32 pt=1 pl=1 pb=1 pr=1").value();
  const OpData data = make_data(op);
  const auto plan = Conv2dPlan::create(op.desc, {}, data.weights.data(), data.bias.data());
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  const Executor openmp = make_executor(ExecutorKind::openmp, 4);
  std::vector<float> memory(plan->workspace(4).size_bytes / sizeof(float) + 16);
  float* aligned = memory.data();
  while (reinterpret_cast<std::uintptr_t>(aligned) % 64 != 0) ++aligned;
  const Workspace workspace{aligned, plan->workspace(4).size_bytes};
  std::vector<float> parents(static_cast<std::size_t>(op.desc.dst_size())), childs = parents;
  ASSERT_TRUE(plan->run(data.src.data(), parents.data(), workspace, openmp).ok());

  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    alarm(60);  // nothing a hanging child would be waited for
    const bool planned = plan->run(data.src.data(), childs.data(), workspace).ok();
    // What is made in the child, too.
    std::vector<float> own(childs.size());
    const bool one_shot =
        conv2d(op.desc, data.src.data(), data.weights.data(), data.bias.data(), own.data()).ok();
    _exit(planned && one_shot && childs == parents && own == parents ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace winograd::test
