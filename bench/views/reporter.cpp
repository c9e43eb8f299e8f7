// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/views/reporter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "bench/views/machine.hpp"

namespace winograd::bench {

bool SessionReporter::ReportContext(const Context& /*context*/) {
  const Options& options = session_.options();
  print(fmt::format("{}; {}; instruction set {}; {}\n", cpu_name(), compiler_name(),
                    to_string(session_.peak().isa()), cache_text()));
  if (options.view == View::kernels) {
    begin();
    return true;
  }
  if (options.estimate) {
    print("estimates of the cost model; nothing is measured but the FMA peak\n\n");
    begin();
    return true;
  }
  std::string others;
  for (const Peer* peer : selected_peers(options)) others += fmt::format(", {}", peer->version());
  print(
      fmt::format("winograd{}; fp32, bias and activation fused, weights packed before\n", others));
  if (!options.emulator.empty()) {
    print(fmt::format(
        "EMULATED by {}: no times are measured, because they would say nothing about this CPU.\n"
        "Every result is compared with fp64.\n\n",
        options.emulator));
    begin();
    return true;
  }
  print(fmt::format("{} of {} interleaved rounds, {}; {}\n\n",
                    options.rounds.best ? "the best" : "medians", options.rounds.rounds,
                    options.rounds.clock == Clock::cpu ? "one thread by CPU time" : "by wall time",
                    options.verify ? "every result compared with fp64 before it is timed"
                                   : "results NOT verified"));
  begin();
  return true;
}

void SessionReporter::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.run_type != Run::RT_Iteration) continue;
    const Session::Found found = session_.find(run.run_name.function_name);
    if (found.entry == nullptr) {
      other(run);
      continue;
    }
    const Entry& result = *found.entry;
    if (result.outcome == Outcome::failed)
      GetErrorStream() << fmt::format("{}: {}\n", result.name, result.message) << std::flush;
    check_plausible(result);
    entry(*found.group, result);
  }
}

void SessionReporter::check_plausible(const Entry& entry) {
  if (entry.outcome != Outcome::measured) return;
  // A thread more than agreed on is no comparison. The CPU time of the process charged for it, but
  // it should be known.
  constexpr double kSlack = 1.25;
  if (entry.cpus > entry.threads * kSlack)
    GetErrorStream() << fmt::format("{}: ran on {:.2f} CPUs\n", entry.name, entry.cpus);
  if (entry.peer == nullptr && entry.x_peak > 1.05 * entry.x_bound) ++impossible_;
}

void SessionReporter::Finalize() {
  end();
  if (impossible_ > 0)
    GetErrorStream() << fmt::format(
        "{} entries are faster than arithmetic allows: when they were measured, the FMA peak was\n"
        "not reached. The machine is too busy for these figures to mean anything.\n",
        impossible_);
}

void SessionReporter::print_missing_peers() {
  const std::vector<std::string> missing = missing_peers(session_.options());
  if (missing.empty()) return;
  print(fmt::format("left out: {} (not found when this was built)\n", fmt::join(missing, ", ")));
}

void SessionReporter::print_peak() {
  for (const int threads : session_.options().threads)
    print(fmt::format("FMA peak on {} thread{}: {:.1f} GFLOP/s ({})\n", threads,
                      threads == 1 ? "" : "s", session_.peak().median_gflops(threads),
                      session_.peak().loop_name()));
}

std::string error_text(double error) {
  return error == 0.0 ? std::string("-") : fmt::format("{:.1e}", error);
}

std::string layer_text(const Layer& layer) {
  const std::string name = layer_name(layer.desc);
  return layer.count == 1 ? name : fmt::format("{} (x{})", name, layer.count);
}

}  // namespace winograd::bench
