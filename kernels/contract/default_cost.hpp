// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The cost model of sets that have none of their own. Fitted on AVX2, before that had constants of
// its own; the units are cycles per vector, so that it carries over to other vector lengths.
#ifndef WINOGRAD_KERNELS_CONTRACT_DEFAULT_COST_HPP
#define WINOGRAD_KERNELS_CONTRACT_DEFAULT_COST_HPP

#include "kernels/contract/kernel_set.hpp"

namespace winograd::detail {

inline constexpr CostModel kDefaultCost = {
    .start = 4200,
    .gemm = 1.24,
    .gemm_start = 7,
    .gemm_call = 0,
    .direct_gemm = 1.4,
    .direct_start = 8.4,
    .narrow = 1,
    .planes = 1.24,
    .planes_start = 6.8,
    .transform = 6.3,
    .large_input = 6.9,
    .large_output = 11,
    .nchw_input = 2.4,
    .nchw_output = 0.45,
    .large_nchw = 1,
    .strip = 0,
    .nchw_direct_in = 7.6,
    .nchw_direct_out = 0.8,
    .line_of_l3 = 2,
    .line_of_memory = 8.2,
    .latency_rows = 4.6,
    .depthwise_tap = 1,
    .depthwise_finish = 3,
    .depthwise_staged = 7,
    .group_product = 0.7,
};

}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_CONTRACT_DEFAULT_COST_HPP
