// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The C interface's structures to and from the C++ ones.
#ifndef WINOGRAD_SRC_C_API_C_API_CONVERT_HPP
#define WINOGRAD_SRC_C_API_C_API_CONVERT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "winograd/conv2d.hpp"
#include "winograd/tuning_cache.hpp"
#include "winograd/winograd.h"

struct winograd_tuning_cache {
  winograd::TuningCache value;
};

namespace winograd::c_api {

inline winograd_status to_c(const Status& status) noexcept {
  winograd_status result{static_cast<winograd_status_code>(status.code()), {}};
  std::memcpy(result.message, status.message(), sizeof result.message);
  return result;
}

inline Status null_argument(const char* name) noexcept {
  return Status::failure(StatusCode::invalid_argument, "%s is null", name);
}

template <class Enum>
constexpr Enum kUnknown = static_cast<Enum>(std::numeric_limits<std::uint8_t>::max() - 1);

/// A C number as the C++ enumeration; what does not fit a byte becomes a value that means nothing.
template <class Enum>
Enum to_enum(std::int32_t number) noexcept {
  return number >= 0 && number <= std::numeric_limits<std::uint8_t>::max()
             ? static_cast<Enum>(number)
             : kUnknown<Enum>;
}

/// Bytes of the structure's first version, of which callers have at least all.
template <class T>
inline constexpr std::size_t kFirstVersion = sizeof(T);
template <>
inline constexpr std::size_t kFirstVersion<winograd_plan_options> =
    offsetof(winograd_plan_options, flush_subnormal_weights);
template <>
inline constexpr std::size_t kFirstVersion<winograd_plan_info> = offsetof(winograd_plan_info,
                                                                          estimated_products);

template <>
inline constexpr std::size_t kFirstVersion<winograd_conv2d_desc> = offsetof(winograd_conv2d_desc,
                                                                            data_type);

template <class T>
Status check_struct_size(const char* name, std::size_t size) noexcept {
  static_assert(sizeof(T) <= WINOGRAD_MAX_STRUCT_SIZE);
  if (size >= kFirstVersion<T> && size <= WINOGRAD_MAX_STRUCT_SIZE) return {};
  return Status::failure(StatusCode::invalid_argument,
                         "%s->struct_size is %zu, must be in [%zu, %d]; is it set?", name, size,
                         kFirstVersion<T>, WINOGRAD_MAX_STRUCT_SIZE);
}

inline Status unknown_fields(const char* name) noexcept {
  return Status::failure(StatusCode::unsupported,
                         "%s has fields set that this version of the library does not know", name);
}

/// Copies a caller's structure of any version into `known`, which holds the defaults.
template <class T>
Status read_struct(const char* name, const T* given, T& known) noexcept {
  if (given == nullptr) return null_argument(name);
  std::size_t size = 0;
  std::memcpy(&size, given, sizeof size);
  if (Status status = check_struct_size<T>(name, size); !status) return status;
  const auto* bytes = reinterpret_cast<const unsigned char*>(given);
  const std::size_t shared = std::min(size, sizeof(T));
  if (std::any_of(bytes + shared, bytes + size, [](unsigned char b) { return b != 0; })) {
    return unknown_fields(name);
  }
  std::memcpy(&known, given, shared);
  return {};
}

/// The reverse: fills a caller's structure, with zeros in what this version does not know.
template <class T>
Status write_struct(const char* name, T value, T* result) noexcept {
  if (result == nullptr) return null_argument(name);
  const std::size_t size = result->struct_size;
  if (Status status = check_struct_size<T>(name, size); !status) return status;
  value.struct_size = size;
  auto* const bytes = reinterpret_cast<unsigned char*>(result);
  const std::size_t shared = std::min(size, sizeof(T));
  std::memcpy(bytes, &value, shared);
  std::memset(bytes + shared, 0, size - shared);
  return {};
}

inline Status read_desc(const winograd_conv2d_desc* given, Conv2dDesc& desc) noexcept {
  winograd_conv2d_desc d{};
  if (Status status = read_struct("desc", given, d); !status) return status;
  desc.batch = d.batch;
  desc.in_channels = d.in_channels;
  desc.out_channels = d.out_channels;
  desc.height = d.height;
  desc.width = d.width;
  desc.kernel_h = d.kernel_h;
  desc.kernel_w = d.kernel_w;
  desc.stride_h = d.stride_h;
  desc.stride_w = d.stride_w;
  desc.dilation_h = d.dilation_h;
  desc.dilation_w = d.dilation_w;
  desc.pad_top = d.pad_top;
  desc.pad_left = d.pad_left;
  desc.pad_bottom = d.pad_bottom;
  desc.pad_right = d.pad_right;
  desc.groups = d.groups;
  desc.layout = to_enum<Layout>(d.layout);
  if (d.residual != 0 && d.residual != 1) {
    return Status::failure(StatusCode::invalid_argument, "residual is %d, must be 0 or 1",
                           static_cast<int>(d.residual));
  }
  desc.residual = d.residual != 0;
  desc.activation = to_enum<Activation>(d.activation);
  desc.activation_min = d.activation_min;
  desc.activation_max = d.activation_max;
  desc.leaky_slope = d.leaky_slope;
  if (d.reserved != 0) return unknown_fields("desc");
  desc.data_type = to_enum<DataType>(d.data_type);
  return {};
}

inline winograd_conv2d_desc to_c(const Conv2dDesc& desc) noexcept {
  winograd_conv2d_desc d{};
  d.struct_size = sizeof d;
  d.batch = desc.batch;
  d.in_channels = desc.in_channels;
  d.out_channels = desc.out_channels;
  d.height = desc.height;
  d.width = desc.width;
  d.kernel_h = desc.kernel_h;
  d.kernel_w = desc.kernel_w;
  d.stride_h = desc.stride_h;
  d.stride_w = desc.stride_w;
  d.dilation_h = desc.dilation_h;
  d.dilation_w = desc.dilation_w;
  d.pad_top = desc.pad_top;
  d.pad_left = desc.pad_left;
  d.pad_bottom = desc.pad_bottom;
  d.pad_right = desc.pad_right;
  d.groups = desc.groups;
  d.layout = static_cast<winograd_layout>(desc.layout);
  d.residual = desc.residual ? 1 : 0;
  d.activation = static_cast<winograd_activation>(desc.activation);
  d.activation_min = desc.activation_min;
  d.activation_max = desc.activation_max;
  d.leaky_slope = desc.leaky_slope;
  d.data_type = static_cast<winograd_data_type>(desc.data_type);
  return d;
}

inline Status read_options(const winograd_plan_options* given, PlanOptions& options) noexcept {
  if (given == nullptr) return {};
  winograd_plan_options o{};
  if (Status status = read_struct("options", given, o); !status) return status;
  if (o.reserved != 0) return unknown_fields("options");
  if (o.flush_subnormal_weights != 0 && o.flush_subnormal_weights != 1) {
    return Status::failure(StatusCode::invalid_argument,
                           "flush_subnormal_weights is %d, must be 0 or 1",
                           static_cast<int>(o.flush_subnormal_weights));
  }
  options.flush_subnormal_weights = o.flush_subnormal_weights != 0;
  options.algorithm = to_enum<Algorithm>(o.algorithm);
  options.accuracy = to_enum<Accuracy>(o.accuracy);
  options.max_isa = to_enum<Isa>(o.max_isa);
  options.weight_layout = to_enum<WeightLayout>(o.weight_layout);
  options.workspace_limit_bytes = o.workspace_limit_bytes;
  options.packed_limit_bytes = o.packed_limit_bytes;
  options.tuning = o.tuning == nullptr ? nullptr : &o.tuning->value;
  options.output_scale = o.output_scale;
  options.output_shift = o.output_shift;
  options.prelu_slopes = o.prelu_slopes;
  options.calibration.seconds_per_cycle = o.seconds_per_cycle;
  return {};
}

inline winograd_plan_options to_c(const PlanOptions& options) noexcept {
  winograd_plan_options o{};
  o.struct_size = sizeof o;
  o.algorithm = static_cast<winograd_algorithm>(options.algorithm);
  o.accuracy = static_cast<winograd_accuracy>(options.accuracy);
  o.max_isa = static_cast<winograd_isa>(options.max_isa);
  o.weight_layout = static_cast<winograd_weight_layout>(options.weight_layout);
  o.workspace_limit_bytes = options.workspace_limit_bytes;
  o.packed_limit_bytes = options.packed_limit_bytes;
  o.flush_subnormal_weights = options.flush_subnormal_weights ? 1 : 0;
  o.output_scale = options.output_scale;
  o.output_shift = options.output_shift;
  o.prelu_slopes = options.prelu_slopes;
  o.seconds_per_cycle = options.calibration.seconds_per_cycle;
  return o;
}

inline Status read_executor(const winograd_executor* given, Executor& executor) noexcept {
  if (given == nullptr) return {};
  winograd_executor e{};
  if (Status status = read_struct("executor", given, e); !status) return status;
  executor = Executor(e.concurrency, e.parallel_for, e.context);
  return {};
}

}  // namespace winograd::c_api

#endif  // WINOGRAD_SRC_C_API_C_API_CONVERT_HPP
