// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// One call of a GEMM kernel on guarded memory: the first or last float of A, B and C lies at a page
// that cannot be touched, what is not used of them is NaN, and A and B cannot be written.
#ifndef WINOGRAD_TESTS_KERNELS_GEMM_CASE_HPP
#define WINOGRAD_TESTS_KERNELS_GEMM_CASE_HPP

#include <cstddef>
#include <functional>
#include <string>

#include "kernels/contract/kernel_set.hpp"
#include "tests/reference/guarded_buffer.hpp"
#include "tests/reference/random.hpp"

namespace winograd::test {

struct GemmCase {
  int columns = 16;
  int rows = 1;  ///< of all lines
  int lines = 1;
  int segments = 1;
  int k = 1;
  int chain = 1;
  std::ptrdiff_t lda = 1;
  std::ptrdiff_t line_stride = 1;
  std::ptrdiff_t segment_stride = 1;
  std::ptrdiff_t ldc = 16;
  bool accumulate = false;
  bool far = false;
  Placement placement = Placement::at_end;
  int shift = 0;  ///< floats between the guard page and A

  /// Floats of a panel of B.
  std::ptrdiff_t panel_size() const { return std::ptrdiff_t{segments} * k * 16; }

  /// Where a row of A begins.
  std::ptrdiff_t row_offset(int row) const {
    const int of_line = rows / lines;
    return row / of_line * line_stride + row % of_line * lda;
  }

  std::string text() const;
};

/// Chooses what the caller leaves open: strides (rows, lines and segments may overlap, as they do
/// for a direct convolution), lines where `rows` can be divided, accumulate, placement.
GemmCase random_case(Rng& rng, int columns, int rows, int segments, int k, int chain);

class GemmCall {
 public:
  explicit GemmCall(const GemmCase& gemm);

  const float& a(int row, int segment, int p) const {
    return a_.floats()[case_.row_offset(row) + segment * case_.segment_stride + p];
  }
  const float& b(int segment, int p, int column) const {
    const int first = column / 16 * 16;  // of the panel
    const int width = case_.columns - first < 16 ? 8 : 16;
    return b_.floats()[case_.panel_size() / 16 * first +
                       (std::ptrdiff_t{segment} * case_.k + p) * width + column - first];
  }
  const float& c(int row, int column) const { return c_.floats()[row * case_.ldc + column]; }

  /// Fills A, B and, if it is added to, C.
  void fill(const std::function<float()>& next_a, const std::function<float()>& next_b,
            const std::function<float()>& next_c);
  void run(const detail::GemmEntry& entry, const float* next_b = nullptr,
           const detail::GemmTarget* target = nullptr);
  /// Nothing was written but C[rows][columns].
  bool intact() const;
  /// An address that cannot be read.
  const float* forbidden() const { return b_.floats() + b_.size_bytes() / sizeof(float); }

 private:
  GemmCase case_;
  GuardedBuffer a_, b_, c_;
};

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_KERNELS_GEMM_CASE_HPP
