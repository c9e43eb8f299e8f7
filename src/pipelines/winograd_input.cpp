// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// src -> Bᵀ d B -> V, strip by strip.
#include <algorithm>

#include "src/pipelines/image_rows.hpp"
#include "src/pipelines/winograd_stages.hpp"
#include "src/runtime/stage_clock.hpp"

namespace winograd::detail {
namespace {

template <class E>
class InputTransform {
 public:
  using StripView = StripViewOf<E>;

  explicit InputTransform(const WinogradRun& run) noexcept
      : plan_(run.plan), schedule_(run.schedule), tensors_(run.tensors),
        vertical_(run.plan.shape().axis_h()), horizontal_(run.plan.shape().axis_w()) {}

  void transform_strip(const Strip& strip, int lane_block, E* v, const std::ptrdiff_t* offsets,
                       const ScratchOf<E>& scratch) const noexcept {
    const StripView view = view_source(strip, lane_block, scratch);
    v += strip.index * schedule_.v_stride;
    if (vertical_.stride == 1 && horizontal_.stride == 1) {
      transform_phase(strip, view, false, false, v, offsets, scratch);
      return;
    }
    const TileClass& c = plan_.tiling.classes[strip.tile_class];
    for (int a = 0; a < vertical_.stride; ++a) {
      for (int b = 0; b < horizontal_.stride; ++b) {
        const bool short_h = vertical_.is_short(a), short_w = horizontal_.is_short(b);
        const int rows = c.alpha_h - (short_h ? 1 : 0);
        const int tile_cols = c.alpha_w - (short_w ? 1 : 0);
        std::ptrdiff_t own[kMaxFrequencies];  // of those that the phase has
        for (int i = 0; i < rows; ++i) {
          std::copy_n(offsets + i * c.alpha_w, tile_cols, own + i * tile_cols);
        }
        const int cols = (strip.tiles - 1) * c.m_w + tile_cols;
        transform_phase(strip, phase_of(view, a, b, rows, cols), short_h, short_w,
                        v + (a * horizontal_.stride + b) * schedule_.phase_stride, own, scratch);
      }
    }
  }

 private:
  /// Where a strip finds its pixels: `view` is of all of them, in the image itself or staged.
  StripView view_source(const Strip& strip, int lane_block,
                        const ScratchOf<E>& scratch) const noexcept {
    const Layer& layer = plan_.layer;
    const TileClass& c = plan_.tiling.classes[strip.tile_class];
    const int channel = lane_block * kLaneBlock;
    const int channels = std::min(kLaneBlock, layer.c - channel);
    const int rows = vertical_.extent(c.m_h), cols = horizontal_.extent(strip.tiles * c.m_w);
    const int in_row = (c.out_row + strip.row * c.m_h) * vertical_.stride - layer.pad_top;
    const int in_col = (c.out_col + strip.col * c.m_w) * horizontal_.stride - layer.pad_left;

    StripView view{};
    view.row_begin = std::clamp(-in_row, 0, rows);
    view.row_end = std::clamp(layer.h - in_row, view.row_begin, rows);
    view.col_begin = std::clamp(-in_col, 0, cols);
    view.col_end = std::clamp(layer.w - in_col, view.col_begin, cols);
    const int valid_rows = view.row_end - view.row_begin;
    const int valid_cols = view.col_end - view.col_begin;
    if (valid_rows == 0 || valid_cols == 0) {
      view.row_end = view.row_begin;  // padding only: nothing to point at
      view.col_end = view.col_begin;
      return view;
    }
    const Source::Part& part = tensors_.src.part_of(channel);
    const Elements<const void> src =
        part.at(strip.image, in_row + view.row_begin, in_col + view.col_begin, channel);
    if (plan_.in_place() && channels == kLaneBlock) {
      view.base = src.as<E>();
      view.row_stride = part.row_stride;
      view.col_stride = part.pixel_stride;
      return view;
    }
    view.base = scratch.staging;
    view.row_stride = staging_row_stride(valid_cols);
    view.col_stride = kLaneBlock;
    for (int row = 0; row < valid_rows; ++row) {
      read_row(plan_,
               ImageRowReadOf<E>{part, src + row * part.row_stride, valid_cols, channels,
                                 kLaneBlock, scratch.staging + row * view.row_stride, kLaneBlock});
    }
    return view;
  }

