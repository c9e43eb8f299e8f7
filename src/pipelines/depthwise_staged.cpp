// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Depthwise convolution, channels in lanes, of images that kernels cannot read so: rows of 16
// channels are staged, with real zeros where padding is.
#include <algorithm>
#include <limits>

#include "src/pipelines/depthwise.hpp"
#include "src/pipelines/image_rows.hpp"
#include "src/pipelines/input_region.hpp"
#include "src/pipelines/pixel_blocks.hpp"

namespace winograd::detail {
namespace {

/// A few output rows of one lane block.
struct StagedSchedule {
  StagedSchedule(const PlanData& plan, int threads_wanted) noexcept;

  int threads;
  int row_blocks, col_blocks;
  BlockScratch scratch;
};

StagedSchedule::StagedSchedule(const PlanData& plan, int threads_wanted) noexcept
    : threads(std::max(1, threads_wanted)) {
  const Layer& layer = plan.layer;
  const auto staged = [&](int r, int c) {
    return std::int64_t{input_extent(r, layer.stride_h, layer.kernel_h, layer.dilation_h)} *
           input_extent(c, layer.stride_w, layer.kernel_w, layer.dilation_w) * kLaneBlock;
  };
  // The staged rectangle of 16 channels should stay in L2 with room to spare.
  constexpr std::size_t kBudget = std::size_t{128} << 10;
  const std::size_t limit = std::min(workspace_limit(plan.options), kBudget);
  // Two rows of sums, which the row writers may read up to a whole lane block of pixels.
  const auto sums = [](int c) { return std::int64_t{2 * round_up(c, kLaneBlock)} * kLaneBlock; };
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

void compute_staged(const PlanData& plan, const Tensors& tensors, int image, int lane_block,
                    Range rows, Range cols, float* staging, float* sums) noexcept {
  static constexpr float kNoBias[kLaneBlock] = {};
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const Layer& layer = plan.layer;
  const int channel = lane_block * kLaneBlock;
  const int channels = std::min(kLaneBlock, layer.c - channel);
  const InputRegion region =
      region_read(layer, image, rows, cols, {channel, channel + channels}, kLaneBlock);
  const InputView view = view_input(plan, tensors, region, false, staging);

  DepthwiseArgs args = depthwise_arguments(plan, lane_block);
  args.row_step = layer.stride_h * view.row_stride;
  args.col_step = layer.stride_w * view.pixel_stride;
  args.tap_row = layer.dilation_h * view.row_stride;
  args.tap_col = layer.dilation_w * view.pixel_stride;
  args.cols = cols.size();
  args.channels = kLaneBlock;
  const std::ptrdiff_t row_of_sums = std::ptrdiff_t{round_up(args.cols, kLaneBlock)} * kLaneBlock;
  args.target = {sums,       nullptr, row_of_sums,
                 kLaneBlock, false,   {kNoBias, nullptr, -kInfinity, kInfinity, Activation::none}};

  const std::ptrdiff_t at = image * layer.dst_image + rows.begin * layer.dst_row +
                            cols.begin * layer.dst_pixel + channel * layer.dst_channel;
  const Epilogue epilogue = plan.epilogue(0, channel);
  for (int row = 0; row < rows.size(); row += args.rows) {
    args.rows = std::min(2, rows.size() - row);
    args.in = view.base + row * args.row_step;
    plan.kernels().depthwise(args);
    for (int i = 0; i < args.rows; ++i) {
      write_row(plan, tensors,
                {sums + i * row_of_sums, kLaneBlock, args.cols, channels,
                 at + (row + i) * layer.dst_row, epilogue});
    }
  }
}

void run(const PlanData& plan, const Tensors& tensors, void* workspace,
         const Executor& executor) noexcept {
  const Layer& layer = plan.layer;
  const StagedSchedule schedule(plan, executor.concurrency());
  const int lane_blocks = ceil_div(layer.c, kLaneBlock);
  const std::int64_t tasks =
      std::int64_t{layer.n} * lane_blocks * schedule.row_blocks * schedule.col_blocks;
  run_blocks(
      plan, executor, schedule.threads, tasks, schedule.scratch, workspace,
      [&](TaskDigits task, float* staging, float* sums) {
        const Range cols = split(layer.out_w, schedule.col_blocks, task.take(schedule.col_blocks));
        const Range rows = split(layer.out_h, schedule.row_blocks, task.take(schedule.row_blocks));
        const int lane_block = task.take(lane_blocks);
        compute_staged(plan, tensors, task.rest(), lane_block, rows, cols, staging, sums);
      });
}

std::size_t workspace_bytes(const PlanData& plan, int threads) noexcept {
  const StagedSchedule schedule(plan, threads);
  return workspace_of(schedule.threads, schedule.scratch.bytes());
}

}  // namespace

const Pipeline kDepthwiseStaged = {&workspace_bytes, &run};

}  // namespace winograd::detail
