// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Memory that tells when somebody reads or writes outside of it.
#ifndef WINOGRAD_TESTS_REFERENCE_GUARDED_BUFFER_HPP
#define WINOGRAD_TESTS_REFERENCE_GUARDED_BUFFER_HPP

#include <cstddef>
#include <vector>

#include "winograd/conv2d.hpp"

namespace winograd::test {

/// Where the array lies between the two guard pages.
enum class Placement : unsigned char {
  at_start,  ///< first byte (plus a shift) right behind a page that cannot be touched
  at_end,    ///< last byte (less a shift) right before such a page
};

/// `size_bytes` bytes between two inaccessible pages. Touching those is a fault; the bytes left
/// over on the array's own pages hold a pattern, checked by intact(). The array itself starts as
/// all ones, which is a NaN to whoever reads it as a float too early.
class GuardedBuffer {
 public:
  GuardedBuffer(std::size_t size_bytes, Placement placement, std::size_t shift_bytes = 0);
  ~GuardedBuffer();
  GuardedBuffer(const GuardedBuffer&) = delete;
  GuardedBuffer& operator=(const GuardedBuffer&) = delete;

  void* data() const { return data_; }
  float* floats() const { return static_cast<float*>(static_cast<void*>(data_)); }
  std::size_t size_bytes() const { return size_bytes_; }

  /// From now on writing is a fault, or in WebAssembly not intact.
  void make_read_only();
  /// True if the pattern around the array is unharmed.
  bool intact() const;

 private:
  unsigned char* pages_ = nullptr;  ///< guard page, accessible pages, guard page
  std::size_t accessible_bytes_ = 0;
  std::size_t page_bytes_ = 0;
  unsigned char* data_ = nullptr;
  std::size_t size_bytes_ = 0;
#ifdef __EMSCRIPTEN__
  std::vector<unsigned char> read_only_;  ///< what was there when it became so
#endif
};

/// A read-only guarded copy of `values`, as numbers of `type`, `shift` of them away from the guard
/// page.
class GuardedInput {
 public:
  GuardedInput(const std::vector<float>& values, Placement placement, std::size_t shift = 0,
               DataType type = DataType::f32);
  const void* elements() const { return buffer_.data(); }
  const float* data() const { return buffer_.floats(); }
  bool intact() const { return buffer_.intact(); }

 private:
  GuardedBuffer buffer_;
};

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_GUARDED_BUFFER_HPP
