// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_SRC_PLANNING_TUNING_HPP
#define WINOGRAD_SRC_PLANNING_TUNING_HPP

#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "src/planning/selection.hpp"
#include "winograd/tuning_cache.hpp"

namespace winograd::detail {

/// Layer (as text) -> fastest algorithm.
class TuningTable {
 public:
  std::optional<Algorithm> find(const std::string& layer) const;
  void insert(const std::string& layer, Algorithm algorithm);
  std::size_t size() const noexcept;
  std::string to_text() const;
  Status add_text(const char* text, std::size_t size);

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Algorithm> entries_;
};

/// The fastest of the shapes that the options allow, from options.tuning or by timing them.
/// `reason` gets the words for it.
Result<PackedShape> measured_shape(const Conv2dDesc& desc, const PlanOptions& options,
                                   const KernelSet& kernels, const float* weights,
                                   const float* bias, char* reason,
                                   std::size_t reason_size) noexcept;

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PLANNING_TUNING_HPP
