// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/session/network_run.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include "bench/measure/statistics.hpp"
#include "bench/session/layer_group.hpp"

namespace winograd::bench {
namespace {

/// A layer in its place in the network, with weights and input of its own.
struct Instance {
  std::size_t layer;  ///< index of the different layers
  LayerData data;
};

/// In the order of the list, which is that of the network but for the repetition of whole blocks.
std::vector<Instance> make_instances(const std::vector<Layer>& layers) {
  std::vector<Instance> instances;
  for (std::size_t i = 0; i < layers.size(); ++i)
    for (int repeat = 0; repeat < layers[i].count; ++repeat)
      instances.push_back({i, LayerData(layers[i].desc)});
  return instances;
}

/// All instances of the network, computed by the implementation of one entry.
class Network {
 public:
  Network(const std::vector<Instance>& instances, Entry& way, const Options& options)
      : instances_(&instances), way_(&way) {
    auto scratch = std::make_shared<Scratch>();
    for (const Instance& instance : instances) {
      contenders_.push_back(make_contender(way, instance.data, options, scratch));
      if (contenders_.back() == nullptr) return;
      way.flops += direct_flops(instance.data.desc);
      way.workspace_bytes = std::max(way.workspace_bytes, contenders_.back()->workspace_bytes());
      way.packed_bytes += contenders_.back()->packed_bytes();
    }
    samples_.resize(instances.back().layer + 1);
    estimates_.resize(samples_.size());
    for (std::size_t i = 0; i < instances.size(); ++i)
      estimates_[instances[i].layer] = contenders_[i]->estimated_seconds();
    way.outcome = Outcome::measured;
  }

  bool usable() const { return way_->outcome == Outcome::measured; }

  void pass() {
    contenders_.front()->prepare();
    std::vector<double> by_layer(samples_.size(), 0.0);
    double total = 0.0;
    for (std::size_t i = 0; i < contenders_.size(); ++i) {
      const double seconds = time_once(way_->threads, [&] { contenders_[i]->run(); });
      by_layer[(*instances_)[i].layer] += seconds;
      total += seconds;
    }
    way_->seconds.push_back(total);
    for (std::size_t i = 0; i < by_layer.size(); ++i) samples_[i].push_back(by_layer[i]);
  }

  const std::vector<double>& layer_estimates() const { return estimates_; }
  /// Of one run of each different layer.
  std::vector<double> layer_seconds(const std::vector<Layer>& layers) const {
    std::vector<double> seconds;
    for (std::size_t i = 0; i < layers.size(); ++i)
      seconds.push_back(median(samples_[i]) / layers[i].count);
    return seconds;
  }

 private:
  const std::vector<Instance>* instances_;
  Entry* way_;
  std::vector<std::unique_ptr<Contender>> contenders_;
  std::vector<std::vector<double>> samples_;  ///< by layer: seconds of all its instances
  std::vector<double> estimates_;             ///< by layer
};

}  // namespace

void NetworkRun::measure(const Options& options, Peak& peak) {
  const std::vector<Instance> instances = make_instances(layers_);
  std::vector<Network> networks;
  networks.reserve(entries_.size());
  for (Entry& entry : entries_) networks.emplace_back(instances, entry, options);

  std::map<int, std::vector<double>> peak_seconds;
  // Fewer rounds than for single layers: each has a whole network to average over.
  const int rounds = std::max(3, options.rounds.rounds / 3);
  for (int round = 0; round < rounds; ++round) {
    for (const int threads : options.threads) {
      std::vector<Candidate> yardstick = {peak.candidate(threads)};
      RoundOptions once;
      once.rounds = 1;
      once.sample_seconds = 0.0;
      once.clock = options.rounds.clock;
      measure_rounds(yardstick, once);
      peak_seconds[threads].push_back(yardstick[0].seconds[0]);
    }
    for (Network& network : networks)
      if (network.usable()) network.pass();
  }

  for (std::size_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    layer_seconds_.push_back(networks[i].usable() ? networks[i].layer_seconds(layers_)
                                                  : std::vector<double>());
    layer_estimates_.push_back(networks[i].layer_estimates());
    if (!networks[i].usable()) continue;
    const std::vector<double>& yardstick = peak_seconds[entry.threads];
    entry.x_peak = entry.flops / peak.flops(entry.threads) * paired_ratio(yardstick, entry.seconds);
  }
  compare_with_peers(entries_);
}

}  // namespace winograd::bench
