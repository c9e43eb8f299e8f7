// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_SRC_PIPELINES_DEPTHWISE_HPP
#define WINOGRAD_SRC_PIPELINES_DEPTHWISE_HPP

#include "src/planning/plan_data.hpp"

namespace winograd::detail {

/// Of all taps and the channels of a lane block: the fields that depend on the weights.
template <class E = float>
DepthwiseArgsOf<E> depthwise_arguments(const PlanData& plan, int lane_block) noexcept {
  const Layer& layer = plan.layer;
  DepthwiseArgsOf<E> args{};
  args.kernel_h = layer.kernel_h;
  args.kernel_w = layer.kernel_w;
  args.weights = plan.weights->panel(0, lane_block);
  args.weights_row = std::ptrdiff_t{layer.kernel_w} * kLaneBlock;
  args.weights_block = layer.kernel_h * args.weights_row;
  return args;
}

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PIPELINES_DEPTHWISE_HPP
