// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Direct convolution as an implicit GEMM: rows of the micro-tile are neighbouring output pixels,
// the reduction runs over kernel taps and channels, and a row of A is addressed inside the image
// (or its staged rectangle). There is no im2col buffer.
#include <algorithm>

#include "src/pipelines/image_rows.hpp"
#include "src/pipelines/input_region.hpp"
#include "src/pipelines/pixel_blocks.hpp"
#include "src/runtime/cache_sizes.hpp"
#include "src/runtime/stage_clock.hpp"

namespace winograd::detail {
namespace {

/// Output pixels of a block: the rows that overlap between blocks are staged twice.
constexpr int kMaxPixels = 2048;

/// Floats of the weights of a panel that are widened at a time, if they must be: of a kernel row,
/// or of all rows if these make one reduction.
std::int64_t wide_weights(const PlanData& plan) noexcept {
  const PackedShape& shape = plan.shape();
  if (shape.type == DataType::f32) return 0;
  const std::int64_t row = std::int64_t{shape.kernel_w} * shape.group_c;
  return (row * 2 <= plan.chain ? shape.depth() : row) * kPanel;
}

/// With one tap, rows of src that no output needs are skipped: how many rows further the next is.
int row_step(const Layer& layer) { return layer.kernel_h == 1 ? layer.stride_h : 1; }
/// Rows of src that `rows` rows of outputs need.
int rows_read(const Layer& layer, int rows) {
  return layer.kernel_h == 1 ? rows
                             : input_extent(rows, layer.stride_h, layer.kernel_h, layer.dilation_h);
}

/// The same of columns, where rows of src are read so.
int col_step(const PlanData& plan) {
  return plan.layer.kernel_w == 1 && plan.adjacent() ? plan.layer.stride_w : 1;
}
int cols_read(const PlanData& plan, int cols) {
  const Layer& layer = plan.layer;
  return col_step(plan) > 1 ? cols
                            : input_extent(cols, layer.stride_w, layer.kernel_w, layer.dilation_w);
}

/// A rectangle of output pixels is the unit of work; for it, panel after panel is computed.
struct DirectSchedule {
  DirectSchedule(const PlanData& plan, int threads_wanted) noexcept;

  int threads;
  int rows, cols;  ///< output pixels of a block
  int row_blocks, col_blocks;
  int panel_parts;  ///< tasks that share a block, if there are fewer blocks than threads
  BlockScratch scratch;

  std::int64_t tasks(const Layer& layer) const {
    return std::int64_t{layer.n} * layer.groups * row_blocks * col_blocks * panel_parts;
  }
};

DirectSchedule::DirectSchedule(const PlanData& plan, int threads_wanted) noexcept
    : threads(std::max(1, threads_wanted)) {
  const Layer& layer = plan.layer;
  const auto staged = [&](int r, int c) {
    return std::int64_t{rows_read(layer, r)} * cols_read(plan, c) * layer.group_c;
  };
  // The row writers may read staged sums up to a whole lane block of pixels. Behind the sums is
  // room for weights that are widened.
  const auto sums = [&](int r, int c) {
    return (std::int64_t{r} * c + kLaneBlock) * kPanel * plan.kernels().direct.panels +
           wide_weights(plan);
  };
  const auto bytes = [&](int r, int c) { return BlockScratch{staged(r, c), sums(r, c)}.bytes(); };
  const std::size_t l2 = cache_sizes().l2;
  const std::size_t limit = workspace_limit(plan.options);

  // Whole rows if they fit: the wider, the less often B is read. Then as many rows as keep the
  // rectangle in half of L2, at least so many that B feeds 48 pixels.
  cols = layer.out_w;
  const std::size_t budget = std::min(limit, l2 / 2);
  while (cols > 8 && bytes(1, cols) > budget) cols = (cols + 1) / 2;
  while (cols > 1 && bytes(1, cols) > limit) cols = (cols + 1) / 2;
  rows = 1;
  while (rows < layer.out_h && rows * cols < kMaxPixels &&
         bytes(rows + 1, cols) <= (rows * cols < 48 ? limit : budget)) {
    ++rows;
  }
  row_blocks = ceil_div(layer.out_h, rows);
  col_blocks = ceil_div(layer.out_w, cols);
  // Enough tasks for every thread to take a few.
  const std::int64_t wanted = threads > 1 ? std::int64_t{threads} * 3 : 1;
  const auto blocks = [&] {
    return std::int64_t{layer.n} * layer.groups * row_blocks * col_blocks;
  };
  while (blocks() < wanted && rows * cols > 48 && rows > 1) {
    rows = (rows + 1) / 2;
    row_blocks = ceil_div(layer.out_h, rows);
  }
  panel_parts = 1;
  if (blocks() < wanted) {
    panel_parts = static_cast<int>(
        std::min<std::int64_t>((wanted + blocks() - 1) / blocks(), plan.shape().panels()));
  }
  rows = ceil_div(layer.out_h, row_blocks);  // nearly equal blocks
  cols = ceil_div(layer.out_w, col_blocks);
  scratch = {staged(rows, cols), sums(rows, cols)};
}

/// One block of pixels of one group, for a range of panels.
class DirectBlock {
 public:
  DirectBlock(const PlanData& plan, const Tensors& tensors, int image, int group, Range rows,
              Range cols) noexcept
      : plan_(plan), tensors_(tensors), image_(image), group_(group), rows_(rows), cols_(cols) {}

