// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Depthwise convolution in NCHW, 3 x 3 at stride 1, with pixels in lanes: no transposes.
#include <algorithm>

#include "src/pipelines/depthwise.hpp"
#include "src/pipelines/pixel_blocks.hpp"

namespace winograd::detail {
namespace {

/// Floats of a staged row that `cols` outputs read.
std::ptrdiff_t staged_pitch(const Layer& layer, int cols) {
  return round_up(cols, kLaneBlock) + round_up(2 * layer.dilation_w, kLaneBlock);
}

/// A few output rows of one lane block.
struct PlaneSchedule {
  PlaneSchedule(const PlanData& plan, int threads_wanted) noexcept;

  int threads;
  int channel_blocks, row_blocks, col_blocks;
  BlockScratch scratch;
};

PlaneSchedule::PlaneSchedule(const PlanData& plan, int threads_wanted) noexcept
    : threads(std::max(1, threads_wanted)), channel_blocks(ceil_div(plan.layer.c, kLaneBlock)) {
  const Layer& layer = plan.layer;
  const bool widened = layer.type != DataType::f32;
  const auto scratch_of = [&](int r, int c) {
    const std::int64_t rows_in = input_extent(r, 1, layer.kernel_h, layer.dilation_h);
    const std::int64_t cols_in = input_extent(c, 1, layer.kernel_w, layer.dilation_w);
    return BlockScratch{rows_in * staged_pitch(layer, c) + kLaneBlock,
                        widened ? rows_in * cols_in + std::int64_t{r} * c : 0};
  };
  // The staged rows should stay in L1.
  constexpr std::size_t kBudget = std::size_t{20} << 10;
  const std::size_t limit = workspace_limit(plan.options);
  const auto bytes = [&](int r, int c) { return scratch_of(r, c).bytes(); };
  int cols = layer.out_w, rows = 1;
  while (cols > 1 && bytes(1, cols) > std::min(limit, 4 * kBudget)) cols = (cols + 1) / 2;
  while (rows < layer.out_h && bytes(rows + 1, cols) <= std::min(limit, kBudget)) ++rows;
  // Of many rows an even number, for the kernel takes two at a time.
  if (rows < layer.out_h && rows > 2) rows -= rows % 2;
  if (threads > 1) {  // enough tasks for every thread to take a few
    const std::int64_t wanted = std::int64_t{threads} * 4;
    const std::int64_t tasks = std::int64_t{layer.n} * channel_blocks;
    const std::int64_t blocks = std::min<std::int64_t>((wanted + tasks - 1) / tasks, layer.out_h);
    rows = std::min(rows, ceil_div(layer.out_h, static_cast<int>(blocks)));
  }
  row_blocks = ceil_div(layer.out_h, rows);
  col_blocks = ceil_div(layer.out_w, cols);
  cols = ceil_div(layer.out_w, col_blocks);
  scratch = scratch_of(rows, cols);
}

/// Of channels of one lane block and one part.
void compute_rows(const PlanData& plan, const Tensors& tensors, int image, Range channels,
                  Range rows, Range cols, float* staging, float* floats) noexcept {
  const Layer& layer = plan.layer;
  const Source::Part& part = tensors.src.part_of(channels.begin);
  DepthwisePlaneArgs args{};
  args.h = layer.h;
  args.w = layer.w;
  args.first_row = rows.begin - layer.pad_top;
  args.first_col = cols.begin - layer.pad_left;
  args.dilation_h = layer.dilation_h;
  args.dilation_w = layer.dilation_w;
  args.weights = plan.weights->panel(0, channels.begin / kLaneBlock);
  args.rows = rows.size();
  args.cols = cols.size();
  args.staging = staging;
  args.pitch = staged_pitch(layer, cols.size());
  args.epilogue = plan.epilogue(0, channels.begin);
  const Elements<const void> src = part.at(image, 0, 0, channels.begin);
  const std::ptrdiff_t at = image * layer.dst_image + rows.begin * layer.dst_row +
                            cols.begin * layer.dst_pixel + channels.begin * layer.dst_channel;
  if (layer.type == DataType::f32) {
    args.src = src.as<float>();
    args.src_row = part.row_stride;
    args.src_channel = part.channel_stride;
    args.channels = channels.size();
    args.dst = (tensors.dst + at).as<float>();
    args.residual = tensors.residual.and_then(at).as<float>();
    args.dst_row = layer.dst_row;
    args.dst_channel = layer.dst_channel;
    plan.kernels().depthwise_plane(args);
    return;
  }

  // Channel by channel; of the plane only what these outputs need is made floats.
  const StorageKernels& storage = plan.kernels().storage_of(layer.type);
  const auto inside = [](int first, int extent, int size) {
    const int begin = std::clamp(first, 0, size);
    return Range{begin, std::clamp(first + extent, begin, size)};
  };
  const Range rows_in = inside(
      args.first_row, input_extent(rows.size(), 1, layer.kernel_h, layer.dilation_h), layer.h);
  const Range cols_in = inside(
      args.first_col, input_extent(cols.size(), 1, layer.kernel_w, layer.dilation_w), layer.w);
  float* const pixels = floats + std::ptrdiff_t{rows.size()} * cols.size();
  args.src = pixels;
  args.src_row = cols_in.size();
  args.h = rows_in.size();
  args.w = cols_in.size();
  args.first_row -= rows_in.begin;
  args.first_col -= cols_in.begin;
  args.channels = 1;
  args.dst = floats;
  args.dst_row = cols.size();
  for (int c = 0; c < channels.size(); ++c) {
    storage.widen({(src + (c * part.channel_stride + rows_in.begin * part.row_stride +
                           cols_in.begin * part.pixel_stride))
                       .as<std::uint16_t>(),
                   part.row_stride, pixels, args.src_row, args.h, args.w});
    const std::ptrdiff_t place = at + c * layer.dst_channel;
    const Elements<const void> residual = tensors.residual.and_then(place);
    if (residual.data() != nullptr) {
      storage.widen({residual.as<std::uint16_t>(), layer.dst_row, floats, args.dst_row, args.rows,
                     args.cols});
      args.residual = floats;
    }
    plan.kernels().depthwise_plane(args);
    storage.narrow({floats, args.dst_row, (tensors.dst + place).as<std::uint16_t>(), layer.dst_row,
                    args.rows, args.cols});
    ++args.weights;
    args.epilogue.advance(1);
  }
}

void run(const PlanData& plan, const Tensors& tensors, void* workspace,
         const Executor& executor) noexcept {
  const Layer& layer = plan.layer;
  const PlaneSchedule schedule(plan, executor.concurrency());
  const std::int64_t tasks =
      std::int64_t{layer.n} * schedule.channel_blocks * schedule.row_blocks * schedule.col_blocks;
  run_blocks(
      plan, executor, schedule.threads, tasks, schedule.scratch, workspace,
      [&](TaskDigits task, float* staging, float* floats) {
        const Range cols = split(layer.out_w, schedule.col_blocks, task.take(schedule.col_blocks));
        const Range rows = split(layer.out_h, schedule.row_blocks, task.take(schedule.row_blocks));
        const int begin = task.take(schedule.channel_blocks) * kLaneBlock;
        const Range channels{begin, std::min(begin + kLaneBlock, layer.c)};
        compute_rows(plan, tensors, task.rest(), channels, rows, cols, staging, floats);
      });
}

std::size_t workspace_bytes(const PlanData& plan, int threads) noexcept {
  const PlaneSchedule schedule(plan, threads);
  return workspace_of(schedule.threads, schedule.scratch.bytes());
}

}  // namespace

const Pipeline kDepthwisePlanes = {&workspace_bytes, &run};

}  // namespace winograd::detail
