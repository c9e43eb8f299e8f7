// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Kernel sets that only tests have: those of instruction sets that few machines have, on the
// vectors of another one.
#ifndef WINOGRAD_TESTS_KERNELS_EMULATED_EMULATED_SETS_HPP
#define WINOGRAD_TESTS_KERNELS_EMULATED_EMULATED_SETS_HPP

#include <vector>

#include "kernels/contract/kernel_set.hpp"

namespace winograd::test {

struct EmulatedSet {
  const char* name;
  const detail::KernelSet* set;  ///< its `isa` is the one that it stands for
  Isa made_of;

  /// On this CPU, within WINOGRAD_MAX_ISA.
  bool runs() const;
};

/// Those of this target, whether or not they run here.
const std::vector<EmulatedSet>& emulated_sets();

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_KERNELS_EMULATED_EMULATED_SETS_HPP
