// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The loops around micro-kernels, the same for every instruction set: panels of B outside, then
// pieces of them that stay in L1, then stripes that stream past a piece.
#ifndef WINOGRAD_KERNELS_COMMON_GEMM_LOOPS_HPP
#define WINOGRAD_KERNELS_COMMON_GEMM_LOOPS_HPP

#include <array>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "kernels/common/transform_1d.hpp"
#include "kernels/contract/kernel_set.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// Register blocks below each other, with n = stripes * rows:
/// C[n][columns] (+)= A[n][segments * k] * B.
template <class B>
struct MicroArgsOf {
  int stripes;
  const float* a;
  std::ptrdiff_t lda;
  std::ptrdiff_t segment_stride;
  int segments;
  int k;
  int chain;   ///< products in a chain; >= k if there are several segments, which make one chain
  const B* b;  ///< [segments][k] rows of a panel; the next panel is panel_stride further
  std::ptrdiff_t panel_stride;
  float* c;
  std::ptrdiff_t ldc;
  bool accumulate;
  /// Step k of the stripes after the first `fetch_skip` should prefetch the line of
  /// fetch + k * fetch_step: the piece of B after this one, spread over the last stripes
  /// that share this one.
  const B* fetch;
  std::ptrdiff_t fetch_step;
  int fetch_skip;
  /// Those first stripes fetch rows of A instead, those of the next stripe, if this is not 0: step
  /// k the lines of the next stripe + k * ahead_step, and so many numbers behind it, and again, as
  /// there are panels.
  std::ptrdiff_t ahead_apart;
  std::ptrdiff_t ahead_step;
  const GemmTarget* target;  ///< for run_and_finish: of the first row
};
using MicroArgs = MicroArgsOf<float>;

/// The numbers of a B of floats, and of one in f16.
struct FloatB {
  static constexpr DataType b_type = DataType::f32;
  using B = float;
};
struct HalfB {
  static constexpr DataType b_type = DataType::f16;
  using B = std::uint16_t;
};

/// Bytes of a piece of B: half of the smallest L1 there is.
inline constexpr int kPieceBytes = 16 << 10;

/// A Micro is derived from FloatB or HalfB and has
///   columns           of its register block: 8, or whole panels
///   max_rows          most rows of a register block
///   several_chains    false if a call does one chain only
///   prefetches        false if it does not heed MicroArgs::fetch
///   Block<rows>::run  the micro-kernel for 1 <= rows <= max_rows
///   Block<rows>::run_and_finish   the same with the epilogue, for GemmArgs::target, if B is floats
///                                 and the set's GemmEntry says `finishes`
template <class Micro>
inline constexpr bool kFinishes = requires {
  &Micro::template Block<1>::run_and_finish;
}
&&Micro::b_type == DataType::f32;

/// All rows of Micro::columns columns at a time.
template <class Micro>
class GemmColumns {
 public:
  using B = typename Micro::B;

  explicit GemmColumns(const GemmArgs& args) : args_(args) {
    // Balanced stripes: 16 rows are 6 + 5 + 5, not 6 + 6 + 4; short stripes cannot hide fma
    // latency.
    stripes_ = (args.rows + max_rows - 1) / max_rows;
    long_rows_ = max_rows;
    short_stripes_ = stripes_ * max_rows - args.rows;
    if (short_stripes_ > stripes_) {  // few rows, so that the usual case does not divide
      long_rows_ = (args.rows + stripes_ - 1) / stripes_;
      short_stripes_ = stripes_ * long_rows_ - args.rows;
    }
    long_stripes_ = stripes_ - short_stripes_;
    const std::ptrdiff_t in_long = std::ptrdiff_t{long_stripes_} * long_rows_;
    past_long_a_ = in_long * args.lda;
    past_long_c_ = in_long * args.ldc;
    next_line_c_ = args.rows * args.ldc;
    micro_.lda = args.lda;
    micro_.segment_stride = args.segment_stride;
    micro_.panel_stride = args.panel_stride;
    micro_.ldc = args.ldc;
    if constexpr (Micro::prefetches) {
      // Of all stripes that share a piece, a power of two: they fetch the whole next one.
      const int sharing = stripes_ * args.lines;
      int fetching = step;
      while (fetching > sharing) fetching /= 2;
      fetch_skip_ = sharing - fetching;
      micro_.fetch_step = step / fetching;
    }
    if constexpr (kFinishes<Micro>) micro_.target = &target_;
  }

