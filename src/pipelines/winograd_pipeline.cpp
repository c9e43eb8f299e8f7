// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// src -> Bᵀ d B -> V -> one GEMM per frequency -> M -> Aᵀ M A -> epilogue -> dst, block by block.
#include <algorithm>
#include <atomic>
#include <type_traits>

#include "src/pipelines/image_rows.hpp"
#include "src/planning/winograd_schedule.hpp"
#include "src/runtime/stage_clock.hpp"

namespace winograd::detail {
namespace {

/// Scratch of one thread.
template <class E>
struct ScratchOf {
  E* v;            ///< V[xi][tile][C]
  E* m;            ///< M[xi][tile][chunk of K]
  E* passes;       ///< between the two 1-D passes
  E* staging;      ///< image rows in [col][16]
  float* weights;  ///< of a frequency, widened
};

/// E is what kernels compute with.
template <class E>
class WinogradRun {
 public:
  using Scratch = ScratchOf<E>;
  using StripView = StripViewOf<E>;

  WinogradRun(const PlanData& plan, const WinogradSchedule& schedule,
              const Tensors& tensors) noexcept
      : plan_(plan), schedule_(schedule), tensors_(tensors) {}

  /// Channel groups [groups.begin, groups.end) of all tiles of a block into V.
  void transform_input(const TileBlock& block, Range groups,
                       const Scratch& scratch) const noexcept {
    const StageTimer timer(Stage::input_transform);
    std::ptrdiff_t offsets[kTileClasses][kMaxFrequencies];
    for (int k = 0; k < kTileClasses; ++k) {
      block.class_offsets(k, schedule_.v_stride, offsets[k]);
    }
    block.for_each_strip(schedule_.strip_columns, [&](const Strip& strip) {
      for (int g = groups.begin; g < groups.end; ++g) {
        transform_input_strip(strip, g, offsets[strip.tile_class], scratch);
      }
    });
  }

  /// M = V x U for the panels of one chunk.
  void multiply(const TileBlock& block, Range panels, const Scratch& scratch) const noexcept {
    const StageTimer timer(Stage::gemm);
    std::ptrdiff_t v_offsets[kMaxFrequencies], m_offsets[kMaxFrequencies];
    block.frequency_offsets(schedule_.v_stride, v_offsets);
    block.frequency_offsets(schedule_.m_stride, m_offsets);
    const PackedWeightsData& weights = *plan_.weights;
    GemmArgsOf<E> args{};
    args.lda = schedule_.v_stride;
    args.ldc = schedule_.m_stride;
    args.segments = 1;
    args.k = weights.shape.group_c;
    args.chain = plan_.chain;
    args.columns =
        std::min(panels.size() * kPanel, weights.shape.padded_k() - panels.begin * kPanel);
    args.panel_stride = weights.shape.depth() * kPanel;
    const std::ptrdiff_t depth = weights.shape.depth();
    const GemmEntryOf<E>& gemm = plan_.kernels().winograd_in<E>(weights.shape.type);
    const bool as_packed = gemm.b == weights.shape.type;
    const int after = panels.end < weights.shape.panels() ? panels.end : 0;
    // A constant, because the compiler must expect the kernels to change what plan_ refers to.
    const int frequencies = plan_.tiling.frequencies();
    for (int xi = 0; xi < frequencies; ++xi) {
      args.rows = block.rows(xi);
      args.a = scratch.v + v_offsets[xi];
      args.c = scratch.m + m_offsets[xi];
      if (as_packed) {
        args.b = weights.numbers(weights.place(xi, panels.begin));
        // After the last frequency the next chunk begins, or the next block with the first one.
        args.next_b = weights.numbers(xi + 1 < frequencies ? weights.place(xi + 1, panels.begin)
                                                           : weights.place(0, after));
      } else {
        args.b =
            weights.widened(weights.place(xi, panels.begin), depth * args.columns, scratch.weights);
      }
      gemm.run(args);
    }
  }

  void transform_output(const TileBlock& block, Range panels,
                        const Scratch& scratch) const noexcept {
    const StageTimer timer(Stage::output_transform);
    std::ptrdiff_t offsets[kTileClasses][kMaxFrequencies];
    for (int k = 0; k < kTileClasses; ++k) {
      block.class_offsets(k, schedule_.m_stride, offsets[k]);
    }
    block.for_each_strip(schedule_.strip_columns, [&](const Strip& strip) {
      for (int panel = panels.begin; panel < panels.end; ++panel) {
        const E* m = scratch.m + std::ptrdiff_t{panel - panels.begin} * kPanel;
        transform_output_strip(strip, panel, m, offsets[strip.tile_class], scratch);
      }
    });
  }

