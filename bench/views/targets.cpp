// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// --targets: what was promised beside what is measured.
#include <fmt/format.h>

#include <algorithm>

#include "bench/layers/targets.hpp"
#include "bench/measure/statistics.hpp"
#include "bench/views/reporter.hpp"

namespace winograd::bench {
namespace {

class TargetTable final : public TargetReporter {
 public:
  using TargetReporter::TargetReporter;

  bool all_hold() const override { return missing_ == 0 && held_ == checked_ && checked_ > 0; }

 private:
  void begin() override {
    print(fmt::format(
        "x peak on one thread (target: NHWC; NCHW {:.0f} % of it), two threads over one where one\n"
        "takes more than {:.1f} ms (target {:.2f}), RMS error (allowed: {:.1e}, that of a "
        "sequential\n"
        "fp32 convolution of 256 channels, or of this layer if that is more). ! marks what does\n"
        "not hold.\n\n",
        kNchwShare * 100.0, kTwoThreadSeconds * 1e3, kTwoThreadSpeedup, allowed_rms_error()));
    print(fmt::format("{:26} {:12} {:>7} {:>7}  {:>7} {:>7}  {:>7} {:>7}  {:>8} {:>8}\n", "layer",
                      "algorithm", "target", "nhwc", "target", "nchw", "2/1 nhwc", "2/1 nchw",
                      "error", "allowed"));
    if (session().options().threads.size() < 2)
      print("(one CPU: two threads are not measured, and that target counts as missed)\n");
  }

  void entry(const LayerGroup& group, const Entry& entry) override {
    // The row is complete with the group's last entry.
    if (&entry != &group.entries().back()) return;
    const Entry* nhwc = group.find(Algorithm::automatic, Layout::nhwc, 1);
    const Entry* nchw = group.find(Algorithm::automatic, Layout::nchw, 1);
    const std::string name = geometry_name(group.layer().desc);
    if (nhwc == nullptr || nchw == nullptr) {
      ++missing_;
      print(fmt::format("{:26} not measured !\n", name));
      return;
    }
    const double target =
        target_x_peak(group.layer().desc, session().peak().isa(), session().options().accuracy);
    if (target == 0) return;
    const double target_nchw = kNchwShare * target;
    print(fmt::format("{:26} {:12} {:7.2f} {}  {:7.2f} {}  {}  {} ", name, nhwc->label, target,
                      check(nhwc->x_peak, target), target_nchw, check(nchw->x_peak, target_nchw),
                      two_threads(group, *nhwc), two_threads(group, *nchw)));
    const double error = std::max(nhwc->error.rms, nchw->error.rms);
    const double allowed = std::max(allowed_rms_error(), group.sequential_rms_error());
    if (session().options().verify)
      print(fmt::format(" {}{} {}\n", error_text(error), hold(error <= allowed),
                        error_text(allowed)));
    else
      print(" not verified\n");
  }

  void end() override {
    print(fmt::format("\n{} of {} targets hold", held_, checked_));
    print(missing_ == 0 ? std::string("\n") : fmt::format(", {} layers missing\n", missing_));
    print_peak();
  }

  double allowed_rms_error() {
    return session().options().accuracy == Accuracy::relaxed ? kRelaxedRmsError : kStandardRmsError;
  }

  /// Counts a target and marks it.
  const char* hold(bool holds) {
    ++checked_;
    if (holds) ++held_;
    return holds ? " " : "!";
  }
  std::string check(double value, double target) {
    return fmt::format("{:6.2f}{}", value, hold(value >= target));
  }
  std::string two_threads(const LayerGroup& group, const Entry& one) {
    const Entry* two = group.find(one.algorithm, one.layout, 2);
    if (one.median_seconds() <= kTwoThreadSeconds) return fmt::format("{:>8}", "short");
    if (two == nullptr) return fmt::format("{:>7}{}", "-", hold(false));
    const double speedup = paired_ratio(one.shortest, two->shortest);
    return fmt::format("{:7.2f}{}", speedup, hold(speedup >= kTwoThreadSpeedup));
  }

  int held_ = 0;
  int checked_ = 0;
  int missing_ = 0;
};

}  // namespace

std::unique_ptr<TargetReporter> make_target_reporter(Session& session) {
  return std::make_unique<TargetTable>(session);
}

}  // namespace winograd::bench
