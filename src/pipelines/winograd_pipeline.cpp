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
      : plan_(plan), schedule_(schedule), tensors_(tensors), vertical_(plan.shape().axis_h()),
        horizontal_(plan.shape().axis_w()) {
    const PackedShape& shape = plan.shape();
    for (int xi = 0; xi < shape.frequencies(); ++xi) {
      frequencies_[xi] = {plan.weights->place(xi, 0), shape.depth(xi) * kPanel, shape.phases_h(xi),
                          shape.phases_w(xi)};
    }
  }

  /// `lane_blocks` of all tiles of a block into V, which begins with them.
  void transform_input(const TileBlock& block, Range lane_blocks,
                       const Scratch& scratch) const noexcept {
    const StageTimer timer(Stage::input_transform);
    std::ptrdiff_t offsets[kTileClasses][kMaxFrequencies];
    for (int k = 0; k < kTileClasses; ++k) {
      block.class_offsets(k, schedule_.v_stride, offsets[k]);
    }
    block.for_each_strip(schedule_.strip_columns, [&](const Strip& strip) {
      for (int i = lane_blocks.begin; i < lane_blocks.end; ++i) {
        E* const v = scratch.v + std::ptrdiff_t{i - lane_blocks.begin} * kLaneBlock;
        transform_input_strip(strip, i, v, offsets[strip.tile_class], scratch);
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
    args.chain = plan_.chain;
    const int columns =
        std::min(panels.size() * kPanel, weights.shape.padded_k() - panels.begin * kPanel);
    const GemmEntryOf<E>& gemm = plan_.kernels().winograd_in<E>(weights.shape.type);
    const bool as_packed = gemm.b == weights.shape.type;
    const bool several_phases = vertical_.stride * horizontal_.stride > 1;
    const int after = panels.end < weights.shape.panels() ? panels.end : 0;
    // A constant, because the compiler must expect the kernels to change what plan_ refers to.
    const int frequencies = plan_.tiling.frequencies();
    for (int xi = 0; xi < frequencies; ++xi) {
      args.rows = block.rows(xi);
      if (several_phases || xi == 0) take_phases(xi, args);
      const void* next_b = nullptr;
      if (as_packed) {
        args.b = weights.numbers(place(xi, panels.begin));
        // After the last frequency the next chunk begins, or the next block with the first one.
        next_b =
            weights.numbers(xi + 1 < frequencies ? place(xi + 1, panels.begin) : place(0, after));
      } else {
        args.b = weights.widened(place(xi, panels.begin), args.panel_stride / kPanel * columns,
                                 scratch.weights);
      }
      multiply_groups(gemm, args, columns, scratch.v + v_offsets[xi], scratch.m + m_offsets[xi],
                      next_b);
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
  /// One frequency of a chunk, which may have several groups; `args.b` is the first panel.
  void multiply_groups(const GemmEntryOf<E>& gemm, GemmArgsOf<E>& args, int columns, const E* v,
                       E* m, const void* next_b) const noexcept {
    const PackedShape& shape = plan_.shape();
    if (shape.groups == 1) {
      args.columns = columns;
      args.a = v;
      args.c = m;
      args.next_b = next_b;
      gemm.run(args);
      return;
    }
    args.columns = shape.merged_k();
    for (int column = 0; column < columns; column += args.columns) {
      args.a = v + std::ptrdiff_t{column / args.columns} * shape.merged_c();
      args.c = m + column;
      const void* const after = static_cast<const char*>(args.b) +
                                args.columns / kPanel * args.panel_stride * bytes_of(gemm.b);
      args.next_b = column + args.columns < columns ? after : next_b;
      gemm.run(args);
      args.b = after;
    }
  }

  /// Where in the packed weights a panel of frequency xi begins.
  std::ptrdiff_t place(int xi, int panel) const noexcept {
    return frequencies_[xi].place + panel * frequencies_[xi].panel_stride;
  }

  /// The sum over the phases that frequency xi has: pieces of a row of V.
  void take_phases(int xi, GemmArgsOf<E>& args) const noexcept {
    const PackedShape& shape = plan_.shape();
    const int phases_h = frequencies_[xi].phases_h, phases_w = frequencies_[xi].phases_w;
    const bool neighbours = phases_w == horizontal_.stride;
    const int channels = shape.merged_c();
    args.panel_stride = frequencies_[xi].panel_stride;
    args.segments = phases_h * phases_w;
    args.k = channels;
    args.segment_stride = schedule_.phase_stride * (neighbours ? 1 : horizontal_.stride);
    if (neighbours && schedule_.phase_stride == channels) {  // without gaps
      args.k = channels * args.segments;
      args.segments = 1;
    }
  }

  /// Where a strip finds its pixels: `view` is of all of them, in the image itself or staged.
  StripView view_source(const Strip& strip, int lane_block, const Scratch& scratch) const noexcept {
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

  void transform_input_strip(const Strip& strip, int lane_block, E* v,
                             const std::ptrdiff_t* offsets, const Scratch& scratch) const noexcept {
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

  /// Bᵀ d B of a strip; `view` is what the phase sees of it. Short along an axis: without infinity.
  void transform_phase(const Strip& strip, const StripView& view, bool short_h, bool short_w, E* v,
                       const std::ptrdiff_t* offsets, const Scratch& scratch) const noexcept {
    const WinogradKernels<E>& kernels = plan_.kernels().of<E>();
    const PackedShape& shape = plan_.shape();
    const TileClass& c = plan_.tiling.classes[strip.tile_class];
    const AxisKernelsOf<E>& of_h = kernels.axis[static_cast<int>(shape.family_h)][c.m_h - 1];
    const AxisKernelsOf<E>& of_w = kernels.axis[static_cast<int>(shape.family_w)][c.m_w - 1];
    const auto vertical = short_h ? of_h.odd_input_vertical : of_h.input_vertical;
    const auto horizontal = short_w ? of_w.odd_input_horizontal : of_w.input_horizontal;
    const int rows = c.alpha_h - (short_h ? 1 : 0), tile_cols = c.alpha_w - (short_w ? 1 : 0);
    const int piece = tiles_at_a_time(c);
    for (int tile = 0; tile < strip.tiles; tile += piece, v += piece * schedule_.v_stride) {
      const int tiles = std::min(piece, strip.tiles - tile);
      const int cols = (tiles - 1) * c.m_w + tile_cols;
      vertical(columns_of(view, tile * c.m_w, cols), cols, scratch.passes);
      horizontal(scratch.passes, rows, tiles, v, offsets, schedule_.v_stride);
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
    const bool adjacent = kernels.edges(layer.layout).in_place && channels == kPanel;
    const bool to_image = plan_.in_place() && adjacent;
    // Floats that only have to be converted.
    const bool to_narrow = std::is_same_v<E, float> && layer.type != DataType::f32 && adjacent &&
                           tensors_.residual.data() == nullptr;
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
      } else if (to_narrow) {
        vertical.output_vertical(scratch.passes, piece_cols,
                                 {scratch.staging + std::ptrdiff_t{col} * kLaneBlock, nullptr,
                                  staging_row, kLaneBlock, false, epilogue});
      } else {
        vertical.output_vertical_raw(scratch.passes, piece_cols,
                                     scratch.staging + std::ptrdiff_t{col} * kLaneBlock,
                                     staging_row);
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
          narrow_row(plan_, tensors_, sums);
          continue;
        }
      }
      write_row(plan_, tensors_, sums);
    }
  }

  /// What packed weights say of one, looked up once.
  struct Frequency {
    std::ptrdiff_t place, panel_stride;
    int phases_h, phases_w;
  };

  const PlanData& plan_;
  const WinogradSchedule& schedule_;
  const Tensors& tensors_;
  const AxisFamilyInfo &vertical_, &horizontal_;
  Frequency frequencies_[kMaxFrequencies];
};

template <class E>
void run_on(const PlanData& plan, const Tensors& tensors, void* workspace,
            const Executor& executor) noexcept {
  const WinogradSchedule schedule(plan, executor.concurrency());
  const WinogradRun<E> winograd(plan, schedule, tensors);
  const PackedShape& shape = plan.shape();
  const int unit = schedule.panel_unit;
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
    const Range own = split(shape.panels() / unit, schedule.parts, part);
    const int chunks = ceil_div(own.size() * unit, schedule.chunk_panels);
    for (;;) {
      const std::int64_t index = next[part].fetch_add(1, std::memory_order_relaxed);
      if (index >= schedule.blocks) return;
      const TileBlock block(plan.tiling, schedule.first_tile(plan.tiling, index),
                            schedule.first_tile(plan.tiling, index + 1));
      if (shape.groups == 1) {
        winograd.transform_input(block, {0, ceil_div(plan.layer.c, kLaneBlock)}, scratch);
      }
      for (int chunk = 0; chunk < chunks; ++chunk) {
        Range range = split(own.size(), chunks, chunk);
        range = {own.begin + range.begin, own.begin + range.end};
        if (shape.groups > 1) {
          const int blocks = shape.merged_c() / kLaneBlock;
          winograd.transform_input(block, {range.begin * blocks, range.end * blocks}, scratch);
        }
        const Range panels{range.begin * unit, range.end * unit};
        winograd.multiply(block, panels, scratch);
        winograd.transform_output(block, panels, scratch);
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
