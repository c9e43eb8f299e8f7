// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// An executor on threads, which are web workers here, for JavaScript: it can make neither a
// function pointer that runs on other threads nor a thread.
//
//   winograd_executor* winograd_thread_pool_create(int concurrency)
//       An executor for winograd_conv2d_plan_run, or null if there is no memory or a thread would
//       not start. The caller's thread takes tasks too, so the pool has one thread less.
//   void winograd_thread_pool_destroy(winograd_executor*)
//       Ends the threads. Null is allowed.
//
// One run at a time: a second caller waits for the first.
#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <new>

#include "winograd/executor.hpp"
#include "winograd/winograd.h"

namespace {

using winograd::Executor;

class ThreadPool {
 public:
  ThreadPool() {
    executor_.struct_size = sizeof executor_;
    executor_.parallel_for = [](void* context, int count, winograd_task task, void* argument) {
      static_cast<ThreadPool*>(context)->run(count, task, argument);
    };
    executor_.context = this;
    executor_.concurrency = 1;
  }
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (int i = 0; i < executor_.concurrency - 1; ++i) pthread_join(threads_[i], nullptr);
  }

  /// False if one does not start. pthreads, because std::thread throws then.
  bool start(int concurrency) {
    while (executor_.concurrency < concurrency) {
      const auto work = [](void* pool) -> void* {
        static_cast<ThreadPool*>(pool)->work();
        return nullptr;
      };
      if (pthread_create(&threads_[executor_.concurrency - 1], nullptr, work, this) != 0) {
        return false;
      }
      ++executor_.concurrency;
    }
    return true;
  }

  winograd_executor* executor() { return &executor_; }
  /// The pool that executor() belongs to.
  static ThreadPool* of(const winograd_executor* executor) {
    return static_cast<ThreadPool*>(executor->context);
  }

 private:
  void run(int count, winograd_task task, void* argument) {
    const std::lock_guard one_at_a_time(callers_);
    {
      const std::lock_guard lock(mutex_);
      task_ = task;
      argument_ = argument;
      count_ = count;
      next_ = 0;
      ++run_;
    }
    wake_.notify_all();
    take_tasks(task, argument, count);
    // Whoever has not begun by now finds no task left; whoever has is waited for.
    std::unique_lock lock(mutex_);
    count_ = 0;
    done_.wait(lock, [this] { return working_ == 0; });
  }

  /// Only while a run counts the caller in: the next one resets next_.
  void take_tasks(winograd_task task, void* argument, int count) {
    for (int i = next_.fetch_add(1); i < count; i = next_.fetch_add(1)) task(argument, i);
  }

  void work() {
    std::unique_lock lock(mutex_);
    for (unsigned seen = 0;;) {
      wake_.wait(lock, [&] { return stop_ || run_ != seen; });
      if (stop_) return;
      seen = run_;
      if (count_ == 0) continue;  // it is over already
      const winograd_task task = task_;
      void* const argument = argument_;
      const int count = count_;
      ++working_;
      lock.unlock();
      take_tasks(task, argument, count);
      lock.lock();
      if (--working_ == 0) done_.notify_all();
    }
  }

  winograd_executor executor_{};
  std::mutex callers_, mutex_;
  std::condition_variable wake_, done_;
  winograd_task task_ = nullptr;
  void* argument_ = nullptr;
  int count_ = 0;
  std::atomic<int> next_{0};
  unsigned run_ = 0;  ///< number of the run
  int working_ = 0;   ///< threads of the pool that are in it
  bool stop_ = false;
  pthread_t threads_[Executor::kMaxConcurrency - 1];
};

}  // namespace

extern "C" {

__attribute__((used)) winograd_executor* winograd_thread_pool_create(int concurrency) {
  if (concurrency > Executor::kMaxConcurrency) concurrency = Executor::kMaxConcurrency;
  auto* const pool = new (std::nothrow) ThreadPool();
  if (pool == nullptr) return nullptr;
  if (pool->start(concurrency)) return pool->executor();
  delete pool;
  return nullptr;
}

__attribute__((used)) void winograd_thread_pool_destroy(winograd_executor* executor) {
  if (executor != nullptr) delete ThreadPool::of(executor);
}

}  // extern "C"
