// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/weights/packed_shape.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <iterator>
#include <limits>

namespace winograd::detail {
namespace {

/// "3 or 5": the taps for which the table has an F(m, r).
void list_taps(int m, char* text, std::size_t size) noexcept {
  std::size_t used = 0;
  for (int taps = 2; taps <= kMaxTaps; ++taps) {
    AxisFamily family;
    if (!axis_family_of(m, taps, &family) || used >= size) continue;
    used += static_cast<std::size_t>(
        std::snprintf(text + used, size - used, "%s%d", used > 0 ? " or " : "", taps));
  }
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
  const std::int64_t k = depthwise ? groups : group_k;
  const std::int64_t columns = round_up<std::int64_t>(k, depthwise ? kPanel : 8);
  // No overflow here: validate() keeps both factors below 2^31 and a little.
  const std::int64_t matrix = round_up<std::int64_t>(depth() * columns, 16);
  const std::int64_t bias = (depthwise ? 1 : groups) * round_up<std::int64_t>(k, kPanel);
  std::int64_t total = 0;
  const std::int64_t floats = type == DataType::f16 ? matrix / 2 : matrix;
  if (__builtin_mul_overflow(floats, matrices(), &total) ||
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
    shape->depthwise = desc.groups > 1 && shape->group_c == 1 && shape->group_k == 1;
    return check_size(*shape);
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
  const int m = tile_of(algorithm);
  if (!axis_family_of(m, desc.kernel_h, &shape->family_h) ||
      !axis_family_of(m, desc.kernel_w, &shape->family_w) ||
      (desc.kernel_h == 1 && desc.kernel_w == 1)) {
    char taps[32] = "";
    list_taps(m, taps, sizeof taps);
    return Status::failure(StatusCode::unsupported,
                           "%s has no transform for a kernel of %" PRId64 " x %" PRId64
                           "; each side must be 1 or %s, and not both 1",
                           name, desc.kernel_h, desc.kernel_w, taps);
  }
  return check_size(*shape);
}

Status shape_for(const Conv2dDesc& desc, Algorithm algorithm, Accuracy accuracy,
                 const KernelSet& kernels, PackedShape* shape) noexcept {
  Status status = shape_for(desc, algorithm, shape);
  if (accuracy != Accuracy::half || shape->depthwise) return status;
  shape->type = DataType::f16;
  if (desc.data_type == DataType::f16 && kernels.half != nullptr && shape->half_shift() >= 0) {
    shape->arithmetic = DataType::f16;
  }
  return status;
}

}  // namespace winograd::detail
