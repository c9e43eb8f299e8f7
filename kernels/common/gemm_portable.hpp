// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The micro-kernel over any vector type: rows x (vectors * lanes) accumulators, B loaded, A
// broadcast. A panel wider than the block is done in column slices.
#ifndef WINOGRAD_KERNELS_COMMON_GEMM_PORTABLE_HPP
#define WINOGRAD_KERNELS_COMMON_GEMM_PORTABLE_HPP

#include "kernels/common/epilogue.hpp"
#include "kernels/common/gemm_loops.hpp"
#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V, int vectors, int n>
struct PortableMicro {
  using S = Simd<V>;

  template <int rows>
  struct Block {
    static void run(const MicroArgs& args) { multiply<false>(args); }
    static void run_and_finish(const MicroArgs& args) { multiply<true>(args); }

   private:
    template <bool finish>
    [[gnu::always_inline]] static void multiply(const MicroArgs& memory) {
      MicroArgs args = memory;  // which stores to C might change, for all the compiler knows
      GemmTarget target;
      if constexpr (finish) target = *args.target;
      constexpr int slice = vectors * S::lanes;
      static_assert(n % slice == 0);
      for (int group = args.groups; group > 0; --group) {
        for (int column = 0; column < n; column += slice) {
          block_of_columns<finish>(args, column, target);
        }
        args.a += rows * args.lda;
        args.c += rows * args.ldc;
        if constexpr (finish) target.advance(rows * target.stride);
      }
    }

    template <bool finish>
    [[gnu::always_inline]] static void block_of_columns(const MicroArgs& args, int column,
                                                        const GemmTarget& target) {
      const float* b = args.b + column;
      bool accumulate = args.accumulate;
      for (int k = 0; k < args.k; k += args.run, accumulate = true) {
        const int products = args.run < args.k - k ? args.run : args.k - k;
        const bool last = k + products == args.k;
        V sum[rows][vectors];
        unroll<rows>([&](auto i) { unroll<vectors>([&](auto j) { sum[i][j] = V(0.0F); }); });
        for (int s = 0; s < args.segments; ++s) {
          const float* a = args.a + s * args.segment_stride + k;
          for (int p = 0; p < products; ++p, ++a, b += n) {
            V panel[vectors];
            unroll<vectors>([&](auto j) { panel[j] = S::load(b + j * S::lanes); });
            unroll<rows>([&](auto i) {
              const V value(a[i * args.lda]);
              unroll<vectors>([&](auto j) { sum[i][j] = S::fma(value, panel[j], sum[i][j]); });
            });
          }
        }
        unroll<rows>([&](auto i) {
          unroll<vectors>([&](auto j) {
            float* c = args.c + i * args.ldc + column + j * S::lanes;
            if (accumulate) sum[i][j] = S::load(c) + sum[i][j];
            if (!finish || !last) S::store(c, sum[i][j]);
          });
        });
        if constexpr (finish) {
          if (last) finish_block(sum, column, target);
        }
      }
    }
  };
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_GEMM_PORTABLE_HPP
