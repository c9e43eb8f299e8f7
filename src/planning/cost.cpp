// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/planning/cost.hpp"

#include <algorithm>
#include <cmath>

#include "src/planning/plan_data.hpp"
#include "src/planning/selection.hpp"
#include "src/planning/tiling.hpp"
#include "src/runtime/cache_sizes.hpp"

namespace winograd::detail {
namespace {

constexpr double kFloat = sizeof(float);

double pixels_in(const Layer& layer) { return static_cast<double>(layer.n) * layer.h * layer.w; }
double pixels_out(const Layer& layer) {
  return static_cast<double>(layer.n) * layer.out_h * layer.out_w;
}
double fma_per_cycle(const KernelSet& kernels) { return 2.0 * kernels.lanes; }

/// Numbers of a vector, in the arithmetic of Winograd.
int lanes_of(const PackedShape& shape, const KernelSet& kernels) {
  return shape.arithmetic == DataType::f16 ? 2 * kernels.lanes : kernels.lanes;
}

/// True if src and dst are not read and written in place; types that kernels do not compute with
/// never are, for about as much as the transposes of NCHW cost.
bool is_staged(const Layer& layer, const KernelSet& kernels, DataType arithmetic = DataType::f32) {
  return !kernels.edges(layer.layout).in_place || layer.type != arithmetic;
}

/// Cycles for a cache line of something that has so many bytes and is read over and over. The last
/// level is shared with the other layers and with other programs: from a quarter of it on, less and
/// less is found there.
double line_cycles(double bytes, const CostModel& cost) noexcept {
  const CacheSizes& caches = cache_sizes();
  const auto l2 = static_cast<double>(caches.l2), l3 = static_cast<double>(caches.l3);
  if (bytes < l2 / 2) return 0;
  const double missing = l3 > 0 ? std::clamp(4 * bytes / l3 - 1, 0.0, 1.0) : 1.0;
  return cost.line_of_l3 + missing * (cost.line_of_memory - cost.line_of_l3);
}
double traffic_cycles(double bytes, const CostModel& cost) noexcept {
  return bytes / static_cast<double>(kLineBytes) * line_cycles(bytes, cost);
}

/// Columns that a GEMM computes for the output channels of a group: whole vectors, though the last
/// may be half empty.
double computed_columns(const PackedShape& shape, const KernelSet& kernels) noexcept {
  return round_up(shape.padded_k(), lanes_of(shape, kernels));
}

double depthwise_cycles(const Layer& layer, const KernelSet& kernels) noexcept {
  const CostModel& cost = kernels.cost;
  // Of a pixel, or of its share in a row.
  const double vectors =
      depthwise_in_planes(layer)
          ? static_cast<double>(layer.c) * round_up(layer.out_w, kernels.lanes) / layer.out_w /
                kernels.lanes
          : static_cast<double>(round_up(layer.c, kernels.lanes)) / kernels.lanes;
  const double taps = static_cast<double>(layer.kernel_h) * layer.kernel_w;
  double cycles = pixels_out(layer) * (taps * cost.depthwise_tap + cost.depthwise_finish);
  if (is_staged(layer, kernels) && !depthwise_in_halves(layer, kernels)) {
    cycles += (pixels_in(layer) + pixels_out(layer)) * cost.depthwise_staged;
  }
  return vectors * cycles;
}

double small_group_cycles(const Layer& layer, const PackedShape& shape,
                          const KernelSet& kernels) noexcept {
  const CostModel& cost = kernels.cost;
  const double vectors = static_cast<double>(round_up(layer.c, kLaneBlock)) / kernels.lanes;
  const double sum =
      static_cast<double>(shape.depth()) * cost.group_product + cost.depthwise_finish;
  return vectors *
         (pixels_out(layer) * sum + (pixels_in(layer) + pixels_out(layer)) * cost.depthwise_staged);
}

double planes_cycles(const Layer& layer, const PackedShape& shape,
                     const KernelSet& kernels) noexcept {
  const CostModel& cost = kernels.cost;
  // The last vector of a row may be half empty; a kernel of 1 x 1 has one long row.
  const double row = layer.is_pointwise() ? layer.out_w : round_up(layer.out_w, kernels.lanes);
  const double sums = row * layer.out_h * layer.n * layer.k / fma_per_cycle(kernels);
  return sums * (static_cast<double>(shape.depth()) * cost.planes + cost.planes_start);
}

double direct_cycles(const Layer& layer, const PackedShape& shape,
                     const KernelSet& kernels) noexcept {
  const CostModel& cost = kernels.cost;
  const double columns = computed_columns(shape, kernels);
  const double sums = pixels_out(layer) * columns * layer.groups / fma_per_cycle(kernels);
  const double product = cost.direct_gemm * (columns <= kernels.lanes ? cost.narrow : 1);
  double cycles = sums * (static_cast<double>(shape.depth()) * product + cost.direct_start) +
                  traffic_cycles(static_cast<double>(shape.weights_floats()) * kFloat, cost);
  if (is_staged(layer, kernels)) {
    cycles += pixels_in(layer) * layer.c / kernels.lanes * cost.nchw_direct_in +
              sums * cost.nchw_direct_out;
  }
  return cycles;
}

/// Of a tile, in V: of all phases of a strided layer.
double input_values(const PackedShape& shape, const TileClass& tile) noexcept {
  return static_cast<double>(shape.axis_h().values(tile.alpha_h)) *
         shape.axis_w().values(tile.alpha_w);
}

double winograd_gemm_cycles(const PackedShape& shape, const Tiling& tiling,
                            const KernelSet& kernels) noexcept {
  const CostModel& cost = kernels.cost;
  double values = 0, phase_values = 0;
  for (const TileClass& tile : tiling.classes) {
    values += static_cast<double>(tile.count) * tile.alpha_h * tile.alpha_w;
    phase_values += static_cast<double>(tile.count) * input_values(shape, tile);
  }
  const double columns = computed_columns(shape, kernels) / (2.0 * lanes_of(shape, kernels));
  const double cycles =
      (phase_values * shape.merged_c() + values * cost.gemm_start) * columns * cost.gemm;
  const int mr =
      shape.arithmetic == DataType::f16 ? kernels.half->winograd.mr : kernels.winograd.mr;
  const double stripes = std::ceil(static_cast<double>(tiling.tiles) / mr);
  const double rows = static_cast<double>(tiling.tiles) / stripes;
  return rows < cost.latency_rows ? cycles * cost.latency_rows / rows : cycles;
}

double transform_cycles(const Layer& layer, const PackedShape& shape, const Tiling& tiling,
                        const KernelSet& kernels) noexcept {
  const CostModel& cost = kernels.cost;
  const int lanes = lanes_of(shape, kernels);
  const double c_vectors = static_cast<double>(round_up(layer.c, kLaneBlock)) / lanes;
  const double k_vectors = static_cast<double>(round_up(layer.k, kLaneBlock)) / lanes;
  const bool staged = is_staged(layer, kernels, shape.arithmetic);
  double cycles = 0;
  for (const TileClass& tile : tiling.classes) {
    const bool large = tile.alpha_h > 6 || tile.alpha_w > 6;
    double input = input_values(shape, tile) * (large ? cost.large_input : cost.transform);
    double output = static_cast<double>(tile.alpha_h) * tile.alpha_w *
                    (large ? cost.large_output : cost.transform);
    if (staged) {  // neighbours share the columns of pixels where their tiles overlap
      const double factor = large ? cost.large_nchw : 1;
      input += static_cast<double>(shape.axis_h().extent(tile.m_h)) * tile.m_w *
               shape.axis_w().stride * cost.nchw_input * factor;
      output += static_cast<double>(tile.m_h) * tile.m_w * cost.nchw_output * factor;
    }
    const auto tiles = static_cast<double>(tile.count);
    const double strips = tile.cols > 0 ? tiles / tile.cols : 0;
    const int phases = shape.axis_h().stride * shape.axis_w().stride;
    cycles += c_vectors * (tiles * input + strips * phases * cost.strip) +
              k_vectors * (tiles * output + strips * cost.strip);
  }
  return cycles;
}

/// What every block of tiles costs: U, which it reads, and calls of the GEMM for each frequency.
double block_cycles(const PackedShape& shape, const Tiling& tiling,
                    const CostModel& cost) noexcept {
  constexpr double kBlockTiles = 32;
  const double u_bytes = static_cast<double>(shape.weights_floats()) * kFloat;
  const double tile_bytes = tiling.frequencies() * (static_cast<double>(shape.depth()) + 64.0) *
                            static_cast<double>(bytes_of(shape.arithmetic));
  const double block_tiles =
      std::min(kBlockTiles, static_cast<double>(kDefaultWorkspaceBytes) / tile_bytes);
  const double calls = static_cast<double>(tiling.frequencies()) * shape.groups / shape.merged;
  // U of groups is read in pieces of a few KiB, which prefetching hardly helps.
  const double u_cycles = shape.groups > 1 && line_cycles(u_bytes, cost) > 0
                              ? u_bytes / static_cast<double>(kLineBytes) * cost.line_of_memory
                              : traffic_cycles(u_bytes, cost);
  return std::ceil(static_cast<double>(tiling.tiles) / block_tiles) *
         (u_cycles + calls * cost.gemm_call);
}

}  // namespace

double estimated_cycles(const Layer& layer, const PackedShape& shape, const KernelSet& kernels,
                        Accuracy accuracy) noexcept {
  const double start = kernels.cost.start;
  if (shape.depthwise()) return start + depthwise_cycles(layer, kernels);
  if (shape.small_groups) return start + small_group_cycles(layer, shape, kernels);
  if (!shape.is_winograd()) {
    return start + (in_planes(layer, kernels, chain_length(shape, accuracy))
                        ? planes_cycles(layer, shape, kernels)
                        : direct_cycles(layer, shape, kernels));
  }
  const Tiling tiling(layer, shape.family_h, shape.family_w);
  return start + winograd_gemm_cycles(shape, tiling, kernels) +
         transform_cycles(layer, shape, tiling, kernels) +
         block_cycles(shape, tiling, kernels.cost);
}

Cost cost_of(const Conv2dDesc& desc, const Layer& layer, const PackedShape& shape,
             const KernelSet& kernels, const PlanOptions& options) noexcept {
  const auto dst = static_cast<double>(desc.dst_size());
  const double tensors = static_cast<double>(bytes_of(layer.type)) *
                         (static_cast<double>(desc.src_size()) + dst * (desc.residual ? 2 : 1));
  Cost cost{};
  if (desc.batch == 0) return cost;
  cost.products = dst * static_cast<double>(shape.group_c) * shape.kernel_h * shape.kernel_w;
  cost.bytes_moved = tensors + sizeof(float) * static_cast<double>(shape.float_count());
  cost.cycles = estimated_cycles(layer, shape, kernels, options.accuracy) +
                traffic_cycles(tensors, kernels.cost);
  cost.seconds = cost.cycles * options.calibration.seconds_per_cycle;
  return cost;
}

}  // namespace winograd::detail