 private:
  void transform_input_strip(const Strip& strip, int group, const std::ptrdiff_t* offsets,
                             const Scratch& scratch) const noexcept {
    const Layer& layer = plan_.layer;
    const WinogradKernels<E>& kernels = plan_.kernels().of<E>();
    const PackedShape& shape = plan_.shape();
    const TileClass& c = plan_.tiling.classes[strip.tile_class];
    const int channel = group * kLaneBlock;
    const int channels = std::min(kLaneBlock, layer.c - channel);
    const int cols = strip.tiles * c.m_w + layer.kernel_w - 1;
    const int in_row = c.out_row + strip.row * c.m_h - layer.pad_top;
    const int in_col = c.out_col + strip.col * c.m_w - layer.pad_left;

    StripView view{};
    view.row_begin = std::clamp(-in_row, 0, c.alpha_h);
    view.row_end = std::clamp(layer.h - in_row, view.row_begin, c.alpha_h);
    view.col_begin = std::clamp(-in_col, 0, cols);
    view.col_end = std::clamp(layer.w - in_col, view.col_begin, cols);
    const int valid_rows = view.row_end - view.row_begin;
    const int valid_cols = view.col_end - view.col_begin;
    if (valid_rows == 0 || valid_cols == 0) {
      view.row_end = view.row_begin;  // padding only: nothing to point at
      view.col_end = view.col_begin;
    } else {
      const Source::Part& part = tensors_.src.part_of(channel);
      const Elements<const void> src =
          part.at(strip.image, in_row + view.row_begin, in_col + view.col_begin, channel);
      if (plan_.in_place() && channels == kLaneBlock) {
        view.base = src.as<E>();
        view.row_stride = part.row_stride;
        view.col_stride = part.pixel_stride;
      } else {
        view.base = scratch.staging;
        view.row_stride = staging_row_stride(valid_cols);
        view.col_stride = kLaneBlock;
        for (int row = 0; row < valid_rows; ++row) {
          read_row(plan_, ImageRowReadOf<E>{part, src + row * part.row_stride, valid_cols, channels,
                                            kLaneBlock, scratch.staging + row * view.row_stride,
                                            kLaneBlock});
        }
      }
    }
    E* v = scratch.v + strip.index * schedule_.v_stride + channel;
    const AxisKernelsOf<E>& vertical = kernels.axis[static_cast<int>(shape.family_h)][c.m_h - 1];
    const AxisKernelsOf<E>& horizontal = kernels.axis[static_cast<int>(shape.family_w)][c.m_w - 1];
    const int piece = tiles_at_a_time(c);
    for (int tile = 0; tile < strip.tiles; tile += piece, v += piece * schedule_.v_stride) {
      const int tiles = std::min(piece, strip.tiles - tile);
      const int tile_cols = tiles * c.m_w + layer.kernel_w - 1;
      vertical.input_vertical(columns_of(view, tile * c.m_w, tile_cols), tile_cols, scratch.passes);
      horizontal.input_horizontal(scratch.passes, c.alpha_h, tiles, v, offsets, schedule_.v_stride);
    }
  }

  /// Tiles that go through both passes of a transform before the next ones: what the scratch
  /// between the passes has room for.
  int tiles_at_a_time(const TileClass& c) const noexcept {
    return std::max(1, schedule_.pass_columns / c.m_w);
  }

