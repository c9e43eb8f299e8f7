// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Depthwise convolution of NHWC, channels in lanes. The kernel reads and writes the image itself;
// at the borders it gets fewer taps.
#include <algorithm>

#include "src/pipelines/depthwise.hpp"
#include "src/pipelines/pixel_blocks.hpp"
#include "src/runtime/cache_sizes.hpp"

namespace winograd::detail {
namespace {

/// Blocks of output pixels of some lane blocks.
struct InPlaceSchedule {
  InPlaceSchedule(const PlanData& plan, int threads_wanted) noexcept
      : threads(std::max(1, threads_wanted)) {
    const Layer& layer = plan.layer;
    lane_blocks = ceil_div(layer.c, kLaneBlock);
    // The rows that two output rows read should stay in L2 until the next two have read them.
    const auto bytes = [&](int cols) {
      return static_cast<std::uint64_t>(sizeof(float)) * static_cast<unsigned>(layer.c) *
             static_cast<std::uint64_t>(
                 std::int64_t{input_extent(2, layer.stride_h, layer.kernel_h, layer.dilation_h)} *
                 input_extent(cols, layer.stride_w, layer.kernel_w, layer.dilation_w));
    };
    constexpr int kMinColumns = 24;
    int cols = layer.out_w;
    while (cols > kMinColumns && bytes(cols) > cache_sizes().l2 / 2) cols = (cols + 1) / 2;
    col_blocks = ceil_div(layer.out_w, cols);
    row_blocks = channel_blocks = 1;
    if (threads > 1) {  // enough tasks for every thread to take a few, of two rows or more
      const std::int64_t wanted = std::int64_t{threads} * 4;
      const auto missing = [&](std::int64_t tasks, int most) {
        return static_cast<int>(
            std::clamp<std::int64_t>((wanted + tasks - 1) / tasks, 1, std::max(most, 1)));
      };
      const std::int64_t tasks = std::int64_t{layer.n} * col_blocks;
      row_blocks = missing(tasks, layer.out_h / 2);
      channel_blocks = missing(tasks * row_blocks, lane_blocks);
    }
  }

  int threads;
  int lane_blocks;
  int row_blocks, col_blocks, channel_blocks;
};

/// Neighbouring outputs along an axis, and the taps inside the image that all of them have.
struct AxisRun {
  Range outputs, taps;
  int first;  ///< where the first output has its first tap; 0 if there is none
};
AxisRun run_of_outputs(Range outputs, int in, int stride, int dilation, int pad,
                       int kernel) noexcept {
  const auto taps_of = [&](int output) {
    const int first = output * stride - pad;
    const int begin = first >= 0 ? 0 : std::min(kernel, ceil_div(-first, dilation));
    const int end = first >= in ? 0 : std::min(kernel, ceil_div(in - first, dilation));
    return Range{begin, std::max(begin, end)};
  };
  const Range taps = taps_of(outputs.begin);
  int end = outputs.begin + 1;
  if (taps.size() == kernel) {
    const int last = (in - 1 - (kernel - 1) * dilation + pad) / stride;
    end = std::min(last + 1, outputs.end);
  } else {
    for (; end < outputs.end; ++end) {
      const Range next = taps_of(end);
      if (next.begin != taps.begin || next.end != taps.end) break;
    }
  }
  const int first = outputs.begin * stride - pad + taps.begin * dilation;
  return {{outputs.begin, end}, taps, taps.size() > 0 ? first : 0};
}

/// Channels of one part of src, with tensors of E.
template <class E>
void compute_channels(const PlanData& plan, const Tensors& tensors, int image, Range rows,
                      Range cols, Range channels) noexcept {
  const Layer& layer = plan.layer;
  const Source::Part& part = tensors.src.part_of(channels.begin);
  DepthwiseArgsOf<E> args = depthwise_arguments<E>(plan, channels.begin / kLaneBlock);
  const float* const weights = args.weights;
  args.row_step = layer.stride_h * part.row_stride;
  args.col_step = layer.stride_w * part.pixel_stride;
  args.tap_row = layer.dilation_h * part.row_stride;
  args.tap_col = layer.dilation_w * part.pixel_stride;
  args.channels = channels.size();
  args.far = tensors.far;
  args.target.row_stride = layer.dst_row;
  args.target.col_stride = layer.dst_pixel;
  args.target.stream = tensors.stream;
  args.target.epilogue = plan.epilogue(0, channels.begin);
  for (Range left = rows; left.begin < left.end;) {
    const AxisRun down = run_of_outputs(left, layer.h, layer.stride_h, layer.dilation_h,
                                        layer.pad_top, layer.kernel_h);
    left.begin = down.outputs.end;
    for (Range right = cols; right.begin < right.end;) {
      const AxisRun along = run_of_outputs(right, layer.w, layer.stride_w, layer.dilation_w,
                                           layer.pad_left, layer.kernel_w);
      right.begin = along.outputs.end;
      args.kernel_h = down.taps.size();
      args.kernel_w = along.taps.size();
      args.rows = down.outputs.size();
      args.cols = along.outputs.size();
      args.weights = weights + down.taps.begin * args.weights_row + along.taps.begin * kLaneBlock;
      args.in = part.at(image, down.first, along.first, channels.begin).template as<E>();
      const std::ptrdiff_t at = image * layer.dst_image + down.outputs.begin * layer.dst_row +
                                along.outputs.begin * layer.dst_pixel + channels.begin;
      args.target.dst = (tensors.dst + at).template as<E>();
      args.target.residual = tensors.residual.and_then(at).template as<E>();
      plan.kernels().depthwise_of<E>()(args);
    }
  }
}

void run(const PlanData& plan, const Tensors& tensors, void* workspace,
         const Executor& executor) noexcept {
  const Layer& layer = plan.layer;
  const InPlaceSchedule schedule(plan, executor.concurrency());
  const std::int64_t tasks =
      std::int64_t{layer.n} * schedule.channel_blocks * schedule.row_blocks * schedule.col_blocks;
  run_blocks(
      plan, executor, schedule.threads, tasks, {}, workspace, [&](TaskDigits task, float*, float*) {
        const Range cols = split(layer.out_w, schedule.col_blocks, task.take(schedule.col_blocks));
        const Range blocks = split(schedule.lane_blocks, schedule.channel_blocks,
                                   task.take(schedule.channel_blocks));
        const Range rows = split(layer.out_h, schedule.row_blocks, task.take(schedule.row_blocks));
        const int end = std::min(blocks.end * kLaneBlock, layer.c);
        for (int c = blocks.begin * kLaneBlock, next = 0; c < end; c = next) {
          const Source::Part& part = tensors.src.part_of(c);
          next = std::min(end, part.channel + part.channels);
          const auto compute =
              layer.type == DataType::f32 ? compute_channels<float> : compute_channels<F16>;
          compute(plan, tensors, task.rest(), rows, cols, {c, next});
        }
      });
}

std::size_t workspace_bytes(const PlanData&, int) noexcept { return 0; }

}  // namespace

const Pipeline kDepthwiseInPlace = {&workspace_bytes, &run};

}  // namespace winograd::detail
