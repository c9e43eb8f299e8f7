// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Readers and writers of one image row, and the depthwise row: all that knows a layout.
#ifndef WINOGRAD_KERNELS_COMMON_ROWS_HPP
#define WINOGRAD_KERNELS_COMMON_ROWS_HPP

#include "kernels/common/epilogue.hpp"
#include "kernels/common/simd.hpp"
#include "kernels/common/transform_1d.hpp"
#include "kernels/contract/kernel_set.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V>
struct Rows {
  static constexpr int lanes = kLanes<V>;

  static void gather_row_nchw(const RowGatherArgs& args) {
    int done = 0;  // columns
    if (args.channels == kGroup) {
      // Square blocks: `lanes` pixels of `lanes` channels. The last block may load pixels past the
      // row, which are dropped, as long as they are inside the tensor.
      const float* last_plane = args.src + (kGroup - 1) * args.channel_stride;
      const std::ptrdiff_t readable = args.readable_end - last_plane;
      const int whole = args.cols / lanes * lanes;
      done = whole < args.cols && whole + lanes <= readable ? args.cols : whole;
      // Channels outside: planes of a large image are often a multiple of 4 KiB apart and compete
      // for one set of L1, which has room for `lanes` of them but not for 16.
      for (int c = 0; c < kGroup; c += lanes) {
        const float* in = args.src + c * args.channel_stride;
        float* out = args.staging + c;
        for (int col = 0; col < done; col += lanes) {
          V block[lanes];
          load_transposed(in + col, args.channel_stride, block);
          const int pixels = done - col;
          unroll<lanes>([&](auto i) {
            if (i < pixels) store_lanes(out + (col + i) * args.stride, block[i]);
          });
        }
      }
    }
    for (int col = done; col < args.cols; ++col) {
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
        if (residual != nullptr) sum = sum + load_first<V>(residual + whole, rest);
        store_first(dst + whole, finish(sum), rest);
      }
    }
  }

  static void write_row_nchw(const RowWriteArgs& args) {
    // Streaming needs whole cache lines: two or more blocks side by side.
    constexpr int line = kGroup / lanes;
    const bool stream = args.stream && args.channel_stride % kGroup == 0 &&
                        reinterpret_cast<std::uintptr_t>(args.dst) % kLineBytes == 0;
    for (int c = 0; c < args.channels; c += lanes) {
      int col = 0;
      if (stream) {
        for (; col + kGroup <= args.cols; col += kGroup) write_block<line, true>(args, c, col);
      }
      for (; col < args.cols; col += lanes) write_block<1, false>(args, c, col);
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

  /// `blocks` square blocks side by side: `lanes` channels from c, pixels from col.
  template <int blocks, bool stream>
  static void write_block(const RowWriteArgs& args, int c, int col) {
    const Finish<V> finish(args.epilogue);
    const int planes = args.channels - c < lanes ? args.channels - c : lanes;
    const int pixels = args.cols - col < lanes ? args.cols - col : lanes;
    V block[blocks][lanes];
    unroll<blocks>([&](auto b) {
      load_transposed(args.staging + (col + b * lanes) * args.stride + c, args.stride, block[b]);
    });
    const std::ptrdiff_t at = c * args.channel_stride + col;
    unroll<lanes>([&](auto i) {
      if (i >= planes) return;
      unroll<blocks>([&](auto b) {
        const std::ptrdiff_t to = at + i * args.channel_stride + b * lanes;
        V sum = block[b][i] + V(args.epilogue.bias[c + i]);
        if (pixels == lanes) {
          if (args.residual != nullptr) sum = sum + load_lanes<V>(args.residual + to);
          if constexpr (stream) {
            stream_lanes(args.dst + to, finish(sum));
          } else {
            store_lanes(args.dst + to, finish(sum));
          }
        } else {
          if (args.residual != nullptr) sum = sum + load_first<V>(args.residual + to, pixels);
          store_first(args.dst + to, finish(sum), pixels);
        }
      });
    });
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_ROWS_HPP
