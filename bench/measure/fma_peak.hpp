// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The yardstick: multiply-adds in registers only, as many as this core can do with one instruction
// set. Clock frequency, virtualisation and neighbours move it as they move the convolutions, so the
// ratio to it says more than any time.
#ifndef WINOGRAD_BENCH_MEASURE_FMA_PEAK_HPP
#define WINOGRAD_BENCH_MEASURE_FMA_PEAK_HPP

#include <cstdint>

#include "winograd/conv2d.hpp"

namespace winograd::bench {

/// A loop of independent multiply-adds.
struct FmaLoop {
  const char* name;  ///< what its instructions are, e.g. "avx2 fma 8 x fp32"
  /// Runs `steps` steps.
  void (*run)(std::int64_t steps);
  double flops_per_step;
};

/// The loop for the vector length of `isa`; it must be able to run here.
const FmaLoop& fma_loop(Isa isa);

// One for each file, where that file is built. Only fma_loop calls them.
const FmaLoop* fma_loop_avx2();
const FmaLoop* fma_loop_avx512();
const FmaLoop* fma_loop_neon();
const FmaLoop* fma_loop_neon_armv7();
const FmaLoop* fma_loop_neon_armv7_fma();
const FmaLoop* fma_loop_generic();

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MEASURE_FMA_PEAK_HPP
