// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/op_runner.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>

#include "tests/reference/crash_note.hpp"
#include "tests/reference/eigen_conv2d.hpp"
#include "tests/reference/sixteen_bits.hpp"

namespace winograd::test {
namespace {

std::string context_of(const OpCase& op, const Planner& planner) {
  return "to run this alone: WINOGRAD_TEST_CASE='" + to_line(op) + "' " + planner.program;
}

/// The workspace: 64-byte aligned whatever the placement, so at the end only if the size permits.
GuardedBuffer make_workspace(const WorkspaceRequirement& required, Placement placement) {
  if (required.size_bytes % required.alignment_bytes != 0) placement = Placement::at_start;
  return {required.size_bytes, placement};
}

/// src in memory of its own, as one tensor or in parts along the channels.
class GuardedSource {
 public:
  GuardedSource(const OpCase& op, const std::vector<float>& src) : type_(op.desc.data_type) {
    const std::int64_t channels = op.desc.in_channels;
    const std::int64_t step = op.part == 0 ? channels : op.part;
    for (std::int64_t first = 0; first < channels; first += step) {
      const std::int64_t count = std::min(step, channels - first);
      memory_.push_back(std::make_unique<GuardedInput>(slice(op.desc, src, first, count),
                                                       op.placement,
                                                       static_cast<std::size_t>(op.shift), type_));
      parts_.push_back({memory_.back()->elements(), count});
    }
  }

  Status run(const Conv2dPlan& plan, void* dst, Workspace workspace, const Executor& executor,
             const void* residual) const {
    const void* const src = parts_[0].data;
    const int count = static_cast<int>(parts_.size());
    if (type_ == DataType::f32) {
      auto* const floats = static_cast<float*>(dst);
      const auto* const added = static_cast<const float*>(residual);
      return count == 1
                 ? plan.run(static_cast<const float*>(src), floats, workspace, executor, added)
                 : plan.run(parts_.data(), count, floats, workspace, executor, added);
    }
    return count == 1 ? plan.run(type_, src, dst, workspace, executor, residual)
                      : plan.run(type_, parts_.data(), count, dst, workspace, executor, residual);
  }

 private:
  static std::vector<float> slice(const Conv2dDesc& desc, const std::vector<float>& src,
                                  std::int64_t first, std::int64_t count) {
    const std::int64_t plane = desc.height * desc.width;
    const bool nhwc = desc.layout == Layout::nhwc;
    const std::int64_t runs = nhwc ? desc.batch * plane : desc.batch;  // neighbours in memory
    const std::int64_t length = nhwc ? 1 : plane;
    std::vector<float> values;
    for (std::int64_t i = 0; i < runs; ++i) {
      const float* from =
          src.data() + static_cast<std::size_t>((i * desc.in_channels + first) * length);
      values.insert(values.end(), from, from + static_cast<std::size_t>(count * length));
    }
    return values;
  }

