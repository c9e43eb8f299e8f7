// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Readers and writers of one image row: all that knows a layout.
#ifndef WINOGRAD_KERNELS_COMMON_ROWS_HPP
#define WINOGRAD_KERNELS_COMMON_ROWS_HPP

#include <type_traits>

#include "kernels/common/epilogue.hpp"
#include "kernels/common/transform_1d.hpp"
#include "kernels/contract/kernel_set.hpp"
#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V>
struct Rows {
  using S = Simd<V>;
  using E = typename S::Element;
  static constexpr int lanes = S::lanes;

  static void read_row_nchw(const RowReadArgsOf<E>& args) {
    int done = 0;  // columns
    if (args.channels == kLaneBlock) {
      // Square blocks: `lanes` pixels of `lanes` channels. The last block may load pixels past the
      // row, which are dropped, as long as they are inside the tensor.
      const E* last_plane = args.src + (kLaneBlock - 1) * args.channel_stride;
      const std::ptrdiff_t readable = args.readable_end - last_plane;
      const int whole = args.cols / lanes * lanes;
      done = whole < args.cols && whole + lanes <= readable ? args.cols : whole;
      // Channels outside: planes of a large image are often a multiple of 4 KiB apart and compete
      // for one set of L1, which has room for `lanes` of them but not for 16.
      for (int c = 0; c < kLaneBlock; c += lanes) {
        const E* in = args.src + c * args.channel_stride;
        E* out = args.staging + c;
        for (int col = 0; col < done; col += lanes) {
          V block[lanes];
          S::load_transposed(in + col, args.channel_stride, block);
          const int pixels = done - col;
          unroll<lanes>([&](auto i) {
            if (i < pixels) S::store(out + (col + i) * args.stride, block[i]);
          });
        }
      }
    }
    for (int col = done; col < args.cols; ++col) {
      E* out = args.staging + col * args.stride;
      const E* in = args.src + col;
      int c = 0;
      for (; c < args.channels; ++c) out[c] = in[c * args.channel_stride];
      for (; c < args.fill; ++c) out[c] = E{};
    }
  }

  static void read_row_nhwc(const RowReadArgsOf<E>& args) {
    const E* in = args.src;
    E* out = args.staging;
    if (args.channels == args.fill && args.pixel_stride == args.fill && args.stride == args.fill) {
      copy(in, std::ptrdiff_t{args.cols} * args.fill, out);  // pixels follow each other
      return;
    }
    for (int col = 0; col < args.cols; ++col, in += args.pixel_stride, out += args.stride) {
      copy(in, args.channels, out);
      for (int c = args.channels; c < args.fill; ++c) out[c] = E{};
    }
  }

  static void write_row_nhwc(const RowWriteArgsOf<E>& args) {
    with_activation<V>(args.epilogue,
                       [&](const auto& activation) { write_pixels(args, activation); });
  }

  static void write_row_nchw(const RowWriteArgsOf<E>& args) {
    with_activation<V>(args.epilogue,
                       [&](const auto& activation) { write_planes(args, activation); });
  }

 private:
  static void copy(const E* in, std::ptrdiff_t count, E* out) {
    std::ptrdiff_t i = 0;
    for (; i + lanes <= count; i += lanes) S::store(out + i, S::load(in + i));
    for (; i < count; ++i) out[i] = in[i];
  }

  template <class Activation>
  static void write_pixels(const RowWriteArgsOf<E>& args, const Activation activation) {
    const int whole = args.channels / lanes * lanes;
    const V scale(args.epilogue.scale);
    const auto finished = [&](V sum, int c) __attribute__((always_inline)) {
      activate<V, Lanes::channels, 1>(
          activation, [&](auto visit) __attribute__((always_inline)) { visit(sum, c); });
      return sum;
    };
    for (int col = 0; col < args.cols; ++col) {
      const E* in = args.staging + col * args.stride;
      E* dst = args.dst + col * args.pixel_stride;
      const E* residual =
          args.residual == nullptr ? nullptr : args.residual + col * args.pixel_stride;
      for (int c = 0; c < whole; c += lanes) {
        V sum = with_bias(S::load(in + c), S::load(args.epilogue.bias + c), scale);
        if (residual != nullptr) sum = sum + S::load(residual + c);
        sum = finished(sum, c);
        if (S::streams && args.stream) {
          S::stream(dst + c, sum);
        } else {
          S::store(dst + c, sum);
        }
      }
      if (whole < args.channels) {
        const int rest = args.channels - whole;
        V sum = with_bias(S::load(in + whole), S::load(args.epilogue.bias + whole), scale);
        if (residual != nullptr) sum = sum + S::load_first(residual + whole, rest);
        S::store_first(dst + whole, finished(sum, whole), rest);
      }
    }
  }

