// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Where the time of a run goes. Off unless a thread asks for it; then each stage costs two clock
// readings per block.
#ifndef WINOGRAD_SRC_RUNTIME_STAGE_CLOCK_HPP
#define WINOGRAD_SRC_RUNTIME_STAGE_CLOCK_HPP

#include <chrono>

namespace winograd::detail {

enum class Stage : unsigned { input_transform, gemm, output_transform };
inline constexpr int kStages = 3;

/// Seconds by stage, added up over the runs of one thread.
struct StageTimes {
  double seconds[kStages] = {};
};

/// Where the stages of runs on this thread are counted; null (the default) counts nothing. Tasks
/// that an executor runs on other threads are counted there.
StageTimes*& stage_times() noexcept;

/// Adds its lifetime to a stage.
class StageTimer {
 public:
  explicit StageTimer(Stage stage) noexcept : times_(stage_times()), stage_(stage) {
    if (times_ != nullptr) start_ = Clock::now();
  }
  ~StageTimer() {
    if (times_ == nullptr) return;
    const std::chrono::duration<double> elapsed = Clock::now() - start_;
    times_->seconds[static_cast<unsigned>(stage_)] += elapsed.count();
  }
  StageTimer(const StageTimer&) = delete;
  StageTimer& operator=(const StageTimer&) = delete;

 private:
  using Clock = std::chrono::steady_clock;
  StageTimes* times_;
  Stage stage_;
  Clock::time_point start_{};
};

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_RUNTIME_STAGE_CLOCK_HPP
