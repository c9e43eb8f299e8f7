// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_SRC_RUNTIME_CPU_FEATURES_HPP
#define WINOGRAD_SRC_RUNTIME_CPU_FEATURES_HPP

#include <cstddef>

#include "winograd/conv2d.hpp"

namespace winograd::detail {

/// True if this CPU (and operating system) can execute `isa`.
bool cpu_supports(Isa isa) noexcept;

/// Data caches of one core, in bytes. Asked from the operating system once; a size that it does
/// not tell is a cautious guess.
struct CacheSizes {
  std::size_t l1;
  std::size_t l2;
  std::size_t l3;  ///< 0 if there is none
};
const CacheSizes& cache_sizes() noexcept;

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_RUNTIME_CPU_FEATURES_HPP
