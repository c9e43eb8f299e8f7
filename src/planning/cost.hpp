// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What a layer costs with an algorithm, by the cost model of a kernel set.
#ifndef WINOGRAD_SRC_PLANNING_COST_HPP
#define WINOGRAD_SRC_PLANNING_COST_HPP

#include "kernels/contract/kernel_set.hpp"
#include "src/planning/layer.hpp"
#include "src/weights/packed_shape.hpp"

namespace winograd::detail {

/// Estimated time of one run on one thread, in cycles of the micro-kernel's fma units.
double estimated_cycles(const Layer& layer, const PackedShape& shape, const KernelSet& kernels,
                        Accuracy accuracy) noexcept;

/// PlanInfo::estimated. To the cycles above this adds what src and dst take to come and go, which
/// is the same for every algorithm.
Cost cost_of(const Conv2dDesc& desc, const Layer& layer, const PackedShape& shape,
             const KernelSet& kernels, const PlanOptions& options) noexcept;

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PLANNING_COST_HPP
