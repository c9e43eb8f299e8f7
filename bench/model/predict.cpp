// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/model/predict.hpp"

#include <stdexcept>

#include "bench/layers/layer.hpp"
#include "src/planning/cost.hpp"
#include "src/planning/selection.hpp"
#include "src/runtime/kernel_sets.hpp"

namespace winograd::bench {

Prediction predict(const Conv2dDesc& desc, Isa max_isa, Accuracy accuracy) {
  const detail::KernelSet& kernels = *detail::best_kernel_set(max_isa);
  PlanOptions options;
  options.accuracy = accuracy;
  char reason[256];
  const Result<detail::PackedShape> chosen =
      detail::estimated_shape(desc, options, kernels, reason, sizeof reason);
  if (!chosen.ok()) throw std::runtime_error(chosen.status().message());
  detail::PackedShape direct;
  if (const Status status = detail::shape_for(desc, Algorithm::direct, &direct); !status.ok())
    throw std::runtime_error(status.message());

  const detail::Layer layer(desc);
  // The model counts cycles in which two vectors of multiply-adds could be done.
  const double flops_per_cycle = 2.0 * 2.0 * kernels.lanes;
  // It is made to choose among algorithms, and knows nothing of depthwise layers, for which there
  // is one only. These come to this share of the peak (5x5 and 3x3, AVX-512, data in L2).
  constexpr double kDepthwiseShare = 0.3;
  const auto peak_flops = [&](const detail::PackedShape& shape) {
    if (shape.depthwise) return direct_flops(desc) / kDepthwiseShare;
    return flops_per_cycle * detail::estimated_cycles(layer, shape, kernels, accuracy);
  };
  return {chosen->algorithm, peak_flops(*chosen), peak_flops(direct)};
}

}  // namespace winograd::bench
