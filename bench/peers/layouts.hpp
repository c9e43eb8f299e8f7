// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Conversions for peers that know only one order. Never timed.
#ifndef WINOGRAD_BENCH_PEERS_LAYOUTS_HPP
#define WINOGRAD_BENCH_PEERS_LAYOUTS_HPP

#include <algorithm>
#include <cstdint>

#include "winograd/conv2d.hpp"

namespace winograd::bench {

/// Copies [batch] x [rows][cols] to [batch] x [cols][rows].
inline void transpose(std::int64_t batch, std::int64_t rows, std::int64_t cols, const float* from,
                      float* to) {
  for (std::int64_t n = 0; n < batch; ++n, from += rows * cols, to += rows * cols)
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t c = 0; c < cols; ++c) to[c * rows + r] = from[r * cols + c];
}

/// Copies a tensor of `channels` x `pixels` images from one layout to another.
inline void convert_layout(std::int64_t batch, std::int64_t channels, std::int64_t pixels,
                           Layout from_layout, const float* from, Layout to_layout, float* to) {
  if (from_layout == to_layout)
    std::copy_n(from, batch * channels * pixels, to);
  else if (from_layout == Layout::nhwc)
    transpose(batch, pixels, channels, from, to);
  else
    transpose(batch, channels, pixels, from, to);
}

inline void convert_src(const Conv2dDesc& d, const float* src, Layout to_layout, float* to) {
  convert_layout(d.batch, d.in_channels, d.height * d.width, d.layout, src, to_layout, to);
}
inline void convert_dst(const Conv2dDesc& d, Layout from_layout, const float* from, float* dst) {
  convert_layout(d.batch, d.out_channels, d.out_height() * d.out_width(), from_layout, from,
                 d.layout, dst);
}

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_PEERS_LAYOUTS_HPP
