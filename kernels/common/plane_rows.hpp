// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Direct convolution in NCHW, of few channels or with a kernel of 1 x 1: lanes are neighbouring
// pixels of one plane, so that nothing is transposed. A block of registers is some output channels
// x a few vectors of pixels: with 16 registers 6 x 2, where 2 loads and 6 broadcasts feed 12 fma;
// with 32 registers 8 x 3.
#ifndef WINOGRAD_KERNELS_COMMON_PLANE_ROWS_HPP
#define WINOGRAD_KERNELS_COMMON_PLANE_ROWS_HPP

#include <algorithm>
#include <array>
#include <utility>

#include "kernels/common/epilogue.hpp"
#include "kernels/contract/kernel_set.hpp"
#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

template <class V, int max_outputs, int vectors>
struct PlaneRows {
  using S = Simd<V>;
  static constexpr int lanes = S::lanes;

  static void direct_row(const PlaneRowArgs& args) {
    static constexpr auto kRows = []<int... i>(std::integer_sequence<int, i...>) {
      return std::array<void (*)(const PlaneRowArgs&, int), sizeof...(i) + 1>{
          nullptr, &row_of_outputs<i + 1>...};
    }
    (std::make_integer_sequence<int, max_outputs>{});
    const int stripes = (args.outputs + max_outputs - 1) / max_outputs;  // 16 are 6 + 5 + 5
    const int size = args.outputs / stripes, longer = args.outputs % stripes;
    for (int stripe = 0, output = 0; stripe < stripes; ++stripe) {
      const int outputs = size + (stripe < longer ? 1 : 0);
      kRows[static_cast<unsigned>(outputs)](args, output);
      output += outputs;
    }
  }

 private:
  template <int outputs>
  static void row_of_outputs(const PlaneRowArgs& args, int output) {
    if (args.residual != nullptr) {
      row_of_blocks<outputs, true, false>(args, output);
    } else if (S::streams && args.stream) {
      row_of_blocks<outputs, false, S::streams>(args, output);
    } else {
      row_of_blocks<outputs, false, false>(args, output);
    }
  }

  template <int outputs, bool residual, bool stream>
  static void row_of_blocks(const PlaneRowArgs& args, int output) {
    int col = 0;
    unroll<vectors>([&](auto i) {
      constexpr int n = vectors - i.value;
      for (const int last = args.cols - n * lanes; col <= last; col += n * lanes) {
        // One vector alone may be less than a line.
        block<outputs, n, residual, stream && (n * lanes) % kLaneBlock == 0, false>(args, output,
                                                                                    col);
      }
    });
    if (col < args.cols) block<outputs, 1, residual, false, true>(args, output, col);
  }

  /// sum = one chain of so many products.
  template <int outputs, int n>
  [[gnu::always_inline]] static void add_chain(const PlaneRowArgs& args, const float* in,
                                               const float* weights, int products,
                                               V (&sum)[outputs][n]) {
    unroll_cells<outputs, n>([&](int o, int v) WINOGRAD_INLINE { sum[o][v] = V(0.0F); });
    const std::ptrdiff_t weights_stride = args.weights_stride;
    const std::ptrdiff_t* offset = args.offsets;
    for (int left = products; left > 0; --left, ++offset, weights += weights_stride) {
      V pixels[n];
      unroll<n>([&](int v) WINOGRAD_INLINE { pixels[v] = S::load(in + *offset + v * lanes); });
      unroll<outputs>([&](int o) WINOGRAD_INLINE {
        const V weight(weights[o]);
        unroll<n>([&](int v) WINOGRAD_INLINE { sum[o][v] = S::fma(weight, pixels[v], sum[o][v]); });
      });
    }
  }

  template <int outputs, int n, bool residual, bool stream, bool partial>
  [[gnu::always_inline]] static void block(const PlaneRowArgs& args, int output, int col) {
    V sum[outputs][n];
    const float* in = args.in + col;
    const float* weights = args.weights + output;
    add_chain(args, in, weights, std::min(args.chain, args.products), sum);
    for (int done = args.chain; done < args.products; done += args.chain) {
      V earlier[outputs][n];
      unroll_cells<outputs, n>([&](int o, int v) WINOGRAD_INLINE { earlier[o][v] = sum[o][v]; });
      in += args.chain_stride;
      weights += std::ptrdiff_t{args.chain} * args.weights_stride;
      add_chain(args, in, weights, std::min(args.chain, args.products - done), sum);
      unroll_cells<outputs, n>([&](int o, int v)
                                   WINOGRAD_INLINE { sum[o][v] = earlier[o][v] + sum[o][v]; });
    }
    // Copies, because the compiler must assume that stores to dst alias args.
    const std::ptrdiff_t channel_stride = args.channel_stride;
    const std::ptrdiff_t at = output * channel_stride + col;
    float* const dst = args.dst + at;
    const float* const added = residual ? args.residual + at : nullptr;
    const int left = args.cols - col;
    const auto for_each = [&](auto visit) WINOGRAD_INLINE {
      unroll_cells<outputs, n>(
          [&](int o, int v) WINOGRAD_INLINE { visit(sum[o][v], o * channel_stride + v * lanes); });
    };
    const float* bias = args.epilogue.bias + output;
    unroll<outputs>([&](int o) WINOGRAD_INLINE {
      const V b(bias[o]);
      unroll<n>([&](int v) WINOGRAD_INLINE { sum[o][v] = sum[o][v] + b; });
    });
    if constexpr (residual) {
      for_each([&](V& value, std::ptrdiff_t to) WINOGRAD_INLINE {
        value = value + (partial ? S::load_first(added + to, left) : S::load(added + to));
      });
    }
    activate_block<V, Lanes::pixels>(sum, args.epilogue, output);
    for_each([&](const V& value, std::ptrdiff_t to) WINOGRAD_INLINE {
      if constexpr (partial) {
        S::store_first(dst + to, value, left);
      } else if constexpr (stream) {
        S::stream(dst + to, value);
      } else {
        S::store(dst + to, value);
      }
    });
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_PLANE_ROWS_HPP
