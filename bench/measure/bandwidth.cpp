// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/measure/bandwidth.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "bench/measure/rounds.hpp"
#include "bench/measure/statistics.hpp"
#include "bench/peers/buffer.hpp"
#include "bench/peers/threads.hpp"

namespace winograd::bench {
namespace {

struct Copy {
  Buffer from, to;
  std::size_t bytes_per_task;
};

void copy_part(void* argument, int index) {
  auto* copy = static_cast<Copy*>(argument);
  const std::size_t offset = static_cast<std::size_t>(index) * copy->bytes_per_task / sizeof(float);
  std::memcpy(copy->to.data() + offset, copy->from.data() + offset, copy->bytes_per_task);
}

}  // namespace

CopyBandwidth measure_copy_bandwidth(int threads) {
  constexpr std::int64_t kFloats = std::int64_t{32} << 20;  // 128 MiB, twice
  constexpr int kRepeats = 7;
  Copy copy{Buffer(kFloats), Buffer(kFloats), 0};
  copy.bytes_per_task = copy.from.size_bytes() / static_cast<std::size_t>(threads) / 64 * 64;
  const Executor executor = executor_for(threads);
  std::vector<double> seconds;
  for (int i = 0; i < kRepeats; ++i)
    seconds.push_back(
        time_once(threads, [&] { executor.parallel_for(threads, copy_part, &copy); }));
  const double bytes = 2.0 * static_cast<double>(copy.bytes_per_task) * threads;
  return {bytes, median(seconds)};
}

}  // namespace winograd::bench
