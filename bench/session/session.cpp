// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/session/session.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <regex>
#include <set>
#include <string_view>

#include "bench/layers/lists.hpp"
#include "bench/measure/bandwidth.hpp"
#include "bench/measure/kernel_cases.hpp"
#include "bench/measure/statistics.hpp"
#include "bench/model/onnx.hpp"
#include "bench/model/predict.hpp"
#include "bench/model/shapes.hpp"
#include "bench/peers/winograd.hpp"

namespace winograd::bench {
namespace {

/// As Google Benchmark reads --benchmark_filter. Entries that it will not ask for are not measured
/// either.
bool admitted(const std::string& name) {
  std::string filter = benchmark::GetBenchmarkFilter();
  if (filter.empty() || filter == "all") return true;
  const bool negative = filter.front() == '-';
  if (negative) filter.erase(0, 1);
  return std::regex_search(name, std::regex(filter, std::regex::extended)) != negative;
}

/// Every way in which the options want a layer computed; `what` is the middle of the names.
std::vector<Entry> make_entries(const std::string& what, const Options& options) {
  std::vector<Entry> entries;
  const auto add = [&](const Peer* peer, Algorithm algorithm, Layout layout, DataType type,
                       int threads) {
    Entry entry;
    entry.peer = peer;
    entry.algorithm = algorithm;
    entry.layout = layout;
    entry.type = type;
    entry.threads = threads;
    entry.name = fmt::format("{}/{}/{}/{}/threads:{}", entry.peer_name(), what,
                             peer == nullptr ? to_string(algorithm) : peer->mode, to_string(layout),
                             threads);
    if (type != DataType::f32) entry.name += fmt::format("/{}", to_string(type));
    if (admitted(entry.name)) entries.push_back(std::move(entry));
  };
  for (const Layout layout : options.layouts) {
    for (const int threads : options.threads) {
      for (const Algorithm algorithm : options.algorithms)
        for (const DataType type : options.types) add(nullptr, algorithm, layout, type, threads);
      for (const Peer* peer : selected_peers(options))
        add(peer, Algorithm::automatic, layout, DataType::f32, threads);
    }
  }
  return entries;
}

/// Hands a result to Google Benchmark: one iteration of that time, and the counters.
void report(benchmark::State& state, const Entry& entry) {
  if (entry.outcome == Outcome::verified) {
    state.SkipWithError("not timed: the CPU is emulated");
    return;
  }
  if (entry.outcome != Outcome::measured) {
    state.SkipWithError(
        fmt::format("{}: {}", entry.outcome == Outcome::unsupported ? "unsupported" : "failed",
                    entry.message)
            .c_str());
    return;
  }
  for (auto _ : state) state.SetIterationTime(entry.median_seconds());
  state.SetLabel(entry.detail.empty() ? entry.label : entry.detail);
  state.counters["gflops"] = entry.gflops();
  state.counters["x_peak"] = entry.x_peak;
  state.counters["x_bound"] = entry.x_bound;
  state.counters["rms_error"] = entry.error.rms;
  state.counters["max_error"] = entry.error.max;
  state.counters["workspace_bytes"] = static_cast<double>(entry.workspace_bytes);
  state.counters["packed_bytes"] = static_cast<double>(entry.packed_bytes);
  state.counters["compulsory_bytes"] = static_cast<double>(entry.compulsory_bytes);
  state.counters["spread"] = entry.spread();
  state.counters["cpus"] = entry.cpus;
  if (entry.stages) {
    state.counters["input_share"] = entry.stages->input;
    state.counters["gemm_share"] = entry.stages->gemm;
    state.counters["output_share"] = entry.stages->output;
    state.counters["gemm_x_peak"] = entry.stages->gemm_x_peak;
  }
  for (const auto& [name, ratio] : entry.x_peers) state.counters["x_" + name] = ratio;
}

template <class Function>
void register_one(const std::string& name, Function function) {
  benchmark::RegisterBenchmark(name.c_str(), std::move(function))
      ->UseManualTime()
      ->Iterations(1)
      ->Unit(benchmark::kMillisecond);
}

/// A file may ask for any size. What would take more than some GiB, with its reference, is listed
/// without being measured.
bool measurable(const Conv2dDesc& desc) {
  constexpr std::int64_t kMostFloats = std::int64_t{1} << 28;
  return desc.src_size() + desc.dst_size() + desc.weights_size() <= kMostFloats;
}

Layer with_relu(Conv2dDesc desc) {
  desc.activation = Activation::relu;
  return {desc, 1, ""};
}

Layer with_options(Layer layer, const Options& options) {
  if (options.batch > 0) layer.desc.batch = options.batch;
  return layer;
}

}  // namespace

std::vector<const Peer*> selected_peers(const Options& options) {
  std::vector<const Peer*> selected;
  for (const Peer* peer : peers())
    if (std::count(options.peers.begin(), options.peers.end(), peer->name) != 0)
      selected.push_back(peer);
  return selected;
}

std::vector<std::string> missing_peers(const Options& options) {
  std::vector<std::string> missing;
  for (const std::string& name : left_out_peers())
    if (std::count(options.peers.begin(), options.peers.end(), name) != 0) missing.push_back(name);
  return missing;
}

Session::Session(Options options) : options_(std::move(options)), peak_(chosen_isa(options_.isa)) {
  if (options_.model.empty()) return;
  model_.emplace();
  model_->graph = read_onnx(options_.model);
  infer_shapes(model_->graph, options_.inputs);
  model_->network = find_convolutions(model_->graph);
}

void Session::register_benchmarks() {
  if (options_.view == View::kernels) {
    register_kernels();
    register_peak(1);
    return;
  }
  const auto add = [&](const std::string& list, Layer layer) {
    layer = with_options(std::move(layer), options_);
    std::vector<Entry> entries =
        make_entries(fmt::format("{}/{}", list, layer_name(layer.desc)), options_);
    if (!entries.empty()) groups_.emplace_back(list, std::move(layer), std::move(entries));
  };
  for (const std::string& name : options_.lists)
    for (Layer& layer : find_layer_list(name).layers()) add(name, std::move(layer));
  for (const std::string& geometry : options_.geometries)
    add("layer", with_relu(parse_geometry(geometry)));

  if (model_ && !options_.estimate) register_model();

  for (std::size_t i = 0; i < groups_.size(); ++i) {
    for (std::size_t j = 0; j < groups_[i].entries().size(); ++j)
      by_name_[groups_[i].entries()[j].name] = {i, j};
    register_layer(groups_[i]);
  }
  if (options_.view == View::network) {
    for (const std::string& name : options_.lists) {
      std::vector<Layer> layers;
      for (Layer& layer : find_layer_list(name).layers())
        layers.push_back(with_options(std::move(layer), options_));
      // "conv2d/network/resnet50/automatic/nhwc/threads:1"
      networks_.emplace_back(name, std::move(layers), make_entries("network/" + name, options_));
      register_network(networks_.back());
    }
  }
  if (!options_.emulator.empty()) return;
  // Last: they tell the median of all rounds.
  for (const int threads : options_.threads) register_peak(threads);
}

void Session::register_model() {
  // A layer is measured once, whatever is fused into it.
  std::set<std::string> seen;
  for (const Convolution& convolution : model_->network.convolutions) {
    Layer layer = with_options(convolution.layer, options_);
    layer.desc.activation = Activation::relu;
    const std::string name = geometry_name(layer.desc);
    if (!seen.insert(name).second || !measurable(layer.desc)) continue;
    Conv2dDesc desc = layer.desc;
    desc.layout = options_.layouts[0];
    PlanOptions plan;
    plan.max_isa = options_.isa;
    plan.accuracy = options_.accuracy;
    const bool only_direct = predict_layer(desc, plan).algorithm == Algorithm::direct;
    Options ways = options_;
    if (only_direct) ways.algorithms = {Algorithm::automatic};
    std::vector<Entry> entries = make_entries("model/" + name, ways);
    if (!entries.empty()) groups_.emplace_back("model", layer, std::move(entries));
  }
}

void Session::register_layer(LayerGroup& group) {
  // The first entry that is asked for has all of the group measured; so does one that is asked for
  // again (--benchmark_repetitions).
  auto reported = std::make_shared<std::vector<bool>>(group.entries().size(), true);
  for (std::size_t i = 0; i < group.entries().size(); ++i) {
    register_one(group.entries()[i].name, [this, &group, i, reported](benchmark::State& state) {
      if ((*reported)[i]) {
        group.measure(options_, peak_);
        reported->assign(reported->size(), false);
      }
      (*reported)[i] = true;
      report(state, group.entries()[i]);
    });
  }
}

void Session::register_network(NetworkRun& network) {
  for (std::size_t i = 0; i < network.entries().size(); ++i) {
    register_one(network.entries()[i].name, [this, &network, i](benchmark::State& state) {
      if (network.entries()[i].outcome == Outcome::pending) network.measure(options_, peak_);
      report(state, network.entries()[i]);
    });
  }
}

void Session::register_kernels() {
  for (const KernelCase& kernel : kernel_cases(peak_.isa())) {
    register_one(kernel.name, [this, kernel](benchmark::State& state) {
      std::vector<Candidate> candidates = {peak_.candidate(1), {}};
      candidates[1].run = kernel.run;
      RoundOptions rounds = options_.rounds;
      rounds.sample_seconds = 1e-3;
      measure_rounds(candidates, rounds);
      const double seconds = median(candidates[1].seconds);
      for (auto _ : state) state.SetIterationTime(seconds);
      state.counters["gflops"] = kernel.flops / seconds * 1e-9;
      state.counters["x_peak"] = kernel.flops / peak_.flops(1) *
                                 paired_ratio(candidates[0].seconds, candidates[1].seconds);
      peak_.add(1, candidates[0].seconds);
    });
  }
}

void Session::register_peak(int threads) {
  register_one(fmt::format("fma_peak/threads:{}", threads),
               [this, threads](benchmark::State& state) {
                 const double gflops = peak_.median_gflops(threads);
                 for (auto _ : state) state.SetIterationTime(peak_.flops(threads) / gflops * 1e-9);
                 state.SetLabel(peak_.loop_name());
                 state.counters["gflops"] = gflops;
               });
  if (options_.estimate) return;  // the rest is for a roofline, and takes longer than all before it
  register_one(fmt::format("memory_copy/threads:{}", threads), [threads](benchmark::State& state) {
    const CopyBandwidth bandwidth = measure_copy_bandwidth(threads);
    for (auto _ : state) state.SetIterationTime(bandwidth.seconds);
    state.counters["gbytes_per_second"] = bandwidth.bytes / bandwidth.seconds * 1e-9;
  });
}

Session::Found Session::find(const std::string& name) const {
  const auto found = by_name_.find(name);
  if (found == by_name_.end()) return {};
  const LayerGroup& group = groups_[found->second.first];
  return {&group, &group.entries()[found->second.second]};
}

bool Session::any_failed() const {
  for (const LayerGroup& group : groups_)
    for (const Entry& entry : group.entries())
      if (entry.outcome == Outcome::failed) return true;
  return false;
}

}  // namespace winograd::bench
