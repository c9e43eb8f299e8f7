// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "parallel.hpp"

#include <opencv2/core/utility.hpp>

namespace winograd::opencv {
namespace {

void parallel_for(void* /*context*/, int count, Executor::Task task, void* argument) {
  // As many stripes as tasks: the library has already cut the work to the number of threads.
  cv::parallel_for_(
      cv::Range(0, count),
      [=](const cv::Range& range) {
        for (int i = range.start; i < range.end; ++i) task(argument, i);
      },
      count);
}

}  // namespace

Executor executor() { return {cv::getNumThreads(), parallel_for}; }

}  // namespace winograd::opencv
