// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What the pipelines but Winograd share: blocks of output pixels as tasks that threads take
// one after another, each thread with its own scratch.
#ifndef WINOGRAD_SRC_PIPELINES_PIXEL_BLOCKS_HPP
#define WINOGRAD_SRC_PIPELINES_PIXEL_BLOCKS_HPP

#include <atomic>
#include <cstdint>

#include "src/planning/plan_data.hpp"

namespace winograd::detail {

/// Pixels of input, padding included, that `outputs` neighbouring outputs read along an axis.
constexpr int input_extent(int outputs, int stride, int kernel, int dilation) {
  return (outputs - 1) * stride + (kernel - 1) * dilation + 1;
}

/// Scratch of one thread, in floats: a staged rectangle of input, and sums before the epilogue.
struct BlockScratch {
  std::int64_t staging;
  std::int64_t sums;

  std::uint64_t bytes() const noexcept { return Arena::bytes_of(staging) + Arena::bytes_of(sums); }
};

/// A task number as coordinates: take the fastest-changing one first.
class TaskDigits {
 public:
  explicit TaskDigits(std::int64_t task) noexcept : rest_(task) {}
  int take(int count) noexcept {
    const int digit = static_cast<int>(rest_ % count);
    rest_ /= count;
    return digit;
  }
  int rest() const noexcept { return static_cast<int>(rest_); }

 private:
  std::int64_t rest_;
};

/// Calls body(TaskDigits, staging, sums) for all tasks, on `threads` threads.
template <class Body>
void run_blocks(const PlanData& plan, const Executor& executor, int threads, std::int64_t tasks,
                BlockScratch scratch, void* workspace, const Body& body) noexcept {
  std::atomic<std::int64_t> next{0};
  parallel_for(executor, threads, plan, [&](int thread) {
    Arena arena(static_cast<char*>(workspace) +
                static_cast<std::size_t>(static_cast<unsigned>(thread) * scratch.bytes()));
    float* const staging = arena.take(static_cast<std::ptrdiff_t>(scratch.staging));
    float* const sums = arena.take(static_cast<std::ptrdiff_t>(scratch.sums));
    for (;;) {
      const std::int64_t task = next.fetch_add(1, std::memory_order_relaxed);
      if (task >= tasks) return;
      body(TaskDigits(task), staging, sums);
    }
  });
}

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PIPELINES_PIXEL_BLOCKS_HPP
