// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Convolution with groups of 4, 8 or 16 channels, in lanes as they are in a lane block. An input
// channel is spread over the lanes of its group: with groups of 4 and vectors of 8 lanes
//
//   pixel          a0 a1 a2 a3   b0 b1 b2 b3
//   spread 2       a2 a2 a2 a2   b2 b2 b2 b2    times the weights of input 2 for all 8 outputs
//
// Groups that are no narrower than a vector read a float and broadcast it. A block of registers is
// some neighbouring outputs of a row: what is spread is used for all of them that it is a tap of.
#ifndef WINOGRAD_KERNELS_COMMON_SMALL_GROUPS_HPP
#define WINOGRAD_KERNELS_COMMON_SMALL_GROUPS_HPP

#include "kernels/common/transform_1d.hpp"
#include "kernels/contract/kernel_set.hpp"
#include "kernels/simd/simd.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// With columns + 5 registers.
template <class V, int columns>
struct SmallGroups {
  using S = Simd<V>;
  static constexpr int lanes = S::lanes;

  static void row(const GroupRowArgs& args) {
    args.pixel == kNarrowPixel ? in_pixels<kNarrowPixel>(args) : in_pixels<kWidePixel>(args);
  }

 private:
  template <int pixel>
  static void in_pixels(const GroupRowArgs& args) {
    if (args.group >= lanes) return lane_block<lanes, pixel>(args);
    if constexpr (lanes > 4) {
      if (args.group == 4) return lane_block<4, pixel>(args);
    }
    if constexpr (lanes > 8) {
      if (args.group == 8) return lane_block<8, pixel>(args);
    }
  }

  /// Groups of `spread` channels, or of that many and more.
  template <int spread, int pixel>
  static void lane_block(const GroupRowArgs& args) {
    const bool three_taps = args.kernel_w == 3 && args.dilation_w == 1;
    for (int lane = 0; lane < kLaneBlock; lane += lanes) {
      if (three_taps && args.stride_w == 1) {
        row_of_blocks<spread, pixel, 1>(args, lane);
      } else if (three_taps && args.stride_w == 2) {
        row_of_blocks<spread, pixel, 2>(args, lane);
      } else {
        row_of_blocks<spread, pixel, 0>(args, lane);
      }
    }
  }

  /// The last block may overlap the one before it: then outputs are computed twice.
  template <int spread, int pixel, int step>
  static void row_of_blocks(const GroupRowArgs& args, int lane) {
    constexpr int half = columns / 2, widest = step > 0 ? columns : half;
    int col = 0;
    if (widest > half && args.cols >= widest) {
      for (; args.cols - col > half; col += widest) {
        const int last = args.cols - widest;
        block<spread, pixel, step, widest>(args, lane, col < last ? col : last);
      }
    }
    if (args.cols >= half) {
      for (; col < args.cols; col += half) {
        const int last = args.cols - half;
        block<spread, pixel, step, half>(args, lane, col < last ? col : last);
      }
    }
    for (; col < args.cols; ++col) block<spread, pixel, step, 1>(args, lane, col);
  }

  /// `step` is the stride if there are three taps, all neighbours, and 0 for everything else.
  template <int spread, int pixel, int step, int cols>
  static void block(const GroupRowArgs& args, int lane, int col) {
    const int group = spread < lanes ? spread : args.group;
    const std::ptrdiff_t next_row = args.dilation_h * args.row;
    const std::ptrdiff_t next_tap = std::ptrdiff_t{args.dilation_w} * pixel;
    const std::ptrdiff_t next_col = std::ptrdiff_t{args.stride_w} * pixel;
    const float* row = args.in + col * next_col + (spread < lanes ? lane : lane / group * group);
    const float* w = args.weights + lane;
    const int kernel_h = args.kernel_h, kernel_w = args.kernel_w;
    V sum[cols];
    unroll<cols>([&](int x) WINOGRAD_INLINE { sum[x] = V(0.0F); });
    for (int i = 0; i < kernel_h; ++i, row += next_row) {
      if constexpr (step > 0) {
        constexpr int taps = 3;
        for (int c = 0; c < group; ++c, w += kLaneBlock) {
          V weight[taps];
          unroll<taps>([&](int j)
                           WINOGRAD_INLINE { weight[j] = S::load(w + j * group * kLaneBlock); });
          unroll<(cols - 1) * step + taps>([&](int q) WINOGRAD_INLINE {
            const V value = spread_over<spread>(row + q * pixel, c);
            unroll<taps>([&](int j) WINOGRAD_INLINE {
              const int x = q - j;  // times step: of the output that has q as its tap j
              if (x >= 0 && x % step == 0 && x / step < cols) {
                sum[x / step] = S::fma(value, weight[j], sum[x / step]);
              }
            });
          });
        }
        w += (taps - 1) * group * kLaneBlock;
      } else {
        for (int j = 0; j < kernel_w; ++j) {
          for (int c = 0; c < group; ++c, w += kLaneBlock) {
            const V weight = S::load(w);
            unroll<cols>([&](int x) WINOGRAD_INLINE {
              const V value = spread_over<spread>(row + j * next_tap + x * next_col, c);
              sum[x] = S::fma(value, weight, sum[x]);
            });
          }
        }
      }
    }
    float* const to = args.sums + std::ptrdiff_t{col} * pixel + lane;
    unroll<cols>([&](int x) WINOGRAD_INLINE { S::store(to + x * pixel, sum[x]); });
  }

  template <int spread>
  [[gnu::always_inline]] static V spread_over(const float* pixel, int c) {
    if constexpr (spread < lanes) {
      return S::template spread<spread>(S::load(pixel), c);
    } else {
      return V(pixel[c]);
    }
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_COMMON_SMALL_GROUPS_HPP
