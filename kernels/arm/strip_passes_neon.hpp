// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The passes of common/strip_passes.hpp with addresses in the form that ARM loads and stores in
// pairs: a pointer in a register and a constant. Left to themselves compilers prefer two registers,
// which LDP and STP cannot take. The order of scratch is the same, [col][alpha_h][16].
//
// Why not one class: with the common passes a 512x7x7 layer takes 1.1 % more instructions (counted
// under QEMU), and an addressing policy would have to wrap every load and store of that file, which
// x86 compilers turn into worse code than plain indices.
#ifndef WINOGRAD_KERNELS_ARM_STRIP_PASSES_NEON_HPP
#define WINOGRAD_KERNELS_ARM_STRIP_PASSES_NEON_HPP

#include "kernels/common/epilogue.hpp"
#include "kernels/common/transform_1d.hpp"
#include "kernels/contract/kernel_set.hpp"
#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// Hides how a pointer came about, so that it stays in a register.
template <class P>
[[gnu::always_inline]] inline void keep_in_register(P& pointer) {
  __asm__("" : "+r"(pointer));
}

/// A column of an image row that lies outside the image.
template <class E>
alignas(kLineBytes) inline constexpr E kZeros[kLaneBlock] = {};

template <class V, class T>
struct StripPassesNeon {
  static constexpr int alpha = T::alpha;
  static constexpr int lanes = Simd<V>::lanes;
  using E = typename Simd<V>::Element;
  static constexpr std::ptrdiff_t column =
      alpha * kLaneBlock;  ///< elements of scratch per image column

  static void input_vertical(const StripViewOf<E>& view, int cols, E* scratch) {
    const E* in[alpha];
    std::ptrdiff_t step[alpha];  // from column to column; rows outside the image stand still
    unroll<alpha>([&](auto i) __attribute__((always_inline)) {
      const bool inside = i >= view.row_begin && i < view.row_end;
      in[i] = inside ? view.base + (i - view.row_begin) * view.row_stride : kZeros<E>;
      step[i] = inside ? view.col_stride : 0;
    });
    scratch = clear(scratch, view.col_begin);
    for (int n = view.col_end - view.col_begin; n > 0; --n, scratch += column) {
      for (int c = 0; c < kLaneBlock; c += lanes) {
        V d[alpha], v[alpha];
        unroll<alpha>([&](auto i)
                          __attribute__((always_inline)) { d[i] = Simd<V>::load(in[i] + c); });
        apply_input<T>(d, v);
        unroll<alpha>([&](auto i) __attribute__((always_inline)) {
          Simd<V>::store(scratch + c + i * kLaneBlock, v[i]);
        });
      }
      unroll<alpha>([&](auto i) __attribute__((always_inline)) {
        in[i] += step[i];
        keep_in_register(in[i]);
      });
    }
    clear(scratch, cols - view.col_end);
  }

  static void input_horizontal(const E* scratch, int alpha_h, int tiles, E* v,
                               const std::ptrdiff_t* offsets, std::ptrdiff_t tile_stride) {
    const std::ptrdiff_t in_column = std::ptrdiff_t{alpha_h} * kLaneBlock;
    for (int i = 0; i < alpha_h; ++i, scratch += kLaneBlock, offsets += alpha) {
      const E* in[alpha];
      E* out[alpha];
      unroll<alpha>([&](auto j) __attribute__((always_inline)) {
        in[j] = scratch + j * in_column;
        out[j] = v + offsets[j];
      });
      for (int tile = 0; tile < tiles; ++tile) {
        for (int c = 0; c < kLaneBlock; c += lanes) {
          V d[alpha], x[alpha];
          unroll<alpha>([&](auto j)
                            __attribute__((always_inline)) { d[j] = Simd<V>::load(in[j] + c); });
          apply_input<T>(d, x);
          unroll<alpha>([&](auto j)
                            __attribute__((always_inline)) { Simd<V>::store(out[j] + c, x[j]); });
        }
        unroll<alpha>([&](auto j) __attribute__((always_inline)) {
          in[j] += T::m * in_column;
          out[j] += tile_stride;
          keep_in_register(in[j]);
          keep_in_register(out[j]);
        });
      }
    }
  }

