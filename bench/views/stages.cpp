// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// --stages: where the time of a layer goes.
#include <fmt/format.h>

#include "bench/views/reporter.hpp"

namespace winograd::bench {
namespace {

class StageTable final : public SessionReporter {
 public:
  using SessionReporter::SessionReporter;

 private:
  void begin() override {
    print("shares of the time; gemm x peak: FLOP/s of the matrix products over the FMA peak\n\n");
    print(fmt::format("{:36} {:4} {:12} {:>9} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7} {:>7}\n", "layer",
                      "mem", "algorithm", "ms", "x peak", "bound", "input", "gemm", "output",
                      "other", "gemm x"));
  }
  void entry(const LayerGroup& group, const Entry& entry) override {
    print(fmt::format("{:36} {:4} ", layer_text(group.layer()), to_string(entry.layout)));
    if (!entry.stages) {
      print(fmt::format("{:12} {}\n", to_string(entry.algorithm), entry.message));
      return;
    }
    const Stages& s = *entry.stages;
    print(fmt::format("{:12} {:9.3f} {:7.2f} {:7.2f} {:6.1f}% {:6.1f}% {:6.1f}% {:6.1f}% {:7.2f}\n",
                      entry.label, entry.median_seconds() * 1e3, entry.x_peak, entry.x_bound,
                      s.input * 100.0, s.gemm * 100.0, s.output * 100.0,
                      (1.0 - s.input - s.gemm - s.output) * 100.0, s.gemm_x_peak));
  }
  void end() override {
    print("\n");
    print_peak();
  }
};

}  // namespace

std::unique_ptr<SessionReporter> make_stage_reporter(Session& session) {
  return std::make_unique<StageTable>(session);
}

}  // namespace winograd::bench
