// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/weights/packed_shape.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <iterator>
#include <limits>
#include <numeric>

namespace winograd::detail {
namespace {

/// "3 or 5": the taps for which the table has an F(m, r) with this stride.
void list_taps(int m, std::int64_t stride, char* text, std::size_t size) noexcept {
  std::size_t used = 0;
  for (int taps = 2; taps <= kMaxTaps; ++taps) {
    AxisFamily family;
    if (!axis_family_of(m, taps, stride, &family) || used >= size) continue;
    used += static_cast<std::size_t>(
        std::snprintf(text + used, size - used, "%s%d", used > 0 ? " or " : "", taps));
  }
}

/// Finds the family of an axis, or says why there is none.
Status find_family(const char* axis, Algorithm algorithm, std::int64_t kernel, std::int64_t stride,
                   AxisFamily* family) noexcept {
  const int m = tile_of(algorithm);
  if (axis_family_of(m, kernel, stride, family)) return {};
  char taps[32] = "";
  list_taps(m, stride, taps, sizeof taps);
  if (taps[0] == '\0') {
    return Status::failure(StatusCode::unsupported, "%s has no transform for stride_%s %" PRId64,
                           to_string(algorithm), axis, stride);
  }
  return Status::failure(StatusCode::unsupported,
                         "%s has no transform for kernel_%s %" PRId64
                         ", which with stride_%s %" PRId64 " must be %s%s",
                         to_string(algorithm), axis, kernel, axis, stride, taps,
                         stride == 1 ? ", or 1" : "");
}

/// Takes so many groups together that they have whole lane blocks of inputs and outputs.
Status merge_groups(Algorithm algorithm, PackedShape& shape) noexcept {
  if (shape.groups == 1) return {};
  const int merged = std::max(kLaneBlock / std::gcd(kLaneBlock, shape.group_c),
                              kPanel / std::gcd(kPanel, shape.group_k));  // both are powers of two
  if (shape.groups % merged != 0 || (shape.group_c == 1 && shape.group_k == 1)) {
    return Status::failure(StatusCode::unsupported,
                           "%s needs groups that together have multiples of %d channels and are "
                           "not depthwise; groups is %d, of %d to %d channels",
                           to_string(algorithm), kLaneBlock, shape.groups, shape.group_c,
                           shape.group_k);
  }
  shape.merged = merged;
  return {};
}

bool has_small_groups(const PackedShape& shape) noexcept {
  // Sums are one chain.
  constexpr std::int64_t kMostProducts = 256;
  const int channels = shape.group_c;
  if (shape.groups == 1 || shape.group_k != channels) return false;
  return channels == 1 ||
         ((channels == 4 || channels == 8 || channels == 16) &&
          std::int64_t{channels} * shape.kernel_h * shape.kernel_w <= kMostProducts);
}

/// Packed weights must be addressable: a limit that 32-bit machines have.
Status check_size(const PackedShape& shape) noexcept {
  const std::int64_t floats = shape.float_count();
  if (floats <= kMaxFloats) return {};
  return Status::failure(StatusCode::unsupported,
                         "%s packs the weights into %" PRId64 " numbers, at most %" PRId64
                         " are possible on this machine",
                         to_string(shape.algorithm), floats, kMaxFloats);
}

}  // namespace

bool is_algorithm(unsigned value) noexcept {
  return std::any_of(std::begin(kAlgorithms), std::end(kAlgorithms), [value](Algorithm algorithm) {
    return static_cast<unsigned>(algorithm) == value;
  });
}

int tile_of(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::automatic:
    case Algorithm::direct: break;
    case Algorithm::winograd_f2: return 2;
    case Algorithm::winograd_f3: return 3;
    case Algorithm::winograd_f4: return 4;
    case Algorithm::winograd_f6: return 6;
  }
  return 0;
}

std::int64_t PackedShape::float_count() const noexcept {
  const std::int64_t k = panel_groups() == 1 ? std::int64_t{groups} * group_k : group_k;
  const std::int64_t columns = round_up<std::int64_t>(k, small_groups ? kPanel : 8);
  // No overflow here: validate() keeps both factors below 2^31 and a little.
  const std::int64_t rows = is_winograd() ? std::int64_t{merged_c()} : depth();
  const std::int64_t unit = round_up<std::int64_t>(rows * columns, 16);
  const std::int64_t bias = panel_groups() * round_up<std::int64_t>(k, kPanel);
  std::int64_t total = 0;
  const std::int64_t floats = type == DataType::f16 ? unit / 2 : unit;
  if (__builtin_mul_overflow(floats, units(), &total) ||
      __builtin_add_overflow(total, bias, &total)) {
    return std::numeric_limits<std::int64_t>::max();
  }
  return total;
}

Status shape_for(const Conv2dDesc& desc, Algorithm algorithm, PackedShape* shape) noexcept {
  *shape = PackedShape{};
  shape->algorithm = algorithm;
  shape->groups = static_cast<int>(desc.groups);
  shape->group_c = static_cast<int>(desc.in_channels / desc.groups);
  shape->group_k = static_cast<int>(desc.out_channels / desc.groups);
  shape->kernel_h = static_cast<int>(desc.kernel_h);
  shape->kernel_w = static_cast<int>(desc.kernel_w);
  if (algorithm == Algorithm::direct) {
    shape->small_groups = has_small_groups(*shape);
    return check_size(*shape);
  }
  const char* name = to_string(algorithm);
  const struct {
    const char* name;
    std::int64_t value;
  } must_be_one[] = {{"dilation_h", desc.dilation_h}, {"dilation_w", desc.dilation_w}};
  for (const auto& field : must_be_one) {
    if (field.value != 1) {
      return Status::failure(StatusCode::unsupported, "%s needs %s 1, it is %" PRId64, name,
                             field.name, field.value);
    }
  }
  if (Status s = find_family("h", algorithm, desc.kernel_h, desc.stride_h, &shape->family_h); !s) {
    return s;
  }
  if (Status s = find_family("w", algorithm, desc.kernel_w, desc.stride_w, &shape->family_w); !s) {
    return s;
  }
  if (Status s = merge_groups(algorithm, *shape); !s) return s;
  if (desc.kernel_h == 1 && desc.kernel_w == 1) {
    return Status::failure(StatusCode::unsupported, "%s has no transform for a kernel of 1 x 1",
                           name);
  }
  return check_size(*shape);
}

Status shape_for(const Conv2dDesc& desc, Algorithm algorithm, Accuracy accuracy,
                 const KernelSet& kernels, PackedShape* shape) noexcept {
  Status status = shape_for(desc, algorithm, shape);
  if (shape->group_c > kernels.largest_group) shape->small_groups = false;
  if (accuracy != Accuracy::half || shape->small_groups) return status;
  shape->type = DataType::f16;
  if (desc.data_type == DataType::f16 && kernels.half != nullptr && shape->half_shift() >= 0) {
    shape->arithmetic = DataType::f16;
  }
  return status;
}

}  // namespace winograd::detail
