// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_SESSION_SESSION_HPP
#define WINOGRAD_BENCH_SESSION_SESSION_HPP

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bench/model/convolutions.hpp"
#include "bench/options.hpp"
#include "bench/session/layer_group.hpp"
#include "bench/session/network_run.hpp"
#include "bench/session/peak.hpp"

namespace winograd::bench {

/// Everything that one run of the program measures, and the results so far.
class Session {
 public:
  /// Throws ModelError if the options name a model that cannot be read.
  explicit Session(Options options);

  /// Makes the entries and registers them with Google Benchmark, which then calls back for each
  /// one that its filter admits. Registered after benchmark::Initialize.
  void register_benchmarks();

  const Options& options() const { return options_; }
  Peak& peak() { return peak_; }
  const std::deque<LayerGroup>& groups() const { return groups_; }
  const std::deque<NetworkRun>& networks() const { return networks_; }
  /// The model that the options name; null without one.
  struct Model {
    Graph graph;
    Network network;
  };
  const Model* model() const { return model_ ? &*model_ : nullptr; }

  struct Found {
    const LayerGroup* group = nullptr;
    const Entry* entry = nullptr;
  };
  /// By the name of an entry; nulls if it is no layer's.
  Found find(const std::string& name) const;

  bool any_failed() const;

 private:
  void register_layer(LayerGroup& group);
  void register_model();
  void register_network(NetworkRun& network);
  void register_kernels();
  void register_peak(int threads);

  Options options_;
  std::optional<Model> model_;
  Peak peak_;
  std::deque<LayerGroup> groups_;
  std::deque<NetworkRun> networks_;
  std::map<std::string, std::pair<std::size_t, std::size_t>> by_name_;  ///< group, entry
};

/// The peers that the options name and this build has.
std::vector<const Peer*> selected_peers(const Options& options);
/// Names of those that the options name and this build lacks.
std::vector<std::string> missing_peers(const Options& options);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_SESSION_SESSION_HPP
