// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The passes of kernels/common, smaller: modules are downloaded. Nothing bypasses the caches here,
// so the loops that would are copies of the others, a seventh of the set.
#ifndef WINOGRAD_KERNELS_WASM_STRIP_PASSES_WASM_HPP
#define WINOGRAD_KERNELS_WASM_STRIP_PASSES_WASM_HPP

#include "kernels/common/strip_passes.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V, class T>
struct StripPassesWasm : StripPasses<V, T> {
  /// Inlines what it calls, which then sees which stores are asked for.
  [[gnu::flatten]] static void output_vertical(const float* scratch, int cols,
                                               const OutputTarget& target) {
    OutputTarget stored = target;
    stored.stream = false;
    StripPasses<V, T>::output_vertical(scratch, cols, stored);
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_WASM_STRIP_PASSES_WASM_HPP
