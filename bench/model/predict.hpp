// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_MODEL_PREDICT_HPP
#define WINOGRAD_BENCH_MODEL_PREDICT_HPP

#include "winograd/conv2d.hpp"

namespace winograd::bench {

/// What the library's cost model says of a layer, without packing weights.
struct Prediction {
  Algorithm algorithm = Algorithm::direct;  ///< what `automatic` chooses
  /// Times of one run on one thread, in floating-point operations of the FMA peak: divided by that
  /// peak they are seconds.
  double peak_flops = 0.0;
  double direct_peak_flops = 0.0;  ///< of the layer as a direct convolution
};

Prediction predict(const Conv2dDesc& desc, Isa max_isa, Accuracy accuracy);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MODEL_PREDICT_HPP
