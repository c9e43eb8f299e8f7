// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "winograd/openmp.hpp"

#include "winograd/conv2d.hpp"

namespace {

void mark(void* argument, int index) { static_cast<int*>(argument)[index] += 1; }

}  // namespace

int main() {
  int counts[5] = {};
  const winograd::Executor executor = winograd::openmp_executor(2);
  executor.parallel_for(5, mark, counts);
  bool right = executor.concurrency() == 2;
  for (const int count : counts) right = right && count == 1;

  // winograd::openmp brings winograd::winograd along.
  const winograd::Conv2dDesc empty;
  right = right && winograd::validate(empty).code() == winograd::StatusCode::invalid_argument;
  return right ? 0 : 1;
}
