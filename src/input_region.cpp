// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "input_region.hpp"

#include <algorithm>
#include <cstring>

namespace winograd::detail {
namespace {

void stage_row_nchw(const PlanData& plan, const Tensors& tensors, const InputRegion& region,
                    const float* src, int cols, float* staging) noexcept {
  for (int c = 0; c < region.channels; c += kGroup) {
    const int channels = std::min(kGroup, region.channels - c);
    const bool last = c + channels == region.channels;
    plan.kernels().gather_row_nchw({src + c * plan.layer.src_channel, plan.layer.src_channel,
                                    tensors.src_end, cols, channels,
                                    last ? region.fill - c : channels, staging + c, region.fill});
  }
}

void stage_row_nhwc(const PlanData& plan, const InputRegion& region, const float* src, int cols,
                    float* staging) noexcept {
  const auto bytes = [](std::ptrdiff_t floats) {
    return static_cast<std::size_t>(floats) * sizeof(float);
  };
  if (region.fill == plan.layer.src_pixel) {  // all channels: one piece
    std::memcpy(staging, src, bytes(std::ptrdiff_t{cols} * region.fill));
    return;
  }
  for (int col = 0; col < cols; ++col, src += plan.layer.src_pixel, staging += region.fill) {
    std::memcpy(staging, src, bytes(region.channels));
    std::fill(staging + region.channels, staging + region.fill, 0.0F);
  }
}

}  // namespace

InputView view_input(const PlanData& plan, const Tensors& tensors, const InputRegion& region,
                     bool may_point, float* staging) noexcept {
  const Layer& layer = plan.layer;
  const int row_begin = std::clamp(-region.row, 0, region.rows);
  const int row_end = std::clamp(layer.h - region.row, row_begin, region.rows);
  const int col_begin = std::clamp(-region.col, 0, region.cols);
  const int col_end = std::clamp(layer.w - region.col, col_begin, region.cols);
  const int valid_cols = col_end - col_begin;
  const float* image = tensors.src + region.image * layer.src_image;
  const bool inside =
      row_begin == 0 && col_begin == 0 && row_end == region.rows && col_end == region.cols;
  if (inside && may_point && layer.layout == Layout::nhwc) {
    return {image + region.row * layer.src_row + region.col * layer.src_pixel + region.channel,
            layer.src_row, layer.src_pixel};
  }

  const std::ptrdiff_t row_stride = std::ptrdiff_t{region.cols} * region.fill;
  for (int row = 0; row < region.rows; ++row) {
    float* to = staging + row * row_stride;
    if (row < row_begin || row >= row_end || valid_cols == 0) {
      std::fill(to, to + row_stride, 0.0F);
      continue;
    }
    float* const first = to + std::ptrdiff_t{col_begin} * region.fill;
    float* const end = to + std::ptrdiff_t{col_end} * region.fill;
    std::fill(to, first, 0.0F);
    std::fill(end, to + row_stride, 0.0F);
    const float* src = image + (region.row + row) * layer.src_row +
                       (region.col + col_begin) * layer.src_pixel +
                       region.channel * layer.src_channel;
    if (layer.layout == Layout::nchw) {
      stage_row_nchw(plan, tensors, region, src, valid_cols, first);
    } else {
      stage_row_nhwc(plan, region, src, valid_cols, first);
    }
  }
  return {staging, row_stride, region.fill};
}

}  // namespace winograd::detail
