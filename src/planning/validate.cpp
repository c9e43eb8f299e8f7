// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Everything that can be wrong with a description, found before anything is computed from it.
#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdint>

#include "src/planning/layer.hpp"
#include "src/planning/selection.hpp"
#include "winograd/conv2d.hpp"

namespace winograd {
namespace {

using detail::kMaxFloats;

constexpr std::int64_t kMaxExtent = Conv2dDesc::kMaxExtent;

Status in_range(const char* name, std::int64_t value, std::int64_t low,
                std::int64_t high) noexcept {
  if (value >= low && value <= high) return {};
  return Status::failure(StatusCode::invalid_argument,
                         "%s is %" PRId64 ", must be in [%" PRId64 ", %" PRId64 "]", name, value,
                         low, high);
}

/// Multiplies into `total`; false once it would pass kMaxFloats.
bool multiply(std::int64_t& total, std::int64_t factor) noexcept {
  return !__builtin_mul_overflow(total, factor, &total) && total <= kMaxFloats;
}

Status check_product(const char* name, std::int64_t a, std::int64_t b, std::int64_t c,
                     std::int64_t d) noexcept {
  std::int64_t total = 1;
  if (multiply(total, a) && multiply(total, b) && multiply(total, c) && multiply(total, d)) {
    return {};
  }
  return Status::failure(StatusCode::invalid_argument,
                         "%s has %" PRId64 " x %" PRId64 " x %" PRId64 " x %" PRId64
                         " elements, at most %" PRId64 " are allowed",
                         name, a, b, c, d, kMaxFloats);
}

Status check_axis(const char* axis, std::int64_t extent, std::int64_t pad_low,
                  std::int64_t pad_high, std::int64_t kernel, std::int64_t dilation) noexcept {
  std::int64_t reach = 0;
  if (__builtin_mul_overflow(kernel - 1, dilation, &reach) || reach >= kMaxExtent) {
    return Status::failure(StatusCode::invalid_argument,
                           "kernel_%s %" PRId64 " with dilation %" PRId64 " is too large", axis,
                           kernel, dilation);
  }
  const std::int64_t padded = extent + pad_low + pad_high;
  if (padded > kMaxExtent) {
    return Status::failure(StatusCode::invalid_argument,
                           "padded input is %" PRId64 " along %s, at most %" PRId64 " is allowed",
                           padded, axis, kMaxExtent);
  }
  if (reach + 1 > padded) {
    return Status::failure(StatusCode::invalid_argument,
                           "kernel_%s %" PRId64 " with dilation %" PRId64 " covers %" PRId64
                           ", more than the padded input's %" PRId64,
                           axis, kernel, dilation, reach + 1, padded);
  }
  return {};
}

template <class Enum>
Status check_enum(const char* name, Enum value, Enum last) noexcept {
  return in_range(name, static_cast<std::int64_t>(value), 0, static_cast<std::int64_t>(last));
}

}  // namespace

Status validate(const Conv2dDesc& desc) noexcept {
  const struct {
    const char* name;
    std::int64_t value;
    std::int64_t low;
  } fields[] = {
      {"batch", desc.batch, 0},
      {"in_channels", desc.in_channels, 1},
      {"out_channels", desc.out_channels, 1},
      {"height", desc.height, 1},
      {"width", desc.width, 1},
      {"kernel_h", desc.kernel_h, 1},
      {"kernel_w", desc.kernel_w, 1},
      {"stride_h", desc.stride_h, 1},
      {"stride_w", desc.stride_w, 1},
      {"dilation_h", desc.dilation_h, 1},
      {"dilation_w", desc.dilation_w, 1},
      {"pad_top", desc.pad_top, 0},
      {"pad_left", desc.pad_left, 0},
      {"pad_bottom", desc.pad_bottom, 0},
      {"pad_right", desc.pad_right, 0},
      {"groups", desc.groups, 1},
  };
  for (const auto& field : fields) {
    if (Status s = in_range(field.name, field.value, field.low, kMaxExtent); !s) return s;
  }
  if (Status s = check_enum("layout", desc.layout, Layout::nhwc); !s) return s;
  if (Status s = check_enum("data_type", desc.data_type, DataType::bf16); !s) return s;
  if (Status s = check_enum("activation", desc.activation, Activation::prelu); !s) return s;
  if (desc.in_channels % desc.groups != 0 || desc.out_channels % desc.groups != 0) {
    return Status::failure(StatusCode::invalid_argument,
                           "groups is %" PRId64 ", must divide in_channels %" PRId64
                           " and out_channels %" PRId64,
                           desc.groups, desc.in_channels, desc.out_channels);
  }
  if (Status s = check_axis("h", desc.height, desc.pad_top, desc.pad_bottom, desc.kernel_h,
                            desc.dilation_h);
      !s) {
    return s;
  }
  if (Status s = check_axis("w", desc.width, desc.pad_left, desc.pad_right, desc.kernel_w,
                            desc.dilation_w);
      !s) {
    return s;
  }
  const std::int64_t images = std::max<std::int64_t>(desc.batch, 1);
  if (Status s = check_product("src", images, desc.in_channels, desc.height, desc.width); !s) {
    return s;
  }
  if (Status s =
          check_product("dst", images, desc.out_channels, desc.out_height(), desc.out_width());
      !s) {
    return s;
  }
  if (Status s = check_product("an image with its padding", 1, desc.in_channels,
                               desc.height + desc.pad_top + desc.pad_bottom,
                               desc.width + desc.pad_left + desc.pad_right);
      !s) {
    return s;
  }
  const std::int64_t group_channels = desc.in_channels / desc.groups;
  std::int64_t products = group_channels;
  if (!multiply(products, desc.kernel_h) || !multiply(products, desc.kernel_w) ||
      products > kMaxExtent) {
    return Status::failure(StatusCode::invalid_argument,
                           "an output sums in_channels/groups x kernel_h x kernel_w = %" PRId64
                           " x %" PRId64 " x %" PRId64 " products, at most %" PRId64 " are allowed",
                           group_channels, desc.kernel_h, desc.kernel_w, kMaxExtent);
  }
  // What direct cannot hold, nothing can: it takes every layer and packs smallest.
  detail::PackedShape direct;
  if (Status s = detail::shape_for(desc, Algorithm::direct, &direct); !s) {
    return Status::failure(StatusCode::invalid_argument, "%s", s.message());
  }
  if (desc.activation == Activation::clamp && !(desc.activation_min <= desc.activation_max)) {
    return Status::failure(
        StatusCode::invalid_argument, "activation_min is %g, must not be above activation_max %g",
        static_cast<double>(desc.activation_min), static_cast<double>(desc.activation_max));
  }
  if (desc.activation == Activation::leaky_relu && !std::isfinite(desc.leaky_slope)) {
    return Status::failure(StatusCode::invalid_argument, "leaky_slope is %g, must be finite",
                           static_cast<double>(desc.leaky_slope));
  }
  return {};
}

}  // namespace winograd
