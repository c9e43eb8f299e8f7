// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/session/entry.hpp"

#include "bench/measure/statistics.hpp"

namespace winograd::bench {

double Entry::median_seconds() const { return median(seconds); }

double Entry::gflops() const { return flops / median_seconds() * 1e-9; }

double Entry::spread() const { return bench::spread(seconds); }

void compare_with_peers(std::vector<Entry>& entries) {
  for (Entry& entry : entries) {
    if (entry.peer != nullptr || entry.outcome != Outcome::measured) continue;
    for (const Entry& other : entries) {
      if (other.peer != nullptr && other.outcome == Outcome::measured &&
          other.layout == entry.layout && other.threads == entry.threads)
        entry.x_peers[other.peer->name] = paired_ratio(other.seconds, entry.seconds);
    }
  }
}

}  // namespace winograd::bench
