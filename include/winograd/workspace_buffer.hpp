// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Memory for workspaces, for those who have no allocator of their own.
//
//   winograd::WorkspaceBuffer workspace;
//   for (const winograd::Conv2dPlan& plan : layers) {
//     if (const auto status = workspace.reserve(plan, threads); !status) return status;
//   }
//   for (…) plan.run(src, dst, workspace, executor);
#ifndef WINOGRAD_WORKSPACE_BUFFER_HPP
#define WINOGRAD_WORKSPACE_BUFFER_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "winograd/conv2d.hpp"
#include "winograd/status.hpp"

// X11 has a macro of this name.
#pragma push_macro("Status")
#undef Status

namespace winograd {

/// One workspace for any number of plans that do not run at the same time. Owns its memory, which
/// is freed with it; can be moved, not copied. No two threads may use one buffer at once.
class WorkspaceBuffer {
 public:
  WorkspaceBuffer() noexcept = default;
  WorkspaceBuffer(WorkspaceBuffer&& other) noexcept
      : memory_(std::move(other.memory_)), size_bytes_(std::exchange(other.size_bytes_, 0)) {}
  WorkspaceBuffer& operator=(WorkspaceBuffer&& other) noexcept {
    memory_ = std::move(other.memory_);
    size_bytes_ = std::exchange(other.size_bytes_, 0);
    return *this;
  }

  /// From here on the buffer is enough for `plan` with executors of up to `threads` tasks, and
  /// still for every plan that it was enough for before. It never shrinks. Where it has to grow,
  /// Workspaces taken from it before are no longer valid. Fails with `out_of_memory`, and then is
  /// as before.
  Status reserve(const Conv2dPlan& plan, int threads) noexcept {
    const WorkspaceRequirement need = plan.workspace(threads);
    const std::size_t had = memory_.get_deleter().alignment_bytes;
    if (need.size_bytes == 0) return {};
    if (need.size_bytes <= size_bytes_ && need.alignment_bytes <= had) return {};
    const std::size_t bytes = need.size_bytes > size_bytes_ ? need.size_bytes : size_bytes_;
    const std::size_t alignment = need.alignment_bytes > had ? need.alignment_bytes : had;
    // Rounding up to the alignment, which operator new does, must not overflow.
    void* const memory = bytes > PTRDIFF_MAX
                             ? nullptr
                             : ::operator new (bytes, std::align_val_t{alignment}, std::nothrow);
    if (memory == nullptr) {
      return Status::failure(StatusCode::out_of_memory, "no memory for a workspace of %zu bytes",
                             bytes);
    }
    memory_ = {memory, Free{alignment}};
    size_bytes_ = bytes;
    return {};
  }

  std::size_t size_bytes() const noexcept { return size_bytes_; }

  /// For Conv2dPlan::run; valid until the buffer grows, is moved from or destroyed.
  operator Workspace() const noexcept {  // NOLINT: implicit on purpose
    return {memory_.get(), size_bytes_};
  }

 private:
  struct Free {
    std::size_t alignment_bytes;
    void operator()(void* memory) const noexcept {
      ::operator delete (memory, std::align_val_t{alignment_bytes});
    }
  };

  std::unique_ptr<void, Free> memory_{nullptr, Free{1}};
  std::size_t size_bytes_ = 0;
};

}  // namespace winograd

#pragma pop_macro("Status")

#endif  // WINOGRAD_WORKSPACE_BUFFER_HPP
