// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_PEERS_BUFFER_HPP
#define WINOGRAD_BENCH_PEERS_BUFFER_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>

namespace winograd::bench {

/// Floats on a page boundary, set to zero so that every page is there before anything is timed. All
/// contenders get their tensors from here: none is luckier with alignment than another.
class Buffer {
 public:
  Buffer() = default;
  explicit Buffer(std::int64_t floats)
      : bytes_(static_cast<std::size_t>(floats) * sizeof(float)),
        data_(static_cast<float*>(::operator new(bytes_, kPage))) {
    for (std::int64_t i = 0; i < floats; ++i) data_.get()[i] = 0.0F;
  }

  float* data() { return data_.get(); }
  const float* data() const { return data_.get(); }
  std::size_t size_bytes() const { return bytes_; }

 private:
  static constexpr std::align_val_t kPage{4096};
  struct Free {
    void operator()(float* data) const { ::operator delete(data, kPage); }
  };
  std::size_t bytes_ = 0;
  std::unique_ptr<float, Free> data_;
};

/// Working memory for one computation at a time. A network's layers share one, as in an engine.
class Scratch {
 public:
  /// Makes it large enough. Whoever reserved before must ask for data() again.
  void reserve(std::size_t bytes) {
    if (bytes <= buffer_.size_bytes()) return;
    buffer_ = Buffer();
    buffer_ = Buffer(static_cast<std::int64_t>((bytes + sizeof(float) - 1) / sizeof(float)));
  }
  float* data() { return buffer_.data(); }

 private:
  Buffer buffer_;
};

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_PEERS_BUFFER_HPP
