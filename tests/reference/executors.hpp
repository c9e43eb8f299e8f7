// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Executors that keep the letter of the contract and nothing more.
#ifndef WINOGRAD_TESTS_REFERENCE_EXECUTORS_HPP
#define WINOGRAD_TESTS_REFERENCE_EXECUTORS_HPP

#include "winograd/executor.hpp"

namespace winograd::test {

enum class ExecutorKind : unsigned char {
  serial,    ///< the library's own, one task after another
  reversed,  ///< on the calling thread, the last task first
  threads,   ///< on as many threads as there are tasks, all at once
  openmp,    ///< winograd::openmp_executor
};

const char* to_string(ExecutorKind kind);

/// False for `openmp` in a build without it, and under ThreadSanitizer, which cannot see into the
/// OpenMP run time.
bool executor_available(ExecutorKind kind);

/// `serial` ignores `concurrency`.
Executor make_executor(ExecutorKind kind, int concurrency);

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_EXECUTORS_HPP
