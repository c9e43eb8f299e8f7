// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_SESSION_ENTRY_HPP
#define WINOGRAD_BENCH_SESSION_ENTRY_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "bench/measure/reference.hpp"
#include "bench/peers/contender.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::bench {

enum class Outcome : std::uint8_t {
  pending,
  measured,
  verified,     ///< right, and not timed, because the CPU is emulated
  unsupported,  ///< a valid layer that the implementation does not take
  failed,       ///< an error, or a wrong result
};

/// Where the time of this library's runs goes (--stages).
struct Stages {
  double input = 0.0;        ///< share of the total, in [0, 1]
  double gemm = 0.0;         ///< likewise
  double output = 0.0;       ///< likewise
  double gemm_x_peak = 0.0;  ///< FLOP/s of the matrix products over the FMA peak
};

/// One line of the benchmark: an implementation, one way to use it, and what came of it.
struct Entry {
  std::string name;  ///< "conv2d/<list>/<layer>/<algorithm>/<layout>/threads:<n>", and "/f16"
  const Peer* peer = nullptr;                  ///< null: this library
  Algorithm algorithm = Algorithm::automatic;  ///< asked for; this library only
  Layout layout = Layout::nhwc;
  DataType type = DataType::f32;  ///< of src and dst; this library only
  int threads = 1;

  Outcome outcome = Outcome::pending;
  std::string message;           ///< why unsupported or failed
  std::string label, detail;     ///< Contender::label, detail
  std::vector<double> seconds;   ///< Candidate::seconds
  std::vector<double> shortest;  ///< Candidate::shortest
  double flops = 0.0;            ///< direct-equivalent
  double x_peak = 0.0;           ///< FLOP/s over the FMA peak of as many threads
  double x_bound = 0.0;          ///< Contender::arithmetic_bound
  double cpus = 0.0;             ///< CPU time over wall time
  Error error;                   ///< against fp64; only if verified
  std::optional<Stages> stages;
  std::size_t workspace_bytes = 0;
  std::size_t packed_bytes = 0;
  std::size_t compulsory_bytes = 0;  ///< src, dst and packed weights: what must move at least once
  std::map<std::string, double> x_peers;  ///< by peer's name: how many times faster than it

  std::string peer_name() const { return peer == nullptr ? "conv2d" : peer->name; }
  double median_seconds() const;
  double gflops() const;
  /// How far the rounds disagree, relative to their median.
  double spread() const;
};

/// Fills in x_peers of this library's entries, from peers that were measured in the same rounds, in
/// the same layout and on as many threads.
void compare_with_peers(std::vector<Entry>& entries);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_SESSION_ENTRY_HPP
