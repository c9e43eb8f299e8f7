// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "winograd/openmp.hpp"

#include <omp.h>

namespace winograd {
namespace {

void openmp_parallel_for(void* /*context*/, int count, Executor::Task task, void* argument) {
#pragma omp parallel for schedule(static, 1) num_threads(count)
  for (int i = 0; i < count; ++i) task(argument, i);
}

}  // namespace

Executor openmp_executor(int threads) noexcept {
  return {threads > 0 ? threads : omp_get_max_threads(), &openmp_parallel_for};
}

}  // namespace winograd
