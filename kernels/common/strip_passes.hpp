// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The 1-D passes of AxisKernels over one lane block of a strip of tiles. Scratch between the
// two passes is [col][alpha_h][16]: a few KiB that stay in L1. Neighbouring tiles overlap by r - 1
// columns, and the vertical pass transforms each column once for both.
#ifndef WINOGRAD_KERNELS_COMMON_STRIP_PASSES_HPP
#define WINOGRAD_KERNELS_COMMON_STRIP_PASSES_HPP

#include "kernels/common/epilogue.hpp"
#include "kernels/common/transform_1d.hpp"
#include "kernels/contract/kernel_set.hpp"
#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V, class T>
struct StripPasses {
  static constexpr int alpha = T::alpha;
  using S = Simd<V>;
  static constexpr int lanes = S::lanes;
  static constexpr std::ptrdiff_t column =
      alpha * kLaneBlock;  ///< floats of scratch per image column

  static void input_vertical(const StripView& view, int cols, float* scratch) {
    const int valid = view.col_end - view.col_begin;
    zero_columns(view.col_begin, scratch);
    scratch += view.col_begin * column;
    if (view.row_begin == 0 && view.row_end == alpha) {
      inner_columns(view.base, view.row_stride, view.col_stride, valid, scratch);
    } else {
      edge_columns(view, valid, scratch);
    }
    zero_columns(cols - view.col_end, scratch + valid * column);
  }

  static void input_horizontal(const float* scratch, int alpha_h, int tiles, float* v,
                               const std::ptrdiff_t* offsets, std::ptrdiff_t tile_stride) {
    // A row of all tiles before the next: then `offsets` stay in registers.
    const std::ptrdiff_t in_column = std::ptrdiff_t{alpha_h} * kLaneBlock;
    for (int i = 0; i < alpha_h; ++i, scratch += kLaneBlock, offsets += alpha) {
      float* to[alpha];
      unroll<alpha>([&](int j) WINOGRAD_INLINE { to[j] = v + offsets[j]; });
      const float* in = scratch;
      std::ptrdiff_t at = 0;
      for (int tile = 0; tile < tiles; ++tile, in += T::m * in_column, at += tile_stride) {
        for (int c = 0; c < kLaneBlock; c += lanes) {
          V d[alpha], out[alpha];
          unroll<alpha>([&](int j) WINOGRAD_INLINE { d[j] = load_once(in + c + j * in_column); });
          apply_input<T>(d, out);
          unroll<alpha>([&](int j) WINOGRAD_INLINE { S::store(to[j] + at + c, out[j]); });
        }
      }
    }
  }

  static void output_horizontal(const float* m, const std::ptrdiff_t* offsets,
                                std::ptrdiff_t tile_stride, int alpha_h, int tiles,
                                float* scratch) {
    const std::ptrdiff_t out_column = std::ptrdiff_t{alpha_h} * kLaneBlock;
    for (int i = 0; i < alpha_h; ++i, scratch += kLaneBlock, offsets += alpha) {
      const float* from[alpha];
      unroll<alpha>([&](int j) WINOGRAD_INLINE { from[j] = m + offsets[j]; });
      float* out = scratch;
      std::ptrdiff_t at = 0;
      for (int tile = 0; tile < tiles; ++tile, out += T::m * out_column, at += tile_stride) {
        for (int c = 0; c < kLaneBlock; c += lanes) {
          V x[alpha], y[T::m];
          unroll<alpha>([&](int j) WINOGRAD_INLINE { x[j] = load_once(from[j] + at + c); });
          apply_output<T>(x, y);
          unroll<T::m>([&](int q) WINOGRAD_INLINE { S::store(out + c + q * out_column, y[q]); });
        }
      }
    }
  }

  static void output_vertical(const float* scratch, int cols, const OutputTarget& target) {
    with_activation<V>(target.epilogue, [&](const auto& activation) WINOGRAD_INLINE {
      finished_columns(scratch, cols, target, activation);
    });
  }

