// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// im2col: the inputs under each output pixel, gathered into a matrix.
#ifndef WINOGRAD_BENCH_MEASURE_PATCHES_HPP
#define WINOGRAD_BENCH_MEASURE_PATCHES_HPP

#include <algorithm>
#include <cstdint>

#include "winograd/conv2d.hpp"

namespace winograd::bench {

/// Products that make one output: the depth of the matrix product.
inline std::int64_t patch_size(const Conv2dDesc& d) {
  return d.in_channels / d.groups * d.kernel_h * d.kernel_w;
}

/// Patches of the output pixels [begin, end) of one NHWC image, as rows
/// [pixel][kernel_h][kernel_w][in_channels / groups]. T is float or double.
template <class T>
void gather_patches_nhwc(const Conv2dDesc& d, const float* image, std::int64_t group,
                         std::int64_t begin, std::int64_t end, T* patches) {
  const std::int64_t channels = d.in_channels / d.groups;
  for (std::int64_t pixel = begin; pixel < end; ++pixel) {
    const std::int64_t top = pixel / d.out_width() * d.stride_h - d.pad_top;
    const std::int64_t left = pixel % d.out_width() * d.stride_w - d.pad_left;
    for (std::int64_t i = 0; i < d.kernel_h; ++i) {
      const std::int64_t y = top + i * d.dilation_h;
      for (std::int64_t j = 0; j < d.kernel_w; ++j, patches += channels) {
        const std::int64_t x = left + j * d.dilation_w;
        if (y < 0 || y >= d.height || x < 0 || x >= d.width) {
          std::fill_n(patches, channels, T{0});
        } else {
          const float* from = image + (y * d.width + x) * d.in_channels + group * channels;
          for (std::int64_t c = 0; c < channels; ++c) patches[c] = static_cast<T>(from[c]);
        }
      }
    }
  }
}

/// Patches of the output pixels [begin, end) of one NCHW image, as columns
/// [in_channels / groups][kernel_h][kernel_w][end - begin].
inline void gather_patches_nchw(const Conv2dDesc& d, const float* image, std::int64_t group,
                                std::int64_t begin, std::int64_t end, float* patches) {
  const std::int64_t channels = d.in_channels / d.groups;
  const std::int64_t out_w = d.out_width();
  for (std::int64_t c = group * channels; c < (group + 1) * channels; ++c) {
    const float* plane = image + c * d.height * d.width;
    for (std::int64_t i = 0; i < d.kernel_h; ++i) {
      for (std::int64_t j = 0; j < d.kernel_w; ++j) {
        for (std::int64_t pixel = begin; pixel < end;) {
          // One output row at a time, or what of it lies in the range.
          const std::int64_t out_x = pixel % out_w;
          const std::int64_t count = std::min(out_w - out_x, end - pixel);
          const std::int64_t y = pixel / out_w * d.stride_h + i * d.dilation_h - d.pad_top;
          const std::int64_t left = out_x * d.stride_w + j * d.dilation_w - d.pad_left;
          const float* row = plane + y * d.width;
          const bool inside = y >= 0 && y < d.height;
          for (std::int64_t t = 0; t < count; ++t) {
            const std::int64_t x = left + t * d.stride_w;
            patches[t] = inside && x >= 0 && x < d.width ? row[x] : 0.0F;
          }
          patches += count;
          pixel += count;
        }
      }
    }
  }
}

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MEASURE_PATCHES_HPP