  void compute(Range panels, float* staging, float* sums) const noexcept {
    const InputView view = stage(staging);
    for (Range some{panels.begin, panels.begin}; some.begin < panels.end; some.begin = some.end) {
      some.end = some.begin + at_once({some.begin, panels.end});
      const bool far = tensors_.far && view.base != staging && some.begin == panels.begin;
      const bool finished = finishes(some), in_image = finished && plan_.in_place();
      const GemmTarget to = in_image ? target(some.begin) : target_in_sums(some.begin, sums);
      multiply(view, some, sums, finished ? &to : nullptr, far);
      if (!in_image) write(some, sums, finished);
    }
  }

 private:
  InputView stage(float* staging) const noexcept {
    const StageTimer timer(Stage::input_transform);
    const Layer& layer = plan_.layer;
    const InputRegion region{image_,
                             rows_.begin * layer.stride_h - layer.pad_top,
                             cols_.begin * layer.stride_w - layer.pad_left,
                             rows_read(layer, rows_.size()),
                             cols_read(plan_, cols_.size()),
                             group_ * layer.group_c,
                             layer.group_c,
                             layer.group_c,
                             layer.group_c,
                             row_step(layer),
                             col_step(plan_)};
    // With groups, pointing into the image or not would change how taps join into chains, and so
    // the rounding, from block to block. Scattered pixels are collected: those of a strided 1x1
    // kernel then are one line for the GEMM.
    const bool may_point = layer.groups == 1 && col_step(plan_) == 1;
    return view_input(plan_, tensors_, region, may_point, staging);
  }

  /// How many of the panels to multiply at once: no more than the GEMM does, and the last one, if
  /// it is not whole, by itself.
  int at_once(Range panels) const noexcept {
    if (plan_.shape().type != DataType::f32) return 1;  // or they would fill L2, widened
    const int whole = plan_.layer.group_k / kPanel - panels.begin;
    return std::min({plan_.kernels().direct.panels, panels.size(), std::max(1, whole)});
  }

  /// True if the GEMM can finish pixels: in dst, or as floats that only have to be converted; else
  /// the sums take another pass.
  bool finishes(Range panels) const noexcept {
    const Layer& layer = plan_.layer;
    return plan_.kernels().direct.finishes && plan_.adjacent() &&
           (panels.end * kPanel <= layer.group_k || layer.group_k % (kPanel / 2) == 0) &&
           (plan_.in_place() || tensors_.residual.data() == nullptr);
  }

  /// Where the channels from those of `panel` on lie in dst, of the block's first row.
  std::ptrdiff_t place(int panel) const noexcept {
    const Layer& layer = plan_.layer;
    const int channel = group_ * layer.group_k + panel * kPanel;
    return image_ * layer.dst_image + rows_.begin * layer.dst_row + cols_.begin * layer.dst_pixel +
           channel * layer.dst_channel;
  }

  GemmTarget target(int panel) const noexcept {
    const std::ptrdiff_t at = place(panel);
    return {(tensors_.dst + at).as<float>(),
            tensors_.residual.and_then(at).as<float>(),
            plan_.layer.dst_pixel,
            plan_.layer.dst_row,
            tensors_.stream,
            plan_.epilogue(group_, std::ptrdiff_t{panel} * kPanel)};
  }

  /// The sums themselves, where they stand, to be converted afterwards.
  GemmTarget target_in_sums(int panel, float* sums) const noexcept {
    return {sums,          nullptr,
            sums_stride(), std::ptrdiff_t{cols_.size()} * sums_stride(),
            false,         plan_.epilogue(group_, std::ptrdiff_t{panel} * kPanel)};
  }

