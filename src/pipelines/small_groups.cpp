// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Groups of 4, 8 and 16 channels. The inputs of a lane block of outputs are the same lane block.
// Rows of a few lane blocks are staged, with real zeros where padding is, and so are their sums:
// pixel by pixel, as NHWC has them, since lines of one lane block alone would be too far apart for
// the hardware to fetch them ahead.
#include <algorithm>

#include "src/pipelines/image_rows.hpp"
#include "src/pipelines/input_region.hpp"
#include "src/pipelines/pixel_blocks.hpp"
#include "src/runtime/cache_sizes.hpp"

namespace winograd::detail {
namespace {

/// Some rows, or a part of a row, of a part of the lane blocks.
struct GroupSchedule {
  GroupSchedule(const PlanData& plan, int threads_wanted) noexcept;

  int threads;
  int parts;
  int pixel;  ///< floats from a staged pixel to the next
  int row_blocks, col_blocks;
  BlockScratch scratch;
};

GroupSchedule::GroupSchedule(const PlanData& plan, int threads_wanted) noexcept
    : threads(std::max(1, threads_wanted)) {
  const Layer& layer = plan.layer;
  const int lane_blocks = ceil_div(layer.c, kLaneBlock);
  // Where channels are adjacent, whole stretches of them; elsewhere there is nothing to gain.
  const bool adjacent = plan.adjacent() && lane_blocks > 1;
  pixel = adjacent ? kWidePixel : kNarrowPixel;
  parts = adjacent ? ceil_div(lane_blocks, kWidePixel / kLaneBlock - 1) : lane_blocks;
  const auto staged = [&](int r, int c) {
    return std::int64_t{input_extent(r, layer.stride_h, layer.kernel_h, layer.dilation_h)} *
           input_extent(c, layer.stride_w, layer.kernel_w, layer.dilation_w) * pixel;
  };
  // A row of sums, which the row writers may read up to a whole lane block of pixels.
  const auto sums = [&](int c) { return std::int64_t{round_up(c, kLaneBlock)} * pixel; };
  const std::size_t limit = std::min(workspace_limit(plan.options), cache_sizes().l2 / 2);
  const auto fits = [&](int r, int c) {
    return BlockScratch{staged(r, c), sums(c)}.bytes() <= limit;
  };
  int cols = layer.out_w, rows = 1;
  while (cols > 1 && !fits(1, cols)) cols = (cols + 1) / 2;
  while (rows < layer.out_h && fits(rows + 1, cols)) ++rows;
  if (threads > 1) {  // enough tasks for every thread to take a few
    const std::int64_t tasks = std::int64_t{layer.n} * parts * ceil_div(layer.out_w, cols);
    const std::int64_t wanted = (std::int64_t{threads} * 3 + tasks - 1) / tasks;
    rows = std::min(
        rows, ceil_div(layer.out_h, static_cast<int>(std::min<std::int64_t>(wanted, layer.out_h))));
  }
  row_blocks = ceil_div(layer.out_h, rows);
  col_blocks = ceil_div(layer.out_w, cols);
  rows = ceil_div(layer.out_h, row_blocks);
  cols = ceil_div(layer.out_w, col_blocks);
  scratch = {staged(rows, cols), sums(cols)};
}

void compute_block(const PlanData& plan, const Tensors& tensors, int image, Range lane_blocks,
                   Range rows, Range cols, int pixel, float* staging, float* sums) noexcept {
  const Layer& layer = plan.layer;
  const int channel = lane_blocks.begin * kLaneBlock;
  const int channels = std::min(lane_blocks.end * kLaneBlock, layer.c) - channel;
  const InputRegion region =
      region_read(layer, image, rows, cols, {channel, channel + channels}, pixel);
  const InputView view = view_input(plan, tensors, region, false, staging);
  GroupRowArgs args{nullptr,          view.row_stride,  pixel,          layer.stride_w,
                    layer.dilation_h, layer.dilation_w, layer.kernel_h, layer.kernel_w,
                    layer.group_c,    nullptr,          cols.size(),    nullptr};
  const int at_once = plan.adjacent() ? kMostWritten : kLaneBlock;
  for (int row = 0; row < rows.size(); ++row) {
    for (int block = 0; block < lane_blocks.size(); ++block) {
      args.in = view.base + row * layer.stride_h * view.row_stride + block * kLaneBlock;
      args.weights = plan.weights->panel(0, lane_blocks.begin + block);
      args.sums = sums + block * kLaneBlock;
      plan.kernels().group_row(args);
    }
    const std::ptrdiff_t at =
        image * layer.dst_image + (rows.begin + row) * layer.dst_row + cols.begin * layer.dst_pixel;
    for (int c = 0; c < channels; c += at_once) {
      write_row(plan, tensors,
                {sums + c, pixel, cols.size(), std::min(at_once, channels - c),
                 at + (channel + c) * layer.dst_channel, plan.epilogue(0, channel + c)});
    }
  }
}

void run(const PlanData& plan, const Tensors& tensors, void* workspace,
         const Executor& executor) noexcept {
  const Layer& layer = plan.layer;
  const GroupSchedule schedule(plan, executor.concurrency());
  const int lane_blocks = ceil_div(layer.c, kLaneBlock);
  const std::int64_t tasks =
      std::int64_t{layer.n} * schedule.parts * schedule.row_blocks * schedule.col_blocks;
  run_blocks(
      plan, executor, schedule.threads, tasks, schedule.scratch, workspace,
      [&](TaskDigits task, float* staging, float* sums) {
        const Range part = split(lane_blocks, schedule.parts, task.take(schedule.parts));
        const Range cols = split(layer.out_w, schedule.col_blocks, task.take(schedule.col_blocks));
        const Range rows = split(layer.out_h, schedule.row_blocks, task.take(schedule.row_blocks));
        compute_block(plan, tensors, task.rest(), part, rows, cols, schedule.pixel, staging, sums);
      });
}

std::size_t workspace_bytes(const PlanData& plan, int threads) noexcept {
  const GroupSchedule schedule(plan, threads);
  return workspace_of(schedule.threads, schedule.scratch.bytes());
}

}  // namespace

const Pipeline kSmallGroups = {&workspace_bytes, &run};

}  // namespace winograd::detail
