// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// --model: the convolutions of somebody's network, what each would gain, and when not to switch.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "bench/measure/bandwidth.hpp"
#include "bench/model/predict.hpp"
#include "bench/model/report.hpp"
#include "bench/peers/winograd.hpp"
#include "bench/views/machine.hpp"
#include "bench/views/progress.hpp"
#include "bench/views/reporter.hpp"

namespace winograd::bench {
namespace {

std::string ms_text(double seconds) {
  return seconds > 0 ? fmt::format("{:9.3f}", seconds * 1e3) : fmt::format("{:>9}", "-");
}

class ModelTable final : public SessionReporter {
 public:
  using SessionReporter::SessionReporter;

 private:
  void begin() override {
    print_missing_peers();
    progress_.emplace(session().groups().size());
    show_progress();
  }
  void entry(const LayerGroup& group, const Entry& entry) override {
    if (&entry == &group.entries().back()) ++done_;
    show_progress();
  }
  void end() override {
    progress_->clear();
    const ModelReport report = make_report();
    print_table(report);
    for (const std::string& line : report.network.skipped)
      print(fmt::format("not listed: {}\n", line));
    print_others(report.network);
    for (const std::string& line : report.network.notes) print(fmt::format("note: {}\n", line));
    print("\n");
    for (const std::string& line : advice(report)) print(fmt::format("- {}\n", line));
    print("\n");
    print_peak();
    const Options& options = session().options();
    if (!options.json.empty()) write_file(options.json, to_json(report));
    if (!options.html.empty()) write_file(options.html, to_html(report));
  }

  void show_progress() {
    const auto& groups = session().groups();
    progress_->show(done_, done_ < groups.size() ? geometry_name(groups[done_].layer().desc) : "");
  }

  ModelReport make_report() {
    const Options& options = session().options();
    const Graph& graph = session().model()->graph;
    ModelReport report;
    report.file = options.model;
    report.producer = graph.producer;
    report.opset = graph.opset;
    for (const NamedTensor& input : graph.inputs)
      report.inputs.emplace_back(input.name, dims_text(input.tensor.dims));
    report.network = session().model()->network;
    report.estimate = options.estimate;
    report.cpu = cpu_name();
    report.compiler = compiler_name();
    report.isa = to_string(session().peak().isa());
    report.caches = cache_text();
    report.layout = to_string(options.layouts[0]);
    report.threads = options.threads[0];
    report.peak_gflops = session().peak().median_gflops(report.threads);
    if (!options.estimate) {
      const CopyBandwidth copy = measure_copy_bandwidth(report.threads);
      report.copy_gbytes = copy.bytes / copy.seconds * 1e-9;
      for (const Peer* peer : selected_peers(options))
        report.peer_versions.push_back(peer->version());
    }
    report.missing_peers = missing_peers(options);
    for (const Convolution& convolution : report.network.convolutions)
      report.rows.push_back(make_row(convolution, report));
    std::stable_sort(report.rows.begin(), report.rows.end(),
                     [](const auto& a, const auto& b) { return a.total() > b.total(); });
    return report;
  }

  ReportRow make_row(const Convolution& convolution, const ModelReport& report) {
    const Options& options = session().options();
    ReportRow row;
    row.convolution = convolution;
    Conv2dDesc desc = convolution.layer.desc;
    desc.layout = options.layouts[0];
    PlanOptions plan;
    plan.max_isa = options.isa;
    plan.accuracy = options.accuracy;
    plan.calibration = machine_calibration(options.isa);
    const Prediction prediction = predict_layer(desc, plan);
    row.algorithm = to_string(prediction.algorithm);
    // Of several threads as if the work split evenly.
    row.predicted = prediction.seconds / report.threads;
    row.predicted_direct = prediction.direct_seconds / report.threads;
    if (options.estimate) return row;
    const LayerGroup* group = find_group(desc);
    const Entry* ours =
        group == nullptr ? nullptr : group->find(Algorithm::automatic, desc.layout, report.threads);
    if (ours == nullptr) {
      row.message = group == nullptr ? find_too_large() : find_message(*group);
      return row;
    }
    row.algorithm = ours->label;
    row.measured = ours->median_seconds();
    row.x_peak = ours->x_peak;
    row.x_bound = ours->x_bound;
    row.spread = ours->spread();
    row.rms_error = ours->error.rms;
    row.compulsory_bytes = static_cast<double>(ours->compulsory_bytes);
    // Where the library chooses direct, it is not measured a second time.
    const Entry* direct = group->find(Algorithm::direct, desc.layout, report.threads);
    if (direct != nullptr)
      row.direct = direct->median_seconds();
    else if (row.algorithm == to_string(Algorithm::direct))
      row.direct = row.measured;
    for (const auto& [name, ratio] : ours->x_peers) row.peers[name] = ratio * row.measured;
    return row;
  }

