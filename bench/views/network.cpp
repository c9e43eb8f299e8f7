// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// --network: each layer hot (alone, again and again) and cold (in the network), and the totals.
#include <fmt/format.h>

#include <cstddef>

#include "bench/views/reporter.hpp"

namespace winograd::bench {
namespace {

class NetworkTable final : public SessionReporter {
 public:
  using SessionReporter::SessionReporter;

 private:
  void begin() override {
    print(
        "hot: the layer alone, again and again; cold: in its place in the network, all layers\n"
        "with weights and activations of their own\n");
    print_missing_peers();
  }
  void entry(const LayerGroup& /*group*/, const Entry& /*entry*/) override {}
  void end() override {
    for (const NetworkRun& network : session().networks())
      for (std::size_t i = 0; i < network.entries().size(); ++i)
        if (network.entries()[i].peer == nullptr) print_network(network, i);
    print_peak();
  }

  void print_network(const NetworkRun& network, std::size_t index) {
    const Entry& way = network.entries()[index];
    print(fmt::format("\n{}\n", way.name));
    if (way.outcome != Outcome::measured) {
      print(fmt::format("  {}\n", way.message));
      return;
    }
    print(fmt::format("{:36} {:12} {:>9} {:>9} {:>9}\n", "layer", "algorithm", "hot ms", "cold ms",
                      "cold/hot"));
    double hot_total = 0.0;
    for (std::size_t i = 0; i < network.layers().size(); ++i) {
      const Layer& layer = network.layers()[i];
      const double cold = network.layer_seconds()[index][i];
      const Entry* hot = find_hot(network.list(), layer, way);
      if (hot == nullptr) {
        print(fmt::format("{:36} {:>32.3f}\n", layer_text(layer), cold * 1e3));
        continue;
      }
      hot_total += hot->median_seconds() * layer.count;
      print(fmt::format("{:36} {:12} {:9.3f} {:9.3f} {:9.2f}\n", layer_text(layer), hot->label,
                        hot->median_seconds() * 1e3, cold * 1e3, cold / hot->median_seconds()));
    }
    print(fmt::format("{:36} {:12} {:9.3f} {:9.3f} {:9.2f}\n", "all", "", hot_total * 1e3,
                      way.median_seconds() * 1e3, way.median_seconds() / hot_total));
    print(
        fmt::format("cold: {:.1f} GFLOP/s, {:.2f} x peak, weights {:.1f} MB, workspace {:.1f} MB\n",
                    way.gflops(), way.x_peak, static_cast<double>(way.packed_bytes) * 1e-6,
                    static_cast<double>(way.workspace_bytes) * 1e-6));
    for (const auto& [name, ratio] : way.x_peers)
      print(fmt::format("  against {:12}: {:5.2f}x\n", name, ratio));
  }

  const Entry* find_hot(const std::string& list, const Layer& layer, const Entry& way) {
    for (const LayerGroup& group : session().groups())
      if (group.list() == list && geometry_name(group.layer().desc) == geometry_name(layer.desc))
        return group.find(way.algorithm, way.layout, way.threads, way.type);
    return nullptr;
  }
};

}  // namespace

std::unique_ptr<SessionReporter> make_network_reporter(Session& session) {
  return std::make_unique<NetworkTable>(session);
}

}  // namespace winograd::bench
