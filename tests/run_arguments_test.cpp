// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Arguments of run(): each mistake has its code and its words, and nothing is written.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/reference/guarded_buffer.hpp"
#include "tests/reference/naive_conv2d.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::test {
namespace {

/// What run() is called with; one arena, so that buffers can be made to overlap.
struct Arguments {
  float* src;
  float* dst;
  float* residual;
  Workspace workspace;
  Executor executor;
};

class RunArguments : public ::testing::TestWithParam<Algorithm> {
 protected:
  static constexpr std::size_t kArenaBytes = std::size_t{8} << 20;

  void make(bool residual) {
    desc_.in_channels = 5;
    desc_.out_channels = 6;
    desc_.height = 9;
    desc_.width = 8;
    desc_.set_padding(1);
    desc_.residual = residual;
    PlanOptions options;
    options.algorithm = GetParam();
    const std::vector<float> weights(static_cast<std::size_t>(desc_.weights_size()), 0.5F);
    Result<Conv2dPlan> plan = Conv2dPlan::create(desc_, options, weights.data(), nullptr);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    plan_.emplace(std::move(plan).value());
    required_ = plan_->workspace(1);
    ASSERT_LT(required_.size_bytes, kArenaBytes / 2);
    arena_.emplace(kArenaBytes, Placement::at_start);
    std::memset(arena_->data(), 0, kArenaBytes);
    // Far apart in the arena, all aligned.
    good_ = {
        at(0), at(100000), residual ? at(200000) : nullptr, {at(300000), required_.size_bytes}, {}};
  }

  float* at(std::size_t floats) const { return arena_->floats() + floats / 16 * 16; }

  Status run(const Arguments& a) const {
    return plan_->run(a.src, a.dst, a.workspace, a.executor, a.residual);
  }

  void expect_refused(const char* name, StatusCode code, const std::vector<std::string>& words,
                      const std::function<void(Arguments&)>& change) const {
    SCOPED_TRACE(name);
    Arguments arguments = good_;
    change(arguments);
    const Status status = run(arguments);
    EXPECT_STREQ(to_string(status.code()), to_string(code)) << status.message();
    for (const std::string& word : words) {
      EXPECT_NE(std::string(status.message()).find(word), std::string::npos)
          << "'" << word << "' is not in: " << status.message();
    }
    const auto* bytes = static_cast<const unsigned char*>(arena_->data());
    std::size_t changed = 0;
    for (std::size_t i = 0; i < kArenaBytes; ++i) changed += bytes[i] != 0 ? 1 : 0;
    EXPECT_EQ(changed, 0U) << "bytes were written";
  }

