// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// src -> Bᵀ d B -> V -> one GEMM per frequency -> M -> Aᵀ M A -> epilogue -> dst, block by block.
// The loop over blocks, and the GEMMs. The transforms: winograd_input.cpp, winograd_output.cpp.
#include <algorithm>
#include <atomic>

#include "src/pipelines/winograd_stages.hpp"
#include "src/runtime/stage_clock.hpp"

namespace winograd::detail {
namespace {

/// The GEMMs of a run.
template <class E>
class Products {
 public:
  explicit Products(const WinogradRun& run) noexcept
      : plan_(run.plan), schedule_(run.schedule), vertical_(run.plan.shape().axis_h()),
        horizontal_(run.plan.shape().axis_w()) {
    const PackedShape& shape = plan_.shape();
    for (int xi = 0; xi < shape.frequencies(); ++xi) {
      frequencies_[xi] = {plan_.weights->place(xi, 0), shape.depth(xi) * kPanel, shape.phases_h(xi),
                          shape.phases_w(xi)};
    }
  }

  /// M = V x U for the panels of one chunk.
  void multiply(const TileBlock& block, Range panels, const ScratchOf<E>& scratch) const noexcept {
    const StageTimer timer(Stage::gemm);
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
    const E* v = scratch.v;
    E* m = scratch.m;
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
      multiply_groups(gemm, args, columns, v, m, next_b);
      v += block.frequency_size(xi, schedule_.v_stride);
      m += block.frequency_size(xi, schedule_.m_stride);
    }
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

  /// What packed weights say of one, looked up once.
  struct Frequency {
    std::ptrdiff_t place, panel_stride;
    int phases_h, phases_w;
  };

  const PlanData& plan_;
  const WinogradSchedule& schedule_;
  const AxisFamilyInfo &vertical_, &horizontal_;
  Frequency frequencies_[kMaxFrequencies];
};

template <class E>
void run_on(const PlanData& plan, const Tensors& tensors, void* workspace,
            const Executor& executor) noexcept {
  const WinogradSchedule schedule(plan, executor.concurrency());
  const WinogradRun stages{plan, schedule, tensors};
  const Products<E> products(stages);
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
        transform_input(stages, block, {0, ceil_div(plan.layer.c, kLaneBlock)}, scratch);
      }
      for (int chunk = 0; chunk < chunks; ++chunk) {
        Range range = split(own.size(), chunks, chunk);
        range = {own.begin + range.begin, own.begin + range.end};
        if (shape.groups > 1) {
          const int blocks = shape.merged_c() / kLaneBlock;
          transform_input(stages, block, {range.begin * blocks, range.end * blocks}, scratch);
        }
        const Range panels{range.begin * unit, range.end * unit};
        products.multiply(block, panels, scratch);
        transform_output(stages, block, panels, scratch);
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
