// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Depthwise convolution, channels in lanes. A block of registers is two output rows x some columns:
// what the two rows both read is loaded once. Channels are the inner loop, so that an image streams
// through in the order of its memory.
#ifndef WINOGRAD_KERNELS_COMMON_DEPTHWISE_HPP
#define WINOGRAD_KERNELS_COMMON_DEPTHWISE_HPP

#include <type_traits>

#include "kernels/common/epilogue.hpp"
#include "kernels/contract/kernel_set.hpp"
#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// With columns * 3 + 1 registers, of tensors of E.
template <class V, int columns, class E = float>
struct Depthwise {
  using S = Simd<V>;
  using Args = DepthwiseArgsOf<E>;
  static constexpr int lanes = S::lanes;

  static void rectangle(const Args& args) {
    // The second row's taps are the first row's, so many rows of taps further down.
    const std::ptrdiff_t apart = args.tap_row != 0 ? args.row_step / args.tap_row : 0;
    const bool shared = apart > 0 && apart < args.kernel_h && apart * args.tap_row == args.row_step;
    int row = 0;
    if (shared) {
      for (; row + 2 <= args.rows; row += 2) row_of_blocks<2>(args, row, static_cast<int>(apart));
    }
    for (; row < args.rows; ++row) row_of_blocks<1>(args, row, 0);
  }

 private:
  template <int rows>
  static void row_of_blocks(const Args& args, int row, int apart) {
    int col = 0;
    const auto blocks_of = [&](auto cols) __attribute__((always_inline)) {
      for (; col + cols <= args.cols; col += cols) {
        const Fresh next = fresh<rows, cols>(args, row, col);
        args.kernel_w == 3 ? all_channels<rows, cols, 3>(args, row, col, apart, next)
                           : all_channels<rows, cols, 0>(args, row, col, apart, next);
      }
    };
    blocks_of(std::integral_constant<int, columns>());
    if constexpr (columns > 4) blocks_of(std::integral_constant<int, 4>());
    blocks_of(std::integral_constant<int, 2>());
    blocks_of(std::integral_constant<int, 1>());
  }

  /// What a block reads that none before it has read: rows and columns that follow each other in
  /// memory, as blocks do.
  struct Fresh {
    const E* in;  ///< the first of them
    int rows, cols;
  };
  /// Of the block after this one. These are many streams, each too short for the hardware to see.
  template <int rows, int cols>
  static Fresh fresh(const Args& args, int row, int col) {
    if (!args.far || args.kernel_h == 0 || args.kernel_w == 0) return {nullptr, 0, 0};
    int most = cols;
    if (col + cols < args.cols) {
      col += cols;
    } else if (row + 2 * rows <= args.rows) {
      row += rows;
      col = 0;
      most = columns;
    } else {
      return {nullptr, 0, 0};
    }
    // Of the taps of an output, those that the output before does not have.
    const auto of_output = [](std::ptrdiff_t step, std::ptrdiff_t tap, int taps) {
      return step < taps * tap ? static_cast<int>(step / tap) : taps;
    };
    const int fresh_rows = of_output(args.row_step, args.tap_row, args.kernel_h);
    const int fresh_cols = of_output(args.col_step, args.tap_col, args.kernel_w);
    return {args.in + row * args.row_step + col * args.col_step +
                (args.kernel_h - fresh_rows) * args.tap_row +
                (args.kernel_w - fresh_cols) * args.tap_col,
            rows * fresh_rows, (most < args.cols - col ? most : args.cols - col) * fresh_cols};
  }

  /// `width` is kernel_w where the compiler is to know it, else 0.
  template <int rows, int cols, int width>
  static void all_channels(const Args& args, int row, int col, int apart, const Fresh& next) {
    const E* in = args.in + row * args.row_step + col * args.col_step;
    const std::ptrdiff_t at = row * args.target.row_stride + col * args.target.col_stride;
    int c = 0;
    const std::ptrdiff_t tap_row = args.tap_row, tap_col = args.tap_col;
    for (; c + lanes <= args.channels; c += lanes) {
      if (c % static_cast<int>(kLineBytes / sizeof(E)) == 0) {
        for (int y = 0; y < next.rows; ++y) {
          for (int x = 0; x < next.cols; ++x) {
            __builtin_prefetch(next.in + c + y * tap_row + x * tap_col);
          }
        }
      }
      block<rows, cols, width, false>(args, in + c, at + c, c, apart);
    }
    if (lanes > 1 && c < args.channels) {
      block<rows, cols, 0, true>(args, in + c, at + c, c, apart);
    }
    if constexpr (std::is_same_v<E, float>) {
      const OutputTarget& target = args.target;
      if (target.epilogue.clamps()) return;
      // Anything else is for all channels of the block at once, where they lie.
      for (int y = 0; y < rows; ++y) {
        activate_rows<V, Lanes::channels>(target.dst + at + y * target.row_stride, cols,
                                          args.channels, target.col_stride, target.epilogue, 0);
      }
    }
  }

