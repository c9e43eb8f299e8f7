// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The loops around micro-kernels, the same for every instruction set: panels of B outside, then
// pieces of them that stay in L1, then groups of rows that stream past a piece.
#ifndef WINOGRAD_KERNELS_COMMON_GEMM_LOOPS_HPP
#define WINOGRAD_KERNELS_COMMON_GEMM_LOOPS_HPP

#include <array>
#include <utility>

#include "kernels/common/transform_1d.hpp"
#include "kernels/contract/kernel_set.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// Register blocks below each other: C[groups * rows][columns] (+)= A[groups * rows][segments * k]
/// * B.
struct MicroArgs {
  int groups;
  const float* a;
  std::ptrdiff_t lda;
  std::ptrdiff_t segment_stride;
  int segments;
  int k;
  int chain;  ///< products in a chain; >= k if there are several segments, which make one chain
  const float* b;  ///< [segments][k] rows of a panel; the next panel is panel_stride further
  std::ptrdiff_t panel_stride;
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

/// A Micro has
///   columns           of its register block: 8, or whole panels
///   max_rows          most rows of a register block
///   several_chains    false if a call does one chain only
///   Block<rows>::run  the micro-kernel for 1 <= rows <= max_rows
///   Block<rows>::run_and_finish   the same with the epilogue, for GemmArgs::target, if columns are
///                                 whole panels and the set's GemmEntry says `finishes`
template <class Micro>
inline constexpr bool kFinishes = requires {
  &Micro::template Block<1>::run_and_finish;
}
&&Micro::columns % kPanel == 0;

/// All rows of columns [column, column + Micro::columns). `next_b` is what is needed afterwards.
template <class Micro>
[[gnu::noinline]] void gemm_columns(const GemmArgs& args, int column, const float* next_b) {
  static constexpr auto kMicro = []<int... i>(std::integer_sequence<int, i...>) {
    return std::array<MicroKernel, sizeof...(i) + 1>{nullptr,
                                                     &Micro::template Block<i + 1>::run...};
  }
  (std::make_integer_sequence<int, Micro::max_rows>{});
  static constexpr auto kFinish = []<int... i>(std::integer_sequence<int, i...>) {
    if constexpr (kFinishes<Micro>) {
      return std::array<MicroKernel, sizeof...(i) + 1>{
          nullptr, &Micro::template Block<i + 1>::run_and_finish...};
    } else {
      return kMicro;
    }
  }
  (std::make_integer_sequence<int, Micro::max_rows>{});
  constexpr int max_rows = Micro::max_rows;
  constexpr int step = Micro::columns < kPanel ? Micro::columns : kPanel;  // floats, of a panel

  // Balanced groups: 16 rows are 6 + 5 + 5, not 6 + 6 + 4; short groups cannot hide fma latency.
  const int groups = (args.rows + max_rows - 1) / max_rows;
  int long_rows = max_rows, short_groups = groups * max_rows - args.rows;
  if (short_groups > groups) {  // few rows, so that the usual case does not divide
    long_rows = (args.rows + groups - 1) / groups;
    short_groups = groups * long_rows - args.rows;
  }

  // A segment longer than a chain is cut; several short segments make one chain. A piece is several
  // chains, and one call of the micro-kernel does all of them for all groups of a size: calls are
  // what short sums cost.
  const int chain = args.chain < args.k ? args.chain : args.k;
  const int chain_segments = args.k >= args.chain ? 1 : args.chain / args.k;
  constexpr int most = kPieceBytes / static_cast<int>(Micro::columns * sizeof(float));
  const int piece = Micro::several_chains && chain < most ? most / chain * chain : chain;
  MicroArgs micro;
  micro.lda = args.lda;
  micro.ldc = args.ldc;
  micro.segment_stride = args.segment_stride;
  micro.b = args.b + column / kPanel * args.panel_stride;
  micro.panel_stride = args.panel_stride;
  micro.accumulate = args.accumulate;
  micro.fetch_step = groups < step ? step / groups : 1;
  GemmTarget target;  // of the next group of rows, once they are finished
  micro.target = &target;
  for (int s = 0; s < args.segments; s += chain_segments) {
    micro.segments = chain_segments < args.segments - s ? chain_segments : args.segments - s;
    for (int k = 0; k < args.k; k += piece) {
      micro.k = piece < args.k - k ? piece : args.k - k;
      micro.chain = micro.segments == 1 ? chain : micro.k;
      micro.a = args.a + s * args.segment_stride + k;
      micro.c = args.c + column;
      const int steps = micro.segments * micro.k;
      const bool last = s + chain_segments >= args.segments && k + piece >= args.k;
      micro.fetch = last ? next_b : micro.b + std::ptrdiff_t{steps} * step;
      const bool finish = kFinishes<Micro> && last && args.target != nullptr;
      if (finish) {
        target = *args.target;
        target.advance(column);
        target.epilogue.bias += column;
      }
      const auto run_groups = [&](int number, int rows) __attribute__((always_inline)) {
        if (number == 0) return;
        micro.groups = number;
        (finish ? kFinish : kMicro)[static_cast<unsigned>(rows)](micro);
        micro.a += number * rows * args.lda;
        micro.c += number * rows * args.ldc;
        micro.fetch += number * steps * micro.fetch_step;
        if (finish) target.advance(number * rows * target.stride);
      };
      run_groups(groups - short_groups, long_rows);
      run_groups(short_groups, long_rows - 1);
      micro.b += std::ptrdiff_t{steps} * step;
      micro.accumulate = true;
    }
  }
}

/// GemmKernel from micro-kernels of several widths, the widest first; the last has 8 columns.
template <class... Micros>
void gemm_loops(const GemmArgs& args) {
  if (args.rows <= 0) return;
  // Without a hint the same B again. Never what lies behind it, which may not be mapped: prefetches
  // that miss the TLB cost more than they bring.
  const float* const next_b = args.next_b != nullptr ? args.next_b : args.b;
  int column = 0;
  const auto panels_of = [&]<class Micro>() __attribute__((always_inline)) {
    for (int end = column + Micro::columns; end <= args.columns; end += Micro::columns) {
      gemm_columns<Micro>(args, column,
                          end < args.columns ? args.b + end / kPanel * args.panel_stride : next_b);
      column = end;
    }
  };
  (panels_of.template operator()<Micros>(), ...);
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_GEMM_LOOPS_HPP
