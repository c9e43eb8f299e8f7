// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The first oracle: convolution by its definition, in double, for every geometry.
#ifndef WINOGRAD_TESTS_REFERENCE_NAIVE_CONV2D_HPP
#define WINOGRAD_TESTS_REFERENCE_NAIVE_CONV2D_HPP

#include <cstddef>
#include <cstdint>
#include <vector>

#include "winograd/conv2d.hpp"

namespace winograd::test {

/// Position of an element in a tensor of `channels` x `height` x `width` in `layout`.
inline std::size_t index_of(Layout layout, std::int64_t channels, std::int64_t height,
                            std::int64_t width, std::int64_t n, std::int64_t c, std::int64_t y,
                            std::int64_t x) {
  return static_cast<std::size_t>(layout == Layout::nchw
                                      ? ((n * channels + c) * height + y) * width + x
                                      : ((n * height + y) * width + x) * channels + c);
}
inline std::size_t src_index(const Conv2dDesc& d, std::int64_t n, std::int64_t c, std::int64_t y,
                             std::int64_t x) {
  return index_of(d.layout, d.in_channels, d.height, d.width, n, c, y, x);
}
inline std::size_t dst_index(const Conv2dDesc& d, std::int64_t n, std::int64_t k, std::int64_t y,
                             std::int64_t x) {
  return index_of(d.layout, d.out_channels, d.out_height(), d.out_width(), n, k, y, x);
}

/// Results for each element of dst, in the layout of the description.
struct Reference {
  /// Before the activation: the sum with bias and residual.
  std::vector<double> linear;
  /// After it.
  std::vector<double> value;
  /// |bias| + |residual| + sum of |weight * src|: what a worst-case error bound is made of.
  std::vector<double> absolute_sum;
  /// bias^2 + residual^2 + sum of (weight * src)^2: the mean square of the output, had every term
  /// a random sign. Unlike the output itself it never cancels, so it measures magnitude.
  std::vector<double> square_sum;
  /// Of each image and output channel, [n][k]: the sum over the input channels of (sum of |weight|)
  /// * (largest |src|). What a tile's transforms can make of a channel, wherever its large values
  /// lie.
  std::vector<double> norm_product;
};

/// `weights` in OIHW; `bias` and `residual` may be null (`residual` is read only if the description
/// has one). `slopes` are those of a parametric ReLU, one for each output channel.
Reference naive_conv2d(const Conv2dDesc& desc, const float* weights, const float* bias,
                       const float* src, const float* residual, const float* slopes = nullptr);

/// The yardstick of accuracy: the same loop in float, one sum after another, without bias, residual
/// and activation.
std::vector<float> sequential_conv2d(const Conv2dDesc& desc, const float* weights,
                                     const float* src);

/// Applies the description's activation to one value. NaN stays NaN. `slope` is that of a
/// parametric ReLU.
double activate(const Conv2dDesc& desc, double value, float slope = 1.0F);

/// OIHW weights in HWIO order.
std::vector<float> to_hwio(const Conv2dDesc& desc, const std::vector<float>& oihw);

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_NAIVE_CONV2D_HPP