  const LayerGroup* find_group(const Conv2dDesc& desc) {
    for (const LayerGroup& group : session().groups())
      if (geometry_name(group.layer().desc) == geometry_name(desc)) return &group;
    return nullptr;
  }
  static std::string find_too_large() { return "not measured: filtered out, or too large"; }
  static std::string find_message(const LayerGroup& group) {
    for (const Entry& entry : group.entries())
      if (entry.peer == nullptr && !entry.message.empty()) return entry.message;
    return "not measured";
  }

  void print_table(const ModelReport& report) {
    const Network& network = report.network;
    print(fmt::format(
        "{}: {} convolutions, {} different, {:.2f} billion operations{}\n\n", report.file,
        network.count(), network.convolutions.size(), network.flops() * 1e-9,
        network.folded == 0 ? std::string()
                            : fmt::format(", {} batch normalisations folded", network.folded)));
    if (report.rows.empty()) return;
    std::size_t wide = 5;
    for (const ReportRow& row : report.rows)
      wide = std::max(wide, geometry_name(row.convolution.layer.desc).size());
    print(fmt::format("{:{}} {:>5} {:14} {:12} {:>9}", "layer", wide, "count", "fused", "algorithm",
                      "estimate"));
    if (!report.estimate) {
      print(fmt::format(" {:>9} {:>6} {:>9}", "ms", "share", "x direct"));
      for (const Peer* peer : selected_peers(session().options()))
        print(fmt::format(" {:>13}", fmt::format("x {}", peer->name)));
    }
    print("\n");
    double all = 0.0;
    for (const ReportRow& row : report.rows) all += row.total();
    for (const ReportRow& row : report.rows) print_row(row, wide, all, report.estimate);
    print(fmt::format("{:{}} {:5} {:14} {:12} {}", "all, as often as they occur", wide,
                      network.count(), "", "", ms_text(report.predicted())));
    if (!report.estimate) {
      print(fmt::format(" {}", ms_text(report.measured())));
      if (report.measured() > 0)
        print(fmt::format("  (estimated over measured: {:.2f})", report.predicted_over_measured()));
    }
    print("\n");
  }

  void print_row(const ReportRow& row, std::size_t wide, double all, bool estimate) {
    print(fmt::format("{:{}} {:5} {:14} {:12} {}", geometry_name(row.convolution.layer.desc), wide,
                      row.count(), row.convolution.fused, row.algorithm, ms_text(row.predicted)));
    if (estimate) {
      print("\n");
      return;
    }
    if (!row.message.empty()) {
      print(fmt::format(" {}\n", row.message));
      return;
    }
    print(fmt::format(" {} {:5.1f}% ", ms_text(row.measured), row.total() / all * 100));
    print(row.direct > 0 ? fmt::format("{:9.2f}", row.direct / row.measured)
                         : fmt::format("{:>9}", "-"));
    for (const Peer* peer : selected_peers(session().options())) {
      const auto found = row.peers.find(peer->name);
      print(found == row.peers.end() ? fmt::format(" {:>13}", "-")
                                     : fmt::format(" {:13.2f}", found->second / row.measured));
    }
    print("\n");
  }

  void print_others(const Network& network) {
    for (const OtherWork& work : network.others)
      print(fmt::format("besides: {} x {}, {:.3f} billion operations{}\n", work.count, work.type,
                        work.flops * 1e-9, work.counted ? "" : " and what could not be counted"));
  }

  std::optional<Progress> progress_;
  std::size_t done_ = 0;
};

}  // namespace

std::unique_ptr<SessionReporter> make_model_reporter(Session& session) {
  return std::make_unique<ModelTable>(session);
}

}  // namespace winograd::bench
