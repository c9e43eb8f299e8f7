// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_OPENCV_SRC_PARALLEL_HPP
#define WINOGRAD_OPENCV_SRC_PARALLEL_HPP

#include "winograd/executor.hpp"

namespace winograd::opencv {

/// cv::parallel_for_ with cv::getNumThreads() threads, as of this call.
Executor executor();

}  // namespace winograd::opencv

#endif  // WINOGRAD_OPENCV_SRC_PARALLEL_HPP
