// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_ONNXRUNTIME_SRC_PACKED_STORE_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_PACKED_STORE_HPP

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "winograd/conv2d.hpp"

namespace winograd::ort {

/// Packed weights of all sessions of the process, so that sessions of one model have them once.
/// They are found by what they are made of, and live as long as somebody holds them. Thread-safe.
class PackedStore {
 public:
  using Held = std::shared_ptr<const PackedWeights>;

  /// The weights that PackedWeights::create makes of these arguments; made, or found. Throws
  /// Ort::Exception. Of `options`, algorithm, accuracy and packed_limit_bytes count. `shared` gets
  /// whether somebody else holds them, too.
  Held get(const Conv2dDesc& desc, const PlanOptions& options, const float* weights,
           const float* bias, bool& shared);

 private:
  /// The arguments that count, and 128 bits that stand for weights and bias.
  using Key = std::array<std::uint64_t, 24>;

  std::mutex mutex_;
  std::map<Key, std::weak_ptr<const PackedWeights>> entries_;
};

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_PACKED_STORE_HPP
