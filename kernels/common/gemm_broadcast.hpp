// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The micro-kernel over any vector type: rows (tiles) x columns (channels) of sums in registers, B
// loaded, A broadcast. For AVX2 with 6 rows and 16 columns, two vectors wide:
//
//             b0 (ymm12)   b1 (ymm13)
//   a0 bcast | ymm0         ymm1  |
//   a1 bcast | ymm2         ymm3  |     12 sums, 2 of B, 2 broadcasts in flight: all 16 registers.
//     ...    |  ...          ...  |     8 loads for 12 fma: the two fma units are the limit.
//   a5 bcast | ymm10        ymm11 |
//
// and for AVX-512 with 14 rows and 32 columns, which are two panels of B behind two pointers:
//
//              b0 (zmm28)   b1 (zmm29)
//   a0 bcast | zmm0         zmm1  |     28 sums, 2 of B, 2 broadcasts in flight: all 32 registers.
//     ...    |  ...          ...  |     16 loads for 28 fma.
//  a13 bcast | zmm26        zmm27 |
#ifndef WINOGRAD_KERNELS_COMMON_GEMM_BROADCAST_HPP
#define WINOGRAD_KERNELS_COMMON_GEMM_BROADCAST_HPP

#include "kernels/common/epilogue.hpp"
#include "kernels/common/gemm_loops.hpp"
#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// Up to `rows_` rows. A vector may be longer than the columns are; if they are more than `vectors`
/// vectors, they are done in slices. `Numbers` are those of B.
template <class V, int rows_, int vectors_, int columns_, class Numbers = FloatB>
struct BroadcastMicro : Numbers {
  using typename Numbers::B;
  using Args = MicroArgsOf<B>;
  using S = Simd<V>;
  static constexpr int max_rows = rows_;
  static constexpr int columns = columns_;
  static constexpr bool several_chains = true;
  static constexpr bool prefetches = true;

  static constexpr bool partial = columns < S::lanes;
  static constexpr int vectors = partial ? 1 : vectors_;
  static constexpr int slice = partial ? columns : vectors * S::lanes;
  static_assert(columns % slice == 0);

  template <int rows>
  struct Block {
    static void run(const Args& args) { multiply<false>(args); }
    static void run_and_finish(const Args& args) { multiply<true>(args); }

   private:
    template <bool finish>
    [[gnu::always_inline]] static void multiply(const Args& memory) {
      const Args args = memory;  // the compiler must assume that stores to C alias it
      GemmTarget target;
      if constexpr (finish) target = *args.target;
      const float* a = args.a;
      float* c = args.c;
      const B* fetch = args.fetch;
      int skip = args.fetch_skip;
      for (int stripe = args.stripes; stripe > 0; --stripe, --skip) {
        // Of the stripe after the next a little may be fetched too: there is one.
        const bool ahead = skip > 0 && args.ahead_apart > 0 && stripe > 2;
        Fetch next{fetch, skip > 0 ? 0 : args.fetch_step, args.panel_stride};
        if (ahead) {
          next = {reinterpret_cast<const B*>(a + rows * args.lda), args.ahead_step,
                  args.ahead_apart};
        }
        for (int column = 0; column < columns; column += slice) {
          multiply_slice<finish>(args, a, c, column, next, target);
        }
        if (!ahead) fetch = next.at;
        a += rows * args.lda;
        c += rows * args.ldc;
        if constexpr (finish) target.advance(rows * target.stride);
      }
    }

    /// What the loop over k fetches early: of each panel a line, `step` further each time.
    struct Fetch {
      const B* at;
      std::ptrdiff_t step, apart;
    };

    template <bool finish>
    [[gnu::always_inline]] static void multiply_slice(const Args& args, const float* a, float* c,
                                                      int column, Fetch& next,
                                                      const GemmTarget& target) {
      const B* fetch = next.at;
      const std::ptrdiff_t fetch_step = next.step, fetch_apart = next.apart;
      const std::ptrdiff_t lda = args.lda, ldc = args.ldc;
      const B* b = args.b + column;
      bool accumulate = args.accumulate;
      for (int k = 0; k < args.k; k += args.chain, accumulate = true) {
        const int products = args.chain < args.k - k ? args.chain : args.k - k;
        V sum[rows][vectors];
        unroll_cells<rows, vectors>([&](int i, int j) WINOGRAD_INLINE { sum[i][j] = V(0.0F); });
        for (int s = 0; s < args.segments; ++s) {
          // Rows in threes behind pointers: [p], [p + lda], [p + 2 lda] are addressing modes.
          constexpr int pointers = (rows + 2) / 3;
          const float* at[pointers];
          unroll<pointers>([&](int p) WINOGRAD_INLINE {
            at[p] = a + s * args.segment_stride + k + 3 * p * lda;
          });
          // Not unrolled: 12 fma hide the loop's integer work, and unrolled code makes compilers
          // rename the sums around the loop, with moves and spills (AVX2: 0.66 of the peak instead
          // of 0.93).
          for (int left = products; left > 0; --left, b += step) {
            // Not in a lambda: g++ takes a function that only prefetches for one that does nothing.
            for (int p = 0; p < slice / kPanel; ++p) {
              __builtin_prefetch(fetch + p * fetch_apart);
            }
            fetch += fetch_step;
            V panel[vectors];
            unroll<vectors>([&](int j) WINOGRAD_INLINE {
              panel[j] = load_b(b + of_panel(j) * args.panel_stride + in_panel(j));
            });
            unroll<rows>([&](int i) WINOGRAD_INLINE {
              const V value(at[i / 3][(i % 3) * lda]);
              unroll<vectors>(
                  [&](int j) WINOGRAD_INLINE { sum[i][j] = S::fma(value, panel[j], sum[i][j]); });
            });
            unroll<pointers>([&](int p) WINOGRAD_INLINE { ++at[p]; });
          }
        }
        const auto for_each_c = [&](auto visit) WINOGRAD_INLINE {
          unroll_cells<rows, vectors>([&](int i, int j) WINOGRAD_INLINE {
            visit(sum[i][j], c + i * ldc + column + j * S::lanes);
          });
        };
        if (accumulate) {
          for_each_c([](V& value, const float* old) WINOGRAD_INLINE {
            value = (partial ? S::load_first(old, slice) : S::load(old)) + value;
          });
        }
        if constexpr (finish) {
          if (k + products == args.k) {
            finish_block<V, rows, vectors, partial>(sum, column, target);
            continue;
          }
        }
        for_each_c([](const V& value, float* to) WINOGRAD_INLINE {
          if constexpr (partial) {
            S::store_first(to, value, slice);
          } else {
            S::store(to, value);
          }
        });
      }
      next.at = fetch;
    }

    [[gnu::always_inline]] static V load_b(const float* from) {
      return partial ? S::load_first(from, slice) : S::load(from);
    }
    [[gnu::always_inline]] static V load_b(const std::uint16_t* from) {
      if constexpr (partial) {
        return S::load_first_half(from, slice);
      } else {
        return S::load_half(from);
      }
    }

    /// Where vector j of a slice lies in B: in which panel, and how far from its start.
    static constexpr int of_panel(int j) { return j * S::lanes / kPanel; }
    static constexpr int in_panel(int j) { return j * S::lanes % kPanel; }
    /// Numbers from a row of a panel to the next.
    static constexpr int step = columns < kPanel ? columns : kPanel;
  };
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_GEMM_BROADCAST_HPP
