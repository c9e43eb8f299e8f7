// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string_view>
#include <thread>

#include "bench/layers/lists.hpp"
#include "bench/peers/contender.hpp"
#include "bench/views/machine.hpp"

namespace winograd::bench {
namespace {

template <class Enum>
std::map<std::string, Enum> by_name(std::initializer_list<Enum> values) {
  std::map<std::string, Enum> names;
  for (const Enum value : values) names[to_string(value)] = value;
  return names;
}

const std::map<std::string, Algorithm>& algorithms() {
  static const auto names =
      by_name({Algorithm::automatic, Algorithm::direct, Algorithm::winograd_f2,
               Algorithm::winograd_f3, Algorithm::winograd_f4, Algorithm::winograd_f6});
  return names;
}

std::map<std::string, Isa> isas() {
  std::map<std::string, Isa> names;
  for (int number = 0; number < static_cast<int>(Isa::best); ++number) {
    const auto isa = static_cast<Isa>(number);
    if (isa_available(isa)) names[to_string(isa)] = isa;
  }
  return names;
}

/// Lists, the layers in them, and peers.
void print_inventory() {
  for (const LayerList& list : layer_lists()) {
    fmt::print("{}: {}\n", list.name, list.description);
    for (const Layer& layer : list.layers())
      fmt::print("  {:3} x {:32} {}\n", layer.count, layer_name(layer.desc), layer.where);
  }
  fmt::print("peers of this build:\n");
  for (const Peer* peer : peers()) fmt::print("  {:12} {}\n", peer->name, peer->version());
  for (const std::string& name : left_out_peers())
    fmt::print("  {:12} left out: not found when this was built\n", name);
}

std::vector<std::string> all_lists() {
  std::vector<std::string> names;
  for (const LayerList& list : layer_lists()) names.emplace_back(list.name);
  return names;
}

std::vector<std::string> all_peers() {
  std::vector<std::string> names;
  for (const Peer* peer : peers()) names.emplace_back(peer->name);
  return names;
}

/// With those that this build lacks: the output names them.
std::vector<std::string> wanted_peers() {
  std::vector<std::string> names = all_peers();
  names.insert(names.end(), left_out_peers().begin(), left_out_peers().end());
  return names;
}

/// Takes Google Benchmark's flags out of the command line.
std::vector<std::string> split_flags(int argc, char** argv, Options& options) {
  constexpr std::string_view kFormat = "--benchmark_format=";
  std::vector<std::string> own;
  for (int i = argc - 1; i > 0; --i) {  // CLI11 takes them last first
    const std::string flag = argv[i];
    if (flag.rfind("--benchmark_", 0) != 0) {
      own.push_back(flag);
      continue;
    }
    options.benchmark_flags.insert(options.benchmark_flags.begin(), flag);
    if (flag.rfind(kFormat, 0) == 0) options.benchmark_format = flag.substr(kFormat.size());
    if (flag.rfind("--benchmark_out=", 0) == 0) options.benchmark_out = true;
  }
  return own;
}

/// The targets are about the default way to use the library, in both layouts.
void use_target_options(Options& options) {
  options.view = View::targets;
  options.lists = {"targets"};
  options.geometries.clear();
  options.algorithms = {Algorithm::automatic};
  options.layouts = {Layout::nhwc, Layout::nchw};
  options.types = {DataType::f32};
  options.threads = {1};
  if (std::thread::hardware_concurrency() >= 2) options.threads.push_back(2);
  options.peers.clear();
  options.batch = 0;
}

/// Only the errors of single layers mean anything on an emulated CPU.
void use_emulated_options(Options& options) {
  if (options.view != View::table || options.benchmark_out || !options.verify) {
    std::cerr
        << "This CPU is emulated by " << options.emulator
        << ", whose times mean nothing: only the errors of layers can be had here\n"
           "(--list, --layer, --algorithm, --layout, --threads, --accuracy, --isa, --batch).\n";
    std::exit(EXIT_FAILURE);
  }
  options.peers.clear();
}

/// A model is looked at in one way, beside its direct convolutions.
void use_model_options(Options& options) {
  if (options.layouts.size() != 1 || options.threads.size() != 1)
    throw std::invalid_argument("--model takes one --layout and one number of --threads");
  options.view = View::model;
  options.algorithms = {Algorithm::automatic, Algorithm::direct};
}

/// The stage clock counts on one thread, and knows this library only.
void use_stage_options(Options& options) {
  options.view = View::stages;
  options.threads = {1};
  options.peers.clear();
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  const std::vector<std::string> own = split_flags(argc, argv, options);

  CLI::App app("Measures 2-D convolutions on the layers of real networks, each verified first.");
  app.footer(
      "Google Benchmark's flags are taken too, e.g. --benchmark_out=result.json,\n"
      "--benchmark_format=json, --benchmark_filter=REGEX, --benchmark_list_tests.\n"
      "docs/benchmarking.md explains the output.");
  bool compare = false, targets = false, network = false, stages = false, kernels = false;
  bool inventory = false, emulated = false;
  app.add_flag("--inventory", inventory, "Print the layer lists and peers of this build");
  auto* views = app.add_option_group("views", "What to print");
  views->add_flag("--compare", compare, "This library against every peer, geometric means");
  views->add_flag("--targets", targets,
                  "The speed targets beside what is measured; exit code 2 if one does not hold");
  views->add_flag("--network", network,
                  "Also whole networks: all layers in sequence, caches as they come; what is lost\n"
                  "against the best peer; exit code 2 if a network's target does not hold");
  views->add_flag("--stages", stages,
                  "Shares of input transform, matrix products and output transform (one thread)");
  views->add_flag("--kernels", kernels, "Micro-kernels and transforms apart, on data in L1");
  views->require_option(0, 1);
  auto* model = app.add_option("--model", options.model,
                               "The convolutions of an ONNX file: what switching would gain")
                    ->check(CLI::ExistingFile);
  std::vector<std::string> inputs;
  app.add_option("--input", inputs, "Dimensions of the model's input: NAME:1x3x224x224")
      ->needs(model);
  app.add_flag("--estimate", options.estimate, "Of the model only what the cost model expects")
      ->needs(model);
  app.add_option("--html", options.html, "Write a page about the model")->needs(model);
  app.add_option("--json", options.json, "Write all figures about the model")->needs(model);
  auto* list =
      app.add_option("--list,lists", options.lists, "Layer lists, or 'all' (default: resnet50)")
          ->delimiter(',');
  auto* layer = app.add_option("--layer", options.geometries, "Layers such as n1c64h56w56k64r3s1p1")
                    ->delimiter(',');
  auto* algorithm =
      app.add_option("--algorithm", options.algorithms, "Algorithms (default: automatic)")
          ->delimiter(',')
          ->transform(CLI::CheckedTransformer(algorithms()));
  model->excludes(list)->excludes(layer)->excludes(algorithm);
  app.add_option("--layout", options.layouts, "nhwc, nchw (default: nhwc)")
      ->delimiter(',')
      ->transform(CLI::CheckedTransformer(by_name({Layout::nchw, Layout::nhwc})));
  app.add_option("--type", options.types,
                 "f32, f16, bf16: of this library's src and dst (default: f32)")
      ->delimiter(',')
      ->transform(CLI::CheckedTransformer(by_name({DataType::f32, DataType::f16, DataType::bf16})));
  app.add_option("--threads", options.threads, "Numbers of threads (default: 1)")
      ->delimiter(',')
      ->check(CLI::Range(1, 1024));
  app.add_option("--isa", options.isa,
                 "Widest instruction set, for this library and for peers that can be told")
      ->transform(CLI::CheckedTransformer(isas()));
  app.add_option("--accuracy", options.accuracy,
                 "strict, standard, relaxed, half (default: standard)")
      ->transform(CLI::CheckedTransformer(
          by_name({Accuracy::strict, Accuracy::standard, Accuracy::relaxed, Accuracy::half})));
  app.add_option("--batch", options.batch, "Batch of all layers, instead of their own")
      ->check(CLI::Range(1, 4096));
  auto* peers_flag =
      app.add_option("--peers", options.peers,
                     "Peers to measure: names, 'all' or 'none' (default: im2col,onednn)")
          ->delimiter(',')
          ->check(CLI::IsMember([] {
            std::vector<std::string> names = all_peers();
            names.insert(names.end(), {"all", "none"});
            return names;
          }()));
  app.add_flag("--verify,!--no-verify", options.verify,
               "Check every result against fp64 before timing (default: on)");
  app.add_flag("--emulated", emulated,
               "The CPU is emulated: verify, measure and print no times (QEMU is recognised)");
  app.add_option("--rounds", options.rounds.rounds, "Rounds of the interleaved measurement")
      ->capture_default_str()
      ->check(CLI::Range(1, 10000));
  app.add_option("--clock", options.rounds.clock,
                 "What one thread is timed by: cpu (of the process, default) or wall; several\n"
                 "threads are timed by wall")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, Clock>{{"cpu", Clock::cpu}, {"wall", Clock::wall}}));
  app.add_flag("--best", options.rounds.best,
               "The best round of each candidate instead of the median over the rounds");
  double sample_ms = options.rounds.sample_seconds * 1e3;
  app.add_option("--sample-ms", sample_ms, "Length of one sample of the fastest candidate")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 10000.0));

  try {
    app.parse(std::vector<std::string>(own));
    if (inventory) {
      print_inventory();
      std::exit(EXIT_SUCCESS);
    }
    for (const std::string& list : options.lists)
      if (list != "all") find_layer_list(list);
    for (const std::string& geometry : options.geometries) parse_geometry(geometry);
    for (const std::string& input : inputs) options.inputs.push_back(parse_input_dims(input));
    if (!options.model.empty()) {
      if (targets || network || stages || kernels)
        throw std::invalid_argument("--model is a view of its own: only --compare goes with it");
      use_model_options(options);
    }
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    std::exit(EXIT_FAILURE);
  }

  options.rounds.sample_seconds = sample_ms * 1e-3;
  if (std::count(options.lists.begin(), options.lists.end(), "all") != 0)
    options.lists = all_lists();
  if (options.lists.empty() && options.geometries.empty() && !targets && options.model.empty())
    options.lists = {"resnet50"};
  if ((compare || network) && peers_flag->count() == 0) options.peers = wanted_peers();
  if (std::count(options.peers.begin(), options.peers.end(), "all") != 0)
    options.peers = wanted_peers();
  if (options.estimate) options.peers.clear();
  if (network) options.view = View::network;
  if (stages) use_stage_options(options);
  if (kernels) options.view = View::kernels;
  if (targets) use_target_options(options);
  if (!options.benchmark_format.empty()) options.view = View::benchmark;
  options.emulator = detect_emulator();
  if (options.emulator.empty() && emulated) options.emulator = "an emulator";
  if (!options.emulator.empty()) use_emulated_options(options);
  return options;
}

}  // namespace winograd::bench