  static void output_horizontal(const E* m, const std::ptrdiff_t* offsets,
                                std::ptrdiff_t tile_stride, int alpha_h, int tiles, E* scratch) {
    const std::ptrdiff_t out_column = std::ptrdiff_t{alpha_h} * kLaneBlock;
    for (int i = 0; i < alpha_h; ++i, scratch += kLaneBlock, offsets += alpha) {
      const E* in[alpha];
      E* out[T::m];
      unroll<alpha>([&](auto j) __attribute__((always_inline)) { in[j] = m + offsets[j]; });
      unroll<T::m>([&](auto q)
                       __attribute__((always_inline)) { out[q] = scratch + q * out_column; });
      for (int tile = 0; tile < tiles; ++tile) {
        for (int c = 0; c < kLaneBlock; c += lanes) {
          V x[alpha], y[T::m];
          unroll<alpha>([&](auto j)
                            __attribute__((always_inline)) { x[j] = Simd<V>::load(in[j] + c); });
          apply_output<T>(x, y);
          unroll<T::m>([&](auto q)
                           __attribute__((always_inline)) { Simd<V>::store(out[q] + c, y[q]); });
        }
        unroll<alpha>([&](auto j) __attribute__((always_inline)) {
          in[j] += tile_stride;
          keep_in_register(in[j]);
        });
        unroll<T::m>([&](auto q) __attribute__((always_inline)) {
          out[q] += T::m * out_column;
          keep_in_register(out[q]);
        });
      }
    }
  }

  static void output_vertical(const E* scratch, int cols, const OutputTargetOf<E>& target) {
    with_activation<V>(target.epilogue, [&](const auto& activation) {
      if (target.residual == nullptr) {
        output_columns<false>(scratch, cols, target, activation);
      } else {
        output_columns<true>(scratch, cols, target, activation);
      }
    });
  }

  static void output_vertical_raw(const E* scratch, int cols, E* staging, std::ptrdiff_t row) {
    E* out[T::m];
    unroll<T::m>([&](auto q) __attribute__((always_inline)) { out[q] = staging + q * row; });
    for (int n = cols; n > 0; --n, scratch += column) {
      for (int c = 0; c < kLaneBlock; c += lanes) {
        V x[alpha], y[T::m];
        unroll<alpha>([&](auto i) __attribute__((always_inline)) {
          x[i] = Simd<V>::load(scratch + c + i * kLaneBlock);
        });
        apply_output<T>(x, y);
        unroll<T::m>([&](auto q)
                         __attribute__((always_inline)) { Simd<V>::store(out[q] + c, y[q]); });
      }
      unroll<T::m>([&](auto q) __attribute__((always_inline)) {
        out[q] += kLaneBlock;
        keep_in_register(out[q]);
      });
    }
  }

 private:
  template <bool has_residual, class Activation>
  static void output_columns(const E* scratch, int cols, const OutputTargetOf<E>& target,
                             const Activation activation) {
    const std::ptrdiff_t step = target.col_stride;
    const V scale(target.epilogue.scale);
    const std::ptrdiff_t residual = has_residual ? target.residual - target.dst : 0;
    for (int c = 0; c < kLaneBlock; c += lanes) {
      const V bias = Simd<V>::load(target.epilogue.bias + c);
      const E* in = scratch + c;
      E* dst[T::m];
      unroll<T::m>([&](auto q) __attribute__((always_inline)) {
        dst[q] = target.dst + c + q * target.row_stride;
      });
      for (int n = cols; n > 0; --n, in += column) {
        V x[alpha], y[T::m];
        unroll<alpha>([&](auto i) __attribute__((always_inline)) {
          x[i] = Simd<V>::load(in + i * kLaneBlock);
        });
        apply_output<T>(x, y);
        unroll<T::m>([&](auto q) __attribute__((always_inline)) {
          y[q] = with_bias(y[q], bias, scale);
          if constexpr (has_residual) y[q] = y[q] + Simd<V>::load(dst[q] + residual);
        });
        activate<V, Lanes::channels, T::m>(
            activation, [&](auto visit) __attribute__((always_inline)) {
              unroll<T::m>([&](auto q) __attribute__((always_inline)) { visit(y[q], c); });
            });
        unroll<T::m>([&](auto q) __attribute__((always_inline)) {
          Simd<V>::store(dst[q], y[q]);
          dst[q] += step;
          keep_in_register(dst[q]);
        });
      }
    }
  }

  static E* clear(E* scratch, int cols) {
    for (std::ptrdiff_t i = 0; i < cols * column; i += lanes) Simd<V>::store(scratch + i, V(0.0F));
    return scratch + cols * column;
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_STRIP_PASSES_NEON_HPP
