// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_SESSION_PEAK_HPP
#define WINOGRAD_BENCH_SESSION_PEAK_HPP

#include <cstdint>
#include <map>
#include <vector>

#include "bench/measure/fma_peak.hpp"
#include "bench/measure/rounds.hpp"

namespace winograd::bench {

/// The FMA peak of an instruction set, measured again in every round beside the candidates.
class Peak {
 public:
  explicit Peak(Isa isa);

  Isa isa() const { return isa_; }
  const char* loop_name() const { return loop_.name; }

  /// A candidate that runs the loop on `threads` threads at once for a fraction of a millisecond.
  Candidate candidate(int threads) const;
  double flops(int threads) const;

  /// Remembers samples of candidate(threads), in seconds.
  void add(int threads, const std::vector<double>& seconds);
  /// Of all samples so far; measures some if there are none.
  double median_gflops(int threads);

 private:
  Isa isa_;
  const FmaLoop& loop_;
  std::int64_t steps_;
  std::map<int, std::vector<double>> seconds_;  ///< by number of threads
};

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_SESSION_PEAK_HPP
