// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The instruction sets there are, and the choice of a kernel set.
#ifndef WINOGRAD_SRC_RUNTIME_KERNEL_SETS_HPP
#define WINOGRAD_SRC_RUNTIME_KERNEL_SETS_HPP

#include "kernels/contract/kernel_set.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::detail {

/// True for the instruction sets that have a name, of any architecture; false for `best`.
bool is_instruction_set(Isa isa) noexcept;

/// The set for `isa` if it is built in and runs here, else null; null for any other number.
const KernelSet* find_kernel_set(Isa isa) noexcept;

/// The strongest set that runs here and is not wider than `max_isa` and WINOGRAD_MAX_ISA.
const KernelSet* best_kernel_set(Isa max_isa) noexcept;

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_RUNTIME_KERNEL_SETS_HPP
