// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Whole models in ONNX Runtime, without the plug-in and with it, in turns. docs/onnxruntime.md
#include <fmt/format.h>
#include <sys/resource.h>
#include <time.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>

#include "engine.hpp"
#include "networks.hpp"

namespace {

struct Settings {
  std::vector<std::string> models;
  std::string plugin = WINOGRAD_PLUGIN;
  std::vector<std::string> options, inputs;
  std::string only, profile, write;
  int rounds = 9;
  double least_seconds = 1.0;
  Engine::Settings engine;
};

std::string read_model(const std::string& name) {
  if (std::ifstream file{name, std::ios::binary}) {
    return {std::istreambuf_iterator<char>(file), {}};
  }
  return write_network(name);
}

ProviderOptions read_options(const std::vector<std::string>& texts) {
  ProviderOptions options;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) throw std::invalid_argument(text + " is not KEY=VALUE");
    options[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return options;
}

Shapes read_shapes(const std::vector<std::string>& texts) {
  Shapes shapes;
  for (const std::string& text : texts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) throw std::invalid_argument(text + " is not NAME:1x3x224x224");
    std::vector<std::int64_t>& dims = shapes[text.substr(0, colon)];
    for (std::size_t at = colon + 1; at <= text.size();) {
      const std::size_t end = std::min(text.find('x', at), text.size());
      dims.push_back(std::stoll(text.substr(at, end - at)));
      at = end + 1;
    }
  }
  return shapes;
}

/// With one thread the processor's time counts, which others on the machine disturb less.
double now(bool cpu) {
  timespec time{};
  clock_gettime(cpu ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double relative_difference(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) throw std::runtime_error("the outputs have different sizes");
  double most = 0, largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    most = std::max(most, std::fabs(static_cast<double>(a[i]) - static_cast<double>(b[i])));
    largest = std::max(largest, std::fabs(static_cast<double>(a[i])));
  }
  return largest > 0 ? most / largest : most;
}

double peak_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// One engine alone, for its memory and for a profile.
void run_alone(Ort::Env& env, const std::vector<Ort::ConstEpDevice>& devices,
               const Settings& settings) {
  for (const std::string& name : settings.models) {
    std::string model = read_model(name);
    Engine::Settings one = settings.engine;
    one.profile = settings.profile;
    Engine engine(env, model, devices, read_options(settings.options), one);
    model = {};
    std::vector<double> seconds;
    for (int i = 0; i < settings.rounds; ++i) {
      const double start = now(one.threads == 1);
      engine.run();
      seconds.push_back(now(one.threads == 1) - start);
    }
    fmt::print("{}: {:.2f} ms, peak of memory {:.0f} MiB\n", name, 1e3 * median(seconds),
               peak_mib());
  }
}

void compare(Ort::Env& env, const std::vector<Ort::ConstEpDevice>& devices, const std::string& name,
             const Settings& settings) {
  Engine::Settings one = settings.engine;
  std::optional<Engine> engines[2];
  {
    const std::string model = read_model(name);
    engines[0].emplace(env, model, std::vector<Ort::ConstEpDevice>{}, ProviderOptions{}, one);
    engines[1].emplace(env, model, devices, read_options(settings.options), one);
  }
  const bool cpu = one.threads == 1;
  double once = now(cpu);
  for (std::optional<Engine>& engine : engines) engine->run();
  once = now(cpu) - once;
  // A turn is as many runs as take long enough together.
  const int runs = std::max(
      1, static_cast<int>(settings.least_seconds / (settings.rounds * std::max(once, 1e-6))));
  std::vector<double> seconds[2], ratios;
  for (int round = 0; round < settings.rounds; ++round) {
    for (int turn = 0; turn < 2; ++turn) {
      const int which = (turn + round) % 2;
      const double start = now(cpu);
      for (int i = 0; i < runs; ++i) engines[which]->run();
      seconds[which].push_back((now(cpu) - start) / runs);
    }
    ratios.push_back(seconds[0].back() / seconds[1].back());
  }
  const double difference = relative_difference(engines[0]->outputs(), engines[1]->outputs());
  fmt::print("{:<28} {:>10.2f} {:>10.2f} {:>8.2f}x {:>12.1e}   {}\n",
             std::filesystem::path(name).stem().string(), 1e3 * median(seconds[0]),
             1e3 * median(seconds[1]), median(ratios), difference, engines[0]->description());
  std::fflush(stdout);
}

void run(Settings settings) {
  if (settings.models.empty()) settings.models = network_names();
  if (!settings.write.empty()) {
    for (const std::string& name : settings.models) {
      std::ofstream(fmt::format("{}/{}.onnx", settings.write, name), std::ios::binary)
          << write_network(name);
    }
    return;
  }
  settings.engine.shapes = read_shapes(settings.inputs);
  Ort::Env env(ORT_LOGGING_LEVEL_ERROR, "winograd");
  std::vector<Ort::ConstEpDevice> devices;
  if (settings.only != "engine") devices = load_plugin(env, settings.plugin);
  if (!settings.only.empty()) return run_alone(env, devices, settings);
  fmt::print("ONNX Runtime {}, {} thread{}\n", Ort::GetVersionString(), settings.engine.threads,
             settings.engine.threads == 1 ? "" : "s");
  fmt::print("{:<28} {:>10} {:>10} {:>9} {:>12}   {}\n", "model", "alone, ms", "plug-in", "gain",
             "difference", "input");
  for (const std::string& name : settings.models) compare(env, devices, name, settings);
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  CLI::App app("Models in ONNX Runtime, without winograd's plug-in and with it.");
  app.add_option("models", settings.models,
                 "ONNX files, or resnet18, resnet50, vgg16, mobilenetv2 with made-up weights "
                 "(default: these four)");
  app.add_option("--plugin", settings.plugin, "The plug-in")->capture_default_str();
  app.add_option("--option", settings.options, "An option of the plug-in: layers=all")
      ->allow_extra_args(false);
  app.add_option("--input", settings.inputs, "Dimensions of an input: NAME:1x3x224x224")
      ->allow_extra_args(false);
  app.add_option("--threads", settings.engine.threads, "Threads of each session")
      ->check(CLI::Range(1, 1024))
      ->capture_default_str();
  app.add_option("--rounds", settings.rounds, "Turns of each")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option("--seconds", settings.least_seconds, "Time for each model, about")
      ->capture_default_str();
  app.add_option("--only", settings.only,
                 "Run one of the two alone, and print its peak of memory: engine or plugin")
      ->check(CLI::IsMember({"engine", "plugin"}));
  app.add_option("--profile", settings.profile, "With --only: ONNX Runtime's profile, by node");
  app.add_option("--write", settings.write,
                 "Write the named networks into this folder, run nothing")
      ->check(CLI::ExistingDirectory);
  CLI11_PARSE(app, argc, argv);
  try {
    run(std::move(settings));
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "winograd_onnxruntime_example: {}\n", e.what());
    return 1;
  }
}
