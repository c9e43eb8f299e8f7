// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/pipelines/input_region.hpp"

#include <algorithm>
#include <cstring>

namespace winograd::detail {
namespace {

/// Columns [col, col + cols) of one row of src, all of them inside the image.
struct RowPiece {
  int row, col, cols;
};

void stage_row_nchw(const PlanData& plan, const Source& src, const InputRegion& region,
                    const RowPiece& piece, float* staging) noexcept {
  // A description's group may begin anywhere, and so end or start in the middle of a part.
  int channels = 0;
  for (int c = 0; c < region.channels; c += channels) {
    const int channel = region.channel + c;
    const Source::Part& part = src.part_of(channel);
    channels = std::min({kGroup, region.channels - c, part.channel + part.channels - channel});
    const bool last = c + channels == region.channels;
    plan.kernels().gather_row_nchw({part.at(region.image, piece.row, piece.col, channel),
                                    part.channel_stride, part.end, piece.cols, channels,
                                    last ? region.fill - c : channels, staging + c, region.fill});
  }
}

void stage_row_nhwc(const Source& src, const InputRegion& region, const RowPiece& piece,
                    float* staging) noexcept {
  const auto bytes = [](std::ptrdiff_t floats) {
    return static_cast<std::size_t>(floats) * sizeof(float);
  };
  for (int c = 0; c < region.channels;) {
    const int channel = region.channel + c;
    const Source::Part& part = src.part_of(channel);
    const int channels = std::min(region.channels - c, part.channel + part.channels - channel);
    const float* from = part.at(region.image, piece.row, piece.col, channel);
    if (channels == part.pixel_stride && channels == region.fill) {  // pixels follow each other
      std::memcpy(staging, from, bytes(std::ptrdiff_t{piece.cols} * region.fill));
      return;
    }
    for (int col = 0; col < piece.cols; ++col, from += part.pixel_stride) {
      std::memcpy(staging + std::ptrdiff_t{col} * region.fill + c, from, bytes(channels));
    }
    c += channels;
  }
  for (int col = 0; col < piece.cols; ++col, staging += region.fill) {
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
  const bool inside =
      row_begin == 0 && col_begin == 0 && row_end == region.rows && col_end == region.cols;
  const Source::Part& part = tensors.src.part_of(region.channel);
  const bool in_one_part = region.channel + region.channels <= part.channel + part.channels;
  if (inside && may_point && layer.layout == Layout::nhwc && in_one_part) {
    return {part.at(region.image, region.row, region.col, region.channel), part.row_stride,
            part.pixel_stride};
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
    const RowPiece piece{region.row + row, region.col + col_begin, valid_cols};
    if (layer.layout == Layout::nchw) {
      stage_row_nchw(plan, tensors.src, region, piece, first);
    } else {
      stage_row_nhwc(tensors.src, region, piece, first);
    }
  }
  return {staging, row_stride, region.fill};
}

}  // namespace winograd::detail
