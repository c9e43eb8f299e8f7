// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/pipelines/input_region.hpp"

#include <algorithm>

#include "src/pipelines/image_rows.hpp"
#include "src/pipelines/pixel_blocks.hpp"

namespace winograd::detail {
namespace {

/// Columns col, col + region.col_step and so on of one row of src, all of them inside the image.
struct RowPlace {
  int row, col, cols;
};

void stage_row(const PlanData& plan, const Source& src, const InputRegion& region,
               const RowPlace& piece, float* staging) noexcept {
  const EdgeKernels& edges = plan.kernels().edges(plan.layer.layout);
  for (int c = 0, channels = 0; c < region.channels; c += channels) {
    const int channel = region.channel + c;
    Source::Part part = src.part_of(channel);
    channels = std::min(
        {edges.most_channels, region.channels - c, part.channel + part.channels - channel});
    const bool last = c + channels == region.channels;
    part.pixel_stride *= region.col_step;
    read_row(plan, {part, part.at(region.image, piece.row, piece.col, channel), piece.cols,
                    channels, last ? region.fill - c : channels, staging + c, region.pixel});
  }
}

}  // namespace

InputRegion region_read(const Layer& layer, int image, Range rows, Range cols, Range channels,
                        int pixel) noexcept {
  return {image,
          rows.begin * layer.stride_h - layer.pad_top,
          cols.begin * layer.stride_w - layer.pad_left,
          input_extent(rows.size(), layer.stride_h, layer.kernel_h, layer.dilation_h),
          input_extent(cols.size(), layer.stride_w, layer.kernel_w, layer.dilation_w),
          channels.begin,
          channels.size(),
          round_up(channels.size(), kLaneBlock),
          pixel};
}

InputView view_input(const PlanData& plan, const Tensors& tensors, const InputRegion& region,
                     bool may_point, float* staging) noexcept {
  const Layer& layer = plan.layer;
  const auto row_in_src = [&](int row) { return region.row + row * region.row_step; };
  const auto is_inside = [&](int row) { return 0 <= row && row < layer.h; };
  const int col_begin = std::clamp(ceil_div(-region.col, region.col_step), 0, region.cols);
  const int col_end =
      std::clamp(ceil_div(layer.w - region.col, region.col_step), col_begin, region.cols);
  const int valid_cols = col_end - col_begin;
  const bool inside = is_inside(region.row) && is_inside(row_in_src(region.rows - 1)) &&
                      col_begin == 0 && col_end == region.cols;
  const Source::Part& part = tensors.src.part_of(region.channel);
  const bool in_one_part = region.channel + region.channels <= part.channel + part.channels;
  if (inside && may_point && plan.in_place() && in_one_part) {
    return {part.at(region.image, region.row, region.col, region.channel).as<float>(),
            region.row_step * part.row_stride, region.col_step * part.pixel_stride};
  }

  const std::ptrdiff_t row_stride = std::ptrdiff_t{region.cols} * region.pixel;
  for (int row = 0; row < region.rows; ++row) {
    float* to = staging + row * row_stride;
    if (!is_inside(row_in_src(row)) || valid_cols == 0) {
      std::fill(to, to + row_stride, 0.0F);
      continue;
    }
    float* const first = to + std::ptrdiff_t{col_begin} * region.pixel;
    float* const end = to + std::ptrdiff_t{col_end} * region.pixel;
    std::fill(to, first, 0.0F);
    std::fill(end, to + row_stride, 0.0F);
    const RowPlace piece{row_in_src(row), region.col + col_begin * region.col_step, valid_cols};
    stage_row(plan, tensors.src, region, piece, first);
  }
  return {staging, row_stride, region.pixel};
}

}  // namespace winograd::detail
