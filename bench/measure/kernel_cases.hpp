// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The library's innermost functions, each alone on data that stays in the L1 cache: what it could
// do if the rest cost nothing. That they are right is what tests/kernels/ is for.
#ifndef WINOGRAD_BENCH_MEASURE_KERNEL_CASES_HPP
#define WINOGRAD_BENCH_MEASURE_KERNEL_CASES_HPP

#include <functional>
#include <string>
#include <vector>

#include "winograd/conv2d.hpp"

namespace winograd::bench {

struct KernelCase {
  std::string name;
  std::function<void()> run;  ///< many calls of the kernel
  double flops;               ///< of one run
};

/// Micro-kernels with all numbers of rows, and the transforms, of the kernel set for `isa`. In a
/// transform each addition, multiplication or multiply-add counts as two operations: as a share of
/// the peak it says how many of the slots for a multiply-add are used.
std::vector<KernelCase> kernel_cases(Isa isa);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MEASURE_KERNEL_CASES_HPP