  template <class Activation>
  static void write_planes(const RowWriteArgsOf<E>& args, const Activation activation) {
    // Streaming needs whole cache lines: one or more blocks side by side.
    constexpr int line = kLaneBlock / lanes;
    const bool stream = S::streams && args.stream && args.channel_stride % kLaneBlock == 0 &&
                        reinterpret_cast<std::uintptr_t>(args.dst) % kLineBytes == 0;
    for (int c = 0; c < args.channels; c += lanes) {
      int col = 0;
      if (stream) {
        for (; col + kLaneBlock <= args.cols; col += kLaneBlock) {
          write_block<S::streams ? line : 1, S::streams>(args, c, col, activation);
        }
      }
      for (; col < args.cols; col += lanes) write_block<1, false>(args, c, col, activation);
    }
  }

  /// `blocks` square blocks side by side: `lanes` channels from c, pixels from col.
  template <int blocks, bool stream, class Activation>
  static void write_block(const RowWriteArgsOf<E>& args, int c, int col,
                          const Activation activation) {
    const int planes = args.channels - c < lanes ? args.channels - c : lanes;
    const int pixels = args.cols - col < lanes ? args.cols - col : lanes;
    V block[blocks][lanes];
    unroll<blocks>([&](auto b) {
      S::load_transposed(args.staging + (col + b * lanes) * args.stride + c, args.stride, block[b]);
    });
    const std::ptrdiff_t at = c * args.channel_stride + col;
    const V scale(args.epilogue.scale);
    if constexpr (std::is_same_v<Activation, AnyFunction>) {
      write_function<blocks, stream>(args, c, at, planes, pixels, block, activation);
    } else {
      unroll<lanes>([&](auto i) {
        if (i >= planes) return;
        unroll<blocks>([&](auto b) {
          const std::ptrdiff_t to = at + i * args.channel_stride + b * lanes;
          V sum = with_bias(block[b][i], V(args.epilogue.bias[c + i]), scale);
          const auto finish = [&]() __attribute__((always_inline)) {
            activate<V, Lanes::pixels, 1>(
                activation, [&](auto visit) __attribute__((always_inline)) { visit(sum, c + i); });
          };
          if (pixels == lanes) {
            if (args.residual != nullptr) sum = sum + S::load(args.residual + to);
            finish();
            if constexpr (stream) {
              S::stream(args.dst + to, sum);
            } else {
              S::store(args.dst + to, sum);
            }
          } else {
            if (args.residual != nullptr) sum = sum + S::load_first(args.residual + to, pixels);
            finish();
            S::store_first(args.dst + to, sum, pixels);
          }
        });
      });
    }
  }

  /// The same for a function, in one call.
  template <int blocks, bool stream>
  static void write_function(const RowWriteArgsOf<E>& args, int c, std::ptrdiff_t at, int planes,
                             int pixels, const V (&block)[blocks][lanes], AnyFunction function) {
    constexpr int row = blocks * lanes;
    constexpr int most = (lanes * row + kFloats - 1) / kFloats * kFloats;
    alignas(kLineBytes) float values[most];
    for (int i = planes * row; i < most; ++i) values[i] = 0.0F;
    const V scale(args.epilogue.scale);
    const auto for_each = [&](auto visit) __attribute__((always_inline)) {
      for (int i = 0; i < planes; ++i) {
        for (int b = 0; b < blocks; ++b) {
          visit(i, b, at + i * args.channel_stride + b * lanes, values + i * row + b * lanes);
        }
      }
    };
    for_each([&](int i, int b, std::ptrdiff_t to, float* value) __attribute__((always_inline)) {
      V sum = with_bias(block[b][i], V(args.epilogue.bias[c + i]), scale);
      if (args.residual != nullptr) {
        sum = sum + (pixels == lanes ? S::load(args.residual + to)
                                     : S::load_first(args.residual + to, pixels));
      }
      S::store(value, sum);
    });
    apply_activation(function.function, values, (planes * row + kFloats - 1) / kFloats * kFloats);
    for_each([&](int, int, std::ptrdiff_t to, const float* value) __attribute__((always_inline)) {
      const V result = S::load(value);
      if constexpr (stream) {
        S::stream(args.dst + to, result);
      } else if (pixels == lanes) {
        S::store(args.dst + to, result);
      } else {
        S::store_first(args.dst + to, result, pixels);
      }
    });
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_ROWS_HPP
