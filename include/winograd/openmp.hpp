// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_OPENMP_HPP
#define WINOGRAD_OPENMP_HPP

#include "winograd/executor.hpp"
#include "winograd/export.h"

namespace winograd {

/// An Executor on OpenMP's threads (CMake target `winograd::openmp`). `threads` <= 0 means
/// omp_get_max_threads() at the time of this call. Thread-safe. Not for a child that was forked
/// after OpenMP's threads were started: GNU's OpenMP waits there, forever, for threads that only
/// the parent has. A serial Executor works in such a child.
WINOGRAD_API Executor openmp_executor(int threads = 0) noexcept;

}  // namespace winograd

#endif  // WINOGRAD_OPENMP_HPP
