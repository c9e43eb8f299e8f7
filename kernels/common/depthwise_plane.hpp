// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Depthwise convolution of planes, 3 x 3 at stride 1, pixels in lanes. Rows are staged with real
// zeros around them. A block of registers is then two output rows x two vectors: what the rows both
// read is loaded once, and the nine weights stay in registers for a whole channel.
#ifndef WINOGRAD_KERNELS_COMMON_DEPTHWISE_PLANE_HPP
#define WINOGRAD_KERNELS_COMMON_DEPTHWISE_PLANE_HPP

#include "kernels/common/epilogue.hpp"
#include "kernels/contract/kernel_set.hpp"
#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V>
class DepthwisePlane {
 public:
  static void channels(const DepthwisePlaneArgs& args) {
    const Inside inside(args);
    clear(args);
    DepthwisePlaneArgs one = args;
    for (int c = 0; c < args.channels; ++c) {
      stage(one, inside);
      // Taps of neighbouring rows are the same rows of pixels, unless they are dilated.
      const int done = args.dilation_h == 1 ? all_rows<2>(one, 0) : 0;
      all_rows<1>(one, done);
      if (!one.epilogue.clamps()) activate(one);
      one.src += args.src_channel;
      one.weights += 1;
      one.dst += args.dst_channel;
      if (one.residual != nullptr) one.residual += args.dst_channel;
      one.epilogue.advance(1);
    }
  }

 private:
  using S = Simd<V>;
  static constexpr int lanes = S::lanes;
  static constexpr int kTaps = 3;

  /// What of the staged rectangle lies inside of the plane, and so changes from channel to channel.
  /// The rest are zeros, which are written once.
  struct Inside {
    int row_begin, row_end;
    int col_begin, col_end;

    explicit Inside(const DepthwisePlaneArgs& args) {
      const auto clamped = [](int x, int most) { return x < 0 ? 0 : x < most ? x : most; };
      const int rows = rows_read(args), cols = args.cols + (kTaps - 1) * args.dilation_w;
      row_begin = clamped(-args.first_row, rows);
      row_end = clamped(args.h - args.first_row, rows);
      col_begin = clamped(-args.first_col, cols);
      col_end = clamped(args.w - args.first_col, cols);
    }
  };

  static int rows_read(const DepthwisePlaneArgs& args) {
    return args.rows + (kTaps - 1) * args.dilation_h;
  }

  static void clear(const DepthwisePlaneArgs& args) {
    const std::ptrdiff_t floats = rows_read(args) * args.pitch + kLaneBlock;
    for (std::ptrdiff_t i = 0; i < floats; i += lanes) S::store(args.staging + i, V(0.0F));
  }

  static void stage(const DepthwisePlaneArgs& args, const Inside& inside) {
    const int count = inside.col_end - inside.col_begin;
    if (count <= 0) return;
    for (int row = inside.row_begin; row < inside.row_end; ++row) {
      copy(args.src + (args.first_row + row) * args.src_row + args.first_col + inside.col_begin,
           args.staging + row * args.pitch + inside.col_begin, count);
    }
  }

  /// Perhaps with a few zeros more: the next row comes after.
  [[gnu::always_inline]] static void copy(const float* from, float* to, int count) {
    int i = 0;
    for (; i + lanes <= count; i += lanes) move(from + i, to + i);
    if (i == count) return;
    if (count > lanes) {
      move(from + count - lanes, to + count - lanes);
    } else {
      S::store(to, S::load_first(from, count));
    }
  }
  [[gnu::always_inline]] static void move(const float* from, float* to) {
    V value = S::load(from);
    S::keep(value);  // or g++ calls memcpy, for a few vectors
    S::store(to, value);
  }

