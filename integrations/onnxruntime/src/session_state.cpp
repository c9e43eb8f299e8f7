// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "session_state.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>
#include <utility>

namespace winograd::ort {
namespace {

struct Call {
  Executor::Task task;
  void* argument;
};

void parallel_for(void* context, int count, Executor::Task task, void* argument) {
  Call call{task, argument};
  OrtStatus* const status = Ort::GetApi().KernelContext_ParallelFor(
      static_cast<OrtKernelContext*>(context),
      [](void* data, std::size_t index) {
        const Call& one = *static_cast<const Call*>(data);
        one.task(one.argument, static_cast<int>(index));
      },
      static_cast<std::size_t>(count), /*no limit of batches*/ 0, &call);
  if (status == nullptr) return;
  // Only for a missing function or context, before any task has run.
  Ort::GetApi().ReleaseStatus(status);
  for (int i = 0; i < count; ++i) task(argument, i);
}

}  // namespace

Executor pool_of(Ort::KernelContext& context, int threads) {
  return {threads, parallel_for, context.GetOrtKernelContext()};
}

int count_threads(Ort::KernelContext& context) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kPatience(2);
  const int most = std::clamp(static_cast<int>(std::thread::hardware_concurrency()), 1,
                              static_cast<int>(Executor::kMaxConcurrency));
  if (most == 1) return 1;
  struct Meeting {
    std::mutex mutex;
    std::set<std::thread::id> present;
    std::size_t expected;
    Clock::time_point end;
  } meeting{{}, {}, static_cast<std::size_t>(most), Clock::now() + kPatience};
  // A thread that has come waits for the others, so that it takes no other's task.
  pool_of(context, most)
      .parallel_for(
          most,
          [](void* argument, int) {
            auto& m = *static_cast<Meeting*>(argument);
            for (;;) {
              {
                const std::lock_guard lock(m.mutex);
                m.present.insert(std::this_thread::get_id());
                if (m.present.size() >= m.expected) return;
              }
              if (Clock::now() >= m.end) return;
              std::this_thread::yield();
            }
          },
          &meeting);
  return static_cast<int>(meeting.present.size());
}

int SessionState::threads(Ort::KernelContext& context) {
  int threads = threads_.load(std::memory_order_relaxed);
  if (threads == 0) {
    threads = count_threads(context);
    threads_.store(threads, std::memory_order_relaxed);
  }
  return threads;
}

WorkspaceBuffer SessionState::take() {
  const std::lock_guard lock(mutex_);
  // Room for all buffers when they come back: giving back must not fail.
  idle_.reserve(idle_.size() + lent_ + 1);
  ++lent_;
  if (idle_.empty()) return {};
  WorkspaceBuffer buffer = std::move(idle_.back());
  idle_.pop_back();
  return buffer;
}

void SessionState::give_back(WorkspaceBuffer buffer) noexcept {
  const std::lock_guard lock(mutex_);
  --lent_;
  idle_.push_back(std::move(buffer));
}

}  // namespace winograd::ort
