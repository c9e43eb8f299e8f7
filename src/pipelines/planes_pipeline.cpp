// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Direct convolution of few channels in NCHW (the first layer of most networks). The GEMM of
// direct_pipeline.cpp wants the channels of a pixel side by side and gives them back so: two
// transposes, which 27 products an output do not pay for. Here planes stay planes.
#include <algorithm>

#include "src/pipelines/image_rows.hpp"
#include "src/pipelines/pixel_blocks.hpp"
#include "src/runtime/cache_sizes.hpp"
#include "src/runtime/stage_clock.hpp"

namespace winograd::detail {
namespace {

/// Floats behind the last pixel of a staged row that a vector may read.
constexpr int kOverhang = 16;

/// Columns of a block, if threads must divide rows.
constexpr int kMinColumns = 64;

/// A rectangle of output pixels, for all output channels, is the unit of work.
struct PlanesSchedule {
  PlanesSchedule(const PlanData& plan, int threads_wanted) noexcept
      : threads(std::max(1, threads_wanted)) {
    const Layer& layer = plan.layer;
    const auto size = [&](int r, int c) {
      return std::int64_t{layer.c} * row_stride(layer, c) *
             input_extent(r, layer.stride_h, layer.kernel_h, layer.dilation_h);
    };
    const std::ptrdiff_t wide =
        plan.shape().type == DataType::f32 ? 0 : plan.shape().depth() * kPanel;
    const std::size_t limit = workspace_limit(plan.options);
    const auto fits = [&](int r, int c) {
      return BlockScratch{size(r, c), wide}.bytes() <= std::min(limit, cache_sizes().l2 / 8);
    };
    // Whole rows if they fit, then as many as do; enough tasks for every thread to take a few.
    int cols = layer.out_w, rows = 1;
    while (cols > 1 && !fits(1, cols)) cols = (cols + 1) / 2;
    col_blocks = ceil_div(layer.out_w, cols);
    cols = ceil_div(layer.out_w, col_blocks);
    while (rows < layer.out_h && fits(rows + 1, cols)) ++rows;
    scratch = {size(rows, cols), wide};  // of one thread: more threads never need less
    if (threads > 1) rows = std::min(rows, std::max(1, layer.out_h / (threads * 3)));
    row_blocks = ceil_div(layer.out_h, rows);
    const std::int64_t row_tasks = std::int64_t{layer.n} * row_blocks;
    if (threads > 1 && row_tasks * col_blocks < threads * 3) {  // one long row, or few
      const auto wanted = static_cast<int>((threads * 3 + row_tasks - 1) / row_tasks);
      col_blocks = std::max(col_blocks, std::min(wanted, ceil_div(layer.out_w, kMinColumns)));
    }
  }

  /// Floats of a staged row for so many output pixels.
  static std::ptrdiff_t row_stride(const Layer& layer, int cols) noexcept {
    return std::ptrdiff_t{input_extent(cols, 1, layer.kernel_w, layer.dilation_w)} + kOverhang;
  }

