// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// M -> Aᵀ M A -> epilogue -> dst, strip by strip.
#include <algorithm>
#include <type_traits>

#include "src/pipelines/image_rows.hpp"
#include "src/pipelines/winograd_stages.hpp"
#include "src/runtime/stage_clock.hpp"

namespace winograd::detail {
namespace {

template <class E>
void transform_strip(const WinogradRun& run, const Strip& strip, int panel, const E* m,
                     const std::ptrdiff_t* offsets, const ScratchOf<E>& scratch) noexcept {
  const PlanData& plan = run.plan;
  const Layer& layer = plan.layer;
  const WinogradKernels<E>& kernels = plan.kernels().of<E>();
  const PackedShape& shape = plan.shape();
  const TileClass& c = plan.tiling.classes[strip.tile_class];
  const int channel = panel * kPanel;
  const int channels = std::min(kPanel, layer.k - channel);
  const int cols = strip.tiles * c.m_w;
  const std::ptrdiff_t at =
      strip.image * layer.dst_image + (c.out_row + strip.row * c.m_h) * layer.dst_row +
      (c.out_col + strip.col * c.m_w) * layer.dst_pixel + channel * layer.dst_channel;
  const Epilogue epilogue = plan.epilogue(0, channel);
  const bool adjacent = kernels.edges(layer.layout).in_place && channels == kPanel;
  const bool to_image = plan.in_place() && adjacent;
  // Floats that only have to be converted.
  const bool to_narrow = std::is_same_v<E, float> && layer.type != DataType::f32 && adjacent &&
                         run.tensors.residual.data() == nullptr;
  const std::ptrdiff_t staging_row = staging_row_stride(cols);
  m += strip.index * run.schedule.m_stride;
  const AxisKernelsOf<E>& vertical = kernels.axis[static_cast<int>(shape.family_h)][c.m_h - 1];
  const AxisKernelsOf<E>& horizontal = kernels.axis[static_cast<int>(shape.family_w)][c.m_w - 1];
  const int piece = tiles_at_a_time(run.schedule, c);
  for (int tile = 0; tile < strip.tiles; tile += piece, m += piece * run.schedule.m_stride) {
    const int tiles = std::min(piece, strip.tiles - tile);
    const int col = tile * c.m_w, piece_cols = tiles * c.m_w;
    horizontal.output_horizontal(m, offsets, run.schedule.m_stride, c.alpha_h, tiles,
                                 scratch.passes);
    if (to_image) {
      const std::ptrdiff_t to = at + col * layer.dst_pixel;
      vertical.output_vertical(
          scratch.passes, piece_cols,
          {(run.tensors.dst + to).as<E>(), run.tensors.residual.and_then(to).as<E>(), layer.dst_row,
           layer.dst_pixel, run.tensors.stream, epilogue});
    } else if (to_narrow) {
      vertical.output_vertical(scratch.passes, piece_cols,
                               {scratch.staging + std::ptrdiff_t{col} * kLaneBlock, nullptr,
                                staging_row, kLaneBlock, false, epilogue});
    } else {
      vertical.output_vertical_raw(scratch.passes, piece_cols,
                                   scratch.staging + std::ptrdiff_t{col} * kLaneBlock, staging_row);
    }
  }
  if (to_image) return;
  for (int row = 0; row < c.m_h; ++row) {
    const ImageRowWriteOf<E> sums{scratch.staging + row * staging_row,
                                  kLaneBlock,
                                  cols,
                                  channels,
                                  at + row * layer.dst_row,
                                  epilogue};
    if constexpr (std::is_same_v<E, float>) {
      if (to_narrow) {
        narrow_row(plan, run.tensors, sums);
        continue;
      }
    }
    write_row(plan, run.tensors, sums);
  }
}

}  // namespace

template <class E>
void transform_output(const WinogradRun& run, const TileBlock& block, Range panels,
                      const ScratchOf<E>& scratch) noexcept {
  const StageTimer timer(Stage::output_transform);
  std::ptrdiff_t offsets[kTileClasses][kMaxFrequencies];
  for (int k = 0; k < kTileClasses; ++k) {
    block.class_offsets(k, run.schedule.m_stride, offsets[k]);
  }
  block.for_each_strip(run.schedule.strip_columns, [&](const Strip& strip) {
    for (int panel = panels.begin; panel < panels.end; ++panel) {
      const E* m = scratch.m + std::ptrdiff_t{panel - panels.begin} * kPanel;
      transform_strip(run, strip, panel, m, offsets[strip.tile_class], scratch);
    }
  });
}

template void transform_output(const WinogradRun&, const TileBlock&, Range,
                               const ScratchOf<float>&) noexcept;
template void transform_output(const WinogradRun&, const TileBlock&, Range,
                               const ScratchOf<F16>&) noexcept;

}  // namespace winograd::detail
