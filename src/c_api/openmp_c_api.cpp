// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include <cstdint>

#include "src/c_api/c_api_convert.hpp"
#include "winograd/openmp.h"
#include "winograd/openmp.hpp"

namespace {

/// `context` is the number of threads.
void parallel_for(void* context, int count, winograd_task task, void* argument) {
  const int threads = static_cast<int>(reinterpret_cast<std::intptr_t>(context));
  winograd::openmp_executor(threads).parallel_for(count, task, argument);
}

}  // namespace

winograd_status winograd_openmp_executor(int threads, winograd_executor* executor) {
  const int concurrency = winograd::openmp_executor(threads).concurrency();
  winograd_executor made{};
  made.parallel_for = parallel_for;
  made.context = reinterpret_cast<void*>(static_cast<std::intptr_t>(concurrency));
  made.concurrency = concurrency;
  return winograd::c_api::to_c(winograd::c_api::write_struct("executor", made, executor));
}
