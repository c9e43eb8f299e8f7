// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What the stages of a Winograd run share. winograd_pipeline.cpp drives them and multiplies between
// the two transforms, which are in winograd_input.cpp and winograd_output.cpp.
#ifndef WINOGRAD_SRC_PIPELINES_WINOGRAD_STAGES_HPP
#define WINOGRAD_SRC_PIPELINES_WINOGRAD_STAGES_HPP

#include <algorithm>
#include <cstddef>

#include "src/planning/winograd_schedule.hpp"

namespace winograd::detail {

/// A run, the same for all of its threads.
struct WinogradRun {
  const PlanData& plan;
  const WinogradSchedule& schedule;
  const Tensors& tensors;
};

/// Scratch of one thread.
template <class E>
struct ScratchOf {
  E* v;            ///< V[xi][tile][C]
  E* m;            ///< M[xi][tile][chunk of K]
  E* passes;       ///< between the two 1-D passes
  E* staging;      ///< image rows in [col][16]
  float* weights;  ///< of a frequency, widened
};

/// Bᵀ d B: `lane_blocks` of all tiles of a block into V, which begins with them. E is what kernels
/// compute with: float or F16, as in all that follows.
template <class E>
void transform_input(const WinogradRun& run, const TileBlock& block, Range lane_blocks,
                     const ScratchOf<E>& scratch) noexcept;

/// Aᵀ M A and the epilogue: `panels` of all tiles of a block, with which M begins, into dst.
template <class E>
void transform_output(const WinogradRun& run, const TileBlock& block, Range panels,
                      const ScratchOf<E>& scratch) noexcept;

/// Tiles that go through both passes of a transform before the next ones: what the scratch between
/// the passes has room for.
inline int tiles_at_a_time(const WinogradSchedule& schedule, const TileClass& c) noexcept {
  return std::max(1, schedule.pass_columns / c.m_w);
}

/// One column more than needed, because rows a multiple of 4 KiB apart meet in one set of L1.
constexpr std::ptrdiff_t staging_row_stride(int cols) noexcept {
  return std::ptrdiff_t{cols + 1} * kLaneBlock;
}

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PIPELINES_WINOGRAD_STAGES_HPP
