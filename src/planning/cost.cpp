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

/// Of a vector of sums: a tap is a load and a fma, two of each in a cycle, and a share of the
/// weights' loads; then the sums go to memory and from there to dst.
double depthwise_cycles(const Layer& layer, const KernelSet& kernels) noexcept {
  constexpr double kTap = 0.65, kFinish = 4;
  const CostModel& cost = kernels.cost;
  const bool nchw = !kernels.edges(layer.layout).in_place || layer.type != DataType::f32;
  const double lanes = kernels.lanes;
  const double vectors = round_up(layer.c, kGroup) / lanes;
  const double pixels = static_cast<double>(layer.n) * layer.out_h * layer.out_w;
  const double in_pixels = static_cast<double>(layer.n) * layer.h * layer.w;
  const double taps = static_cast<double>(layer.kernel_h) * layer.kernel_w;
  const double staging = nchw ? cost.nchw_direct_in : 1;  // rows with zeros around them
  return cost.start + vectors * (pixels * (taps * kTap + kFinish) + in_pixels * staging);
}

/// Cycles to move so many bytes, which `caches` keep in part for the next run.
double traffic_cycles(double bytes, const CostModel& cost, const CacheSizes& caches) noexcept {
  const auto l2 = static_cast<double>(caches.l2), l3 = static_cast<double>(caches.l3);
  if (bytes < l2 / 2) return 0;
  const double missing = l3 > 0 ? std::clamp(4 * bytes / l3 - 1, 0.0, 1.0) : 1.0;
  const double line = cost.line_of_l3 + missing * (cost.line_of_memory - cost.line_of_l3);
  return bytes / static_cast<double>(kLineBytes) * line;
}

}  // namespace

double estimated_cycles(const Layer& layer, const PackedShape& shape, const KernelSet& kernels,
                        Accuracy accuracy) noexcept {
  constexpr double kBlockTiles = 32;
  const CostModel& cost = kernels.cost;
  const double lanes = kernels.lanes;
  const double fma_per_cycle = 2.0 * lanes;
  // What is staged; types of 16 bits always are, for about as much as the transposes cost.
  const bool nchw = !kernels.edges(layer.layout).in_place || layer.type != DataType::f32;
  if (shape.depthwise) return depthwise_cycles(layer, kernels);
  const double c = layer.group_c, k = shape.padded_k();
  if (!shape.is_winograd()) {
    const double pixels = static_cast<double>(layer.n) * layer.out_h * layer.out_w;
    const double sums = pixels * k * layer.groups / fma_per_cycle;
    const auto depth = static_cast<double>(shape.depth());
    if (in_planes(layer, kernels, chain_length(shape, accuracy))) {
      return cost.start + sums * (depth * cost.planes + cost.planes_start);
    }
    const double in_pixels = static_cast<double>(layer.n) * layer.h * layer.w;
    const double staging =
        nchw ? in_pixels * layer.c / lanes * cost.nchw_direct_in + sums * cost.nchw_direct_out : 0;
    return cost.start + sums * (depth * cost.direct_gemm + cost.direct_start) + staging;
  }
  const double c_vectors = round_up(layer.c, kGroup) / lanes;
  const double k_vectors = round_up(layer.k, kGroup) / lanes;
  const Tiling tiling(layer, shape.family_h, shape.family_w);
  double gemm = 0, transforms = 0;
  for (const TileClass& tile : tiling.classes) {
    const double values = static_cast<double>(tile.count) * tile.alpha_h * tile.alpha_w;
    const bool large = tile.alpha_h > 6 || tile.alpha_w > 6;
    const double input = large ? cost.large_input : cost.transform;
    const double output = large ? cost.large_output : cost.transform;
    gemm += values * (c + cost.gemm_start) * k / fma_per_cycle * cost.gemm;
    transforms += values * (c_vectors * (input + (nchw ? cost.nchw_input : 0)) +
                            k_vectors * (output + (nchw ? cost.nchw_output : 0)));
  }
  const double u_bytes = static_cast<double>(shape.weights_floats()) * sizeof(float);
  const double tile_bytes = tiling.frequencies() * (layer.c + 64.0) * sizeof(float);
  const double block_tiles =
      std::min(kBlockTiles, static_cast<double>(kDefaultWorkspaceBytes) / tile_bytes);
  const double blocks = std::ceil(static_cast<double>(tiling.tiles) / block_tiles);
  const double row_groups = std::ceil(static_cast<double>(tiling.tiles) / kernels.winograd.mr);
  const double rows = static_cast<double>(tiling.tiles) / row_groups;
  if (rows < cost.latency_rows) gemm *= cost.latency_rows / rows;
  // The last level is shared with the other layers and with other programs: from a quarter of it
  // on, less and less of U is found there.
  const auto l2 = static_cast<double>(cache_sizes().l2), l3 = static_cast<double>(cache_sizes().l3);
  const double missing = l3 > 0 ? std::clamp(4 * u_bytes / l3 - 1, 0.0, 1.0) : 1.0;
  const double line =
      u_bytes < l2 / 2 ? 0 : cost.line_of_l3 + missing * (cost.line_of_memory - cost.line_of_l3);
  const double stream = u_bytes * blocks / static_cast<double>(kLineBytes) * line;
  return cost.start + gemm + transforms + stream;
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
                traffic_cycles(tensors, kernels.cost, cache_sizes());
  cost.seconds = cost.cycles * options.calibration.seconds_per_cycle;
  return cost;
}

}  // namespace winograd::detail
