// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/planning/winograd_schedule.hpp"

#include <algorithm>

#include "src/runtime/cache_sizes.hpp"

namespace winograd::detail {
namespace {

// Tiles of a block. U is read once for each block: 64 bytes of it feed 2 fma per tile, so with 24
// tiles it arrives at 64 bytes in 24 cycles even at the full speed of two fma a cycle, which L3
// delivers; memory does not, so a few more. Many more push V out of L2.
constexpr std::int64_t kMinTiles = 32;
constexpr std::int64_t kMaxTiles = 96;
/// Threads with fewer tiles than this each divide the output channels instead.
constexpr std::int64_t kMinTilesOfThread = 24;
/// Stripes for each of several threads, that one more or less may be taken for none.
constexpr std::int64_t kMinStripesOfThread = 16;
/// Input channels of a chunk of groups.
constexpr int kGroupChannels = 64;
/// Panels of a chunk: with fewer, V is read too often. The faster a set multiplies, the sooner it
/// asks for V again: 2 panels do for AVX2, 8 for AVX-512.
int min_chunk(const KernelSet& kernels) {
  return std::max(1, 2 * kernels.winograd.panels * kernels.lanes / 8);
}

// Columns that go through both passes of a transform together: more are fewer calls, but the
// scratch between the passes should fill no more than half of L1: up to 8 rows x 64 bytes a column.
int pass_columns_for(std::size_t l1) { return l1 >= (std::size_t{64} << 10) ? 64 : 32; }

// Columns of a strip that is staged: NCHW images are read and written in rows of 16 planes, and the
// line at the end of a row is fetched again for the next, so these should be long. `column_bytes`
// of staging each, in all a small part of L2.
int staged_columns_for(std::size_t l2, std::size_t limit, std::size_t column_bytes) {
  const std::size_t columns = std::min(l2 / 8, limit / 16) / column_bytes;
  return static_cast<int>(std::clamp<std::size_t>(columns / 32 * 32, 32, 256));
}

/// Rows of src that a tile reads, which are more than it writes.
int staged_rows(const PlanData& plan) {
  const AxisFamilyInfo& axis = plan.shape().axis_h();
  return axis.extent(axis.m);
}

int micro_rows_of(const PlanData& plan) {
  const KernelSet& kernels = plan.kernels();
  return plan.shape().arithmetic == DataType::f16 ? kernels.half->winograd.mr : kernels.winograd.mr;
}

bool takes_u_as_packed(const PlanData& plan) {
  const PackedShape& shape = plan.shape();
  return shape.type == shape.arithmetic || plan.kernels().winograd_of(shape.type).b == shape.type;
}

/// True if rows of the image go through staging: not in place, or not in whole lane blocks.
bool is_staged(const PlanData& plan) {
  const Layer& layer = plan.layer;
  return !plan.in_place() || layer.c % kLaneBlock != 0 || layer.k % kPanel != 0;
}

/// The fewest threads for each part of the panels that leave nobody with much less than another.
int sharers_of_a_part(int threads, int panels) {
  for (int most = std::min({threads, panels, WinogradSchedule::kMaxParts}); most >= 1; --most) {
    const int sharers = threads / (most + 1) + 1;  // the fewest that leave no more parts than that
    const int parts = threads / sharers;
    if (panels * 4 >= parts * ceil_div(panels, parts) * 3) return sharers;
  }
  return threads;
}

}  // namespace

WinogradSchedule::WinogradSchedule(const PlanData& plan, int threads_wanted) noexcept
    : threads(std::max(1, threads_wanted)), element_bytes(bytes_of(plan.shape().arithmetic)),
      wide_panel(takes_u_as_packed(plan) ? 0 : plan.shape().depth() * kPanel) {
  choose_strips(plan);
  choose_groups(plan, std::max(1, kGroupChannels / plan.shape().merged_c()));
  divide(plan, fit_limit(plan, choose_chunk(plan)));
  m_stride = std::ptrdiff_t{chunk_panels} * kPanel;
  const auto tiles_of_block = static_cast<std::ptrdiff_t>(block_tiles);
  v_size = TileBlock::max_size(plan.tiling, tiles_of_block, v_stride);
  m_size = TileBlock::max_size(plan.tiling, tiles_of_block, m_stride);
}

void WinogradSchedule::choose_groups(const PlanData& plan, int units) noexcept {
  const PackedShape& shape = plan.shape();
  const bool grouped = shape.groups > 1;
  panel_unit = grouped ? shape.merged_k() / kPanel : 1;
  const int most = std::min(units, shape.panels() / panel_unit);
  chunk_panels = most * panel_unit;
  phase_stride =
      grouped ? std::ptrdiff_t{most} * shape.merged_c() : round_up(plan.layer.c, kLaneBlock);
  v_stride = phase_stride * shape.axis_h().stride * shape.axis_w().stride;
}

std::uint64_t WinogradSchedule::bytes(const Tiling& tiling, std::int64_t tiles,
                                      int chunk) const noexcept {
  const std::int64_t frequencies = tiling.frequencies();
  return static_cast<std::uint64_t>(frequencies *
                                        (tiles * (v_stride + chunk * kPanel) + 2 * kLaneBlock) +
                                    scratch_size + staging_size) *
             static_cast<std::uint64_t>(element_bytes) +
         static_cast<std::uint64_t>(chunk * wide_panel) * sizeof(float);
}

void WinogradSchedule::set_strip_columns(const PlanData& plan, int columns, bool staged) noexcept {
  strip_columns = columns;
  const int in_columns = columns * plan.shape().axis_w().stride + kMaxTaps;
  staging_size = staged ? std::ptrdiff_t{in_columns} * staged_rows(plan) * kLaneBlock : 0;
}

void WinogradSchedule::choose_strips(const PlanData& plan) noexcept {
  const Tiling& tiling = plan.tiling;
  pass_columns = pass_columns_for(cache_sizes().l1);
  scratch_size = std::ptrdiff_t{pass_columns + kMaxTaps - 1} * tiling.alpha_h * kLaneBlock;
  if (!is_staged(plan)) {
    set_strip_columns(plan, pass_columns, false);
    return;
  }
  const std::size_t column_bytes =
      static_cast<std::size_t>(staged_rows(plan) * plan.shape().axis_w().stride) * kLaneBlock *
      static_cast<std::size_t>(element_bytes);
  const int columns =
      staged_columns_for(cache_sizes().l2, workspace_limit(plan.options), column_bytes);
  set_strip_columns(plan, std::max(pass_columns, columns), true);
}

std::int64_t WinogradSchedule::choose_chunk(const PlanData& plan) noexcept {
  // V of a block fills half of L2. M of a chunk is written by the GEMMs and read back at once: a
  // quarter.
  const std::size_t l2 = cache_sizes().l2;
  const auto row_bytes = static_cast<std::size_t>(plan.tiling.frequencies() * element_bytes);
  const std::int64_t tiles = std::min(
      std::clamp(
          static_cast<std::int64_t>(l2 / 2 / (row_bytes * static_cast<std::size_t>(v_stride))),
          kMinTiles, kMaxTiles),
      plan.tiling.tiles);
  if (plan.shape().groups > 1) return tiles;
  const int panels = plan.shape().panels();
  const auto panel_bytes = row_bytes * static_cast<std::size_t>(tiles * kPanel);
  chunk_panels = std::clamp(static_cast<int>(l2 / 4 / panel_bytes),
                            std::min(min_chunk(plan.kernels()), panels), panels);
  chunk_panels = ceil_div(panels, ceil_div(panels, chunk_panels));  // nearly equal chunks
  return tiles;
}

std::int64_t WinogradSchedule::fit_limit(const PlanData& plan, std::int64_t tiles) noexcept {
  // Shorter strips if a stripe does not fit, then smaller chunks, then fewer tiles; less
  // than a stripe only if not even one panel of M leaves room for more.
  const Tiling& tiling = plan.tiling;
  const std::size_t limit = workspace_limit(plan.options);
  const std::int64_t rows = std::min<std::int64_t>(tiles, micro_rows_of(plan));
  const int fewest = plan.shape().groups > 1 ? chunk_panels : min_chunk(plan.kernels());
  if (is_staged(plan) && bytes(tiling, rows, fewest) > limit) {
    set_strip_columns(plan, pass_columns, true);
  }
  if (plan.shape().groups > 1) {
    while (bytes(tiling, rows, chunk_panels) > limit && chunk_panels > panel_unit) {
      choose_groups(plan, chunk_panels / panel_unit / 2);
    }
  } else {
    while (bytes(tiling, tiles, chunk_panels) > limit && chunk_panels > fewest) {
      chunk_panels = std::max(fewest, (chunk_panels + 1) / 2);
    }
    while (bytes(tiling, rows, chunk_panels) > limit && chunk_panels > 1) chunk_panels /= 2;
  }
  while (bytes(tiling, tiles, chunk_panels) > limit && tiles > 1) --tiles;
  return tiles;
}

void WinogradSchedule::divide(const PlanData& plan, std::int64_t tiles) noexcept {
  const Tiling& tiling = plan.tiling;
  const int units = plan.shape().panels() / panel_unit;
  const std::int64_t micro_rows = micro_rows_of(plan);
  blocks = (tiling.tiles + tiles - 1) / tiles;
  const bool few_tiles = threads > 1 && tiling.tiles / threads < kMinTilesOfThread;
  const int sharers = few_tiles ? sharers_of_a_part(threads, units) : threads;
  parts = threads / sharers;
  if (sharers > 1) blocks = (blocks + sharers - 1) / sharers * sharers;
  blocks = std::min(blocks, tiling.tiles);
  // Whole stripes for the micro-kernel, unless that takes too much memory, leaves a block
  // empty, or may give one of several threads noticeably more to do than another.
  const auto largest_block = [&](std::int64_t unit) {
    const std::int64_t pieces = (tiling.tiles + unit - 1) / unit;
    return (pieces + blocks - 1) / blocks * unit;
  };
  const bool even = sharers == 1 || tiling.tiles >= sharers * micro_rows * kMinStripesOfThread;
  const bool whole_stripes =
      even && tiling.tiles >= blocks * micro_rows &&
      bytes(tiling, largest_block(micro_rows), chunk_panels) <= workspace_limit(plan.options);
  block_unit = whole_stripes ? micro_rows : 1;
  block_tiles = largest_block(block_unit);
  chunk_panels = std::min(chunk_panels, ceil_div(units, parts) * panel_unit);
}

std::size_t WinogradSchedule::thread_bytes() const noexcept {
  Arena arena(nullptr);
  for (const std::ptrdiff_t size : {v_size, m_size, scratch_size, staging_size}) {
    arena.take_bytes(size * element_bytes);
  }
  arena.take(chunk_panels * wide_panel);
  return arena.used();
}

}  // namespace winograd::detail
