// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The table that a person reads, and at its foot the whole list: all its layers as often as the
// network has them, and geometric means of the comparison with each peer.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "bench/measure/statistics.hpp"
#include "bench/views/reporter.hpp"

namespace winograd::bench {
namespace {

struct Total {
  double seconds = 0.0;
  double flops = 0.0;
  std::vector<double> x_peak;
  std::map<std::string, std::vector<double>> x_peers;
  std::vector<double> x_best;  ///< over the fastest peer of each layer
};

class TableReporter final : public SessionReporter {
 public:
  using SessionReporter::SessionReporter;

 private:
  void begin() override {
    print(fmt::format("{:36} {:4} {:4} {:>2} {:12} {:>9} {:>8} {:>7} {:>7}", "layer", "mem", "type",
                      "th", "algorithm", "ms", "GFLOP/s", "x peak", "bound"));
    for (const Peer* peer : selected_peers(session().options()))
      print(fmt::format(" {:>13}", fmt::format("x {}", peer->name)));
    print(fmt::format(" {:>8} {:>7}\n", "error", "spread"));
    print_missing_peers();
  }

  void entry(const LayerGroup& group, const Entry& entry) override {
    if (entry.peer != nullptr) return;
    if (group.list() != list_) {
      list_ = group.list();
      print(fmt::format("{}\n", list_));
    }
    print(fmt::format("{:36} {:4} {:4} {:2} ", layer_text(group.layer()), to_string(entry.layout),
                      to_string(entry.type), entry.threads));
    if (entry.outcome == Outcome::verified) {
      print(fmt::format("{:12} {:>9} {:>8} {:>7} {:7.2f} {:>8} {:>7}\n", entry.label, "emulated",
                        "-", "-", entry.x_bound, error_text(entry.error.rms), "-"));
      return;
    }
    if (entry.outcome != Outcome::measured) {
      print(fmt::format("{:12} {}\n", to_string(entry.algorithm), entry.message));
      return;
    }
    print(fmt::format("{:12} {:9.3f} {:8.1f} {:7.2f} {:7.2f}", entry.label,
                      entry.median_seconds() * 1e3, entry.gflops(), entry.x_peak, entry.x_bound));
    for (const Peer* peer : selected_peers(session().options())) {
      const auto ratio = entry.x_peers.find(peer->name);
      print(ratio == entry.x_peers.end() ? fmt::format(" {:>13}", "-")
                                         : fmt::format(" {:13.2f}", ratio->second));
    }
    print(fmt::format(" {:>8} {:6.1f}%\n", error_text(entry.error.rms), entry.spread() * 100.0));
    add(group, entry);
  }

  void add(const LayerGroup& group, const Entry& entry) {
    Total& total = totals_[{group.list(), to_string(entry.algorithm), to_string(entry.layout),
                            to_string(entry.type), entry.threads}];
    const int count = group.layer().count;
    total.seconds += entry.median_seconds() * count;
    total.flops += entry.flops * count;
    total.x_peak.push_back(entry.x_peak);
    double slowest_ratio = 0.0;
    for (const auto& [name, ratio] : entry.x_peers) {
      total.x_peers[name].push_back(ratio);
      if (slowest_ratio == 0.0 || ratio < slowest_ratio) slowest_ratio = ratio;
    }
    if (slowest_ratio != 0.0) total.x_best.push_back(slowest_ratio);
  }

  void end() override {
    print("\n");
    for (const auto& [key, total] : totals_) {
      const auto& [list, algorithm, layout, type, threads] = key;
      print(fmt::format("{}, {}, {}, {}, {} thread{}: {} layers, geometric mean {:.2f} x peak",
                        list, algorithm, layout, type, threads, threads == 1 ? "" : "s",
                        total.x_peak.size(), geometric_mean(total.x_peak)));
      print(fmt::format("; all layers as often as they occur: {:.2f} ms, {:.1f} GFLOP/s\n",
                        total.seconds * 1e3, total.flops / total.seconds * 1e-9));
      for (const auto& [name, ratios] : total.x_peers) print_comparison(name, ratios);
      if (total.x_peers.size() > 1) print_comparison("best of them", total.x_best);
    }
    print_missing_peers();  // again: at the foot is what people quote
    if (session().options().emulator.empty()) print_peak();
  }

  void print_comparison(const std::string& name, const std::vector<double>& ratios) {
    const auto faster = std::count_if(ratios.begin(), ratios.end(), [](double r) { return r > 1; });
    print(
        fmt::format("  against {:12}: {:5.2f}x in geometric mean, {:.2f}x to {:.2f}x; "
                    "faster on {} of {}\n",
                    name, geometric_mean(ratios), *std::min_element(ratios.begin(), ratios.end()),
                    *std::max_element(ratios.begin(), ratios.end()), faster, ratios.size()));
  }

  std::string list_;
  std::map<std::tuple<std::string, std::string, std::string, std::string, int>, Total> totals_;
};

}  // namespace

std::unique_ptr<SessionReporter> make_table_reporter(Session& session) {
  return std::make_unique<TableReporter>(session);
}

}  // namespace winograd::bench
