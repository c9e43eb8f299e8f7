// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Timing on a machine that is never quiet.
//
// Everything that is to be compared is measured together, in rounds: each round takes one sample of
// the FMA peak and of every candidate, one after another, and ratios are formed within a round and
// then their median over the rounds. A change of clock frequency or a busy neighbour that lasts
// longer than a round moves both sides of a ratio; one that is shorter spoils some rounds, which
// the median ignores. Google Benchmark's random interleaving was not used: it shuffles repetitions
// of all benchmarks of the program, so the two sides of a ratio may lie minutes apart, it keeps the
// buffers of all layers alive, and its aggregates are medians of times, not of paired ratios.
//
// A sample is taken from a few runs that are timed one by one, after one run to warm up. One thread
// is timed by the CPU time of the process, and the sample is the median: that leaves out the time
// in which the scheduler gave the core to somebody else, and it charges a candidate for every
// thread that it secretly uses. Several threads can only be timed by the clock on the wall; as one
// of them that is put aside for a moment holds up all, the sample is the shortest run.
#ifndef WINOGRAD_BENCH_MEASURE_ROUNDS_HPP
#define WINOGRAD_BENCH_MEASURE_ROUNDS_HPP

#include <cstdint>
#include <functional>
#include <vector>

namespace winograd::bench {

struct Candidate {
  int threads = 1;
  /// Called before each sample, untimed: process-wide settings such as a thread count.
  std::function<void()> prepare;
  std::function<void()> run;
  /// False: not considered when the number of runs in a sample is chosen.
  bool sets_pace = true;

  // Results.
  std::vector<double> seconds;   ///< of one run, a sample per round
  std::vector<double> shortest;  ///< the shortest run of each sample, whatever the threads
  double cpus = 0.0;             ///< CPU time over wall time, largest over the rounds
};

/// What one thread is timed by.
enum class Clock : std::uint8_t {
  cpu,   ///< the CPU time of the process
  wall,  ///< the clock on the wall
};

struct RoundOptions {
  int rounds = 15;
  double sample_seconds = 0.005;  ///< what a sample of the fastest that sets the pace should take
  Clock clock = Clock::cpu;
  /// Keep the least sample of each candidate instead of all of them. On a busy machine it repeats
  /// better than a median, and says what the code can do rather than what one gets.
  bool best = false;
};

void measure_rounds(std::vector<Candidate>& candidates, const RoundOptions& options);

/// Seconds of one call, as described above.
double time_once(int threads, const std::function<void()>& run);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MEASURE_ROUNDS_HPP
