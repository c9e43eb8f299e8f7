// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "views/reporter.hpp"

#include <fmt/format.h>

#include "views/machine.hpp"

namespace winograd::bench {

bool SessionReporter::ReportContext(const Context& /*context*/) {
  const Options& options = session_.options();
  print(fmt::format("{}; {}; instruction set {}\n", cpu_name(), compiler_name(),
                    to_string(session_.peak().isa())));
  if (options.view == View::kernels) {
    begin();
    return true;
  }
  std::string others;
  for (const Peer* peer : selected_peers(options)) others += fmt::format(", {}", peer->version());
  print(fmt::format("winograd{}; fp32, bias + ReLU fused, weights packed before\n", others));
  print(fmt::format("medians of {} interleaved rounds; {}\n\n", options.rounds.rounds,
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
    // A thread more than agreed on is no comparison. Process CPU time charged it already, but it
    // should be known.
    constexpr double kSlack = 0.1;
    if (result.outcome == Outcome::measured && result.cpus > result.threads * (1.0 + kSlack))
      GetErrorStream() << fmt::format("{}: ran on {:.2f} CPUs\n", result.name, result.cpus);
    if (result.outcome == Outcome::measured && result.peer == nullptr &&
        result.x_peak > 1.05 * result.x_bound)
      GetErrorStream() << fmt::format(
          "{}: {:.2f} x peak is more than arithmetic allows ({:.2f}): "
          "the FMA peak was not reached when it was measured\n",
          result.name, result.x_peak, result.x_bound);
    entry(*found.group, result);
  }
}

void SessionReporter::Finalize() { end(); }

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
  const std::string name = geometry_name(layer.desc);
  return layer.count == 1 ? name : fmt::format("{} (x{})", name, layer.count);
}

}  // namespace winograd::bench
