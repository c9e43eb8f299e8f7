// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_SESSION_NETWORK_RUN_HPP
#define WINOGRAD_BENCH_SESSION_NETWORK_RUN_HPP

#include <map>
#include <string>
#include <vector>

#include "bench/layers/layer.hpp"
#include "bench/options.hpp"
#include "bench/session/entry.hpp"
#include "bench/session/peak.hpp"

namespace winograd::bench {

/// A whole network, cold: all its layers one after another, as often as it has them, each with
/// weights and activations of its own, so that each finds in the caches what its predecessors left
/// there, as in an inference engine. What lies between the layers (pooling, concatenation) is left
/// out.
class NetworkRun {
 public:
  NetworkRun(std::string list, std::vector<Layer> layers, std::vector<Entry> entries)
      : list_(std::move(list)), layers_(std::move(layers)), entries_(std::move(entries)) {}

  /// Fills in the entries; their figures are those of the network as a whole. Verifies nothing: the
  /// same layers are measured one by one before.
  void measure(const Options& options, Peak& peak);

  const std::string& list() const { return list_; }
  const std::vector<Layer>& layers() const { return layers_; }
  const std::vector<Entry>& entries() const { return entries_; }
  std::vector<Entry>& entries() { return entries_; }
  /// Seconds of one run of each different layer, in the network; for each entry.
  const std::vector<std::vector<double>>& layer_seconds() const { return layer_seconds_; }
  /// What was to be expected of them, likewise; 0 where nothing was.
  const std::vector<std::vector<double>>& layer_estimates() const { return layer_estimates_; }

 private:
  std::string list_;
  std::vector<Layer> layers_;  ///< the different ones
  std::vector<Entry> entries_;
  std::vector<std::vector<double>> layer_seconds_, layer_estimates_;
};

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_SESSION_NETWORK_RUN_HPP