  Conv2dDesc desc_;
  std::optional<Conv2dPlan> plan_;
  WorkspaceRequirement required_;
  std::optional<GuardedBuffer> arena_;
  Arguments good_{};
};

TEST_P(RunArguments, GoodOnesAreAccepted) {
  for (const bool residual : {false, true}) {
    make(residual);
    const Status status = run(good_);
    EXPECT_TRUE(status.ok()) << status.message();
  }
}

TEST_P(RunArguments, NullPointers) {
  make(false);
  expect_refused("src", StatusCode::invalid_argument, {"src", "null"},
                 [](Arguments& a) { a.src = nullptr; });
  expect_refused("dst", StatusCode::invalid_argument, {"dst", "null"},
                 [](Arguments& a) { a.dst = nullptr; });
}

TEST_P(RunArguments, Workspace) {
  make(false);
  const std::size_t size = required_.size_bytes;
  if (size == 0) GTEST_SKIP() << "this algorithm needs no workspace";
  EXPECT_EQ(required_.alignment_bytes, 64U);
  expect_refused("none", StatusCode::workspace, {"workspace"},
                 [](Arguments& a) { a.workspace = {}; });
  expect_refused("null", StatusCode::workspace, {"workspace", "null"},
                 [](Arguments& a) { a.workspace.data = nullptr; });
  expect_refused("one byte short", StatusCode::workspace,
                 {"workspace", std::to_string(size - 1), std::to_string(size)},
                 [](Arguments& a) { --a.workspace.size_bytes; });
  expect_refused("empty", StatusCode::workspace, {"workspace", std::to_string(size)},
                 [](Arguments& a) { a.workspace.size_bytes = 0; });
  for (const std::size_t shift : {1U, 4U, 16U, 32U}) {
    expect_refused("misaligned", StatusCode::workspace, {"workspace", "64"}, [shift](Arguments& a) {
      a.workspace.data = static_cast<char*>(a.workspace.data) + shift;
    });
  }
}

TEST_P(RunArguments, WorkspaceForTheThreadsOfTheExecutor) {
  make(false);
  const auto run_one_by_one = [](void*, int count, Executor::Task task, void* argument) {
    for (int i = 0; i < count; ++i) task(argument, i);
  };
  for (const int threads : {2, 3, 8}) {
    const std::size_t size = plan_->workspace(threads).size_bytes;
    EXPECT_GE(size, required_.size_bytes);
    ASSERT_LT(size, kArenaBytes / 2);
    if (size == 0) continue;
    expect_refused("too small for the threads", StatusCode::workspace,
                   {"workspace", std::to_string(size)}, [&](Arguments& a) {
                     a.executor = Executor(threads, run_one_by_one);
                     a.workspace.size_bytes = size - 1;
                   });
  }
}

TEST_P(RunArguments, FewerThreadsThanOneCountAsOne) {
  make(false);
  for (const int threads : {0, -1, -1000000}) {
    EXPECT_EQ(plan_->workspace(threads).size_bytes, required_.size_bytes);
  }
}

TEST_P(RunArguments, Overlaps) {
  make(true);
  const auto src_size = static_cast<std::size_t>(desc_.src_size());
  const auto dst_size = static_cast<std::size_t>(desc_.dst_size());
  const auto invalid = StatusCode::invalid_argument;
  expect_refused("dst is src", invalid, {"dst", "src"}, [](Arguments& a) { a.dst = a.src; });
  expect_refused("dst starts on the last float of src", invalid, {"dst", "src"},
                 [&](Arguments& a) { a.dst = a.src + src_size - 1; });
  expect_refused("dst ends on the first float of src", invalid, {"dst", "src"},
                 [&](Arguments& a) { a.src = a.dst + dst_size - 1; });
  expect_refused("residual is dst, shifted", invalid, {"residual", "dst"},
                 [](Arguments& a) { a.residual = a.dst + 1; });
  expect_refused("residual ends on the first float of dst", invalid, {"residual", "dst"},
                 [&](Arguments& a) { a.dst = a.residual + dst_size - 1; });
  if (required_.size_bytes == 0) return;
  auto* const last =
      static_cast<float*>(good_.workspace.data) + required_.size_bytes / sizeof(float) - 1;
  expect_refused("dst in the workspace", invalid, {"dst", "workspace"},
                 [&](Arguments& a) { a.dst = last; });
  expect_refused("src in the workspace", invalid, {"src", "workspace"},
                 [&](Arguments& a) { a.src = last; });
  expect_refused("residual in the workspace", invalid, {"residual", "workspace"},
                 [&](Arguments& a) { a.residual = last; });
}

TEST_P(RunArguments, NeighboursDoNotOverlap) {
  make(true);
  Arguments arguments = good_;
  arguments.dst = arguments.src + desc_.src_size();
  arguments.residual = arguments.dst + desc_.dst_size();
  const Status status = run(arguments);
  EXPECT_TRUE(status.ok()) << status.message();
  arguments.residual = arguments.dst;
  EXPECT_TRUE(run(arguments).ok());
}

TEST_P(RunArguments, ResidualExactlyWhenDescribed) {
  make(true);
  expect_refused("missing", StatusCode::invalid_argument, {"residual", "null"},
                 [](Arguments& a) { a.residual = nullptr; });
  make(false);
  expect_refused("unexpected", StatusCode::invalid_argument, {"residual"},
                 [this](Arguments& a) { a.residual = at(200000); });
}

/// Parts of src, for a layer of 40 channels: 16 + 16 + 8.
class RunParts : public ::testing::Test {
 protected:
  void SetUp() override {
    desc_.in_channels = 40;
    desc_.out_channels = 3;
    desc_.height = desc_.width = 5;
    desc_.set_padding(1);
    const std::vector<float> weights(static_cast<std::size_t>(desc_.weights_size()), 0.5F);
    PlanOptions options;
    options.algorithm = Algorithm::direct;  // whose sums of small numbers are exact
    Result<Conv2dPlan> plan = Conv2dPlan::create(desc_, options, weights.data(), nullptr);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    plan_.emplace(std::move(plan).value());
    const std::size_t bytes = plan_->workspace(1).size_bytes;
    workspace_.emplace(bytes + 64, Placement::at_start);
    src_.assign(40 * 25, 1.0F);
    dst_.assign(3 * 25, -1.0F);
    parts_ = {{src_.data(), 16}, {src_.data() + 16 * 25, 16}, {src_.data() + 32 * 25, 8}};
  }

  Status run(const SourcePart* parts, int count) {
    return plan_->run(parts, count, dst_.data(), {workspace_->data(), workspace_->size_bytes()});
  }
  Status run(const std::vector<SourcePart>& parts) {
    return run(parts.data(), static_cast<int>(parts.size()));
  }

  void expect_refused(const std::vector<SourcePart>& parts, StatusCode code, const char* words) {
    const Status status = run(parts);
    EXPECT_STREQ(to_string(status.code()), to_string(code)) << status.message();
    EXPECT_NE(std::string(status.message()).find(words), std::string::npos) << status.message();
    for (const float value : dst_) ASSERT_EQ(value, -1.0F) << "dst was written";
  }