  /// Columns [column, column + Micro::columns). `next_b` is what is needed afterwards. `far`: A is
  /// not in L2.
  void run(int column, const B* next_b, bool far) {
    micro_.b = static_cast<const B*>(args_.b) + column / kPanel * args_.panel_stride;
    micro_.accumulate = args_.accumulate;
    if (args_.segments == 1 && args_.k <= (Micro::several_chains ? most : args_.chain)) {
      // The most frequent case, with the least to do: one piece.
      micro_.segments = 1;
      micro_.k = args_.k;
      micro_.chain = args_.chain < args_.k ? args_.chain : args_.k;
      if constexpr (Micro::prefetches) fetch_ahead(far, args_.k);
      run_piece(args_.a, column, true, next_b);
      return;
    }
    // A segment longer than a chain is cut; several short segments make one chain. A piece is
    // several chains, and one call of the micro-kernel does all of them for all stripes of a size:
    // calls are what short sums cost.
    const int chain = args_.chain < args_.k ? args_.chain : args_.k;
    const int chain_segments = args_.k >= args_.chain ? 1 : args_.chain / args_.k;
    const int piece = Micro::several_chains && chain < most ? most / chain * chain : chain;
    if constexpr (Micro::prefetches) fetch_ahead(far, piece);
    for (int s = 0; s < args_.segments; s += chain_segments) {
      micro_.segments = chain_segments < args_.segments - s ? chain_segments : args_.segments - s;
      for (int k = 0; k < args_.k; k += piece) {
        micro_.k = piece < args_.k - k ? piece : args_.k - k;
        micro_.chain = micro_.segments == 1 ? chain : micro_.k;
        const bool last = s + chain_segments >= args_.segments && k + piece >= args_.k;
        const std::ptrdiff_t size = std::ptrdiff_t{micro_.segments} * micro_.k * step;
        run_piece(args_.a + s * args_.segment_stride + k, column, last,
                  last ? next_b : micro_.b + size);
        if constexpr (Micro::prefetches) micro_.ahead_apart = 0;
        micro_.b += size;
        micro_.accumulate = true;
      }
    }
  }

 private:
  static constexpr int max_rows = Micro::max_rows;
  static constexpr int panels = Micro::columns < kPanel ? 1 : Micro::columns / kPanel;
  /// Floats of a row of a panel, and the most products of a piece.
  static constexpr int step = Micro::columns < kPanel ? Micro::columns : kPanel;
  static constexpr int most = kPieceBytes / static_cast<int>(Micro::columns * sizeof(B));

  using Kernels = std::array<void (*)(const MicroArgsOf<B>&), max_rows + 1>;
  static constexpr Kernels kMicro = []<int... i>(std::integer_sequence<int, i...>) {
    return Kernels{nullptr, &Micro::template Block<i + 1>::run...};
  }
  (std::make_integer_sequence<int, max_rows>{});
  static constexpr Kernels kFinish = []<int... i>(std::integer_sequence<int, i...>) {
    if constexpr (kFinishes<Micro>) {
      return Kernels{nullptr, &Micro::template Block<i + 1>::run_and_finish...};
    } else {
      return kMicro;
    }
  }
  (std::make_integer_sequence<int, max_rows>{});

  /// What the first piece, of k products, is to fetch of A: whole rows, where these are one run of
  /// memory.
  void fetch_ahead(bool far, int k) {
    micro_.ahead_apart = 0;
    if (!std::is_same_v<B, float> || !far || args_.segments > 1 || args_.lda != args_.k) return;
    constexpr int line = static_cast<int>(kLineBytes / sizeof(float));
    const std::ptrdiff_t part = long_rows_ * args_.lda / panels + line;
    micro_.ahead_apart = part / line * line;
    micro_.ahead_step = (micro_.ahead_apart + k - 1) / k;
  }