  static void output_vertical_raw(const float* scratch, int cols, float* staging,
                                  std::ptrdiff_t row) {
    for (int col = 0; col < cols; ++col, scratch += column, staging += kLaneBlock) {
      for (int c = 0; c < kLaneBlock; c += lanes) {
        V x[alpha], y[T::m];
        unroll<alpha>([&](int i)
                          WINOGRAD_INLINE { x[i] = load_once(scratch + c + i * kLaneBlock); });
        apply_output<T>(x, y);
        unroll<T::m>([&](int q) WINOGRAD_INLINE { S::store(staging + c + q * row, y[q]); });
      }
    }
  }

 private:
  /// A load that is not repeated wherever its value is used, as an operand in memory: where
  /// registers are plenty, loads are what the passes are short of.
  [[gnu::always_inline]] static V load_once(const float* p) {
    V v = S::load(p);
    S::keep(v);
    return v;
  }

  static void zero_columns(int cols, float* scratch) {
    for (std::ptrdiff_t i = 0; i < cols * column; i += lanes) S::store(scratch + i, V(0.0F));
  }

  /// Vertical input pass over columns that lie inside the image.
  static void inner_columns(const float* in, std::ptrdiff_t row_stride, std::ptrdiff_t col_stride,
                            int cols, float* scratch) {
    for (int col = 0; col < cols; ++col, in += col_stride, scratch += column) {
#pragma GCC unroll 1  // two vectors at once do not fit the registers
      for (int c = 0; c < kLaneBlock; c += lanes) {
        V d[alpha], v[alpha];
        unroll<alpha>([&](int i) WINOGRAD_INLINE { d[i] = load_once(in + c + i * row_stride); });
        apply_input<T>(d, v);
        unroll<alpha>([&](int i) WINOGRAD_INLINE { S::store(scratch + c + i * kLaneBlock, v[i]); });
      }
    }
  }

  /// The same where some rows are padding.
  [[gnu::noinline]] static void edge_columns(const StripView& view, int cols, float* scratch) {
    const float* in = view.base;
    for (int col = 0; col < cols; ++col, in += view.col_stride, scratch += column) {
#pragma GCC unroll 1
      for (int c = 0; c < kLaneBlock; c += lanes) {
        V d[alpha], v[alpha];
        unroll<alpha>([&](int i) WINOGRAD_INLINE {
          const bool inside = i >= view.row_begin && i < view.row_end;
          d[i] = inside ? S::load(in + c + (i - view.row_begin) * view.row_stride) : V(0.0F);
        });
        apply_input<T>(d, v);
        unroll<alpha>([&](int i) WINOGRAD_INLINE { S::store(scratch + c + i * kLaneBlock, v[i]); });
      }
    }
  }

  template <class Activation>
  static void finished_columns(const float* scratch, int cols, const OutputTarget& target,
                               const Activation activation) {
    const std::ptrdiff_t row_stride = target.row_stride;
    const bool stream = S::streams && target.stream;  // not a case of its own: there are many tiles
    float* dst = target.dst;
    const float* residual = target.residual;
    for (int col = 0; col < cols; ++col, scratch += column) {
#pragma GCC unroll 1
      for (int c = 0; c < kLaneBlock; c += lanes) {
        V x[alpha], y[T::m];
        unroll<alpha>([&](int i)
                          WINOGRAD_INLINE { x[i] = load_once(scratch + c + i * kLaneBlock); });
        apply_output<T>(x, y);
        const V bias = S::load(target.epilogue.bias + c);
        unroll<T::m>([&](int q) WINOGRAD_INLINE {
          y[q] = y[q] + bias;
          if (residual != nullptr) y[q] = y[q] + S::load(residual + q * row_stride + c);
        });
        activate<V, Lanes::channels, T::m>(activation, [&](auto visit) WINOGRAD_INLINE {
          unroll<T::m>([&](int q) WINOGRAD_INLINE { visit(y[q], c); });
        });
        if (stream) {
          unroll<T::m>([&](int q) WINOGRAD_INLINE { S::stream(dst + c + q * row_stride, y[q]); });
        } else {
          unroll<T::m>([&](int q) WINOGRAD_INLINE { S::store(dst + c + q * row_stride, y[q]); });
        }
      }
      dst += target.col_stride;
      if (residual != nullptr) residual += target.col_stride;
    }
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_STRIP_PASSES_HPP
