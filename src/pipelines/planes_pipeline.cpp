// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Direct convolution in NCHW of few channels (the first layer of most networks), or with a kernel
// of 1 x 1. The GEMM of direct_pipeline.cpp wants the channels of a pixel side by side and gives
// them back so: two transposes, which a sum of 27 products does not pay for, nor one of 256. Here
// planes stay planes.
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

/// Columns that blocks are multiples of: a whole number of register blocks of every set.
constexpr int kColumnUnit = 48;

/// Products of a chain of a longer sum: shorter than what direct convolution may take.
constexpr int kChain = 128;

/// For a kernel of 1 x 1 a plane is one long row.
Layer with_long_rows(const Layer& layer) noexcept {
  Layer one = layer;
  if (layer.is_pointwise() && std::int64_t{layer.h} * layer.w <= Conv2dDesc::kMaxExtent) {
    one.h = one.out_h = 1;
    one.w = one.out_w = layer.h * layer.w;
  }
  return one;
}

/// A rectangle of output pixels, for all output channels, is the unit of work.
struct PlanesSchedule {
  PlanesSchedule(const PlanData& plan, int threads_wanted) noexcept
      : layer(with_long_rows(plan.layer)), threads(std::max(1, threads_wanted)) {
    const auto size = [&](int r, int c) {
      return std::int64_t{layer.c} * row_stride(layer, c) *
             input_extent(r, layer.stride_h, layer.kernel_h, layer.dilation_h);
    };
    const std::ptrdiff_t wide =
        plan.shape().type == DataType::f32 ? 0 : plan.shape().depth() * kPanel;
    const std::size_t limit = workspace_limit(plan.options);
    // Few channels leave L2 to dst; of many, long pieces of rows are what staging is quickest with.
    const std::size_t l2 = cache_sizes().l2;
    const std::size_t budget = std::min(limit, layer.is_pointwise() ? l2 / 2 : l2 / 8);
    const auto fits = [&](int r, int c) {
      return BlockScratch{size(r, c), wide}.bytes() <= budget;
    };
    // Whole rows if they fit, then as many as do; enough tasks for every thread to take a few.
    int cols = layer.out_w, rows = 1;
    if (!fits(1, cols)) {
      int units = 0;  // the most that fit, by bisection
      for (int beyond = ceil_div(cols, kColumnUnit); beyond - units > 1;) {
        const int middle = units + (beyond - units) / 2;
        (fits(1, middle * kColumnUnit) ? units : beyond) = middle;
      }
      cols = units > 0 ? units * kColumnUnit : std::min(cols, kColumnUnit);
    }
    while (cols > 1 && !fits(1, cols)) cols = (cols + 1) / 2;
    col_blocks = ceil_div(layer.out_w, cols);
    cols = most_columns();
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

  /// The columns of a block: whole register blocks, if there are enough of them.
  Range columns(int block) const noexcept {
    const int unit = column_unit();
    const Range units = split(ceil_div(layer.out_w, unit), col_blocks, block);
    return {units.begin * unit, std::min(units.end * unit, layer.out_w)};
  }
  int most_columns() const noexcept {
    const int unit = column_unit();
    return std::min(ceil_div(ceil_div(layer.out_w, unit), col_blocks) * unit, layer.out_w);
  }
  int column_unit() const noexcept {
    return col_blocks <= ceil_div(layer.out_w, kColumnUnit) ? kColumnUnit : 1;
  }

  /// Floats of a staged row for so many output pixels.
  static std::ptrdiff_t row_stride(const Layer& layer, int cols) noexcept {
    return std::ptrdiff_t{input_extent(cols, 1, layer.kernel_w, layer.dilation_w)} + kOverhang;
  }

  Layer layer;  ///< with_long_rows()
  int threads, row_blocks, col_blocks;
  BlockScratch scratch;
};

/// A rectangle of input pixels of all channels, as [channel][row][row_stride], zeros where padding
/// is.
void stage(const PlanData& plan, const Layer& layer, const Tensors& tensors, int image, Range rows,
           int first_col, std::ptrdiff_t row_stride, float* staging) noexcept {
  const StageTimer timer(Stage::input_transform);
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

void compute(const PlanData& plan, const Layer& layer, const Tensors& tensors, int image,
             Range rows, Range cols, float* staging, float* wide) noexcept {
  const std::ptrdiff_t row_stride = PlanesSchedule::row_stride(layer, cols.size());
  const int first_row = rows.begin * layer.stride_h - layer.pad_top;
  const int in_rows = input_extent(rows.size(), layer.stride_h, layer.kernel_h, layer.dilation_h);
  stage(plan, layer, tensors, image, {first_row, first_row + in_rows}, cols.begin - layer.pad_left,
        row_stride, staging);

  const StageTimer timer(Stage::gemm);
  PlaneRowArgs args{};
  args.products = layer.c * layer.kernel_h * layer.kernel_w;
  args.chain = args.products <= kMaxPlaneProducts ? args.products : kChain;
  args.chain_stride = args.chain * row_stride;  // only a kernel of 1 x 1 has several chains
  std::ptrdiff_t offsets[kMaxPlaneProducts];    // in the order of the packed weights
  for (int k = 0; k < args.chain; ++k) {
    const int c = k % layer.c, j = k / layer.c % layer.kernel_w, i = k / layer.c / layer.kernel_w;
    offsets[k] = (std::ptrdiff_t{c} * in_rows + i * layer.dilation_h) * row_stride +
                 std::ptrdiff_t{j} * layer.dilation_w;
  }
  args.offsets = offsets;
  for (int panel = 0; panel < plan.shape().panels(); ++panel) {
    const int channel = panel * kPanel;
    args.weights_stride = plan.shape().panel_width(panel);
    args.weights = plan.weights->widened(plan.weights->place(0, panel),
                                         args.products * args.weights_stride, wide);
    args.outputs = std::min(kPanel, layer.k - channel);
    args.epilogue = plan.epilogue(0, channel);
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
        args.stream = piece.stream && piece.channel_stride % kLaneBlock == 0 &&
                      reinterpret_cast<std::uintptr_t>(piece.dst) % kLineBytes == 0;
        plan.kernels().plane_row(args);
      });
    }
  }
}

void run(const PlanData& plan, const Tensors& tensors, void* workspace,
         const Executor& executor) noexcept {
  const PlanesSchedule schedule(plan, executor.concurrency());
  const Layer& layer = schedule.layer;
  const std::int64_t tasks = std::int64_t{layer.n} * schedule.row_blocks * schedule.col_blocks;
  run_blocks(plan, executor, schedule.threads, tasks, schedule.scratch, workspace,
             [&](TaskDigits task, float* staging, float* wide) {
               const Range cols = schedule.columns(task.take(schedule.col_blocks));
               const Range rows =
                   split(layer.out_h, schedule.row_blocks, task.take(schedule.row_blocks));
               compute(plan, layer, tensors, task.rest(), rows, cols, staging, wide);
             });
}

std::size_t workspace_bytes(const PlanData& plan, int threads) noexcept {
  const PlanesSchedule schedule(plan, threads);
  return workspace_of(schedule.threads, schedule.scratch.bytes());
}

}  // namespace

const Pipeline kPlanesPipeline = {&workspace_bytes, &run};

}  // namespace winograd::detail
