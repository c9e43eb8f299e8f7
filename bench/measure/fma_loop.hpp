// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The loop itself, for a file that is compiled for one instruction set. `Ops` has a type Vector,
// a constant kLanes, and static functions broadcast(float) and multiply_add(a, b, c) = a * b + c.
#ifndef WINOGRAD_BENCH_MEASURE_FMA_LOOP_HPP
#define WINOGRAD_BENCH_MEASURE_FMA_LOOP_HPP

#include "bench/measure/fma_peak.hpp"

namespace winograd::bench {
// Unnamed: each file has its own copy, compiled with its own flags.
namespace {

// Chains that are in flight. Two units with a latency of 4 (Zen: separate multiply and add 3 + 3)
// need at least 8 (12); 12 chains and two constants still fit in 16 registers.
constexpr int kChains = 12;

template <class Ops>
void run_fma_loop(std::int64_t steps) {
  using Vector = typename Ops::Vector;
  // x -> x / 2 + 1 / 4 settles at 1 / 2: never an overflow or a denormal.
  const Vector half = Ops::broadcast(0.5F);
  const Vector quarter = Ops::broadcast(0.25F);
  // Twelve variables rather than an array, which g++ 12 would keep in memory.
  Vector a = Ops::broadcast(0.00F), b = Ops::broadcast(0.01F), c = Ops::broadcast(0.02F),
         d = Ops::broadcast(0.03F), e = Ops::broadcast(0.04F), f = Ops::broadcast(0.05F),
         g = Ops::broadcast(0.06F), h = Ops::broadcast(0.07F), i = Ops::broadcast(0.08F),
         j = Ops::broadcast(0.09F), k = Ops::broadcast(0.10F), l = Ops::broadcast(0.11F);
  for (std::int64_t step = 0; step < steps; ++step) {
    a = Ops::multiply_add(a, half, quarter);
    b = Ops::multiply_add(b, half, quarter);
    c = Ops::multiply_add(c, half, quarter);
    d = Ops::multiply_add(d, half, quarter);
    e = Ops::multiply_add(e, half, quarter);
    f = Ops::multiply_add(f, half, quarter);
    g = Ops::multiply_add(g, half, quarter);
    h = Ops::multiply_add(h, half, quarter);
    i = Ops::multiply_add(i, half, quarter);
    j = Ops::multiply_add(j, half, quarter);
    k = Ops::multiply_add(k, half, quarter);
    l = Ops::multiply_add(l, half, quarter);
  }
  const Vector results[kChains] = {a, b, c, d, e, f, g, h, i, j, k, l};
  asm volatile("" : : "m"(results));  // somebody could read them
}

template <class Ops>
const FmaLoop* make_fma_loop(const char* name) {
  static const FmaLoop loop = {name, run_fma_loop<Ops>, 2.0 * kChains * Ops::kLanes};
  return &loop;
}

}  // namespace
}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MEASURE_FMA_LOOP_HPP
