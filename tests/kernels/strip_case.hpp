// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Guarded memory in the shapes that the strip passes read and write, and what they must compute.
#ifndef WINOGRAD_TESTS_KERNELS_STRIP_CASE_HPP
#define WINOGRAD_TESTS_KERNELS_STRIP_CASE_HPP

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <vector>

#include "kernels/contract/kernel_set.hpp"
#include "tests/kernels/axis_tiles.hpp"
#include "tests/reference/guarded_buffer.hpp"
#include "tests/reference/random.hpp"

namespace winograd::test {

inline constexpr int kLaneBlock = detail::kLaneBlock;

/// True for what a GuardedBuffer holds before anybody writes to it.
bool is_unwritten(float value);

/// [cols][alpha][16] between the vertical and the horizontal pass; ends at a guard page, starts on
/// a cache line. With alpha = rows it is any other dense [..][..][16] too.
class Scratch {
 public:
  Scratch(int cols, int alpha)
      : alpha_(alpha), buffer_(static_cast<std::size_t>(cols) * static_cast<std::size_t>(alpha) *
                                   kLaneBlock * sizeof(float),
                               Placement::at_end) {}
  float* data() const { return buffer_.floats(); }
  float& at(int col, int i, int lane) const {
    return buffer_.floats()[(std::ptrdiff_t{col} * alpha_ + i) * kLaneBlock + lane];
  }
  void fill(Rng& rng);
  void make_read_only() { buffer_.make_read_only(); }
  bool intact() const { return buffer_.intact(); }

 private:
  int alpha_;
  GuardedBuffer buffer_;
};

/// V or M: the frequencies of a strip of tiles at random places, in random order, with gaps.
class Frequencies {
 public:
  Frequencies(Rng& rng, int alpha_h, int alpha, int tiles);
  float* data() const { return buffer_->floats(); }
  const std::ptrdiff_t* offsets() const { return offsets_.data(); }
  std::ptrdiff_t tile_stride() const { return tile_stride_; }
  float& at(int i, int j, int tile, int lane) const {
    return buffer_
        ->floats()[offsets_[static_cast<std::size_t>(i * alpha_ + j)] + tile * tile_stride_ + lane];
  }
  void fill(Rng& rng);
  void make_read_only() { buffer_->make_read_only(); }
  /// True if nothing was written between the frequencies, nor around them.
  bool intact() const;

 private:
  int alpha_h_, alpha_, tiles_;
  std::ptrdiff_t tile_stride_;
  std::vector<std::ptrdiff_t> offsets_;
  std::unique_ptr<GuardedBuffer> buffer_;
};

/// Row of a matrix times a vector, by definition, and what rounding may do to it. The bound is that
/// of a row of equal coefficients: parts that two rows share can cancel in one of them.
class Product {
 public:
  explicit Product(const std::vector<double>& row) : row_(row) {
    for (const double coefficient : row) largest_ = std::max(largest_, std::abs(coefficient));
  }
  void add(int column, float x) {
    value += row_[static_cast<std::size_t>(column)] * static_cast<double>(x);
    bound += kRoundings * largest_ * std::abs(static_cast<double>(x));
  }
  void add(float x) {
    value += static_cast<double>(x);
    bound += kRoundings * std::abs(static_cast<double>(x));
  }
  bool matches(float got) const { return std::abs(static_cast<double>(got) - value) <= bound; }

  double value = 0;
  double bound = 0;

 private:
  static constexpr double kRoundings = 8 * 0x1p-24;
  const std::vector<double>& row_;
  double largest_ = 0;
};

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_KERNELS_STRIP_CASE_HPP
