// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The loops around the micro-kernels of ARM: as common/gemm_loops.hpp, but the micro-kernel itself
// walks over the groups of rows of one height. One call for many groups, because a call saves and
// restores half the vector registers.
#ifndef WINOGRAD_KERNELS_ARM_GEMM_GROUPS_HPP
#define WINOGRAD_KERNELS_ARM_GEMM_GROUPS_HPP

#include "kernels/common/gemm_loops.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// `Micro<rows>::run(args, groups)` is the micro-kernel for `groups` >= 1 groups of 1 <= rows <=
/// max_rows rows each; B has n columns.
template <template <int> class Micro, int max_rows, int n>
void gemm_groups(const GemmArgs& args) {
  static constexpr auto kMicro = []<int... i>(std::integer_sequence<int, i...>) {
    using Kernel = void (*)(const MicroArgs& args, int groups);
    return std::array<Kernel, sizeof...(i) + 1>{nullptr, &Micro<i + 1>::run...};
  }
  (std::make_integer_sequence<int, max_rows>{});

  if (args.rows <= 0) return;
  // Balanced groups: 9 rows are 3 + 3 + 3, not 4 + 4 + 1; short groups cannot hide fma latency.
  const int groups = (args.rows + max_rows - 1) / max_rows;
  int long_rows = max_rows, short_groups = groups * max_rows - args.rows;
  if (short_groups > groups) {  // few rows, so that the usual case does not divide
    long_rows = (args.rows + groups - 1) / groups;
    short_groups = groups * long_rows - args.rows;
  }
  const int long_groups = groups - short_groups;
  MicroArgs micro;
  micro.lda = args.lda;
  micro.ldc = args.ldc;
  micro.segment_stride = args.segment_stride;
  micro.b = args.b;
  micro.accumulate = args.accumulate;
  const auto run_all_rows = [&](const float* a) __attribute__((always_inline)) {
    micro.a = a;
    micro.c = args.c;
    if (long_groups > 0) {
      kMicro[static_cast<unsigned>(long_rows)](micro, long_groups);
      if (short_groups == 0) return;
      const std::ptrdiff_t done = std::ptrdiff_t{long_rows} * long_groups;
      micro.a += done * micro.lda;
      micro.c += done * micro.ldc;
    }
    kMicro[static_cast<unsigned>(long_rows - 1)](micro, short_groups);
  };
  if (args.segments == 1 && args.k <= args.run) {  // the most frequent case, with the least to do
    micro.segments = 1;
    micro.k = args.k;
    run_all_rows(args.a);
    return;
  }
  // A segment longer than a run is cut; several short segments make one run.
  const int run = args.run < args.k ? args.run : args.k;
  const int run_segments = args.k >= args.run ? 1 : args.run / args.k;
  for (int s = 0; s < args.segments; s += run_segments) {
    micro.segments = run_segments < args.segments - s ? run_segments : args.segments - s;
    for (int k = 0; k < args.k; k += run) {
      micro.k = run < args.k - k ? run : args.k - k;
      run_all_rows(args.a + s * args.segment_stride + k);
      micro.b += std::ptrdiff_t{micro.segments} * micro.k * n;
      micro.accumulate = true;
    }
  }
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_GEMM_GROUPS_HPP
