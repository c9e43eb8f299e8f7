// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Arrays larger than memory.
#ifndef WINOGRAD_TESTS_REFERENCE_SPARSE_FLOATS_HPP
#define WINOGRAD_TESTS_REFERENCE_SPARSE_FLOATS_HPP

#include <cstddef>
#include <cstdint>

namespace winograd::test {

/// Floats of which only those pages take memory that are written.
class SparseFloats {
 public:
  enum class Kind : unsigned char {
    zeros,   ///< all zeros at first
    folded,  ///< for large results: all but the last 64 MiB lie on the same 64 MiB of memory
  };

  SparseFloats(std::int64_t count, Kind kind);
  ~SparseFloats();
  SparseFloats(const SparseFloats&) = delete;
  SparseFloats& operator=(const SparseFloats&) = delete;

  /// Null if this machine does not map that much.
  float* data() const { return data_; }

 private:
  [[maybe_unused]] std::size_t bytes_ = 0;
  float* data_ = nullptr;
};

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_SPARSE_FLOATS_HPP