  Conv2dDesc desc_;
  std::optional<Conv2dPlan> plan_;
  std::optional<GuardedBuffer> workspace_;
  std::vector<float> src_, dst_;
  std::vector<SourcePart> parts_;
};

TEST_F(RunParts, Good) {
  const Status status = run(parts_);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(dst_[6], 40 * 9 * 0.5F);
  EXPECT_TRUE(run({{src_.data(), 16}, {src_.data(), 16}, {src_.data(), 8}}).ok()) << "one twice";
}

TEST_F(RunParts, Mistakes) {
  EXPECT_EQ(run(nullptr, 2).code(), StatusCode::invalid_argument);
  EXPECT_EQ(run(parts_.data(), 0).code(), StatusCode::invalid_argument);
  EXPECT_EQ(run(parts_.data(), -1).code(), StatusCode::invalid_argument);
  expect_refused(std::vector<SourcePart>(Conv2dPlan::kMaxSourceParts + 1, {src_.data(), 16}),
                 StatusCode::invalid_argument, "count is 65");
  const auto changed = [&](std::size_t index, SourcePart part) {
    std::vector<SourcePart> parts = parts_;
    parts[index] = part;
    return parts;
  };
  expect_refused(changed(1, {nullptr, 16}), StatusCode::invalid_argument, "parts[1].data is null");
  expect_refused(changed(2, {src_.data(), 0}), StatusCode::invalid_argument,
                 "parts[2].channels is 0");
  expect_refused(changed(2, {src_.data(), -8}), StatusCode::invalid_argument, "parts[2].channels");
  expect_refused(changed(2, {src_.data(), 9}), StatusCode::invalid_argument,
                 "parts[2].channels is 9");
  expect_refused(changed(2, {src_.data(), 7}), StatusCode::invalid_argument, "39 channels");
  expect_refused(changed(0, {src_.data(), 15}), StatusCode::invalid_argument, "multiple of 16");
  expect_refused(changed(1, {dst_.data(), 16}), StatusCode::invalid_argument, "dst overlaps src");
  expect_refused(changed(1, {workspace_->floats(), 16}), StatusCode::invalid_argument,
                 "workspace overlaps src");
}

/// 48 channels in parts of 16: groups that are a part, that share one, that are cut by its end.
/// Sums of direct are exact; what `automatic` takes may round.
class RunPartsOfGroups : public testing::TestWithParam<Algorithm> {};

TEST_P(RunPartsOfGroups, Good) {
  PlanOptions options;
  options.algorithm = GetParam();
  const float tolerance = GetParam() == Algorithm::direct ? 0.0F : 1e-5F;
  for (const Layout layout : {Layout::nchw, Layout::nhwc}) {
    for (const std::int64_t groups : {2, 3, 4, 6, 12, 16, 48}) {
      SCOPED_TRACE(std::string(to_string(layout)) + ", groups: " + std::to_string(groups));
      Conv2dDesc desc;
      desc.layout = layout;
      desc.in_channels = desc.out_channels = 48;
      desc.groups = groups;
      desc.height = desc.width = 5;
      desc.set_padding(1);
      const std::vector<float> weights(static_cast<std::size_t>(desc.weights_size()), 1.0F);
      const Result<Conv2dPlan> plan = Conv2dPlan::create(desc, options, weights.data(), nullptr);
      ASSERT_TRUE(plan.ok()) << plan.status().message();
      std::vector<float> src(48 * 25);
      std::vector<SourcePart> parts;
      for (std::size_t i = 0; i < 3; ++i) {
        float* const part = src.data() + i * 16 * 25;
        for (std::size_t j = 0; j < 16 * 25; ++j) {
          const std::size_t channel = layout == Layout::nchw ? j / 25 : j % 16;
          part[j] = static_cast<float>(i * 16 + channel);
        }
        parts.push_back({part, 16});
      }
      GuardedBuffer workspace(plan->workspace(1).size_bytes + 64, Placement::at_start);
      std::vector<float> dst(48 * 25, -1.0F);
      const Status status =
          plan->run(parts.data(), 3, dst.data(), {workspace.data(), workspace.size_bytes()});
      ASSERT_TRUE(status.ok()) << status.message();
      const std::size_t members = 48 / static_cast<std::size_t>(groups);
      for (std::size_t k = 0; k < 48; ++k) {
        const std::size_t first = k / members * members;
        const auto sum = static_cast<float>(members * first + members * (members - 1) / 2);
        const std::size_t middle = layout == Layout::nchw ? k * 25 + 12 : 12 * 48 + k;
        EXPECT_NEAR(dst[middle], 9 * sum, 9 * sum * tolerance) << "output channel " << k;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Algorithms, RunPartsOfGroups,
                         testing::Values(Algorithm::direct, Algorithm::automatic));

INSTANTIATE_TEST_SUITE_P(Algorithms, RunArguments,
                         ::testing::Values(Algorithm::automatic, Algorithm::direct,
                                           Algorithm::winograd_f2, Algorithm::winograd_f4),
                         [](const auto& info) { return std::string(to_string(info.param)); });

}  // namespace
}  // namespace winograd::test
