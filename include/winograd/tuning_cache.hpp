// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Measured choices of algorithm, for callers who would rather measure once than trust an estimate.
#ifndef WINOGRAD_TUNING_CACHE_HPP
#define WINOGRAD_TUNING_CACHE_HPP

#include <cstddef>
#include <memory>
#include <string>

#include "winograd/export.h"
#include "winograd/status.hpp"

// X11 has a macro of this name.
#pragma push_macro("Status")
#undef Status

namespace winograd {

namespace detail {
class TuningTable;
}

/// Give one to PlanOptions::tuning, and `Algorithm::automatic` is decided by timing every allowed
/// algorithm on this machine, one thread, instead of by the cost model. Each layer is timed once;
/// the result is remembered here, and can be saved and loaded. Thread-safe; plans being timed at
/// the same time disturb each other's measurement, not its correctness.
class WINOGRAD_API TuningCache {
 public:
  /// Without memory it is made all the same, and its functions say `out_of_memory`.
  TuningCache() noexcept;
  ~TuningCache();
  TuningCache(const TuningCache&) = delete;
  TuningCache& operator=(const TuningCache&) = delete;

  /// Layers remembered.
  std::size_t size() const noexcept;

  /// All entries as text, one line a layer. Entries name the instruction set, but not the machine:
  /// load them on the kind of machine that they were measured on.
  Result<std::string> save() const noexcept;

  /// Adds the entries of a text that save() made; they replace entries of the same layers. On
  /// failure (`bad_packed_data`, naming the line, or `out_of_memory`) nothing is added. An entry
  /// that names what a plan's options do not allow is as good as none: the layer is then measured.
  Status load(const char* text, std::size_t size) noexcept;

  /// Null if there was no memory.
  detail::TuningTable* table() noexcept { return table_.get(); }

 private:
  std::unique_ptr<detail::TuningTable> table_;
};

}  // namespace winograd

#pragma pop_macro("Status")

#endif  // WINOGRAD_TUNING_CACHE_HPP
