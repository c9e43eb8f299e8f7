// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_SESSION_LAYER_GROUP_HPP
#define WINOGRAD_BENCH_SESSION_LAYER_GROUP_HPP

#include <memory>
#include <string>
#include <vector>

#include "bench/layers/layer.hpp"
#include "bench/options.hpp"
#include "bench/session/entry.hpp"
#include "bench/session/peak.hpp"

namespace winograd::bench {

/// One layer and everything that is measured on it: all entries are verified, then timed together,
/// whatever their layout and number of threads, so that any two of them may be compared.
class LayerGroup {
 public:
  LayerGroup(std::string list, Layer layer, std::vector<Entry> entries)
      : list_(std::move(list)), layer_(std::move(layer)), entries_(std::move(entries)) {}

  /// Fills in the entries. Allocates what it needs and frees it again.
  void measure(const Options& options, Peak& peak);

  const std::string& list() const { return list_; }
  const Layer& layer() const { return layer_; }
  const std::vector<Entry>& entries() const { return entries_; }
  std::vector<Entry>& entries() { return entries_; }
  /// RMS error of a sequential fp32 convolution on the same data; only if verified.
  double sequential_rms_error() const { return sequential_rms_error_; }

  /// The entry of this library with these properties, if it was measured, else null.
  const Entry* find(Algorithm algorithm, Layout layout, int threads,
                    DataType type = DataType::f32) const;

 private:
  std::string list_;
  Layer layer_;
  std::vector<Entry> entries_;
  double sequential_rms_error_ = 0.0;
};

/// Makes `entry`'s contender for `data`; on failure returns null and sets outcome and message.
std::unique_ptr<Contender> make_contender(Entry& entry, const LayerData& data,
                                          const Options& options, std::shared_ptr<Scratch> scratch);

/// Runs once and compares with the reference, if there is one. On an error or a wrong result
/// returns false and sets outcome and message.
bool try_contender(Contender& contender, const LayerData& data, const Reference* reference,
                   Entry& entry);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_SESSION_LAYER_GROUP_HPP
