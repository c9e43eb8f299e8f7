// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What the layers of one session share while they run: its threads and scratch memory.
#ifndef WINOGRAD_ONNXRUNTIME_SRC_SESSION_STATE_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_SESSION_STATE_HPP

#include <atomic>
#include <mutex>
#include <vector>

#include "api.hpp"
#include "winograd/conv2d.hpp"
#include "winograd/workspace_buffer.hpp"

namespace winograd::ort {

/// Runs tasks on the threads of the session that a kernel's context belongs to.
Executor pool_of(Ort::KernelContext& context, int threads);

/// How many threads the session's pool brings to a loop. The interface does not tell: so a loop is
/// run whose tasks wait for each other, for a moment at most.
int count_threads(Ort::KernelContext& context);

class SessionState {
 public:
  /// `threads`: 0 to count those of the session's pool, at the first run.
  explicit SessionState(int threads) : threads_(threads) {}

  int threads(Ort::KernelContext& context);

  /// Scratch memory, for as long as this lives. Layers run one after another, so one piece is
  /// enough for all of them; runs of the session at the same time get one each.
  class Lease {
   public:
    explicit Lease(SessionState& state) : state_(state), buffer_(state.take()) {}
    ~Lease() { state_.give_back(std::move(buffer_)); }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    WorkspaceBuffer& buffer() { return buffer_; }

   private:
    SessionState& state_;
    WorkspaceBuffer buffer_;
  };

 private:
  WorkspaceBuffer take();
  void give_back(WorkspaceBuffer buffer) noexcept;

  std::atomic<int> threads_;
  std::mutex mutex_;
  std::vector<WorkspaceBuffer> idle_;
  std::size_t lent_ = 0;
};

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_SESSION_STATE_HPP
