// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// winograd_bench: see docs/benchmarking.md.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "bench/options.hpp"
#include "bench/session/session.hpp"
#include "bench/views/machine.hpp"
#include "bench/views/reporter.hpp"

namespace winograd::bench {
namespace {

/// Google Benchmark appends how a benchmark was registered to its name; the names of this program
/// are complete without.
template <class Base>
class PlainNames final : public Base {
 public:
  using Base::Base;
  void ReportRuns(const std::vector<benchmark::BenchmarkReporter::Run>& runs) override {
    std::vector<benchmark::BenchmarkReporter::Run> plain = runs;
    for (auto& run : plain) {
      run.run_name.iterations.clear();
      run.run_name.time_type.clear();
    }
    Base::ReportRuns(plain);
  }
};

void initialize_benchmark(const Options& options, char* program) {
  std::vector<std::string> flags = options.benchmark_flags;
  std::vector<char*> argv = {program};
  for (std::string& flag : flags) argv.push_back(flag.data());
  int argc = static_cast<int>(argv.size());
  benchmark::Initialize(&argc, argv.data());
  if (benchmark::ReportUnrecognizedArguments(argc, argv.data())) std::exit(EXIT_FAILURE);
}

void add_context(Session& session) {
  benchmark::AddCustomContext("cpu", cpu_name());
  benchmark::AddCustomContext("compiler", compiler_name());
  benchmark::AddCustomContext("caches", cache_text());
  benchmark::AddCustomContext("isa", to_string(session.peak().isa()));
  benchmark::AddCustomContext("rounds", std::to_string(session.options().rounds.rounds));
  benchmark::AddCustomContext("verified", session.options().verify ? "yes" : "no");
  for (const Peer* peer : selected_peers(session.options()))
    benchmark::AddCustomContext(peer->name, peer->version());
  for (const std::string& name : missing_peers(session.options()))
    benchmark::AddCustomContext(name, "left out: not found when this was built");
}

std::unique_ptr<benchmark::BenchmarkReporter> make_standard_reporter(const std::string& format) {
  if (format == "json") return std::make_unique<PlainNames<benchmark::JSONReporter>>();
  return std::make_unique<PlainNames<benchmark::ConsoleReporter>>(
      benchmark::ConsoleReporter::OO_Tabular);
}

enum ExitCode : int { kOk = 0, kFailed = 1, kTargetsMissed = 2 };

int run(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  initialize_benchmark(options, argv[0]);
  Session session(options);
  session.register_benchmarks();
  add_context(session);

  std::unique_ptr<benchmark::BenchmarkReporter> display;
  TargetReporter* targets = nullptr;
  switch (options.view) {
    case View::targets: {
      auto reporter = make_target_reporter(session);
      targets = reporter.get();
      display = std::move(reporter);
      break;
    }
    case View::table: display = make_table_reporter(session); break;
    case View::model: display = make_model_reporter(session); break;
    case View::network: {
      auto reporter = make_network_reporter(session);
      targets = reporter.get();
      display = std::move(reporter);
      break;
    }
    case View::stages: display = make_stage_reporter(session); break;
    case View::kernels: display = make_kernel_reporter(session); break;
    case View::benchmark: display = make_standard_reporter(options.benchmark_format); break;
  }
  PlainNames<benchmark::JSONReporter> file;
  benchmark::RunSpecifiedBenchmarks(display.get(), options.benchmark_out ? &file : nullptr);
  benchmark::Shutdown();
  if (session.any_failed()) return kFailed;
  return targets != nullptr && !targets->all_hold() ? kTargetsMissed : kOk;
}

}  // namespace
}  // namespace winograd::bench

int main(int argc, char** argv) {
  try {
    return winograd::bench::run(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << argv[0] << ": " << error.what() << '\n';
    return winograd::bench::kFailed;
  }
}
