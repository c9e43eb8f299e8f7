// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The loops around a micro-kernel, shared by every instruction set: pieces of the panel of B that
// stay in L1 outside, groups of rows that stream past them inside. A piece is several runs of the
// chained sum, and one call of the micro-kernel does all of them for all groups of a size: calls
// are what short sums cost.
#ifndef WINOGRAD_KERNELS_COMMON_GEMM_LOOPS_HPP
#define WINOGRAD_KERNELS_COMMON_GEMM_LOOPS_HPP

#include "kernels/common/transform_1d.hpp"
#include "kernels/contract/kernel_set.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// Register blocks below each other: C[groups * rows][n] (+)= A[groups * rows][segments * k] * B.
struct MicroArgs {
  int groups;
  const float* a;
  std::ptrdiff_t lda;
  std::ptrdiff_t segment_stride;
  int segments;
  int k;
  int run;         ///< products in a run; >= k if there are several segments, which make one run
  const float* b;  ///< [segments][k][n]
  float* c;
  std::ptrdiff_t ldc;
  bool accumulate;
  /// Step k should prefetch the line of fetch + k * fetch_step: the piece of B after this one,
  /// spread evenly over the groups of rows that share this one.
  const float* fetch;
  std::ptrdiff_t fetch_step;
  const GemmTarget* target;  ///< for run_and_finish: of the first row
};
using MicroKernel = void (*)(const MicroArgs& args);

/// Bytes of a piece of B: half of the smallest L1 there is.
inline constexpr int kPieceBytes = 16 << 10;

/// `Micro<rows>::run` is the micro-kernel for 1 <= rows <= max_rows; B has n columns. For n = 16,
/// `Micro<rows>::run_and_finish` is the same with the epilogue, for GemmArgs::target.
template <template <int> class Micro, int max_rows, int n>
void gemm_loops(const GemmArgs& args) {
  static constexpr auto kMicro = []<int... i>(std::integer_sequence<int, i...>) {
    return std::array<MicroKernel, sizeof...(i) + 1>{nullptr, &Micro<i + 1>::run...};
  }
  (std::make_integer_sequence<int, max_rows>{});
  static constexpr auto kFinish = []<int... i>(std::integer_sequence<int, i...>) {
    if constexpr (n == kPanel) {
      return std::array<MicroKernel, sizeof...(i) + 1>{nullptr, &Micro<i + 1>::run_and_finish...};
    } else {
      return kMicro;
    }
  }
  (std::make_integer_sequence<int, max_rows>{});

  if (args.rows <= 0) return;
  // Balanced groups: 16 rows are 6 + 5 + 5, not 6 + 6 + 4; short groups cannot hide fma latency.
  const int groups = (args.rows + max_rows - 1) / max_rows;
  const int short_rows = args.rows / groups;
  const int long_groups = args.rows % groups;

  // A segment longer than a run is cut; several short segments make one run.
  const int run = args.run < args.k ? args.run : args.k;
  const int run_segments = args.k >= args.run ? 1 : args.run / args.k;
  constexpr int most = kPieceBytes / static_cast<int>(n * sizeof(float));
  const int piece = run < most ? most / run * run : run;  // products
  MicroArgs micro;
  micro.lda = args.lda;
  micro.ldc = args.ldc;
  micro.segment_stride = args.segment_stride;
  micro.b = args.b;
  micro.accumulate = args.accumulate;
  micro.fetch_step = n / groups > 1 ? n / groups : 1;
  GemmTarget target;  // of the next group of rows, once they are finished
  micro.target = &target;
  for (int s = 0; s < args.segments; s += run_segments) {
    micro.segments = run_segments < args.segments - s ? run_segments : args.segments - s;
    for (int k = 0; k < args.k; k += piece) {
      micro.k = piece < args.k - k ? piece : args.k - k;
      micro.run = micro.segments == 1 ? run : micro.k;
      micro.a = args.a + s * args.segment_stride + k;
      micro.c = args.c;
      const int steps = micro.segments * micro.k;
      const bool last = s + run_segments >= args.segments && k + piece >= args.k;
      micro.fetch =
          last && args.next_b != nullptr ? args.next_b : micro.b + std::ptrdiff_t{steps} * n;
      const bool finish = n == kPanel && last && args.target != nullptr;
      if (finish) target = *args.target;
      for (const bool longer : {true, false}) {
        micro.groups = longer ? long_groups : groups - long_groups;
        if (micro.groups == 0) continue;
        const int rows = short_rows + (longer ? 1 : 0);
        (finish ? kFinish : kMicro)[static_cast<unsigned>(rows)](micro);
        micro.a += micro.groups * rows * args.lda;
        micro.c += micro.groups * rows * args.ldc;
        micro.fetch += micro.groups * steps * micro.fetch_step;
        if (finish) target.advance(micro.groups * rows * target.stride);
      }
      micro.b += std::ptrdiff_t{steps} * n;
      micro.accumulate = true;
    }
  }
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_GEMM_LOOPS_HPP
