// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A view is a Google Benchmark reporter that looks the entries up in the session.
#ifndef WINOGRAD_BENCH_VIEWS_REPORTER_HPP
#define WINOGRAD_BENCH_VIEWS_REPORTER_HPP

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "bench/session/session.hpp"

namespace winograd::bench {

/// Base of the views: prints what was measured and where, then calls entry() for each result.
class SessionReporter : public benchmark::BenchmarkReporter {
 public:
  explicit SessionReporter(Session& session) : session_(session) {}

  bool ReportContext(const Context& context) override;
  void ReportRuns(const std::vector<Run>& runs) override;
  void Finalize() override;

 protected:
  /// After the lines about the machine: the head of the table.
  virtual void begin() = 0;
  virtual void entry(const LayerGroup& group, const Entry& entry) = 0;
  /// An entry that is no layer's.
  virtual void other(const Run& run) { static_cast<void>(run); }
  /// The foot of the table.
  virtual void end() = 0;

  /// A line about the peers that were asked for and that this build lacks, if there are any.
  void print_missing_peers();
  /// For end(): a line for each number of threads.
  void print_peak();
  void print(const std::string& text) { GetOutputStream() << text << std::flush; }
  Session& session() { return session_; }

 private:
  /// Tells on stderr of figures that should not be trusted.
  void check_plausible(const Entry& entry);

  Session& session_;
  int impossible_ = 0;
};

std::unique_ptr<SessionReporter> make_table_reporter(Session& session);
std::unique_ptr<SessionReporter> make_model_reporter(Session& session);
std::unique_ptr<SessionReporter> make_stage_reporter(Session& session);
std::unique_ptr<SessionReporter> make_kernel_reporter(Session& session);

/// Tells after the run whether the targets hold.
class TargetReporter : public SessionReporter {
 public:
  using SessionReporter::SessionReporter;
  virtual bool all_hold() const = 0;
};
std::unique_ptr<TargetReporter> make_target_reporter(Session& session);
std::unique_ptr<TargetReporter> make_network_reporter(Session& session);

/// "1.23e-07", or "-" if nothing was verified.
std::string error_text(double error);
/// A layer's geometry, with its count if the network has it more than once.
std::string layer_text(const Layer& layer);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_VIEWS_REPORTER_HPP
