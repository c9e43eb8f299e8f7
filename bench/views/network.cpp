// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// --network: each layer hot (alone, again and again) and cold (in the network), what was estimated,
// and what is lost against the best peer; then the totals.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "bench/layers/targets.hpp"
#include "bench/measure/statistics.hpp"
#include "bench/views/reporter.hpp"

namespace winograd::bench {
namespace {

/// One layer of a network, with the milliseconds of one run.
struct Row {
  const Layer* layer;
  std::string algorithm;
  double hot, cold, estimated;
  std::string best_peer;  ///< empty: none was measured
  double best;
  /// Of all its runs, against the best peer; negative where we are faster.
  double lost() const { return best_peer.empty() ? 0.0 : (cold - best) * layer->count; }
};

class NetworkTable final : public TargetReporter {
 public:
  using TargetReporter::TargetReporter;

  bool all_hold() const override { return held_ == checked_; }

 private:
  void begin() override {
    print(
        "hot: the layer alone, again and again; cold: in its place in the network, all layers\n"
        "with weights and activations of their own, as for the peers; est.: by the cost model,\n"
        "calibrated at the start; lost: all runs of the layer, cold, against the best peer.\n");
    print_missing_peers();
  }
  void entry(const LayerGroup& /*group*/, const Entry& /*entry*/) override {}
  void end() override {
    for (const NetworkRun& network : session().networks())
      for (std::size_t i = 0; i < network.entries().size(); ++i)
        if (network.entries()[i].peer == nullptr) print_network(network, i);
    if (checked_ > 0) print(fmt::format("\n{} of {} targets hold\n", held_, checked_));
    print_peak();
  }

  void print_network(const NetworkRun& network, std::size_t index) {
    const Entry& way = network.entries()[index];
    print(fmt::format("\n{}\n", way.name));
    if (way.outcome != Outcome::measured) {
      print(fmt::format("  {}\n", way.message));
      ++checked_;
      return;
    }
    std::vector<Row> rows = rows_of(network, index);
    print(fmt::format("{:44} {:12} {:>8} {:>8} {:>6} {:>8} {:>7}  {:12} {:>6} {:>8}\n", "layer",
                      "algorithm", "hot ms", "cold ms", "share", "est. ms", "est./cold",
                      "best peer", "x best", "lost ms"));
    // What costs most first.
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return a.lost() > b.lost(); });
    const double total = way.median_seconds() * 1e3;
    double hot_total = 0, estimated_total = 0;
    for (const Row& row : rows) {
      hot_total += row.hot * row.layer->count;
      estimated_total += row.estimated * row.layer->count;
      print(fmt::format("{:44} {:12} {:8.3f} {:8.3f} {:5.1f}% {:8.3f} {:7.2f}",
                        layer_text(*row.layer), row.algorithm, row.hot, row.cold,
                        100 * row.cold * row.layer->count / total, row.estimated,
                        row.estimated / row.cold));
      print(row.best_peer.empty() ? std::string("\n")
                                  : fmt::format("  {:12} {:6.2f} {:8.3f}\n", row.best_peer,
                                                row.best / row.cold, row.lost()));
    }
    print(fmt::format("{:44} {:12} {:8.3f} {:8.3f} {:>6} {:8.3f} {:7.2f}\n", "all", "", hot_total,
                      total, "", estimated_total, estimated_total / total));
    print(
        fmt::format("cold: {:.1f} GFLOP/s, {:.2f} x peak, weights {:.1f} MB, workspace {:.1f} MB\n",
                    way.gflops(), way.x_peak, static_cast<double>(way.packed_bytes) * 1e-6,
                    static_cast<double>(way.workspace_bytes) * 1e-6));
    print_comparison(network, way, rows);
  }

  std::vector<Row> rows_of(const NetworkRun& network, std::size_t index) {
    const Entry& way = network.entries()[index];
    std::vector<Row> rows;
    for (std::size_t i = 0; i < network.layers().size(); ++i) {
      const Layer& layer = network.layers()[i];
      Row row{&layer,
              "",
              0,
              network.layer_seconds()[index][i] * 1e3,
              network.layer_estimates()[index][i] * 1e3,
              "",
              0};
      if (const Entry* hot = find_hot(network.list(), layer, way); hot != nullptr) {
        row.algorithm = hot->label;
        row.hot = hot->median_seconds() * 1e3;
      }
      for (std::size_t j = 0; j < network.entries().size(); ++j) {
        const Entry& other = network.entries()[j];
        if (!comparable(other, way)) continue;
        const double seconds = network.layer_seconds()[j][i] * 1e3;
        if (row.best_peer.empty() || seconds < row.best) {
          row.best_peer = other.peer->name;
          row.best = seconds;
        }
      }
      rows.push_back(row);
    }
    return rows;
  }

  static bool comparable(const Entry& other, const Entry& way) {
    return other.peer != nullptr && other.outcome == Outcome::measured &&
           other.layout == way.layout && other.threads == way.threads;
  }

  void print_comparison(const NetworkRun& network, const Entry& way, const std::vector<Row>& rows) {
    for (const Entry& other : network.entries())
      if (other.peer != nullptr && other.layout == way.layout && other.threads == way.threads &&
          other.outcome != Outcome::measured)
        print(fmt::format("  against {:12}: not the whole network ({})\n", other.peer->name,
                          other.message));
    for (const auto& [name, ratio] : way.x_peers)
      print(fmt::format("  against {:12}: {:5.2f}x\n", name, ratio));
    if (way.x_peers.empty()) return;
    double best_total = std::numeric_limits<double>::infinity();
    for (const auto& [name, ratio] : way.x_peers) best_total = std::min(best_total, ratio);
    std::vector<double> ratios;
    for (const Row& row : rows) ratios.push_back(row.best / row.cold);
    const double worst = *std::min_element(ratios.begin(), ratios.end());
    const double mean = geometric_mean(ratios);
    print(fmt::format(
        "  against the best of them for each layer: {:.2f}x in geometric mean, "
        "{:.2f}x on the worst; slower on {} of {}\n",
        mean, worst, std::count_if(ratios.begin(), ratios.end(), [](double r) { return r < 1; }),
        ratios.size()));

    const NetworkTarget* const target = network_target(network.list());
    if (target == nullptr || way.threads != 1 || way.algorithm != Algorithm::automatic ||
        session().options().accuracy != Accuracy::standard) {
      return;
    }
    double against = best_total;
    if (target->peer != nullptr) {
      const auto found = way.x_peers.find(target->peer);
      against = found == way.x_peers.end() ? 0.0 : found->second;
    }
    check(fmt::format("total against {}", target->peer == nullptr ? "the best" : target->peer),
          against, target->total);
    check("every layer", worst, target->every_layer);
    check("geometric mean", mean, target->geometric_mean);
  }

  void check(const std::string& what, double value, double target) {
    if (target == 0) return;
    ++checked_;
    if (value >= target) ++held_;
    print(fmt::format("  target: {} {:.2f}, measured {:.2f}{}\n", what, target, value,
                      value >= target ? "" : " !"));
  }

  const Entry* find_hot(const std::string& list, const Layer& layer, const Entry& way) {
    for (const LayerGroup& group : session().groups())
      if (group.list() == list && layer_name(group.layer().desc) == layer_name(layer.desc))
        return group.find(way.algorithm, way.layout, way.threads, way.type);
    return nullptr;
  }

  int held_ = 0, checked_ = 0;
};

}  // namespace

std::unique_ptr<TargetReporter> make_network_reporter(Session& session) {
  return std::make_unique<NetworkTable>(session);
}

}  // namespace winograd::bench