  /// Of `all`, the rows a, a + stride_h, ... and columns b, b + stride_w, ...: as many as make up
  /// `rows` and `cols` of a phase.
  StripView phase_of(const StripView& all, int a, int b, int rows, int cols) const noexcept {
    const int stride_h = vertical_.stride, stride_w = horizontal_.stride;
    // The first of a phase that is not before `begin`.
    const auto first = [](int begin, int phase, int stride) {
      return (std::max(begin - phase, 0) + stride - 1) / stride;
    };
    StripView view{};
    view.row_begin = std::min(first(all.row_begin, a, stride_h), rows);
    view.row_end = std::clamp(first(all.row_end, a, stride_h), view.row_begin, rows);
    view.col_begin = std::min(first(all.col_begin, b, stride_w), cols);
    view.col_end = std::clamp(first(all.col_end, b, stride_w), view.col_begin, cols);
    view.row_stride = all.row_stride * stride_h;
    view.col_stride = all.col_stride * stride_w;
    view.base = all.base;
    if (view.row_begin == view.row_end || view.col_begin == view.col_end) {
      view.row_end = view.row_begin;
      view.col_end = view.col_begin;
    } else {
      view.base += (view.row_begin * stride_h + a - all.row_begin) * all.row_stride +
                   (view.col_begin * stride_w + b - all.col_begin) * all.col_stride;
    }
    return view;
  }

  /// Bᵀ d B of a strip; `view` is what the phase sees of it. Short along an axis: without infinity.
  void transform_phase(const Strip& strip, const StripView& view, bool short_h, bool short_w, E* v,
                       const std::ptrdiff_t* offsets, const ScratchOf<E>& scratch) const noexcept {
    const WinogradKernels<E>& kernels = plan_.kernels().of<E>();
    const PackedShape& shape = plan_.shape();
    const TileClass& c = plan_.tiling.classes[strip.tile_class];
    const AxisKernelsOf<E>& of_h = kernels.axis[static_cast<int>(shape.family_h)][c.m_h - 1];
    const AxisKernelsOf<E>& of_w = kernels.axis[static_cast<int>(shape.family_w)][c.m_w - 1];
    const auto vertical = short_h ? of_h.odd_input_vertical : of_h.input_vertical;
    const auto horizontal = short_w ? of_w.odd_input_horizontal : of_w.input_horizontal;
    const int rows = c.alpha_h - (short_h ? 1 : 0), tile_cols = c.alpha_w - (short_w ? 1 : 0);
    const int piece = tiles_at_a_time(schedule_, c);
    for (int tile = 0; tile < strip.tiles; tile += piece, v += piece * schedule_.v_stride) {
      const int tiles = std::min(piece, strip.tiles - tile);
      const int cols = (tiles - 1) * c.m_w + tile_cols;
      vertical(columns_of(view, tile * c.m_w, cols), cols, scratch.passes);
      horizontal(scratch.passes, rows, tiles, v, offsets, schedule_.v_stride);
    }
  }

  /// The part of a view that begins with its column `first`.
  static StripView columns_of(const StripView& view, int first, int cols) noexcept {
    StripView part = view;
    part.col_begin = std::clamp(view.col_begin - first, 0, cols);
    part.col_end = std::clamp(view.col_end - first, part.col_begin, cols);
    if (part.col_end > part.col_begin) {
      part.base += (first + part.col_begin - view.col_begin) * view.col_stride;
    }
    return part;
  }

  const PlanData& plan_;
  const WinogradSchedule& schedule_;
  const Tensors& tensors_;
  const AxisFamilyInfo &vertical_, &horizontal_;
};

}  // namespace

template <class E>
void transform_input(const WinogradRun& run, const TileBlock& block, Range lane_blocks,
                     const ScratchOf<E>& scratch) noexcept {
  const StageTimer timer(Stage::input_transform);
  const InputTransform<E> transform(run);
  std::ptrdiff_t offsets[kTileClasses][kMaxFrequencies];
  for (int k = 0; k < kTileClasses; ++k) {
    block.class_offsets(k, run.schedule.v_stride, offsets[k]);
  }
  block.for_each_strip(run.schedule.strip_columns, [&](const Strip& strip) {
    for (int i = lane_blocks.begin; i < lane_blocks.end; ++i) {
      E* const v = scratch.v + std::ptrdiff_t{i - lane_blocks.begin} * kLaneBlock;
      transform.transform_strip(strip, i, v, offsets[strip.tile_class], scratch);
    }
  });
}

template void transform_input(const WinogradRun&, const TileBlock&, Range,
                              const ScratchOf<float>&) noexcept;
template void transform_input(const WinogradRun&, const TileBlock&, Range,
                              const ScratchOf<F16>&) noexcept;

}  // namespace winograd::detail