  /// From `row` on, `rows` at a time; returns the row after the last.
  template <int rows>
  static int all_rows(const DepthwisePlaneArgs& memory, int row) {
    const DepthwisePlaneArgs args = memory;  // or stores to dst might alias it
    V weights[kTaps * kTaps];
    unroll<kTaps * kTaps>(
        [&](int tap) WINOGRAD_INLINE { weights[tap] = V(args.weights[tap * kLaneBlock]); });
    for (; row + rows <= args.rows; row += rows) {
      const float* const in = args.staging + row * args.pitch;
      const std::ptrdiff_t at = row * args.dst_row;
      int col = 0;
      for (; col + 2 * lanes <= args.cols; col += 2 * lanes) {
        block<rows, 2, false>(args, weights, in + col, at + col, 0);
      }
      for (; col + lanes <= args.cols; col += lanes) {
        block<rows, 1, false>(args, weights, in + col, at + col, 0);
      }
      if (lanes > 1 && col < args.cols) {
        block<rows, 1, true>(args, weights, in + col, at + col, args.cols - col);
      }
    }
    return row;
  }

  /// What is no clamp, in dst: the blocks are too small for a call each.
  static void activate(const DepthwisePlaneArgs& args) {
    const bool one_run = args.dst_row == args.cols;
    const int runs = one_run ? 1 : args.rows, count = one_run ? args.rows * args.cols : args.cols;
    for (int run = 0; run < runs; ++run) {
      activate_rows<V, Lanes::pixels>(args.dst + run * args.dst_row, 1, count, count, args.epilogue,
                                      0);
    }
  }

  template <int rows, int n, bool partial>
  [[gnu::always_inline]] static void block(const DepthwisePlaneArgs& args,
                                           const V (&weights)[kTaps * kTaps], const float* in,
                                           std::ptrdiff_t at, int left) {
    V sum[1][rows * n];  // of one channel: a row to the epilogue
    unroll<rows * n>([&](int i) WINOGRAD_INLINE { sum[0][i] = V(0.0F); });
    const std::ptrdiff_t tap_row = args.dilation_h * args.pitch, tap_col = args.dilation_w;
    unroll<kTaps + rows - 1>([&](auto i) WINOGRAD_INLINE {
      unroll<kTaps>([&](auto j) WINOGRAD_INLINE {
        unroll<n>([&](int v) WINOGRAD_INLINE {
          V pixels = S::load(in + i * tap_row + j * tap_col + v * lanes);
          constexpr bool first = i < kTaps, second = rows == 2 && i >= 1;
          if constexpr (first && second) S::keep(pixels);
          if constexpr (first) sum[0][v] = S::fma(pixels, weights[i * kTaps + j], sum[0][v]);
          if constexpr (second) {
            sum[0][n + v] = S::fma(pixels, weights[(i - 1) * kTaps + j], sum[0][n + v]);
          }
        });
      });
    });
    finish<rows, n, partial>(sum, args, at, left);
  }

  template <int rows, int n, bool partial>
  [[gnu::always_inline]] static void finish(V (&sum)[1][rows * n], const DepthwisePlaneArgs& args,
                                            std::ptrdiff_t at, int left) {
    const std::ptrdiff_t dst_row = args.dst_row;
    const auto for_each = [&](auto visit) WINOGRAD_INLINE {
      unroll_cells<rows, n>([&](int y, int v) WINOGRAD_INLINE {
        visit(sum[0][y * n + v], at + y * dst_row + v * lanes);
      });
    };
    const V bias(args.epilogue.bias[0]);
    for_each([&](V& value, std::ptrdiff_t) WINOGRAD_INLINE { value = value + bias; });
    if (const float* const residual = args.residual; residual != nullptr) {
      for_each([&](V& value, std::ptrdiff_t to) WINOGRAD_INLINE {
        value = value + (partial ? S::load_first(residual + to, left) : S::load(residual + to));
      });
    }
    clamp_block(sum, args.epilogue);
    float* const dst = args.dst;
    for_each([&](const V& value, std::ptrdiff_t to) WINOGRAD_INLINE {
      if constexpr (partial) {
        S::store_first(dst + to, value, left);
      } else {
        S::store(dst + to, value);
      }
    });
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_DEPTHWISE_PLANE_HPP
