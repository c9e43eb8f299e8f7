// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/integration/wire.hpp"

#include <bit>

namespace winograd::test {

static_assert(std::endian::native == std::endian::little,
              "floats are written as they lie in memory");

void Message::varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) data_.push_back(static_cast<char>(value | 0x80));
  data_.push_back(static_cast<char>(value));
}

void Message::tag(int field, int wire_type) {
  varint(static_cast<std::uint64_t>(field) << 3 | static_cast<std::uint64_t>(wire_type));
}

Message& Message::number(int field, std::int64_t value) {
  tag(field, 0);
  varint(static_cast<std::uint64_t>(value));
  return *this;
}

Message& Message::real(int field, float value) {
  tag(field, 5);
  data_.append(raw({value}));
  return *this;
}

Message& Message::bytes(int field, std::string_view value) {
  tag(field, 2);
  varint(value.size());
  data_.append(value);
  return *this;
}

Message& Message::floats(int field, const std::vector<float>& values) {
  return bytes(field, raw(values));
}

std::string_view raw(const std::vector<float>& values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)};
}

}  // namespace winograd::test