  DataType type_;
  std::vector<std::unique_ptr<GuardedInput>> memory_;
  std::vector<SourcePart> parts_;
};

}  // namespace

Result<Conv2dPlan> make_plan(const OpCase& op, const OpData& data, const Planner& planner) {
  const auto shift = static_cast<std::size_t>(op.shift);
  const bool hwio = op.options.weight_layout == WeightLayout::hwio;
  const GuardedInput weights(hwio ? to_hwio(op.desc, data.weights) : data.weights, op.placement,
                             shift, op.weights_type);
  const GuardedInput bias(data.bias, op.placement, shift);
  const GuardedInput slopes(data.slopes, op.placement, shift);
  PlanOptions options = op.options;
  if (!data.slopes.empty()) options.prelu_slopes = slopes.data();
  if (op.weights_type != DataType::f32) {
    return planner.create_typed(op.desc, options, op.weights_type, weights.elements(),
                                op.bias ? bias.data() : nullptr);
  }
  return planner.create(op.desc, options, weights.data(), op.bias ? bias.data() : nullptr);
}

std::vector<float> run_plan(const Conv2dPlan& plan, const OpCase& op, const OpData& data) {
  const auto shift = static_cast<std::size_t>(op.shift);
  const auto size = static_cast<std::size_t>(op.desc.dst_size());
  const Executor executor = make_executor(op.executor, op.threads);
  const GuardedSource src(op, data.src);
  const DataType type = op.desc.data_type;
  const GuardedBuffer dst(size * bytes_of(type), op.placement, shift * bytes_of(type));
  const WorkspaceRequirement required = plan.workspace(executor.concurrency());
  const GuardedBuffer workspace = make_workspace(required, op.placement);

  const void* residual = nullptr;
  std::optional<GuardedInput> separate_residual;
  if (op.desc.residual && op.residual_in_place) {
    to_memory(type, data.residual, dst.data());
    residual = dst.data();
  } else if (op.desc.residual) {
    residual = separate_residual.emplace(data.residual, op.placement, shift, type).elements();
  }

  const Status status =
      src.run(plan, dst.data(), {workspace.data(), workspace.size_bytes()}, executor, residual);
  EXPECT_TRUE(status.ok()) << status.message();
  EXPECT_TRUE(dst.intact()) << "written outside of dst";
  EXPECT_TRUE(workspace.intact()) << "written outside of the workspace";
  if (!status.ok()) return {};
  return from_memory(type, dst.data(), size);
}

Comparison check_op(const OpCase& op, const OpData& data, const Planner& planner) {
  const std::string context = context_of(op, planner);
  SCOPED_TRACE(context);
  const CrashNote note(context);

  const Result<Conv2dPlan> plan = make_plan(op, data, planner);
  if (!algorithm_applies(op.desc, op.options.algorithm)) {
    EXPECT_FALSE(plan.ok()) << to_string(op.options.algorithm) << " does not take this geometry";
    EXPECT_EQ(to_string(plan.status().code()), to_string(StatusCode::unsupported))
        << plan.status().message();
    return {};
  }
  if (!plan.ok()) {
    ADD_FAILURE() << "no plan: " << plan.status().message();
    return {};
  }
  const PlanInfo info = plan->info();
  EXPECT_NE(info.algorithm, Algorithm::automatic);
  if (op.options.algorithm != Algorithm::automatic) {
    EXPECT_STREQ(to_string(info.algorithm), to_string(op.options.algorithm));
  }
  if (op.options.max_isa != Isa::best) {
    EXPECT_STREQ(to_string(info.isa), to_string(op.options.max_isa));
  }
  const std::vector<float> dst = run_plan(*plan, op, data);
  if (dst.empty()) return {};
  if (op.threads > 1 || op.part != 0) {
    OpCase alone = op;
    alone.threads = 1;
    alone.executor = ExecutorKind::serial;
    alone.part = 0;
    EXPECT_TRUE(same_bits(dst, run_plan(*plan, alone, data))) << "the threads or parts show";
  }
  const Comparison comparison =
      compare(op.desc, info.algorithm, data.reference, dst.data(), halves_of(info, op.options));
  EXPECT_TRUE(comparison.ok()) << comparison.failure << "\nkernel " << info.kernel;
  return comparison;
}

::testing::AssertionResult oracles_agree(const OpCase& op, const OpData& data) {
  const std::vector<double> eigen =
      eigen_conv2d(op.desc, data.weights.data(), op.bias ? data.bias.data() : nullptr,
                   data.src.data(), data.residual.data());
  for (std::size_t i = 0; i < eigen.size(); ++i) {
    const double difference = std::fabs(eigen[i] - data.reference.linear[i]);
    if (difference > 1e-13 * data.reference.absolute_sum[i]) {
      return ::testing::AssertionFailure()
             << "oracles differ by " << difference << " at dst[" << i << "] of " << to_line(op);
    }
  }
  return ::testing::AssertionSuccess();
}

::testing::AssertionResult same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) {
    return ::testing::AssertionFailure() << a.size() << " and " << b.size() << " elements";
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::memcmp(&a[i], &b[i], sizeof(float)) != 0) {
      return ::testing::AssertionFailure() << "element " << i << ": " << a[i] << " and " << b[i];
    }
  }
  return ::testing::AssertionSuccess();
}

void WorstRatios::add(const Comparison& comparison) {
  element = std::max(element, comparison.element_ratio);
  rms = std::max(rms, comparison.rms_ratio);
}

}  // namespace winograd::test