  template <int rows, int cols, int width, bool partial>
  [[gnu::always_inline]] static void block(const Args& args, const E* in, std::ptrdiff_t at,
                                           int channel, int apart) {
    V sum[rows][cols];
    unroll<rows>([&](auto y) { unroll<cols>([&](auto x) { sum[y][x] = V(0.0F); }); });
    const float* const weights =
        args.weights + channel / kLaneBlock * args.weights_block + channel % kLaneBlock;
    const int left = args.channels - channel, kernel_w = args.kernel_w;
    const std::ptrdiff_t col_step = args.col_step, tap_col = args.tap_col;
    const std::ptrdiff_t of_second = -apart * args.weights_row;
    // The products of a tap with the first output row, or the second, or both.
    const auto add_tap = [&](auto first, auto second, const E* pixel, const float* w)
        __attribute__((always_inline)) {
      V pixels[cols];
      unroll<cols>([&](auto x) __attribute__((always_inline)) {
        const E* const from = pixel + x * col_step;
        pixels[x] = partial ? load_first(from, left) : load(from);
        if constexpr (first && second) S::keep(pixels[x]);
      });
      if constexpr (first) {
        const V weight = S::load(w);
        unroll<cols>([&](auto x) __attribute__((always_inline)) {
          sum[0][x] = S::fma(pixels[x], weight, sum[0][x]);
        });
      }
      if constexpr (second) {
        const V weight = S::load(w + of_second);
        unroll<cols>([&](auto x) __attribute__((always_inline)) {
          sum[rows - 1][x] = S::fma(pixels[x], weight, sum[rows - 1][x]);
        });
      }
    };
    const auto add_rows = [&](auto first, auto second, int begin, int end)
        __attribute__((always_inline)) {
      for (int i = begin; i < end; ++i) {
        const E* pixel = in + i * args.tap_row;
        const float* w = weights + i * args.weights_row;
        if constexpr (width > 0) {
          unroll<width>([&](auto j) __attribute__((always_inline)) {
            add_tap(first, second, pixel + j * tap_col, w + j * kLaneBlock);
          });
        } else {
          for (int j = 0; j < kernel_w; ++j, pixel += tap_col, w += kLaneBlock) {
            add_tap(first, second, pixel, w);
          }
        }
      }
    };
    constexpr std::true_type yes;
    constexpr std::false_type no;
    if constexpr (rows == 1) {
      add_rows(yes, no, 0, args.kernel_h);
    } else {
      add_rows(yes, no, 0, apart);
      add_rows(yes, yes, apart, args.kernel_h);
      add_rows(no, yes, args.kernel_h, args.kernel_h + apart);
    }
    finish<rows, cols, partial>(sum, args.target, at, channel, left);
  }

  template <int rows, int cols, bool partial>
  [[gnu::always_inline]] static void finish(V (&sum)[rows][cols], const OutputTargetOf<E>& target,
                                            std::ptrdiff_t at, int channel, int left) {
    const std::ptrdiff_t row_stride = target.row_stride, col_stride = target.col_stride;
    const auto for_each = [&](auto visit) __attribute__((always_inline)) {
      unroll<rows>([&](auto y) __attribute__((always_inline)) {
        unroll<cols>([&](auto x) __attribute__((always_inline)) {
          visit(sum[y][x], at + y * row_stride + x * col_stride);
        });
      });
    };
    const V bias = S::load(target.epilogue.bias + channel);
    for_each([&](V & value, std::ptrdiff_t)
                 __attribute__((always_inline)) { value = value + bias; });
    if (const E* const residual = target.residual; residual != nullptr) {
      for_each([&](V & value, std::ptrdiff_t to) __attribute__((always_inline)) {
        value = value + (partial ? load_first(residual + to, left) : load(residual + to));
      });
    }
    const Clamp<V> clamp{V(target.epilogue.low), V(target.epilogue.high)};
    for_each([&](V & value, std::ptrdiff_t)
                 __attribute__((always_inline)) { value = clamp(value); });
    E* const dst = target.dst;
    if constexpr (partial) {
      for_each([&](const V& value, std::ptrdiff_t to)
                   __attribute__((always_inline)) { store_first(dst + to, value, left); });
    } else if constexpr (std::is_same_v<E, F16>) {
      for_each([&](const V& value, std::ptrdiff_t to)
                   __attribute__((always_inline)) { S::store_half(dst + to, value); });
    } else if (S::streams && target.stream && target.epilogue.clamps()) {
      for_each([&](const V& value, std::ptrdiff_t to)
                   __attribute__((always_inline)) { S::stream(dst + to, value); });
    } else {
      for_each([&](const V& value, std::ptrdiff_t to)
                   __attribute__((always_inline)) { S::store(dst + to, value); });
    }
  }

  [[gnu::always_inline]] static V load(const float* p) { return S::load(p); }
  [[gnu::always_inline]] static V load(const F16* p) { return S::load_half(p); }

  [[gnu::always_inline]] static V load_first(const float* p, int count) {
    return S::load_first(p, count);
  }
  [[gnu::always_inline]] static V load_first(const F16* p, int count) {
    F16 lane[lanes] = {};
    for (int i = 0; i < count; ++i) lane[i] = p[i];
    return S::load_half(lane);
  }
  [[gnu::always_inline]] static void store_first(float* p, const V& v, int count) {
    S::store_first(p, v, count);
  }
  [[gnu::always_inline]] static void store_first(F16* p, const V& v, int count) {
    F16 lane[lanes];
    S::store_half(lane, v);
    for (int i = 0; i < count; ++i) p[i] = lane[i];
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_DEPTHWISE_HPP
