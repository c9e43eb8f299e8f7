// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/eigen_conv2d.hpp"

#include <cstdint>

// The API counts in 64 bits on every machine; so shall Eigen, also where pointers have 32.
#define EIGEN_DEFAULT_DENSE_INDEX_TYPE std::int64_t
#include <Eigen/Core>

namespace winograd::test {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One image, zero-padded, with one row of the matrix per channel.
Matrix padded_image(const Conv2dDesc& d, const float* src, Eigen::Index n) {
  const Eigen::Index pixels = d.height * d.width;
  const float* image = src + n * d.in_channels * pixels;
  using FloatRows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  using FloatColumns = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::ColMajor>;
  Matrix planes(d.in_channels, pixels);
  if (d.layout == Layout::nchw) {
    planes = Eigen::Map<const FloatRows>(image, d.in_channels, pixels).cast<double>();
  } else {
    planes = Eigen::Map<const FloatColumns>(image, d.in_channels, pixels).cast<double>();
  }
  const Eigen::Index padded_h = d.pad_top + d.height + d.pad_bottom;
  const Eigen::Index padded_w = d.pad_left + d.width + d.pad_right;
  Matrix padded = Matrix::Zero(d.in_channels, padded_h * padded_w);
  for (Eigen::Index y = 0; y < d.height; ++y) {
    padded.middleCols((y + d.pad_top) * padded_w + d.pad_left, d.width) =
        planes.middleCols(y * d.width, d.width);
  }
  return padded;
}

}  // namespace

std::vector<double> eigen_conv2d(const Conv2dDesc& desc, const float* weights, const float* bias,
                                 const float* src, const float* residual) {
  const Conv2dDesc& d = desc;
  const Eigen::Index group_in = d.in_channels / d.groups;
  const Eigen::Index group_out = d.out_channels / d.groups;
  const Eigen::Index taps = d.kernel_h * d.kernel_w;
  const Eigen::Index out_w = d.out_width();
  const Eigen::Index pixels = d.out_height() * out_w;
  const Eigen::Index padded_w = d.pad_left + d.width + d.pad_right;
  using FloatRows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Matrix filters =
      Eigen::Map<const FloatRows>(weights, d.out_channels, group_in * taps).cast<double>();

  std::vector<double> dst(static_cast<std::size_t>(d.dst_size()));
  for (Eigen::Index n = 0; n < d.batch; ++n) {
    const Matrix padded = padded_image(d, src, n);
    Matrix out(d.out_channels, pixels);
    for (Eigen::Index g = 0; g < d.groups; ++g) {
      Matrix columns(group_in * taps, pixels);
      for (Eigen::Index row = 0; row < columns.rows(); ++row) {
        const Eigen::Index channel = g * group_in + row / taps;
        const Eigen::Index i = row % taps / d.kernel_w * d.dilation_h;
        const Eigen::Index j = row % taps % d.kernel_w * d.dilation_w;
        for (Eigen::Index pixel = 0; pixel < pixels; ++pixel) {
          const Eigen::Index y = pixel / out_w * d.stride_h + i;
          const Eigen::Index x = pixel % out_w * d.stride_w + j;
          columns(row, pixel) = padded(channel, y * padded_w + x);
        }
      }
      out.middleRows(g * group_out, group_out).noalias() =
          filters.middleRows(g * group_out, group_out) * columns;
    }
    if (bias != nullptr) {
      out.colwise() += Eigen::Map<const Eigen::VectorXf>(bias, d.out_channels).cast<double>();
    }
    double* image = dst.data() + n * d.out_channels * pixels;
    if (d.layout == Layout::nchw) {
      Eigen::Map<Matrix>(image, d.out_channels, pixels) = out;
    } else {
      Eigen::Map<Matrix>(image, pixels, d.out_channels) = out.transpose();
    }
  }
  if (d.residual) {
    for (std::size_t i = 0; i < dst.size(); ++i) dst[i] += static_cast<double>(residual[i]);
  }
  return dst;
}

}  // namespace winograd::test
