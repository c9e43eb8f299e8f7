// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/peers/winograd.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <utility>

#include "bench/measure/bound.hpp"
#include "bench/peers/threads.hpp"
#include "src/runtime/kernel_sets.hpp"
#include "src/runtime/stage_clock.hpp"

namespace winograd::bench {
namespace {

[[noreturn]] void fail(const Status& status) {
  if (status.code() == StatusCode::unsupported) throw Unsupported(status.message());
  throw std::runtime_error(fmt::format("{}: {}", to_string(status.code()), status.message()));
}

class WinogradContender final : public Contender {
 public:
  WinogradContender(const Problem& problem, Conv2dPlan plan)
      : plan_(std::move(plan)), src_(problem.src), dst_(problem.desc.dst_size()),
        scratch_(problem.scratch), workspace_bytes_(plan_.workspace(problem.threads).size_bytes),
        executor_(executor_for(problem.threads)) {
    scratch_->reserve(workspace_bytes_);
    if (type() == DataType::f32) return;
    const std::int64_t size = plan_.desc().src_size();
    narrow_src_ = Buffer(size);
    storage().narrow(
        {problem.src, 0, halves(narrow_src_), 0, 1, static_cast<std::ptrdiff_t>(size)});
    src_ = narrow_src_.data();
  }

  void run() override {
    const Status status =
        plan_.run(type(), src_, dst_.data(), {scratch_->data(), workspace_bytes_}, executor_);
    if (!status.ok()) fail(status);
  }
  void read_output(float* dst) const override {
    const std::int64_t size = plan_.desc().dst_size();
    if (type() == DataType::f32) {
      std::copy_n(dst_.data(), size, dst);
    } else {
      storage().widen({halves(dst_), 0, dst, 0, 1, static_cast<std::ptrdiff_t>(size)});
    }
  }
  std::string label() const override { return to_string(plan_.info().algorithm); }
  std::string detail() const override {
    const PlanInfo info = plan_.info();
    return fmt::format("{}: {}", info.kernel, info.reason);
  }
  double estimated_seconds() const override { return plan_.info().estimated.seconds; }
  double arithmetic_bound() const override {
    return bench::arithmetic_bound(plan_.desc(), plan_.info().algorithm);
  }
  std::size_t workspace_bytes() const override { return workspace_bytes_; }
  std::size_t packed_bytes() const override { return plan_.info().packed_bytes; }
  double gemm_flops() const { return bench::gemm_flops(plan_.desc(), plan_.info().algorithm); }
  // The estimate is for typical data: within a factor of 4, or something is wrong.
  double rms_error_bound() const override { return 4.0 * plan_.info().expected_rms_error; }

 private:
  DataType type() const { return plan_.desc().data_type; }
  const detail::StorageKernels& storage() const {
    return detail::find_kernel_set(plan_.info().isa)->storage_of(type());
  }
  /// What a buffer holds if the type has 16 bits; it is larger than it need be.
  static std::uint16_t* halves(Buffer& buffer) {
    return reinterpret_cast<std::uint16_t*>(buffer.data());
  }
  static const std::uint16_t* halves(const Buffer& buffer) {
    return reinterpret_cast<const std::uint16_t*>(buffer.data());
  }

  Conv2dPlan plan_;
  const float* src_;
  Buffer narrow_src_;
  Buffer dst_;
  std::shared_ptr<Scratch> scratch_;
  std::size_t workspace_bytes_;
  Executor executor_;
};

}  // namespace

Calibration machine_calibration(Isa isa) {
  static std::map<Isa, Calibration> known;
  const auto found = known.find(isa);
  if (found != known.end()) return found->second;
  PlanOptions options;
  options.max_isa = isa;
  const Result<Calibration> measured = calibrate(options);
  if (!measured.ok()) fail(measured.status());
  return known[isa] = *measured;
}

std::unique_ptr<Contender> create_winograd(const Problem& problem, Algorithm algorithm,
                                           Accuracy accuracy) {
  PlanOptions options;
  options.algorithm = algorithm;
  options.accuracy = accuracy;
  options.max_isa = problem.max_isa;
  options.calibration = machine_calibration(problem.max_isa);
  Result<Conv2dPlan> plan =
      Conv2dPlan::create(problem.desc, options, problem.weights, problem.bias);
  if (!plan.ok()) fail(plan.status());
  return std::make_unique<WinogradContender>(problem, std::move(plan).value());
}

StageProfile profile_stages(Contender& contender) {
  detail::StageTimes times;
  StageProfile profile;
  profile.gemm_flops = static_cast<const WinogradContender&>(contender).gemm_flops();
  detail::stage_times() = &times;
  const auto begin = std::chrono::steady_clock::now();
  contender.run();
  const std::chrono::duration<double> total = std::chrono::steady_clock::now() - begin;
  detail::stage_times() = nullptr;
  profile.total_seconds = total.count();
  const auto seconds = [&](detail::Stage stage) {
    return times.seconds[static_cast<unsigned>(stage)];
  };
  profile.input_seconds = seconds(detail::Stage::input_transform);
  profile.gemm_seconds = seconds(detail::Stage::gemm);
  profile.output_seconds = seconds(detail::Stage::output_transform);
  return profile;
}

Isa chosen_isa(Isa max_isa) {
  Conv2dDesc desc;
  desc.in_channels = desc.out_channels = 1;
  desc.height = desc.width = 3;
  PlanOptions options;
  options.max_isa = max_isa;
  const float weights[9] = {};
  const Result<Conv2dPlan> plan = Conv2dPlan::create(desc, options, weights, nullptr);
  if (!plan.ok()) fail(plan.status());
  return plan->info().isa;
}

}  // namespace winograd::bench