  /// One piece of B past all rows; `fetch` is what to fetch meanwhile.
  [[gnu::always_inline]] void run_piece(const float* a, int column, bool last, const B* fetch) {
    if constexpr (Micro::prefetches) {
      micro_.fetch = fetch;
      micro_.fetch_skip = fetch_skip_;
    }
    float* c = args_.c + column;
    if (!kFinishes<Micro> || !last || args_.target == nullptr) {
      for (int line = args_.lines;;) {
        run_line<false>(kMicro, a, c);
        if (--line == 0) return;
        a += args_.line_stride;
        c += next_line_c_;
      }
    }
    GemmTarget target = *args_.target;
    target.advance(column);
    target.epilogue.advance(column);
    for (int line = args_.lines;;) {
      target_ = target;
      run_line<true>(kFinish, a, c);
      if (--line == 0) return;
      a += args_.line_stride;
      c += next_line_c_;
      target.advance(target.line_stride);
    }
  }

  template <bool finish>
  [[gnu::always_inline]] void run_line(const Kernels& kernels, const float* a, float* c) {
    micro_.a = a;
    micro_.c = c;
    if (long_stripes_ > 0) {
      run_stripes(kernels, long_stripes_, long_rows_);
      if (short_stripes_ == 0) return;
      micro_.a = a + past_long_a_;
      micro_.c = c + past_long_c_;
      if constexpr (finish) {
        target_.advance(std::ptrdiff_t{long_stripes_} * long_rows_ * target_.stride);
      }
    }
    run_stripes(kernels, short_stripes_, long_rows_ - 1);
  }

  [[gnu::always_inline]] void run_stripes(const Kernels& kernels, int stripes, int rows) {
    micro_.stripes = stripes;
    kernels[static_cast<unsigned>(rows)](micro_);
    if constexpr (Micro::prefetches) {
      const int fetched = stripes > micro_.fetch_skip ? stripes - micro_.fetch_skip : 0;
      micro_.fetch += std::ptrdiff_t{fetched} * micro_.segments * micro_.k * micro_.fetch_step;
      micro_.fetch_skip -= stripes - fetched;
    }
  }

  const GemmArgs& args_;
  int stripes_, long_stripes_, short_stripes_, long_rows_;  ///< of a line
  std::ptrdiff_t past_long_a_, past_long_c_;                ///< to the first short stripe
  std::ptrdiff_t next_line_c_;
  int fetch_skip_ = 0;
  MicroArgsOf<B> micro_{};
  GemmTarget target_;  ///< of the next stripe, once they are finished
};

/// A GEMM from micro-kernels of several widths, the widest first; the last has 8 columns.
template <class Widest, class... Narrower>
void gemm_loops(const GemmArgs& args) {
  using B = typename Widest::B;
  if (args.rows <= 0) return;
  const B* const b = static_cast<const B*>(args.b);
  // Without a hint the same B again. Never what lies behind it, which may not be mapped: prefetches
  // that miss the TLB cost more than they bring.
  const B* const next_b = args.next_b != nullptr ? static_cast<const B*>(args.next_b) : b;
  int column = 0;
  const auto panels_of = [&]<class Micro>() __attribute__((always_inline)) {
    if (column + Micro::columns > args.columns) return;
    GemmColumns<Micro> columns(args);
    bool far = args.far && column == 0;
    for (int end = column + Micro::columns; end <= args.columns; end += Micro::columns) {
      columns.run(column, end < args.columns ? b + end / kPanel * args.panel_stride : next_b, far);
      far = false;
      column = end;
    }
  };
  panels_of.template operator()<Widest>();
  (panels_of.template operator()<Narrower>(), ...);
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_GEMM_LOOPS_HPP
