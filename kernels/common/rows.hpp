// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Readers and writers of one image row, and the depthwise row: all that knows a layout.
#ifndef WINOGRAD_KERNELS_COMMON_ROWS_HPP
#define WINOGRAD_KERNELS_COMMON_ROWS_HPP

#include "common/epilogue.hpp"
#include "common/simd.hpp"
#include "common/transform_1d.hpp"
#include "kernel_set.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V>
struct Rows {
  static constexpr int lanes = kLanes<V>;

  static void gather_row_nchw(const RowGatherArgs& args) {
    int col = 0;
    if (args.channels == kGroup) {
      // Square blocks: `lanes` pixels of `lanes` channels. A block at the end of the row may load
      // pixels past it, which are dropped, as long as they are inside the tensor.
      const float* last_plane = args.src + (kGroup - 1) * args.channel_stride;
      for (; col < args.cols; col += lanes) {
        if (lanes > 1 && last_plane + col + lanes > args.readable_end) break;
        const int pixels = args.cols - col < lanes ? args.cols - col : lanes;
        for (int c = 0; c < kGroup; c += lanes) {
          V block[lanes];
          const float* in = args.src + c * args.channel_stride + col;
          unroll<lanes>([&](auto i) { block[i] = load_lanes<V>(in + i * args.channel_stride); });
          transpose(block);
          float* out = args.staging + col * args.stride + c;
          if (pixels == lanes) {
            unroll<lanes>([&](auto i) { store_lanes(out + i * args.stride, block[i]); });
          } else {
            unroll<lanes>([&](auto i) {
              if (i < pixels) store_lanes(out + i * args.stride, block[i]);
            });
          }
        }
      }
    }
    for (; col < args.cols; ++col) {
      float* out = args.staging + col * args.stride;
      const float* in = args.src + col;
      int c = 0;
      for (; c < args.channels; ++c) out[c] = in[c * args.channel_stride];
      for (; c < args.fill; ++c) out[c] = 0.0F;
    }
  }

  static void write_row_nhwc(const RowWriteArgs& args) {
    const Finish<V> finish(args.epilogue);
    const int whole = args.channels / lanes * lanes;
    for (int col = 0; col < args.cols; ++col) {
      const float* in = args.staging + col * args.stride;
      float* dst = args.dst + col * args.pixel_stride;
      const float* residual =
          args.residual == nullptr ? nullptr : args.residual + col * args.pixel_stride;
      for (int c = 0; c < whole; c += lanes) {
        V sum = load_lanes<V>(in + c) + load_lanes<V>(args.epilogue.bias + c);
        if (residual != nullptr) sum = sum + load_lanes<V>(residual + c);
        if (args.stream) {
          stream_lanes(dst + c, finish(sum));
        } else {
          store_lanes(dst + c, finish(sum));
        }
      }
      if (whole < args.channels) {
        const int rest = args.channels - whole;
        V sum = load_lanes<V>(in + whole) + load_lanes<V>(args.epilogue.bias + whole);
        if (residual != nullptr) sum = sum + load_first(residual + whole, rest);
        store_first(dst + whole, finish(sum), rest);
      }
    }
  }

  static void write_row_nchw(const RowWriteArgs& args) {
    const Finish<V> finish(args.epilogue);
    for (int c = 0; c < args.channels; c += lanes) {
      const int planes = args.channels - c < lanes ? args.channels - c : lanes;
      for (int col = 0; col < args.cols; col += lanes) {
        const int pixels = args.cols - col < lanes ? args.cols - col : lanes;
        const float* in = args.staging + col * args.stride + c;
        V block[lanes];
        unroll<lanes>(
            [&](auto i) { block[i] = i < pixels ? load_lanes<V>(in + i * args.stride) : V(0.0F); });
        transpose(block);
        const std::ptrdiff_t at = c * args.channel_stride + col;
        unroll<lanes>([&](auto i) {
          if (i >= planes) return;
          const std::ptrdiff_t to = at + i * args.channel_stride;
          V sum = block[i] + V(args.epilogue.bias[c + i]);
          if (pixels == lanes) {
            if (args.residual != nullptr) sum = sum + load_lanes<V>(args.residual + to);
            store_lanes(args.dst + to, finish(sum));
          } else {
            if (args.residual != nullptr) sum = sum + load_first(args.residual + to, pixels);
            store_first(args.dst + to, finish(sum), pixels);
          }
        });
      }
    }
  }

  static void depthwise_row(const DepthwiseArgs& args) {
    for (int c = 0; c < kGroup; c += lanes) {
      int col = 0;
      for (; col + 4 <= args.cols; col += 4) depthwise_columns<4>(args, col, c);
      for (; col < args.cols; ++col) depthwise_columns<1>(args, col, c);
    }
  }

 private:
  /// `columns` neighbouring outputs at once: independent sums hide the latency of fma.
  template <int columns>
  static void depthwise_columns(const DepthwiseArgs& args, int col, int c) {
    V sum[columns];
    unroll<columns>([&](auto x) { sum[x] = V(0.0F); });
    const float* weights = args.weights + c;
    for (int i = 0; i < args.kernel_h; ++i) {
      const float* in = args.in + i * args.tap_row + col * args.step + c;
      for (int j = 0; j < args.kernel_w; ++j, in += args.tap_col, weights += kGroup) {
        const V w = load_lanes<V>(weights);
        unroll<columns>(
            [&](auto x) { sum[x] = fma(load_lanes<V>(in + x * args.step), w, sum[x]); });
      }
    }
    unroll<columns>([&](auto x) { store_lanes(args.out + (col + x) * kGroup + c, sum[x]); });
  }

  static V load_first(const float* p, int count) {
    float lane[lanes] = {};
    for (int i = 0; i < count; ++i) lane[i] = p[i];
    return load_lanes<V>(lane);
  }

  static void store_first(float* p, const V& v, int count) {
    float lane[lanes];
    store_lanes(lane, v);
    for (int i = 0; i < count; ++i) p[i] = lane[i];
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_ROWS_HPP
