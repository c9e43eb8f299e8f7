// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "reference/executors.hpp"

#include <thread>
#include <vector>

#include "reference/build_info.hpp"

#ifdef WINOGRAD_TEST_OPENMP
#include "winograd/openmp.hpp"
#endif

namespace winograd::test {
namespace {

void run_reversed(void*, int count, Executor::Task task, void* argument) {
  for (int i = count; i-- > 0;) task(argument, i);
}

void run_on_threads(void*, int count, Executor::Task task, void* argument) {
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) threads.emplace_back(task, argument, i);
  for (std::thread& thread : threads) thread.join();
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
