// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Depthwise convolution: 16 channels at a time, channels in lanes, a few output rows per block.
#include <algorithm>

#include "src/pipelines/image_rows.hpp"
#include "src/pipelines/input_region.hpp"
#include "src/pipelines/pixel_blocks.hpp"

namespace winograd::detail {
namespace {

struct DepthwiseSchedule {
  DepthwiseSchedule(const PlanData& plan, int threads_wanted) noexcept;

  int threads;
  int row_blocks, col_blocks;
  BlockScratch scratch;
};

DepthwiseSchedule::DepthwiseSchedule(const PlanData& plan, int threads_wanted) noexcept
    : threads(std::max(1, threads_wanted)) {
  const Layer& layer = plan.layer;
  const auto staged = [&](int r, int c) {
    return std::int64_t{input_extent(r, layer.stride_h, layer.kernel_h, layer.dilation_h)} *
           input_extent(c, layer.stride_w, layer.kernel_w, layer.dilation_w) * kLaneBlock;
  };
  // The staged rectangle of 16 channels should stay in L2 with room to spare.
  constexpr std::size_t kBudget = std::size_t{128} << 10;
  const std::size_t limit = std::min(workspace_limit(plan.options), kBudget);
  // The row writers may read staged sums up to a whole group of pixels.
  const auto sums = [](int c) { return std::int64_t{round_up(c, kLaneBlock)} * kLaneBlock; };
  const auto fits = [&](int r, int c) {
    return BlockScratch{staged(r, c), sums(c)}.bytes() <= limit;
  };
  int cols = layer.out_w, rows = 1;
  while (cols > 1 && !fits(1, cols)) cols = (cols + 1) / 2;
  while (rows < layer.out_h && fits(rows + 1, cols)) ++rows;
  if (threads > 1) rows = std::min(rows, ceil_div(layer.out_h, threads));
  row_blocks = ceil_div(layer.out_h, rows);
  col_blocks = ceil_div(layer.out_w, cols);
  rows = ceil_div(layer.out_h, row_blocks);
  cols = ceil_div(layer.out_w, col_blocks);
  scratch = {staged(rows, cols), sums(cols)};
}

void compute_block(const PlanData& plan, const Tensors& tensors, int image, int group, Range rows,
                   Range cols, float* staging, float* sums) noexcept {
  const Layer& layer = plan.layer;
  const int channel = group * kLaneBlock;
  const int channels = std::min(kLaneBlock, layer.c - channel);
  const InputRegion region{
      image,
      rows.begin * layer.stride_h - layer.pad_top,
      cols.begin * layer.stride_w - layer.pad_left,
      input_extent(rows.size(), layer.stride_h, layer.kernel_h, layer.dilation_h),
      input_extent(cols.size(), layer.stride_w, layer.kernel_w, layer.dilation_w),
      channel,
      channels,
      kLaneBlock};
  const InputView view = view_input(plan, tensors, region, channels == kLaneBlock, staging);

  DepthwiseArgs args{};
  args.tap_row = layer.dilation_h * view.row_stride;
  args.tap_col = layer.dilation_w * view.pixel_stride;
  args.step = layer.stride_w * view.pixel_stride;
  args.kernel_h = layer.kernel_h;
  args.kernel_w = layer.kernel_w;
  args.weights = plan.weights->panel(0, group);
  args.cols = cols.size();
  args.out = sums;

  const std::ptrdiff_t at = image * layer.dst_image + rows.begin * layer.dst_row +
                            cols.begin * layer.dst_pixel + channel * layer.dst_channel;
  const Epilogue epilogue = plan.epilogue(0, channel);
  for (int row = 0; row < rows.size(); ++row) {
    args.in = view.base + std::ptrdiff_t{row} * layer.stride_h * view.row_stride;
    plan.kernels().depthwise_row(args);
    write_row(plan, tensors,
              {sums, kLaneBlock, cols.size(), channels, at + row * layer.dst_row, epilogue});
  }
}

void run(const PlanData& plan, const Tensors& tensors, void* workspace,
         const Executor& executor) noexcept {
  const Layer& layer = plan.layer;
  const DepthwiseSchedule schedule(plan, executor.concurrency());
  const int groups = ceil_div(layer.c, kLaneBlock);
  const std::int64_t tasks =
      std::int64_t{layer.n} * groups * schedule.row_blocks * schedule.col_blocks;
  run_blocks(
      plan, executor, schedule.threads, tasks, schedule.scratch, workspace,
      [&](TaskDigits task, float* staging, float* sums) {
        const Range cols = split(layer.out_w, schedule.col_blocks, task.take(schedule.col_blocks));
        const Range rows = split(layer.out_h, schedule.row_blocks, task.take(schedule.row_blocks));
        const int group = task.take(groups);
        compute_block(plan, tensors, task.rest(), group, rows, cols, staging, sums);
      });
}

std::size_t workspace_bytes(const PlanData& plan, int threads) noexcept {
  const DepthwiseSchedule schedule(plan, threads);
  return workspace_of(schedule.threads, schedule.scratch.bytes());
}

}  // namespace

const Pipeline kDepthwisePipeline = {&workspace_bytes, &run};

}  // namespace winograd::detail