  /// One column more than needed, because rows a multiple of 4 KiB apart meet in one set of L1.
  static std::ptrdiff_t staging_row_stride(int cols) noexcept {
    return std::ptrdiff_t{cols + 1} * kLaneBlock;
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

  void transform_output_strip(const Strip& strip, int panel, const E* m,
                              const std::ptrdiff_t* offsets,
                              const Scratch& scratch) const noexcept {
    const Layer& layer = plan_.layer;
    const WinogradKernels<E>& kernels = plan_.kernels().of<E>();
    const PackedShape& shape = plan_.shape();
    const TileClass& c = plan_.tiling.classes[strip.tile_class];
    const int channel = panel * kPanel;
    const int channels = std::min(kPanel, layer.k - channel);
    const int cols = strip.tiles * c.m_w;
    const std::ptrdiff_t at =
        strip.image * layer.dst_image + (c.out_row + strip.row * c.m_h) * layer.dst_row +
        (c.out_col + strip.col * c.m_w) * layer.dst_pixel + channel * layer.dst_channel;
    const Epilogue epilogue = plan_.epilogue(0, channel);
    const bool to_image = plan_.in_place() && channels == kPanel;
    const std::ptrdiff_t staging_row = staging_row_stride(cols);
    m += strip.index * schedule_.m_stride;
    const AxisKernelsOf<E>& vertical = kernels.axis[static_cast<int>(shape.family_h)][c.m_h - 1];
    const AxisKernelsOf<E>& horizontal = kernels.axis[static_cast<int>(shape.family_w)][c.m_w - 1];
    const int piece = tiles_at_a_time(c);
    for (int tile = 0; tile < strip.tiles; tile += piece, m += piece * schedule_.m_stride) {
      const int tiles = std::min(piece, strip.tiles - tile);
      const int col = tile * c.m_w, piece_cols = tiles * c.m_w;
      horizontal.output_horizontal(m, offsets, schedule_.m_stride, c.alpha_h, tiles,
                                   scratch.passes);
      if (to_image) {
        const std::ptrdiff_t to = at + col * layer.dst_pixel;
        vertical.output_vertical(
            scratch.passes, piece_cols,
            {(tensors_.dst + to).as<E>(), tensors_.residual.and_then(to).as<E>(), layer.dst_row,
             layer.dst_pixel, tensors_.stream, epilogue});
      } else {
        vertical.output_vertical_raw(scratch.passes, piece_cols,
                                     scratch.staging + std::ptrdiff_t{col} * kLaneBlock,
                                     staging_row);
      }
    }
    if (to_image) return;
    for (int row = 0; row < c.m_h; ++row) {
      write_row(plan_, tensors_,
                ImageRowWriteOf<E>{scratch.staging + row * staging_row, kLaneBlock, cols, channels,
                                   at + row * layer.dst_row, epilogue});
    }
  }

  const PlanData& plan_;
  const WinogradSchedule& schedule_;
  const Tensors& tensors_;
};

template <class E>
void run_on(const PlanData& plan, const Tensors& tensors, void* workspace,
            const Executor& executor) noexcept {
  const WinogradSchedule schedule(plan, executor.concurrency());
  const WinogradRun<E> winograd(plan, schedule, tensors);
  const int panels = plan.shape().panels();
  const int groups = ceil_div(plan.layer.c, kLaneBlock);
  std::atomic<std::int64_t> next[WinogradSchedule::kMaxParts] = {};
  parallel_for(executor, schedule.threads, plan, [&](int thread) {
    Arena arena(static_cast<char*>(workspace) +
                static_cast<unsigned>(thread) * schedule.thread_bytes());
    ScratchOf<E> scratch{};
    scratch.v = arena.take<E>(schedule.v_size);
    scratch.m = arena.take<E>(schedule.m_size);
    scratch.passes = arena.take<E>(schedule.scratch_size);
    scratch.staging = arena.take<E>(schedule.staging_size);
    scratch.weights = arena.take(schedule.chunk_panels * schedule.wide_panel);
    const int part = thread % schedule.parts;
    const Range own = split(panels, schedule.parts, part);
    const int chunks = ceil_div(own.size(), schedule.chunk_panels);
    for (;;) {
      const std::int64_t index = next[part].fetch_add(1, std::memory_order_relaxed);
      if (index >= schedule.blocks) return;
      const TileBlock block(plan.tiling, schedule.first_tile(plan.tiling, index),
                            schedule.first_tile(plan.tiling, index + 1));
      winograd.transform_input(block, {0, groups}, scratch);
      for (int chunk = 0; chunk < chunks; ++chunk) {
        const Range range = split(own.size(), chunks, chunk);
        const Range panels_of_chunk{own.begin + range.begin, own.begin + range.end};
        winograd.multiply(block, panels_of_chunk, scratch);
        winograd.transform_output(block, panels_of_chunk, scratch);
      }
    }
  });
}

void run(const PlanData& plan, const Tensors& tensors, void* workspace,
         const Executor& executor) noexcept {
  const auto run_in = plan.shape().arithmetic == DataType::f16 ? &run_on<F16> : &run_on<float>;
  run_in(plan, tensors, workspace, executor);
}

std::size_t workspace_bytes(const PlanData& plan, int threads) noexcept {
  const WinogradSchedule schedule(plan, threads);
  return workspace_of(schedule.threads, schedule.thread_bytes());
}

}  // namespace

const Pipeline kWinogradPipeline = {&workspace_bytes, &run};

}  // namespace winograd::detail