  /// To `target` if there is one; else to `sums`, which hold what is not finished in both cases.
  void multiply(const InputView& view, Range panels, float* sums, const GemmTarget* target,
                bool far) const noexcept {
    const StageTimer timer(Stage::gemm);
    const Layer& layer = plan_.layer;
    const PackedShape& shape = plan_.shape();
    const int n = shape.panel_width(panels.begin);
    GemmArgs args{};
    args.columns = panels.size() == 1 ? n : panels.size() * kPanel;
    args.panel_stride = shape.depth() * kPanel;
    args.lda = layer.stride_w / col_step(plan_) * view.pixel_stride;
    args.ldc = sums_stride();
    args.rows = cols_.size();
    args.lines = rows_.size();
    args.line_stride = layer.stride_h / row_step(layer) * view.row_stride;
    if (args.line_stride == args.rows * args.lda && layer.dst_row == args.rows * layer.dst_pixel) {
      args.rows *= args.lines;  // a 1x1 kernel on whole rows
      args.lines = 1;
    }
    args.chain = plan_.chain;
    args.far = far;
    // Taps of one kernel row are neighbours in memory if pixels are: then they are one long row.
    const bool joined = view.pixel_stride == layer.group_c && layer.dilation_w == 1;
    args.k = joined ? layer.kernel_w * layer.group_c : layer.group_c;
    args.segments = joined ? 1 : layer.kernel_w;
    args.segment_stride = layer.dilation_w * view.pixel_stride;
    int steps = layer.kernel_h;
    if (joined && args.k * 2 <= args.chain) {  // few channels: kernel rows in one reduction
      args.segments = layer.kernel_h;
      args.segment_stride = layer.dilation_h * view.row_stride;
      steps = 1;
    }
    float* const wide =
        sums + (std::ptrdiff_t{rows_.size()} * cols_.size() + kLaneBlock) * sums_stride();
    const std::ptrdiff_t b_step = std::ptrdiff_t{args.segments} * args.k * n;
    for (int step = 0; step < steps; ++step) {
      args.a = view.base + step * layer.dilation_h * view.row_stride;
      args.b = plan_.weights->widened(plan_.weights->place(group_, panels.begin) + step * b_step,
                                      b_step, wide);
      args.c = sums;
      args.accumulate = step > 0;
      args.target = step + 1 == steps ? target : nullptr;
      plan_.kernels().direct.run(args);
    }
  }

  /// Sums of some panels -> dst; `finished` ones have been through the epilogue.
  void write(Range panels, const float* sums, bool finished) const noexcept {
    const StageTimer timer(Stage::output_transform);
    const Layer& layer = plan_.layer;
    const int at_once = plan_.adjacent() ? kMostWritten / kPanel : 1;
    for (int panel = panels.begin; panel < panels.end; panel += at_once) {
      const int end = std::min(panel + at_once, panels.end);
      const int channels = std::min(end * kPanel, layer.group_k) - panel * kPanel;
      const Epilogue epilogue = plan_.epilogue(group_, std::ptrdiff_t{panel} * kPanel);
      const float* from = sums + std::ptrdiff_t{panel - panels.begin} * kPanel;
      std::ptrdiff_t at = place(panel);
      for (int row = 0; row < rows_.size(); ++row, at += layer.dst_row) {
        const ImageRowWrite one{from, sums_stride(), cols_.size(), channels, at, epilogue};
        finished ? narrow_row(plan_, tensors_, one) : write_row(plan_, tensors_, one);
        from += std::ptrdiff_t{cols_.size()} * sums_stride();
      }
    }
  }

  /// Floats from the sums of a pixel to those of the next.
  int sums_stride() const noexcept { return plan_.kernels().direct.panels * kPanel; }

  const PlanData& plan_;
  const Tensors& tensors_;
  int image_, group_;
  Range rows_, cols_;
};

void run(const PlanData& plan, const Tensors& tensors, void* workspace,
         const Executor& executor) noexcept {
  const Layer& layer = plan.layer;
  const DirectSchedule schedule(plan, executor.concurrency());
  const int panels = plan.shape().panels();
  run_blocks(
      plan, executor, schedule.threads, schedule.tasks(layer), schedule.scratch, workspace,
      [&](TaskDigits task, float* staging, float* sums) {
        const Range part = split(panels, schedule.panel_parts, task.take(schedule.panel_parts));
        const Range cols = split(layer.out_w, schedule.col_blocks, task.take(schedule.col_blocks));
        const Range rows = split(layer.out_h, schedule.row_blocks, task.take(schedule.row_blocks));
        const int group = task.take(layer.groups);
        DirectBlock(plan, tensors, task.rest(), group, rows, cols).compute(part, staging, sums);
      });
}

std::size_t workspace_bytes(const PlanData& plan, int threads) noexcept {
  const DirectSchedule schedule(plan, threads);
  return workspace_of(schedule.threads, schedule.scratch.bytes());
}

}  // namespace

const Pipeline kDirectPipeline = {&workspace_bytes, &run};

}  // namespace winograd::detail
