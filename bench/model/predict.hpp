// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_MODEL_PREDICT_HPP
#define WINOGRAD_BENCH_MODEL_PREDICT_HPP

#include "winograd/conv2d.hpp"

namespace winograd::bench {

/// What the library's cost model says of a layer, without weights.
struct Prediction {
  Algorithm algorithm = Algorithm::direct;  ///< what `automatic` chooses
  double seconds = 0.0;                     ///< of one run on one thread; 0 without a calibration
  double direct_seconds = 0.0;              ///< of the layer as a direct convolution
};

/// Throws std::runtime_error where the library refuses the layer.
Prediction predict_layer(const Conv2dDesc& desc, const PlanOptions& options);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MODEL_PREDICT_HPP