  int threads, row_blocks, col_blocks;
  BlockScratch scratch;
};

/// A rectangle of input pixels of all channels, as [channel][row][row_stride], zeros where padding
/// is.
void stage(const PlanData& plan, const Tensors& tensors, int image, Range rows, int first_col,
           std::ptrdiff_t row_stride, float* staging) noexcept {
  const StageTimer timer(Stage::input_transform);
  const Layer& layer = plan.layer;
  const int cols = static_cast<int>(row_stride);
  const int begin = std::clamp(-first_col, 0, cols);
  const int end = std::clamp(layer.w - first_col, begin, cols);
  for (int c = 0; c < layer.c; ++c) {
    const Source::Part& part = tensors.src.part_of(c);
    for (int row = rows.begin; row < rows.end; ++row, staging += row_stride) {
      if (row < 0 || row >= layer.h || begin == end) {
        std::fill(staging, staging + row_stride, 0.0F);
        continue;
      }
      std::fill(staging, staging + begin, 0.0F);
      read_elements(plan, part.at(image, row, first_col + begin, c), end - begin, staging + begin);
      std::fill(staging + end, staging + row_stride, 0.0F);
    }
  }
}

void compute(const PlanData& plan, const Tensors& tensors, int image, Range rows, Range cols,
             float* staging, float* wide) noexcept {
  const Layer& layer = plan.layer;
  const std::ptrdiff_t row_stride = PlanesSchedule::row_stride(layer, cols.size());
  const int first_row = rows.begin * layer.stride_h - layer.pad_top;
  const int in_rows = input_extent(rows.size(), layer.stride_h, layer.kernel_h, layer.dilation_h);
  stage(plan, tensors, image, {first_row, first_row + in_rows}, cols.begin - layer.pad_left,
        row_stride, staging);

  const StageTimer timer(Stage::gemm);
  PlaneRowArgs args{};
  std::ptrdiff_t offsets[kMaxPlaneProducts];  // in the order of the packed weights
  for (int i = 0; i < layer.kernel_h; ++i) {
    for (int j = 0; j < layer.kernel_w; ++j) {
      for (int c = 0; c < layer.c; ++c) {
        offsets[args.products++] =
            (std::ptrdiff_t{c} * in_rows + i * layer.dilation_h) * row_stride +
            std::ptrdiff_t{j} * layer.dilation_w;
      }
    }
  }
  args.offsets = offsets;
  args.epilogue = layer.epilogue;
  for (int panel = 0; panel < plan.shape().panels(); ++panel) {
    const int channel = panel * kPanel;
    args.weights_stride = plan.shape().panel_width(panel);
    args.weights = plan.weights->widened(plan.weights->place(0, panel),
                                         args.products * args.weights_stride, wide);
    args.outputs = std::min(kPanel, layer.k - channel);
    args.epilogue.bias = plan.weights->bias(0) + channel;
    for (int row = 0; row < rows.size(); ++row) {
      const std::ptrdiff_t at = image * layer.dst_image + (rows.begin + row) * layer.dst_row +
                                cols.begin * layer.dst_pixel + channel * layer.dst_channel;
      const float* const in = staging + row * layer.stride_h * row_stride;
      write_in_pieces(plan, tensors, at, cols.size(), args.outputs, [&](const RowPiece& piece) {
        args.in = in + piece.col;
        args.cols = piece.cols;
        args.dst = piece.dst;
        args.residual = piece.residual;
        args.channel_stride = piece.channel_stride;
        // Whole lines only, or each would be written in parts.
        args.stream = piece.stream && piece.channel_stride % kGroup == 0 &&
                      reinterpret_cast<std::uintptr_t>(piece.dst) % kLineBytes == 0;
        plan.kernels().plane_row(args);
      });
    }
  }
}

void run(const PlanData& plan, const Tensors& tensors, void* workspace,
         const Executor& executor) noexcept {
  const Layer& layer = plan.layer;
  const PlanesSchedule schedule(plan, executor.concurrency());
  const std::int64_t tasks = std::int64_t{layer.n} * schedule.row_blocks * schedule.col_blocks;
  run_blocks(
      plan, executor, schedule.threads, tasks, schedule.scratch, workspace,
      [&](TaskDigits task, float* staging, float* wide) {
        const Range cols = split(layer.out_w, schedule.col_blocks, task.take(schedule.col_blocks));
        const Range rows = split(layer.out_h, schedule.row_blocks, task.take(schedule.row_blocks));
        compute(plan, tensors, task.rest(), rows, cols, staging, wide);
      });
}

std::size_t workspace_bytes(const PlanData& plan, int threads) noexcept {
  const PlanesSchedule schedule(plan, threads);
  return workspace_of(schedule.threads, schedule.scratch.bytes());
}

}  // namespace

const Pipeline kPlanesPipeline = {&workspace_bytes, &run};

}  // namespace winograd::detail
