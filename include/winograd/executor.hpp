// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Threads belong to the caller. The library asks for them through this one small type.
#ifndef WINOGRAD_EXECUTOR_HPP
#define WINOGRAD_EXECUTOR_HPP

namespace winograd {

/// A way to run `count` independent tasks, wrapping the caller's thread pool.
///
/// A plain value: two pointers and a number, copied freely, owning nothing. `context` must outlive
/// every run that uses it. A default-made Executor runs tasks one after another on the calling
/// thread.
class Executor {
 public:
  /// One task; `argument` is what parallel_for was given, `index` is in [0, count).
  using Task = void (*)(void* argument, int index);

  /// Must call task(argument, i) once for each i in [0, count), in any order, on any threads, and
  /// return when all have returned. Tasks never wait for each other, so running them one after
  /// another is correct. It must not throw.
  using ParallelFor = void (*)(void* context, int count, Task task, void* argument);

  /// Serial execution.
  constexpr Executor() noexcept = default;

  /// More tasks than this are never asked for.
  static constexpr int kMaxConcurrency = 1024;

  /// `concurrency`: how many tasks are expected to run at once (values below 1 count as 1, those
  /// above kMaxConcurrency as that). Work is cut into about that many tasks; the workspace holds
  /// one scratch area for each.
  constexpr Executor(int concurrency, ParallelFor function, void* context = nullptr) noexcept
      : parallel_for_(function), context_(context),
        concurrency_(concurrency < 1 || function == nullptr ? 1
                     : concurrency > kMaxConcurrency        ? kMaxConcurrency
                                                            : concurrency) {}

  constexpr int concurrency() const noexcept { return concurrency_; }

  void parallel_for(int count, Task task, void* argument) const noexcept {
    if (parallel_for_ == nullptr || count <= 1) {
      for (int i = 0; i < count; ++i) task(argument, i);
    } else {
      parallel_for_(context_, count, task, argument);
    }
  }

 private:
  ParallelFor parallel_for_ = nullptr;
  void* context_ = nullptr;
  int concurrency_ = 1;
};

}  // namespace winograd

#endif  // WINOGRAD_EXECUTOR_HPP
