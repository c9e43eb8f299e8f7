// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// --kernels: a line for each micro-kernel case.
#include <fmt/format.h>

#include "bench/views/reporter.hpp"

namespace winograd::bench {
namespace {

class KernelTable final : public SessionReporter {
 public:
  using SessionReporter::SessionReporter;

 private:
  void begin() override {
    print(
        "each kernel alone, on data in the L1 cache; in transforms, additions and multiply-adds\n"
        "count alike, so that x peak is the share of the multiply-add slots that are used\n\n");
    print(fmt::format("{:56} {:>9} {:>7}\n", "kernel", "GFLOP/s", "x peak"));
  }
  void entry(const LayerGroup& /*group*/, const Entry& /*entry*/) override {}
  void other(const Run& run) override {
    const auto ratio = run.counters.find("x_peak");
    if (ratio == run.counters.end()) return;  // the peak itself
    print(fmt::format("{:56} {:9.1f} {:7.2f}\n", run.run_name.function_name,
                      run.counters.at("gflops").value, ratio->second.value));
  }
  void end() override {
    print("\n");
    print_peak();
  }
};

}  // namespace

std::unique_ptr<SessionReporter> make_kernel_reporter(Session& session) {
  return std::make_unique<KernelTable>(session);
}

}  // namespace winograd::bench
