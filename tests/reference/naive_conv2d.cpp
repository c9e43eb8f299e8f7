// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/naive_conv2d.hpp"

#include <algorithm>
#include <cmath>

#include "tests/reference/activation_function.hpp"

namespace winograd::test {
namespace {

/// The sums of one output plane, row by row.
struct Plane {
  std::vector<double> sum;
  std::vector<double> absolute;
  std::vector<double> square;

  explicit Plane(std::int64_t size)
      : sum(static_cast<std::size_t>(size)), absolute(static_cast<std::size_t>(size)),
        square(static_cast<std::size_t>(size)) {}
};

std::vector<double> planar_src(const Conv2dDesc& d, const float* src) {
  std::vector<double> planar(static_cast<std::size_t>(d.src_size()));
  std::size_t next = 0;
  for (std::int64_t n = 0; n < d.batch; ++n)
    for (std::int64_t c = 0; c < d.in_channels; ++c)
      for (std::int64_t y = 0; y < d.height; ++y)
        for (std::int64_t x = 0; x < d.width; ++x)
          planar[next++] = static_cast<double>(src[src_index(d, n, c, y, x)]);
  return planar;
}

double largest_magnitude(const double* values, std::int64_t count) {
  double largest = 0.0;
  for (std::int64_t i = 0; i < count; ++i) largest = std::max(largest, std::fabs(values[i]));
  return largest;
}

/// Adds tap (i, j) of one filter, applied to one input plane, to all outputs that it reaches.
void add_tap(const Conv2dDesc& d, const double* image, double weight, std::int64_t i,
             std::int64_t j, Plane& plane) {
  const std::int64_t out_h = d.out_height();
  const std::int64_t out_w = d.out_width();
  for (std::int64_t oy = 0; oy < out_h; ++oy) {
    const std::int64_t y = oy * d.stride_h + i * d.dilation_h - d.pad_top;
    if (y < 0 || y >= d.height) continue;
    for (std::int64_t ox = 0; ox < out_w; ++ox) {
      const std::int64_t x = ox * d.stride_w + j * d.dilation_w - d.pad_left;
      if (x < 0 || x >= d.width) continue;
      const double term = weight * image[y * d.width + x];
      const auto at = static_cast<std::size_t>(oy * out_w + ox);
      plane.sum[at] += term;
      plane.absolute[at] += std::fabs(term);
      plane.square[at] += term * term;
    }
  }
}

}  // namespace

double activate(const Conv2dDesc& desc, double value, float slope) {
  if (std::isnan(value)) return value;
  switch (desc.activation) {
    case Activation::none: return value;
    case Activation::relu: return value > 0.0 ? value : 0.0;
    case Activation::relu6: return value < 0.0 ? 0.0 : (value > 6.0 ? 6.0 : value);
    case Activation::clamp: {
      const auto low = static_cast<double>(desc.activation_min);
      const auto high = static_cast<double>(desc.activation_max);
      return value < low ? low : (value > high ? high : value);
    }
    case Activation::leaky_relu:
      return value >= 0.0 ? value : value * static_cast<double>(desc.leaky_slope);
    case Activation::prelu: return value >= 0.0 ? value : value * static_cast<double>(slope);
    case Activation::sigmoid:
    case Activation::tanh:
    case Activation::silu:
    case Activation::hard_sigmoid:
    case Activation::hard_swish:
    case Activation::mish:
    case Activation::gelu_tanh:
      return static_cast<double>(activation_function(desc.activation, value));
  }
  return value;
}

Reference naive_conv2d(const Conv2dDesc& desc, const float* weights, const float* bias,
                       const float* src, const float* residual, const float* slopes) {
  const Conv2dDesc& d = desc;
  const std::int64_t out_h = d.out_height();
  const std::int64_t out_w = d.out_width();
  const std::int64_t group_in = d.in_channels / d.groups;
  const std::int64_t group_out = d.out_channels / d.groups;
  const std::vector<double> images = planar_src(d, src);

  std::vector<double> largest;
  for (std::int64_t plane = 0; plane < d.batch * d.in_channels; ++plane) {
    largest.push_back(
        largest_magnitude(images.data() + plane * d.height * d.width, d.height * d.width));
  }

  Reference reference;
  const auto size = static_cast<std::size_t>(d.dst_size());
  for (auto* part :
       {&reference.linear, &reference.value, &reference.absolute_sum, &reference.square_sum})
    part->resize(size);

  for (std::int64_t n = 0; n < d.batch; ++n) {
    for (std::int64_t k = 0; k < d.out_channels; ++k) {
      Plane plane(out_h * out_w);
      double norm_product = 0.0;
      for (std::int64_t c = 0; c < group_in; ++c) {
        const std::int64_t channel = k / group_out * group_in + c;
        const double* image = images.data() + (n * d.in_channels + channel) * d.height * d.width;
        const float* filter = weights + (k * group_in + c) * d.kernel_h * d.kernel_w;
        double norm = 0.0;
        for (std::int64_t i = 0; i < d.kernel_h; ++i)
          for (std::int64_t j = 0; j < d.kernel_w; ++j) {
            const auto weight = static_cast<double>(filter[i * d.kernel_w + j]);
            norm += std::fabs(weight);
            add_tap(d, image, weight, i, j, plane);
          }
        norm_product += norm * largest[static_cast<std::size_t>(n * d.in_channels + channel)];
      }
      reference.norm_product.push_back(norm_product);
      const double offset = bias == nullptr ? 0.0 : static_cast<double>(bias[k]);
      for (std::int64_t y = 0; y < out_h; ++y) {
        for (std::int64_t x = 0; x < out_w; ++x) {
          const auto from = static_cast<std::size_t>(y * out_w + x);
          const std::size_t to = dst_index(d, n, k, y, x);
          const double added = d.residual ? static_cast<double>(residual[to]) : 0.0;
          reference.linear[to] = plane.sum[from] + offset + added;
          reference.value[to] =
              activate(d, reference.linear[to], slopes == nullptr ? 1.0F : slopes[k]);
          reference.absolute_sum[to] = plane.absolute[from] + std::fabs(offset) + std::fabs(added);
          reference.square_sum[to] = plane.square[from] + offset * offset + added * added;
        }
      }
    }
  }
  return reference;
}

std::vector<float> sequential_conv2d(const Conv2dDesc& desc, const float* weights,
                                     const float* src) {
  const Conv2dDesc& d = desc;
  const std::int64_t group_in = d.in_channels / d.groups;
  const std::int64_t group_out = d.out_channels / d.groups;
  std::vector<float> dst(static_cast<std::size_t>(d.dst_size()));
  for (std::int64_t n = 0; n < d.batch; ++n)
    for (std::int64_t k = 0; k < d.out_channels; ++k)
      for (std::int64_t oy = 0; oy < d.out_height(); ++oy)
        for (std::int64_t ox = 0; ox < d.out_width(); ++ox) {
          const float* tap = weights + k * group_in * d.kernel_h * d.kernel_w;
          float sum = 0.0F;
          for (std::int64_t c = 0; c < group_in; ++c)
            for (std::int64_t i = 0; i < d.kernel_h; ++i)
              for (std::int64_t j = 0; j < d.kernel_w; ++j, ++tap) {
                const std::int64_t y = oy * d.stride_h + i * d.dilation_h - d.pad_top;
                const std::int64_t x = ox * d.stride_w + j * d.dilation_w - d.pad_left;
                if (y < 0 || y >= d.height || x < 0 || x >= d.width) continue;
                sum += *tap * src[src_index(d, n, k / group_out * group_in + c, y, x)];
              }
          dst[dst_index(d, n, k, oy, ox)] = sum;
        }
  return dst;
}

std::vector<float> to_hwio(const Conv2dDesc& desc, const std::vector<float>& oihw) {
  const std::int64_t group_in = desc.in_channels / desc.groups;
  std::vector<float> hwio(oihw.size());
  std::size_t from = 0;
  for (std::int64_t k = 0; k < desc.out_channels; ++k)
    for (std::int64_t c = 0; c < group_in; ++c)
      for (std::int64_t i = 0; i < desc.kernel_h; ++i)
        for (std::int64_t j = 0; j < desc.kernel_w; ++j) {
          const std::int64_t to = ((i * desc.kernel_w + j) * group_in + c) * desc.out_channels + k;
          hwio[static_cast<std::size_t>(to)] = oihw[from++];
        }
  return hwio;
}

}  // namespace winograd::test
