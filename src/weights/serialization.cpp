// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Packed weights as bytes:
//
//   offset  size
//        0     8  magic "WINOGRAD"
//        8     4  format version
//       12     4  0x01020304, tells the byte order
//       16     8  number of floats that follow the header
//       24     8  checksum of everything but itself
//       32    48  shape and kernels, see Header
//       80     …  floats
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "src/runtime/kernel_sets.hpp"
#include "src/weights/packed_weights.hpp"

namespace winograd {

using namespace detail;  // NOLINT: implementation file

namespace {

// Raise this when the meaning of the packed floats changes: another panel layout, other points.
constexpr std::uint32_t kVersion = 1;
constexpr char kMagic[8] = {'W', 'I', 'N', 'O', 'G', 'R', 'A', 'D'};

struct Header {
  char magic[8];
  std::uint32_t version;
  std::uint32_t byte_order;
  std::uint64_t floats;
  std::uint64_t checksum;
  std::uint8_t algorithm, family_h, family_w, isa;
  std::int32_t small_groups;  ///< 0 or 1; in older blobs 0 unless depthwise
  std::int32_t groups, group_c, group_k, kernel_h, kernel_w;
  std::int32_t panel_width;
  std::int32_t weights_type;  ///< the number of a DataType; 0, f32, in blobs older than the field
  std::int32_t arithmetic;    ///< likewise, of PackedShape::arithmetic
  std::int32_t reserved[2];
};
static_assert(sizeof(Header) == 80);

/// FNV-1a over 32-bit words; changes with every single bit.
std::uint64_t checksum(const unsigned char* bytes, std::size_t size, std::uint64_t hash) noexcept {
  constexpr std::uint64_t kPrime = 1099511628211ULL;
  for (std::size_t i = 0; i + 4 <= size; i += 4) {
    std::uint32_t word;
    std::memcpy(&word, bytes + i, sizeof word);
    hash = (hash ^ word) * kPrime;
  }
  return hash;
}

std::uint64_t checksum_of(const Header& header, const void* floats, std::size_t bytes) noexcept {
  Header without = header;
  without.checksum = 0;
  unsigned char raw[sizeof(Header)];
  std::memcpy(raw, &without, sizeof raw);
  const std::uint64_t start = checksum(raw, sizeof raw, 14695981039346656037ULL);
  return checksum(static_cast<const unsigned char*>(floats), bytes, start);
}

Header make_header(const PackedWeightsData& data) noexcept {
  Header header{};
  std::memcpy(header.magic, kMagic, sizeof kMagic);
  header.version = kVersion;
  header.byte_order = 0x01020304;
  header.floats = data.float_count();
  const PackedShape& shape = data.shape;
  header.algorithm = static_cast<std::uint8_t>(shape.algorithm);
  header.family_h = static_cast<std::uint8_t>(shape.family_h);
  header.family_w = static_cast<std::uint8_t>(shape.family_w);
  header.isa = static_cast<std::uint8_t>(data.kernels->isa);
  header.small_groups = shape.small_groups ? 1 : 0;
  header.groups = shape.groups;
  header.group_c = shape.group_c;
  header.group_k = shape.group_k;
  header.kernel_h = shape.kernel_h;
  header.kernel_w = shape.kernel_w;
  header.panel_width = kPanel;
  header.weights_type = static_cast<std::int32_t>(shape.type);
  header.arithmetic = static_cast<std::int32_t>(shape.arithmetic);
  return header;
}

Status bad(const char* what) noexcept {
  return Status::failure(StatusCode::bad_packed_data, "packed weights: %s", what);
}

/// The shape that a header claims, or why it cannot be one. Rebuilds it from the numbers through
/// the same functions that made it, so that a forged header cannot describe what packing never
/// makes.
Status read_shape(const Header& header, PackedShape* shape) noexcept {
  Conv2dDesc desc;
  desc.groups = header.groups;
  desc.kernel_h = header.kernel_h;
  desc.kernel_w = header.kernel_w;
  if (__builtin_mul_overflow(std::int64_t{header.group_c}, desc.groups, &desc.in_channels) ||
      __builtin_mul_overflow(std::int64_t{header.group_k}, desc.groups, &desc.out_channels)) {
    return bad("sizes overflow");
  }
  desc.height = desc.kernel_h;
  desc.width = desc.kernel_w;
  if (!is_algorithm(header.algorithm)) return bad("unknown algorithm");
  if (header.family_h >= kAxisFamilies || header.family_w >= kAxisFamilies) {
    return bad("unknown transform");
  }
  desc.stride_h = axis_family_info(static_cast<AxisFamily>(header.family_h)).stride;
  desc.stride_w = axis_family_info(static_cast<AxisFamily>(header.family_w)).stride;
  if (Status s = validate(desc); !s) return bad("the shape is invalid");
  if (Status s = shape_for(desc, static_cast<Algorithm>(header.algorithm), shape); !s) {
    return bad("the algorithm does not fit the shape");
  }
  const bool small_groups = header.small_groups == 1;
  if (header.family_h != static_cast<std::uint8_t>(shape->family_h) ||
      header.family_w != static_cast<std::uint8_t>(shape->family_w) ||
      (!small_groups && header.small_groups != 0) || (small_groups && !shape->small_groups) ||
      (!small_groups && shape->depthwise())) {
    return bad("the header contradicts itself");
  }
  shape->small_groups = small_groups;
  if (header.weights_type == static_cast<std::int32_t>(DataType::f16) && !shape->small_groups) {
    shape->type = DataType::f16;
  } else if (header.weights_type != static_cast<std::int32_t>(DataType::f32)) {
    return bad("unknown type of weights");
  }
  if (header.arithmetic == static_cast<std::int32_t>(DataType::f16) &&
      shape->type == DataType::f16 && shape->half_shift() >= 0) {
    shape->arithmetic = DataType::f16;
  } else if (header.arithmetic != static_cast<std::int32_t>(DataType::f32)) {
    return bad("unknown arithmetic");
  }
  return {};
}

}  // namespace

std::size_t PackedWeights::serialized_size_bytes() const noexcept {
  return sizeof(Header) + size_bytes();
}

Status PackedWeights::save(void* buffer, std::size_t size_bytes) const noexcept {
  const std::size_t needed = serialized_size_bytes();
  if (buffer == nullptr) return Status::failure(StatusCode::invalid_argument, "buffer is null");
  if (size_bytes < needed) {
    return Status::failure(StatusCode::invalid_argument, "buffer has %zu bytes, %zu are needed",
                           size_bytes, needed);
  }
  Header header = make_header(*data_);
  header.checksum = checksum_of(header, data_->floats.get(), this->size_bytes());
  std::memcpy(buffer, &header, sizeof header);
  std::memcpy(static_cast<char*>(buffer) + sizeof header, data_->floats.get(), this->size_bytes());
  return {};
}

Result<PackedWeights> PackedWeights::load(const void* buffer, std::size_t size_bytes) noexcept {
  if (buffer == nullptr) return Status::failure(StatusCode::invalid_argument, "buffer is null");
  Header header;
  if (size_bytes < sizeof header) return bad("shorter than a header");
  std::memcpy(&header, buffer, sizeof header);
  if (std::memcmp(header.magic, kMagic, sizeof kMagic) != 0) return bad("not such a blob");
  if (header.byte_order != 0x01020304) return bad("written with another byte order");
  if (header.version != kVersion) {
    return Status::failure(StatusCode::bad_packed_data,
                           "packed weights: format version %u, this library reads %u",
                           header.version, kVersion);
  }
  if (header.panel_width != kPanel) return bad("packed for another panel width");
  const std::size_t payload = size_bytes - sizeof header;
  if (header.floats > payload / sizeof(float) || header.floats * sizeof(float) != payload) {
    return bad("truncated, or longer than its header says");
  }
  const char* floats = static_cast<const char*>(buffer) + sizeof header;
  if (header.checksum != checksum_of(header, floats, payload))
    return bad("checksum does not match");

  PackedShape shape;
  if (Status s = read_shape(header, &shape); !s) return s;
  const auto data = new_packed_weights();
  if (data == nullptr) return out_of_memory("packed weights");
  data->shape = shape;
  if (data->float_count() != header.floats) return bad("size does not match the shape");
  data->kernels = find_kernel_set(static_cast<Isa>(header.isa));
  if (data->kernels == nullptr) return bad("made for an instruction set that does not run here");
  if (shape.small_groups && shape.group_c > data->kernels->largest_group) {
    return bad("the instruction set has no such kernel");
  }
  if (shape.arithmetic == DataType::f16 && data->kernels->half == nullptr) {
    return bad("the instruction set has no such arithmetic");
  }
  if (!allocate_floats(*data)) return out_of_memory("packed weights");
  std::memcpy(data->floats.get(), floats, payload);
  std::memcpy(data->reason, "loaded weights are packed for it",
              sizeof "loaded weights are packed for it");
  return PackedWeights(data);
}

}  // namespace winograd
