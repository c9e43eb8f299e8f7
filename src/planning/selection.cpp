// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/planning/selection.hpp"

#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdio>
#include <limits>

#include "src/planning/cost.hpp"

namespace winograd::detail {
namespace {

/// Mean of amplification² over the outputs of an axis: whole tiles and a remainder.
double mean_amplification_squared(AxisFamily family, int outputs) noexcept {
  const AxisFamilyInfo& info = axis_family_info(family);
  const int rest = outputs % info.m;
  const double whole = info.amplification_squared[info.m - 1];
  const double last = rest > 0 ? info.amplification_squared[rest - 1] : 0;
  return ((outputs - rest) * whole + rest * last) / outputs;
}

/// Of all taps of all outputs along an axis without dilation, the share that lies inside the image.
double share_inside(int in, int out, int kernel, int stride, int pad) noexcept {
  std::int64_t inside = 0;
  for (int tap = 0; tap < kernel; ++tap) {
    // The first output whose tap lies behind the padding, and behind the image.
    const int begin = std::min(ceil_div(std::max(pad - tap, 0), stride), out);
    const int end = std::clamp(ceil_div(std::max(in + pad - tap, 0), stride), begin, out);
    inside += end - begin;
  }
  return static_cast<double>(inside) / (static_cast<double>(out) * kernel);
}

/// True if the kernels round products before they add them up.
bool rounds_products(Isa isa) noexcept {
  return isa == Isa::scalar || isa == Isa::sse2 || isa == Isa::neon_armv7 ||
         isa == Isa::neon_armv7_fma || isa == Isa::wasm_simd128;
}

/// Square of what rounding dst to its type adds to the error. It is unit² / 7 for outputs that are
/// spread evenly between powers of two, and up to unit² / 3 where the largest are just above one:
/// few outputs are not spread so evenly.
double storage_error_squared(DataType type) noexcept {
  const double unit = type == DataType::f16 ? 0x1p-11 : type == DataType::bf16 ? 0x1p-8 : 0.0;
  return unit * unit / 6;
}

}  // namespace

int chain_length(const PackedShape& shape, Accuracy accuracy) noexcept {
  // Shorter chains cost another pass over the sums each. Of chains of 16 to 128, 24 is about the
  // most exact from 64 to 1024 channels; 64 the longest that keep F(4,3) below a sequential direct
  // sum from 256 channels on (behind a ReLU from 512 on; by the model 40 would do from 256 on).
  // Beyond 128 the error grows but hardly the speed. For direct the sums are longer and nothing
  // amplifies their errors.
  // In f16, 16 would be a little more exact, and each chain costs instructions.
  if (shape.arithmetic == DataType::f16) return 32;
  if (shape.small_groups) return static_cast<int>(shape.depth());
  const bool winograd = shape.is_winograd();
  switch (accuracy) {
    // Sums of 2048 products and more, as strided layers have them, are most exact with 48 and more.
    case Accuracy::strict: return !winograd ? 64 : shape.depth() / shape.merged > 1024 ? 48 : 24;
    case Accuracy::standard: return winograd ? 64 : 256;
    case Accuracy::relaxed:
    case Accuracy::half: return winograd ? 128 : 512;  // rounding the weights outweighs the sums
  }
  return 64;
}

double expected_rms_error(const Layer& layer, const PackedShape& shape, const KernelSet& kernels,
                          int chain) noexcept {
  // A sum of n products of random sign errs by its rounding unit times sqrt(n), relative to itself.
  // A sum of `chains` chains of `in_chain` products has both lengths in place of n, and products
  // that are rounded, the roundings of U, V and Y, and those with bias and residual count like a
  // few products more. The constants are calibrated, see docs/accuracy.md.
  constexpr double kUnit = 1.7e-8;           // in theory 1.79e-8
  constexpr double kHalfOverFloat = 0x1p13;  // 24 significant bits, and 11
  constexpr double kProducts = 3.0, kTransformOfAxis = 9.0, kEpilogue = 2.0;
  // Weights in f16: each product errs by 2^-11 / sqrt(7) of itself, however many there are.
  constexpr double kHalfWeights = 0x1p-22 / 7 / (kUnit * kUnit);
  const double depth = static_cast<double>(shape.depth() / shape.merged);
  const double in_chain = std::min(depth, static_cast<double>(chain));
  double roundings = in_chain + std::ceil(depth / in_chain);
  if (rounds_products(kernels.isa)) roundings += kProducts;
  const bool half = shape.arithmetic == DataType::f16;
  if (shape.type == DataType::f16 && !half) roundings += kHalfWeights;
  if (shape.is_winograd()) {
    roundings += kTransformOfAxis * ((shape.family_h != AxisFamily::identity ? 1.0 : 0.0) +
                                     (shape.family_w != AxisFamily::identity ? 1.0 : 0.0));
    roundings *= mean_amplification_squared(shape.family_h, layer.out_h) *
                 mean_amplification_squared(shape.family_w, layer.out_w);
    // Zeros of the padding take more from the outputs than from the errors, which every output of a
    // tile shares.
    const double inside =
        share_inside(layer.h, layer.out_h, layer.kernel_h, layer.stride_h, layer.pad_top) *
        share_inside(layer.w, layer.out_w, layer.kernel_w, layer.stride_w, layer.pad_left);
    if (inside > 0) roundings /= std::sqrt(inside);
  }
  const double unit = half ? kUnit * kHalfOverFloat : kUnit;
  const double sums = unit * unit * (roundings + kEpilogue);
  return std::sqrt(sums + storage_error_squared(layer.type));
}

std::size_t packed_bytes(const PackedShape& shape) noexcept {
  return static_cast<std::size_t>(shape.float_count()) * sizeof(float);
}

/// Of an axis, squared, below `relaxed`: what F(4,3) amplifies is allowed, not F(6,3) and F(4,5).
constexpr double kMostAmplification = 9;

/// What a plain loop on f16 errs by, one product after another: the bound of arithmetic on f16.
double plain_half_error(const PackedShape& shape) noexcept {
  constexpr double kUnit = 1.79e-8 * 0x1p13;
  return kUnit * std::sqrt(static_cast<double>(shape.depth()) * shape.kernel_h * shape.kernel_w);
}

bool allowed(const Layer& layer, const PackedShape& shape, const KernelSet& kernels,
             const PlanOptions& options) noexcept {
  const auto coarse = [](AxisFamily family) {
    return axis_family_info(family).max_amplification_squared() > kMostAmplification;
  };
  if (options.accuracy != Accuracy::relaxed && (coarse(shape.family_h) || coarse(shape.family_w))) {
    return false;
  }
  if (shape.arithmetic == DataType::f16) {
    const int chain = chain_length(shape, options.accuracy);
    if (expected_rms_error(layer, shape, kernels, chain) > plain_half_error(shape)) return false;
  }
  return options.packed_limit_bytes == 0 || packed_bytes(shape) <= options.packed_limit_bytes;
}

Status nothing_allowed(const Conv2dDesc& desc, const PlanOptions& options,
                       const KernelSet& kernels) noexcept {
  PackedShape direct;
  (void)shape_for(desc, Algorithm::direct, options.accuracy, kernels,
                  &direct);  // applies to every layer, packs smallest
  return Status::failure(StatusCode::unsupported,
                         "options.packed_limit_bytes is %zu, direct needs %zu",
                         options.packed_limit_bytes, packed_bytes(direct));
}

Result<PackedShape> estimated_shape(const Conv2dDesc& desc, const PlanOptions& options,
                                    const KernelSet& kernels, char* reason,
                                    std::size_t reason_size) noexcept {
  struct Choice {
    PackedShape shape{};
    double cycles = std::numeric_limits<double>::infinity();
    void offer(const PackedShape& candidate, double cost) {
      if (cost < cycles) *this = {candidate, cost};
    }
  };
  const Layer layer(desc);
  PlanOptions without_limit = options;
  without_limit.packed_limit_bytes = 0;
  Choice best, unlimited;
  double direct_cycles = 0;
  Status refusal;  // of the smallest Winograd tile, if none applies
  for (const Algorithm algorithm : kAlgorithms) {
    PackedShape shape;
    if (Status status = shape_for(desc, algorithm, options.accuracy, kernels, &shape); !status) {
      if (algorithm == Algorithm::winograd_f2) refusal = status;
      continue;
    }
    if (!allowed(layer, shape, kernels, without_limit)) continue;
    const double cycles = estimated_cycles(layer, shape, kernels, options.accuracy);
    if (algorithm == Algorithm::direct) direct_cycles = cycles;
    unlimited.offer(shape, cycles);
    if (allowed(layer, shape, kernels, options)) best.offer(shape, cycles);
  }
  if (!std::isfinite(best.cycles)) return nothing_allowed(desc, options, kernels);

  const char* name = to_string(best.shape.algorithm);
  if (best.shape.algorithm != unlimited.shape.algorithm) {
    std::snprintf(reason, reason_size,
                  "%s packs %zu bytes; %s, estimated %.2f times as fast, needs %zu, above "
                  "packed_limit_bytes",
                  name, packed_bytes(best.shape), to_string(unlimited.shape.algorithm),
                  best.cycles / unlimited.cycles, packed_bytes(unlimited.shape));
  } else if (!refusal) {
    std::snprintf(reason, reason_size, "no Winograd transform applies: %s", refusal.message());
  } else if (best.shape.algorithm == Algorithm::direct) {
    std::snprintf(reason, reason_size,
                  "direct is estimated fastest: transforms or weight traffic would outweigh the "
                  "saved multiplications");
  } else {
    std::snprintf(reason, reason_size,
                  "%s is estimated %.2f times as fast as direct, within %s accuracy", name,
                  direct_cycles / best.cycles, to_string(options.accuracy));
  }
  return best.shape;
}

}  // namespace winograd::detail
