// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Both 1-D passes of a square tile in registers, without scratch between them, for vectors as long
// as a group of channels and 32 registers. Each value is computed by the same operations as in
// strip_passes.hpp, and has the same bits.
//
// The input transform does `parts` of the rows of Bᵀ d one after another, since all of Bᵀ d does
// not fit; it loads d again for each. Against the passes that saves a store and a load of every
// value of Bᵀ d, and stores are what the passes wait for.
#ifndef WINOGRAD_KERNELS_COMMON_TILE_TRANSFORMS_HPP
#define WINOGRAD_KERNELS_COMMON_TILE_TRANSFORMS_HPP

#include "kernels/common/epilogue.hpp"
#include "kernels/common/transform_1d.hpp"
#include "kernels/contract/kernel_set.hpp"
#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V, class T, int parts>
struct TileTransforms {
  using S = Simd<V>;
  static constexpr int alpha = T::alpha;
  static constexpr int m = T::m;
  static_assert(S::lanes == kGroup && alpha % parts == 0);

  static void input(const StripView& view, int tiles, float* v, const std::ptrdiff_t* offsets,
                    std::ptrdiff_t tile_stride) {
    const bool all_rows = view.row_begin == 0 && view.row_end == alpha;
    for (int tile = 0; tile < tiles; ++tile, v += tile_stride) {
      const int col = tile * m;
      if (all_rows && col >= view.col_begin && col + alpha <= view.col_end) {
        input_tile(view.base + (col - view.col_begin) * view.col_stride, view.row_stride,
                   view.col_stride, v, offsets);
      } else {
        input_edge(view, col, v, offsets);
      }
    }
  }

  static void output(const float* values, const std::ptrdiff_t* offsets, std::ptrdiff_t tile_stride,
                     int tiles, const OutputTarget& target) {
    with_activation<V>(
        target.epilogue, [&](const auto& activation) __attribute__((always_inline)) {
          if (target.residual != nullptr) {
            output_tiles<true>(values, offsets, tile_stride, tiles, target, activation);
          } else {
            output_tiles<false>(values, offsets, tile_stride, tiles, target, activation);
          }
        });
  }

 private:
  [[gnu::always_inline]] static V load_once(const float* p) {
    V value = S::load(p);
    S::keep(value);
    return value;
  }

  [[gnu::always_inline]] static void input_tile(const float* in, std::ptrdiff_t row_stride,
                                                std::ptrdiff_t col_stride, float* v,
                                                const std::ptrdiff_t* offsets) {
    constexpr int rows = alpha / parts;
    unroll<parts>([&](auto part) __attribute__((always_inline)) {
      constexpr int first = part.value * rows;
      V half[alpha][rows];  // [column][row]: rows of Bᵀ d
      unroll<alpha>([&](auto j) __attribute__((always_inline)) {
        const float* const column = in + j * col_stride;
        V d[alpha], w[alpha];
        unroll<alpha>([&](auto i) __attribute__((always_inline)) {
          d[i] = load_once(column + i * row_stride);
        });
        apply_input_rows<T, first, first + rows>(d, w);
        unroll<rows>([&](auto i) __attribute__((always_inline)) { half[j][i] = w[first + i]; });
      });
      unroll<rows>([&](auto i) __attribute__((always_inline)) {
        V d[alpha], out[alpha];
        unroll<alpha>([&](auto j) __attribute__((always_inline)) { d[j] = half[j][i]; });
        apply_input<T>(d, out);
        unroll<alpha>([&](auto j) __attribute__((always_inline)) {
          S::store(v + offsets[(first + i) * alpha + j], out[j]);
        });
      });
    });
  }

  /// A tile that is partly padding, through a copy.
  [[gnu::noinline]] static void input_edge(const StripView& view, int col, float* v,
                                           const std::ptrdiff_t* offsets) {
    alignas(kLineBytes) float tile[alpha * alpha * kGroup];
    for (int i = 0; i < alpha; ++i) {
      for (int j = 0; j < alpha; ++j) {
        const int x = col + j;
        const bool inside =
            i >= view.row_begin && i < view.row_end && x >= view.col_begin && x < view.col_end;
        S::store(tile + (i * alpha + j) * kGroup,
                 inside ? S::load(view.base + (i - view.row_begin) * view.row_stride +
                                  (x - view.col_begin) * view.col_stride)
                        : V(0.0F));
      }
    }
    input_tile(tile, alpha * kGroup, kGroup, v, offsets);
  }

  template <bool residual, class Activation>
  [[gnu::always_inline]] static void output_tiles(const float* values,
                                                  const std::ptrdiff_t* offsets,
                                                  std::ptrdiff_t tile_stride, int tiles,
                                                  const OutputTarget& target,
                                                  const Activation activation) {
    // Copies, because stores to dst might change target, for all the compiler knows.
    const std::ptrdiff_t row_stride = target.row_stride, col_stride = target.col_stride;
    const std::ptrdiff_t to_residual = residual ? target.residual - target.dst : 0;
    const bool stream = target.stream;
    const float* const bias = target.epilogue.bias;
    float* dst = target.dst;
    for (int tile = 0; tile < tiles; ++tile, values += tile_stride, dst += m * col_stride) {
      V half[m][alpha];  // [column][row]: M A
      unroll<alpha>([&](auto i) __attribute__((always_inline)) {
        V x[alpha], y[m];
        unroll<alpha>([&](auto j) __attribute__((always_inline)) {
          x[j] = load_once(values + offsets[i * alpha + j]);
        });
        apply_output<T>(x, y);
        unroll<m>([&](auto q) __attribute__((always_inline)) { half[q][i] = y[q]; });
      });
      unroll<m>([&](auto q) __attribute__((always_inline)) {
        V y[m];
        apply_output<T>(half[q], y);
        const V b = S::load(bias);
        unroll<m>([&](auto p) __attribute__((always_inline)) {
          float* const to = dst + p * row_stride + q * col_stride;
          V sum = y[p] + b;
          if constexpr (residual) sum = sum + S::load(to + to_residual);
          if (stream) {
            S::stream(to, activation(sum));
          } else {
            S::store(to, activation(sum));
          }
        });
      });
    }
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_TILE_TRANSFORMS_HPP
