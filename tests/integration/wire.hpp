// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Writes Protocol Buffers' wire format, as much of it as the models of the tests need.
#ifndef WINOGRAD_TESTS_INTEGRATION_WIRE_HPP
#define WINOGRAD_TESTS_INTEGRATION_WIRE_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace winograd::test {

/// A message, built field by field: fields of a number may be repeated.
class Message {
 public:
  Message& number(int field, std::int64_t value);
  Message& real(int field, float value);
  /// A string, bytes, or packed floats.
  Message& bytes(int field, std::string_view value);
  Message& floats(int field, const std::vector<float>& values);
  Message& message(int field, const Message& value) { return bytes(field, value.data_); }

  const std::string& data() const { return data_; }

 private:
  void varint(std::uint64_t value);
  void tag(int field, int wire_type);

  std::string data_;
};

/// The bytes of floats as they lie in memory.
std::string_view raw(const std::vector<float>& values);

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_INTEGRATION_WIRE_HPP
