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

/// What one thread works on: a rectangle of outputs of one lane block, and its scratch.
struct Task {
  int image;
  Range channels, rows, cols;
  float* staging;
  float* floats;  ///< src and dst of one channel, if they are widened
};

/// All but where src and dst lie, and how many channels.
DepthwisePlaneArgs arguments_of(const PlanData& plan, const Task& task) noexcept {
  const Layer& layer = plan.layer;
  DepthwisePlaneArgs args{};
  args.h = layer.h;
  args.w = layer.w;
  args.first_row = task.rows.begin - layer.pad_top;
  args.first_col = task.cols.begin - layer.pad_left;
  args.dilation_h = layer.dilation_h;
  args.dilation_w = layer.dilation_w;
  args.weights = plan.weights->panel(0, task.channels.begin / kLaneBlock);
  args.rows = task.rows.size();
  args.cols = task.cols.size();
  args.staging = task.staging;
  args.pitch = staged_pitch(layer, args.cols);
  args.epilogue = plan.epilogue(0, task.channels.begin);
  return args;
}

/// Where in dst the first output lies.
std::ptrdiff_t place_of(const Layer& layer, const Task& task) noexcept {
  return task.image * layer.dst_image + task.channels.begin * layer.dst_channel +
         task.rows.begin * layer.dst_row + task.cols.begin * layer.dst_pixel;
}

void compute(const PlanData& plan, const Tensors& tensors, const Task& task) noexcept {
  const Layer& layer = plan.layer;
  const Source::Part& part = tensors.src.part_of(task.channels.begin);
  const std::ptrdiff_t at = place_of(layer, task);
  DepthwisePlaneArgs args = arguments_of(plan, task);
  args.src = part.at(task.image, 0, 0, task.channels.begin).as<float>();
  args.src_row = part.row_stride;
  args.src_channel = part.channel_stride;
  args.channels = task.channels.size();
  args.dst = (tensors.dst + at).as<float>();
  args.residual = tensors.residual.and_then(at).as<float>();
  args.dst_row = layer.dst_row;
  args.dst_channel = layer.dst_channel;
  plan.kernels().depthwise_plane(args);
}

/// Of numbers of 16 bits, channel by channel; of a plane only what these outputs need is widened.
void compute_widened(const PlanData& plan, const Tensors& tensors, const Task& task) noexcept {
  const Layer& layer = plan.layer;
  const Source::Part& part = tensors.src.part_of(task.channels.begin);
  const StorageKernels& storage = plan.kernels().storage_of(layer.type);
  DepthwisePlaneArgs args = arguments_of(plan, task);
  const auto inside = [](int first, int extent, int size) {
    const int begin = std::clamp(first, 0, size);
    return Range{begin, std::clamp(first + extent, begin, size)};
  };
  const Range rows_in =
      inside(args.first_row, input_extent(args.rows, 1, layer.kernel_h, layer.dilation_h), layer.h);
  const Range cols_in =
      inside(args.first_col, input_extent(args.cols, 1, layer.kernel_w, layer.dilation_w), layer.w);
  float* const pixels = task.floats + std::ptrdiff_t{args.rows} * args.cols;
  args.src = pixels;
  args.src_row = cols_in.size();
  args.h = rows_in.size();
  args.w = cols_in.size();
  args.first_row -= rows_in.begin;
  args.first_col -= cols_in.begin;
  args.channels = 1;
  args.dst = task.floats;
  args.dst_row = args.cols;
  for (int c = 0; c < task.channels.size(); ++c) {
    const auto src = part.at(task.image, rows_in.begin, cols_in.begin, task.channels.begin + c);
    storage.widen({src.as<std::uint16_t>(), part.row_stride, pixels, args.src_row, args.h, args.w});
    const std::ptrdiff_t at = place_of(layer, task) + c * layer.dst_channel;
    if (const auto residual = tensors.residual.and_then(at); residual.data() != nullptr) {
      storage.widen({residual.as<std::uint16_t>(), layer.dst_row, args.dst, args.dst_row, args.rows,
                     args.cols});
      args.residual = args.dst;
    }
    plan.kernels().depthwise_plane(args);
    storage.narrow({args.dst, args.dst_row, (tensors.dst + at).as<std::uint16_t>(), layer.dst_row,
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
  run_blocks(plan, executor, schedule.threads, tasks, schedule.scratch, workspace,
             [&](TaskDigits digits, float* staging, float* floats) {
               const Range cols =
                   split(layer.out_w, schedule.col_blocks, digits.take(schedule.col_blocks));
               const Range rows =
                   split(layer.out_h, schedule.row_blocks, digits.take(schedule.row_blocks));
               const int begin = digits.take(schedule.channel_blocks) * kLaneBlock;
               const Range channels{begin, std::min(begin + kLaneBlock, layer.c)};
               const Task task{digits.rest(), channels, rows, cols, staging, floats};
               layer.type == DataType::f32 ? compute(plan, tensors, task)
                                           : compute_widened(plan, tensors, task);
             });
}

std::size_t workspace_bytes(const PlanData& plan, int threads) noexcept {
  const PlaneSchedule schedule(plan, threads);
  return workspace_of(schedule.threads, schedule.scratch.bytes());
}

}  // namespace

const Pipeline kDepthwisePlanes = {&workspace_bytes, &run};

}  // namespace winograd::detail
