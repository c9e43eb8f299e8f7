// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_PEERS_THREADS_HPP
#define WINOGRAD_BENCH_PEERS_THREADS_HPP

#include <stdexcept>

#include "winograd/executor.hpp"
#if defined(WINOGRAD_BENCH_HAVE_OPENMP)
#include "winograd/openmp.hpp"
#endif

namespace winograd::bench {

/// Serial for one thread; OpenMP for more.
inline Executor executor_for(int threads) {
  if (threads <= 1) return {};
#if defined(WINOGRAD_BENCH_HAVE_OPENMP)
  return openmp_executor(threads);
#else
  throw std::invalid_argument("this build has no OpenMP: --threads 1 only");
#endif
}

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_PEERS_THREADS_HPP
