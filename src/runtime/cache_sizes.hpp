// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_SRC_RUNTIME_CACHE_SIZES_HPP
#define WINOGRAD_SRC_RUNTIME_CACHE_SIZES_HPP

#include <cstddef>

namespace winograd::detail {

/// Data caches that one core sees, in bytes.
struct CacheSizes {
  std::size_t l1;
  std::size_t l2;
  std::size_t l3;  ///< 0 if there is none
  const char*
      source;  ///< who says so: "WINOGRAD_CACHE_SIZES", "sysfs", "cpuid", "sysconf", "guess"
};

/// Asked once. The environment variable WINOGRAD_CACHE_SIZES overrules everything: three sizes such
/// as "48K,1M,32M". Then come sources that describe each cache by itself, sysfs and cpuid's
/// deterministic leaves; then sysconf, which is distrusted beyond what one core can have.
const CacheSizes& cache_sizes() noexcept;

/// What the text of WINOGRAD_CACHE_SIZES says; false, and nothing written, if it is not three
/// sizes.
bool parse_cache_sizes(const char* text, CacheSizes* sizes) noexcept;

/// `sizes` with what no core has replaced by a cautious guess.
CacheSizes plausible(CacheSizes sizes) noexcept;

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_RUNTIME_CACHE_SIZES_HPP
