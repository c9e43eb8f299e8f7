// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Which algorithm computes a layer: what applies, what it costs, how exact it is.
#ifndef WINOGRAD_SRC_PLANNING_SELECTION_HPP
#define WINOGRAD_SRC_PLANNING_SELECTION_HPP

#include "kernels/contract/kernel_set.hpp"
#include "src/planning/layer.hpp"
#include "src/weights/packed_shape.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::detail {

/// Products in a chain of the sum.
int chain_length(const PackedShape& shape, Accuracy accuracy) noexcept;

/// PlanInfo::expected_rms_error.
double expected_rms_error(const Layer& layer, const PackedShape& shape, const KernelSet& kernels,
                          int chain) noexcept;

/// Bytes of weights and bias packed in this shape.
std::size_t packed_bytes(const PackedShape& shape) noexcept;

/// True if options.accuracy and options.packed_limit_bytes leave this shape to automatic selection.
bool allowed(const Layer& layer, const PackedShape& shape, const KernelSet& kernels,
             const PlanOptions& options) noexcept;

/// The failure when no algorithm is allowed: says what packed_limit_bytes would be enough.
Status nothing_allowed(const Conv2dDesc& desc, const PlanOptions& options,
                       const KernelSet& kernels) noexcept;

/// The allowed algorithm that is estimated cheapest. `reason` gets the words for it.
Result<PackedShape> estimated_shape(const Conv2dDesc& desc, const PlanOptions& options,
                                    const KernelSet& kernels, char* reason,
                                    std::size_t reason_size) noexcept;

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PLANNING_SELECTION_HPP
