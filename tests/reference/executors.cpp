// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/executors.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/reference/build_info.hpp"

#ifdef WINOGRAD_TEST_OPENMP
#include "winograd/openmp.hpp"
#endif

namespace winograd::test {
namespace {

void run_reversed(void*, int count, Executor::Task task, void* argument) {
  for (int i = count; i-- > 0;) task(argument, i);
}

/// As many threads as were ever needed at once, kept for the next run: to start thousands is slow
/// under an emulator, and QEMU never frees the megabyte that it needs for each.
class ThreadPool {
 public:
  ThreadPool() = default;
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  /// Runs all tasks at once, also if other callers, or tasks, run some at the same time.
  void run(int count, Executor::Task task, void* argument) {
    std::unique_lock lock(mutex_);
    int unfinished = count;
    for (int i = 0; i < count; ++i) jobs_.push_back({task, argument, i, &unfinished});
    unfinished_jobs_ += static_cast<std::size_t>(count);
    while (threads_.size() < unfinished_jobs_) threads_.emplace_back([this] { work(); });
    wake_.notify_all();
    done_.wait(lock, [&] { return unfinished == 0; });
  }

 private:
  struct Job {
    Executor::Task task;
    void* argument;
    int index;
    int* unfinished;
  };

  void work() {
    std::unique_lock lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      const Job job = jobs_.front();
      jobs_.pop_front();
      lock.unlock();
      job.task(job.argument, job.index);
      lock.lock();
      --unfinished_jobs_;
      if (--*job.unfinished == 0) done_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::deque<Job> jobs_;             ///< not yet taken
  std::size_t unfinished_jobs_ = 0;  ///< with those taken
  std::vector<std::thread> threads_;
  bool stop_ = false;
};

void run_on_threads(void*, int count, Executor::Task task, void* argument) {
  static ThreadPool pool;
  pool.run(count, task, argument);
}

}  // namespace

const char* to_string(ExecutorKind kind) {
  switch (kind) {
    case ExecutorKind::serial: return "serial";
    case ExecutorKind::reversed: return "reversed";
    case ExecutorKind::threads: return "threads";
    case ExecutorKind::openmp: return "openmp";
  }
  return "?";
}

bool executor_available(ExecutorKind kind) {
  if (kind != ExecutorKind::openmp) return true;
#ifdef WINOGRAD_TEST_OPENMP
  return WINOGRAD_TEST_THREAD_SANITIZER == 0;
#else
  return false;
#endif
}

Executor make_executor(ExecutorKind kind, int concurrency) {
  switch (kind) {
    case ExecutorKind::serial: return {};
    case ExecutorKind::reversed: return {concurrency, run_reversed};
    case ExecutorKind::threads: return {concurrency, run_on_threads};
    case ExecutorKind::openmp:
#ifdef WINOGRAD_TEST_OPENMP
      return openmp_executor(concurrency);
#else
      break;
#endif
  }
  return {};
}

}  // namespace winograd::test
