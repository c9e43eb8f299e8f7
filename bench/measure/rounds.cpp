// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/measure/rounds.hpp"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <thread>

#include "bench/measure/statistics.hpp"

namespace winograd::bench {
namespace {

// Every candidate gets the same number of runs in a sample, so that none has more luck than
// another.
constexpr int kFewestRuns = 3;
constexpr int kMostRuns = 25;

// Idle workers of OpenMP, TBB and others go on spinning for some milliseconds after their work.
constexpr auto kSettle = std::chrono::milliseconds(10);

double read_clock(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Times {
  double wall;
  double cpu;

  static Times now() { return {read_clock(CLOCK_MONOTONIC), read_clock(CLOCK_PROCESS_CPUTIME_ID)}; }
  Times operator-(const Times& other) const { return {wall - other.wall, cpu - other.cpu}; }
  double seconds(int threads, Clock clock) const {
    return threads == 1 && clock == Clock::cpu ? cpu : wall;
  }
};

void take_sample(Candidate& candidate, int runs, Clock clock) {
  if (candidate.prepare) candidate.prepare();
  candidate.run();
  std::vector<double> seconds;
  const Times begin = Times::now();
  Times before = begin;
  for (int i = 0; i < runs; ++i) {
    candidate.run();
    const Times after = Times::now();
    seconds.push_back((after - before).seconds(candidate.threads, clock));
    before = after;
  }
  const Times all = before - begin;
  const double shortest = *std::min_element(seconds.begin(), seconds.end());
  candidate.shortest.push_back(shortest);
  candidate.seconds.push_back(candidate.threads == 1 ? median(seconds) : shortest);
  candidate.cpus = std::max(candidate.cpus, all.cpu / all.wall);
  if (candidate.threads > 1) std::this_thread::sleep_for(kSettle);
}

}  // namespace

double time_once(int threads, const std::function<void()>& run) {
  const Times before = Times::now();
  run();
  return (Times::now() - before).seconds(threads, Clock::cpu);
}

void measure_rounds(std::vector<Candidate>& candidates, const RoundOptions& options) {
  double fastest = std::numeric_limits<double>::infinity();
  for (Candidate& candidate : candidates) {
    if (candidate.prepare) candidate.prepare();
    candidate.run();
    const double seconds = time_once(candidate.threads, candidate.run);
    if (candidate.sets_pace) fastest = std::min(fastest, seconds);
    if (candidate.threads > 1) std::this_thread::sleep_for(kSettle);
  }
  const double wanted = std::ceil(options.sample_seconds / std::max(fastest, 1e-9));
  const int runs = static_cast<int>(std::clamp<double>(wanted, kFewestRuns, kMostRuns));
  for (int round = 0; round < options.rounds; ++round)
    for (Candidate& candidate : candidates) take_sample(candidate, runs, options.clock);
  if (!options.best) return;
  for (Candidate& candidate : candidates)
    for (std::vector<double>* samples : {&candidate.seconds, &candidate.shortest})
      *samples = {*std::min_element(samples->begin(), samples->end())};
}

}  // namespace winograd::bench
