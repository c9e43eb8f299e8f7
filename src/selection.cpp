// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "selection.hpp"

#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdio>

#include "cpu_features.hpp"
#include "plan_data.hpp"
#include "tiling.hpp"

namespace winograd::detail {
namespace {

/// The transform of an axis with `taps` taps, for F(m, taps); false if there is none.
bool family_for(Algorithm algorithm, std::int64_t taps, AxisFamily* family) noexcept {
  if (taps == 1) {
    *family = AxisFamily::identity;
    return true;
  }
  const struct {
    Algorithm algorithm;
    int taps;
    AxisFamily family;
  } table[] = {
      {Algorithm::winograd_f2, 3, AxisFamily::f2_3}, {Algorithm::winograd_f2, 5, AxisFamily::f2_5},
      {Algorithm::winograd_f3, 3, AxisFamily::f3_3}, {Algorithm::winograd_f4, 3, AxisFamily::f4_3},
      {Algorithm::winograd_f4, 5, AxisFamily::f4_5}, {Algorithm::winograd_f6, 3, AxisFamily::f6_3},
  };
  for (const auto& entry : table) {
    if (entry.algorithm == algorithm && entry.taps == taps) {
      *family = entry.family;
      return true;
    }
  }
  return false;
}

/// Floats of a vector register.
int vector_lanes(Isa isa) noexcept {
  switch (isa) {
    case Isa::scalar: return 1;
    case Isa::avx2: return 8;
    case Isa::avx512: return 16;
    default: return 4;
  }
}

/// Rounding error of a transform pair along both axes, relative to direct convolution of the same
/// run length: the amplification by cancellation in Aᵀ and Bᵀ. Measured, see docs/accuracy.md.
double amplification(AxisFamily family) noexcept {
  switch (family) {
    case AxisFamily::identity: return 1.0;
    case AxisFamily::f2_3: return 1.3;
    case AxisFamily::f3_3: return 1.7;
    case AxisFamily::f4_3: return 2.0;
    case AxisFamily::f2_5: return 2.2;
    case AxisFamily::f6_3: return 4.0;
    case AxisFamily::f4_5: return 5.0;
  }
  return 1.0;
}

}  // namespace

Status shape_for(const Conv2dDesc& desc, Algorithm algorithm, PackedShape* shape) noexcept {
  *shape = PackedShape{};
  shape->algorithm = algorithm;
  shape->groups = static_cast<int>(desc.groups);
  shape->group_c = static_cast<int>(desc.in_channels / desc.groups);
  shape->group_k = static_cast<int>(desc.out_channels / desc.groups);
  shape->kernel_h = static_cast<int>(desc.kernel_h);
  shape->kernel_w = static_cast<int>(desc.kernel_w);
  if (algorithm == Algorithm::direct) {
    shape->depthwise = desc.groups > 1 && shape->group_c == 1 && shape->group_k == 1;
    return {};
  }
  const char* name = to_string(algorithm);
  const struct {
    const char* name;
    std::int64_t value;
  } must_be_one[] = {{"stride_h", desc.stride_h},
                     {"stride_w", desc.stride_w},
                     {"dilation_h", desc.dilation_h},
                     {"dilation_w", desc.dilation_w},
                     {"groups", desc.groups}};
  for (const auto& field : must_be_one) {
    if (field.value != 1) {
      return Status::failure(StatusCode::unsupported, "%s needs %s 1, it is %" PRId64, name,
                             field.name, field.value);
    }
  }
  if (!family_for(algorithm, desc.kernel_h, &shape->family_h) ||
      !family_for(algorithm, desc.kernel_w, &shape->family_w) ||
      (desc.kernel_h == 1 && desc.kernel_w == 1)) {
    return Status::failure(
        StatusCode::unsupported,
        "%s has no transform for a kernel of %" PRId64 " x %" PRId64
        "; each side must be 1 or %s, and not both 1",
        name, desc.kernel_h, desc.kernel_w,
        algorithm == Algorithm::winograd_f2 || algorithm == Algorithm::winograd_f4 ? "3 or 5"
                                                                                   : "3");
  }
  return {};
}

int run_length(const PackedShape& shape, Accuracy accuracy) noexcept {
  const bool winograd = shape.is_winograd();
  switch (accuracy) {
    case Accuracy::strict: return winograd ? 32 : 64;
    case Accuracy::standard: return winograd ? 64 : 256;
    case Accuracy::relaxed: return 512;
  }
  return 64;
}

double expected_rms_error(const PackedShape& shape, int run) noexcept {
  // A chained sum of `runs` runs of `run` products: both lengths add rounding errors that grow with
  // the square root.
  const double depth = static_cast<double>(shape.depth());
  const double in_run = std::min(depth, static_cast<double>(run));
  const double runs = std::ceil(depth / in_run);
  constexpr double kUnit = 1.6e-8;  // calibrated, see docs/accuracy.md
  const double direct = kUnit * std::sqrt(in_run + runs + 4.0);
  return direct * amplification(shape.family_h) * amplification(shape.family_w);
}

// Fitted to measurements of tools/selection_regret on AVX2; the units are cycles per vector, so
// that they carry over to other vector lengths.
double estimated_cycles(const Layer& layer, const PackedShape& shape,
                        const KernelSet& kernels) noexcept {
  constexpr double kStart = 7000;          // of a run: schedule, offsets, cold code
  constexpr double kGemm = 1.06;           // over two fma a cycle
  constexpr double kGemmStart = 4;         // products that a micro-tile's start and end cost
  constexpr double kDirectGemm = 1.2;      // shorter rows, less balanced
  constexpr double kDirectStart = 14;      // the same for direct, with the epilogue
  constexpr double kTransform = 6.5;       // per frequency and vector, one direction
  constexpr double kLargeTransform = 9.5;  // the same where alpha = 8 does not fit the registers
  constexpr double kNchwIn = 2.5, kNchwOut = 1.5;  // transposes, likewise
  constexpr double kNchwDirect = 15;               // staging, per input pixel and vector
  constexpr double kLine = 3.2;                    // of U that does not stay in L2
  constexpr double kLatencyRows = 4;               // fewer rows take as long: the latency of fma
  constexpr double kBlockTiles = 24;

  const double lanes = vector_lanes(kernels.isa);
  const double fma_per_cycle = 2.0 * lanes;
  const bool nchw = layer.layout == Layout::nchw;
  const double c = layer.group_c, k = shape.padded_k();
  if (!shape.is_winograd()) {
    const double pixels = static_cast<double>(layer.n) * layer.out_h * layer.out_w;
    const double gemm = pixels * k * layer.groups / fma_per_cycle *
                        (static_cast<double>(shape.depth()) * kDirectGemm + kDirectStart);
    const double in_pixels = static_cast<double>(layer.n) * layer.h * layer.w;
    const double staging = nchw ? in_pixels * layer.c / lanes * kNchwDirect : 0;
    return kStart + gemm + staging;
  }
  const double c_vectors = round_up(layer.c, kGroup) / lanes;
  const double k_vectors = round_up(layer.k, kGroup) / lanes;
  const Tiling tiling(layer, shape.family_h, shape.family_w);
  double gemm = 0, transforms = 0;
  for (const TileClass& tile : tiling.classes) {
    const double values = static_cast<double>(tile.count) * tile.alpha_h * tile.alpha_w;
    const bool large = tile.alpha_h > 6 || tile.alpha_w > 6;
    const double step = large ? kLargeTransform : kTransform;
    gemm += values * (c + kGemmStart) * k / fma_per_cycle * kGemm;
    transforms += values * (c_vectors * (step + (nchw ? kNchwIn : 0)) +
                            k_vectors * (step + (nchw ? kNchwOut : 0)));
  }
  const double u_bytes = static_cast<double>(shape.weights_size()) * sizeof(float);
  const double tile_bytes = tiling.frequencies() * (layer.c + 64.0) * sizeof(float);
  const double block_tiles =
      std::min(kBlockTiles, static_cast<double>(kDefaultWorkspaceBytes) / tile_bytes);
  const double blocks = std::ceil(static_cast<double>(tiling.tiles) / block_tiles);
  const double row_groups = std::ceil(static_cast<double>(tiling.tiles) / kernels.micro_rows);
  const double rows = static_cast<double>(tiling.tiles) / row_groups;
  if (rows < kLatencyRows) gemm *= kLatencyRows / rows;
  const bool stays = u_bytes < static_cast<double>(cache_sizes().l2) / 2;
  const double stream = stays ? 0 : u_bytes * blocks / static_cast<double>(kLineBytes) * kLine;
  return kStart + gemm + transforms + stream;
}

PackedShape select_shape(const Conv2dDesc& desc, Accuracy accuracy, const KernelSet& kernels,
                         char* reason, std::size_t reason_size) noexcept {
  const Layer layer(desc);
  PackedShape best{}, direct{};
  double best_cycles = 0, direct_cycles = 0;
  const char* why_not = nullptr;
  Status refused;
  for (const Algorithm algorithm : kAlgorithms) {
    PackedShape shape;
    if (Status status = shape_for(desc, algorithm, &shape); !status) {
      if (algorithm == Algorithm::winograd_f2) {
        refused = status;
        why_not = refused.message();
      }
      continue;
    }
    const bool coarse = shape.family_h == AxisFamily::f6_3 || shape.family_w == AxisFamily::f6_3 ||
                        shape.family_h == AxisFamily::f4_5 || shape.family_w == AxisFamily::f4_5;
    if (coarse && accuracy != Accuracy::relaxed) continue;
    const double cycles = estimated_cycles(layer, shape, kernels);
    if (algorithm == Algorithm::direct) {
      direct = shape;
      direct_cycles = cycles;
    }
    if (algorithm == Algorithm::direct || cycles < best_cycles) {
      best = shape;
      best_cycles = cycles;
    }
  }
  if (why_not != nullptr) {
    std::snprintf(reason, reason_size, "no Winograd transform applies: %s", why_not);
  } else if (best.algorithm == Algorithm::direct) {
    std::snprintf(reason, reason_size,
                  "direct is estimated fastest: transforms or weight traffic would outweigh the "
                  "saved multiplications");
  } else {
    std::snprintf(reason, reason_size,
                  "%s is estimated %.2f times as fast as direct, within %s accuracy",
                  to_string(best.algorithm), direct_cycles / best_cycles, to_string(accuracy));
  }
  return best;
}

}  // namespace winograd::detail
