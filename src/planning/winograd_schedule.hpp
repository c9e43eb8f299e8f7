// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// How the work of a Winograd plan is cut into blocks and shared among threads.
#ifndef WINOGRAD_SRC_PLANNING_WINOGRAD_SCHEDULE_HPP
#define WINOGRAD_SRC_PLANNING_WINOGRAD_SCHEDULE_HPP

#include <algorithm>

#include "src/planning/plan_data.hpp"

namespace winograd::detail {

struct WinogradSchedule {
  WinogradSchedule(const PlanData& plan, int threads) noexcept;

  /// Most parts; more threads than that share parts.
  static constexpr int kMaxParts = 64;

  int threads;
  /// The panels of output channels are divided into parts. Thread t works on part t % parts, for
  /// which it takes blocks of tiles, with the other threads of that part, until there are no more.
  /// One part if there are tiles enough for all threads. Otherwise each part transforms the input
  /// again, which costs less than reading a V that another core has written.
  int parts;
  std::int64_t blocks;       ///< of tiles, nearly equal
  std::int64_t block_unit;   ///< all blocks but the last are multiples of it
  std::int64_t block_tiles;  ///< of the largest block
  /// Panels that stay together: one, or of a layer with groups those of merged groups. A chunk of a
  /// layer with groups needs no inputs but those of its groups, so V holds no others.
  int panel_unit;
  int chunk_panels;   ///< panels of output channels that M holds at a time
  int strip_columns;  ///< columns of output that a strip of tiles may have
  int pass_columns;   ///< of those, what goes through both passes of a transform at a time
  std::ptrdiff_t phase_stride;  ///< floats from one phase of a row of V to the next
  std::ptrdiff_t v_stride, m_stride;
  std::ptrdiff_t v_size, m_size, scratch_size, staging_size;  ///< elements of the arithmetic
  std::ptrdiff_t element_bytes;                               ///< of one of them
  /// Floats of one frequency's weights of a panel, if these must be widened; else 0.
  std::ptrdiff_t wide_panel;

  /// First tile of a block, 0 <= index <= blocks.
  std::int64_t first_tile(const Tiling& tiling, std::int64_t index) const noexcept {
    const std::int64_t units = (tiling.tiles + block_unit - 1) / block_unit;
    const std::int64_t size = units / blocks, longer = units % blocks;
    return std::min((index * size + std::min(index, longer)) * block_unit, tiling.tiles);
  }

  /// Workspace of a thread.
  std::size_t thread_bytes() const noexcept;

 private:
  // The steps of the constructor, in this order; each sets the members that it is named after.
  void choose_strips(const PlanData& plan) noexcept;
  void choose_groups(const PlanData& plan, int units) noexcept;
  /// Returns the tiles of a block that fit the caches.
  std::int64_t choose_chunk(const PlanData& plan) noexcept;
  /// Less of both where the workspace has a limit; returns the tiles that are left.
  std::int64_t fit_limit(const PlanData& plan, std::int64_t tiles) noexcept;
  void divide(const PlanData& plan, std::int64_t tiles) noexcept;

  /// Workspace of a thread for blocks of `tiles` tiles and chunks of `chunk` panels, roughly.
  std::uint64_t bytes(const Tiling& tiling, std::int64_t tiles, int chunk) const noexcept;
  void set_strip_columns(const PlanData& plan, int columns, bool staged) noexcept;
};

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PLANNING_WINOGRAD_SCHEDULE_HPP
