// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/session/peak.hpp"

#include "bench/measure/statistics.hpp"
#include "bench/peers/threads.hpp"

namespace winograd::bench {
namespace {

constexpr double kRunSeconds = 3e-4;

/// Steps that take about kRunSeconds.
std::int64_t calibrate(const FmaLoop& loop) {
  constexpr std::int64_t kTrial = 20'000;
  loop.run(kTrial);
  std::vector<double> seconds;
  for (int i = 0; i < 5; ++i) seconds.push_back(time_once(1, [&] { loop.run(kTrial); }));
  return static_cast<std::int64_t>(static_cast<double>(kTrial) * kRunSeconds / median(seconds));
}

struct Work {
  const FmaLoop* loop;
  std::int64_t steps;
};

void run_task(void* argument, int /*index*/) {
  const auto* work = static_cast<const Work*>(argument);
  work->loop->run(work->steps);
}

}  // namespace

Peak::Peak(Isa isa) : isa_(isa), loop_(fma_loop(isa)), steps_(calibrate(loop_)) {}

Candidate Peak::candidate(int threads) const {
  Candidate candidate;
  candidate.threads = threads;
  candidate.sets_pace = false;
  candidate.run = [work = Work{&loop_, steps_}, threads,
                   executor = executor_for(threads)]() mutable {
    executor.parallel_for(threads, run_task, &work);
  };
  return candidate;
}

double Peak::flops(int threads) const {
  return loop_.flops_per_step * static_cast<double>(steps_) * threads;
}

void Peak::add(int threads, const std::vector<double>& seconds) {
  std::vector<double>& all = seconds_[threads];
  all.insert(all.end(), seconds.begin(), seconds.end());
}

double Peak::median_gflops(int threads) {
  if (seconds_[threads].empty()) {
    std::vector<Candidate> alone = {candidate(threads)};
    alone[0].sets_pace = true;
    measure_rounds(alone, {});
    add(threads, alone[0].seconds);
  }
  return flops(threads) / median(seconds_[threads]) * 1e-9;
}

}  // namespace winograd::bench
