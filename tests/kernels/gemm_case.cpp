// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/kernels/gemm_case.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <vector>

namespace winograd::test {
namespace {

std::size_t a_bytes(const GemmCase& g) {
  if (g.rows == 0) return 0;
  std::ptrdiff_t last = 0;
  for (int row = 0; row < g.rows; ++row) last = std::max(last, g.row_offset(row));
  return static_cast<std::size_t>(last + (g.segments - 1) * g.segment_stride + g.k) * sizeof(float);
}

std::size_t b_bytes(const GemmCase& g) {
  return static_cast<std::size_t>(g.segments) * static_cast<std::size_t>(g.k) *
         static_cast<std::size_t>(g.columns) * sizeof(float);
}

std::size_t c_bytes(const GemmCase& g) {
  if (g.rows == 0) return 0;
  return static_cast<std::size_t>((g.rows - 1) * g.ldc + g.columns) * sizeof(float);
}

/// Bytes between the end of C and the guard page: C starts on a cache line.
std::size_t c_shift(const GemmCase& g) {
  return g.placement == Placement::at_end ? (64 - c_bytes(g) % 64) % 64 : 0;
}

bool unwritten(float value) {
  const unsigned char ones[sizeof(float)] = {0xFF, 0xFF, 0xFF, 0xFF};
  return std::memcmp(&value, ones, sizeof value) == 0;
}

}  // namespace

std::string GemmCase::text() const {
  return "columns=" + std::to_string(columns) + " rows=" + std::to_string(rows) +
         " lines=" + std::to_string(lines) + " line_stride=" + std::to_string(line_stride) +
         " segments=" + std::to_string(segments) + " k=" + std::to_string(k) +
         " chain=" + std::to_string(chain) + " lda=" + std::to_string(lda) +
         " segment_stride=" + std::to_string(segment_stride) + " ldc=" + std::to_string(ldc) +
         " accumulate=" + std::to_string(accumulate) +
         (placement == Placement::at_end ? " at_end" : " at_start") +
         " shift=" + std::to_string(shift);
}

GemmCase random_case(Rng& rng, int columns, int rows, int segments, int k, int chain) {
  GemmCase gemm;
  gemm.columns = columns;
  gemm.rows = rows;
  gemm.segments = segments;
  gemm.k = k;
  gemm.chain = chain;
  gemm.segment_stride = rng.chance(30) ? rng.offset(1, k) : k + rng.offset(0, 20);
  const std::ptrdiff_t row = (segments - 1) * gemm.segment_stride + k;
  gemm.lda = rng.chance(30) ? rng.offset(1, row) : row + rng.offset(0, 20);
  for (const int lines : {2, 3, 4, 5}) {
    if (rows > 0 && rows % lines == 0 && rng.chance(40)) gemm.lines = lines;
  }
  const std::ptrdiff_t line = gemm.lda * std::max(rows / gemm.lines, 1);
  gemm.line_stride = rng.chance(30) ? rng.offset(1, line) : line + rng.offset(0, 20);
  gemm.ldc = (columns + 15) / 16 * 16 + 16 * rng.offset(0, 2);
  gemm.accumulate = rng.chance(50);
  gemm.placement = rng.chance(30) ? Placement::at_start : Placement::at_end;
  gemm.shift = static_cast<int>(rng.integer(0, 3));
  gemm.far = rng.chance(50);
  return gemm;
}

GemmCall::GemmCall(const GemmCase& gemm)
    : case_(gemm),
      a_(a_bytes(gemm), gemm.placement, static_cast<std::size_t>(gemm.shift) * sizeof(float)),
      b_(b_bytes(gemm), gemm.placement), c_(c_bytes(gemm), gemm.placement, c_shift(gemm)) {}

void GemmCall::fill(const std::function<float()>& next_a, const std::function<float()>& next_b,
                    const std::function<float()>& next_c) {
  for (int row = 0; row < case_.rows; ++row) {
    for (int s = 0; s < case_.segments; ++s) {
      for (int p = 0; p < case_.k; ++p) const_cast<float&>(a(row, s, p)) = next_a();
    }
    if (!case_.accumulate) continue;
    for (int j = 0; j < case_.columns; ++j) const_cast<float&>(c(row, j)) = next_c();
  }
  for (int s = 0; s < case_.segments; ++s) {
    for (int p = 0; p < case_.k; ++p) {
      for (int j = 0; j < case_.columns; ++j) const_cast<float&>(b(s, p, j)) = next_b();
    }
  }
  a_.make_read_only();
  b_.make_read_only();
}

void GemmCall::run(const detail::GemmEntry& entry, const float* next_b,
                   const detail::GemmTarget* target) {
  detail::GemmArgs args{};
  args.a = a_.floats();
  args.lda = case_.lda;
  args.segment_stride = case_.segment_stride;
  args.segments = case_.segments;
  args.k = case_.k;
  args.chain = case_.chain;
  args.rows = case_.rows / case_.lines;
  args.lines = case_.lines;
  args.line_stride = case_.line_stride;
  args.columns = case_.columns;
  std::optional<GuardedInput> halves;  // of the same numbers, which f16 has to be able to hold
  if (entry.b == DataType::f16) {
    const float* const begin = b_.floats();
    const float* const end = begin + b_.size_bytes() / sizeof(float);
    halves.emplace(std::vector<float>(begin, end), case_.placement, 0, DataType::f16);
  }
  args.b = halves ? halves->elements() : b_.floats();
  args.panel_stride = case_.panel_size();
  args.c = c_.floats();
  args.ldc = case_.ldc;
  args.accumulate = case_.accumulate;
  args.next_b = next_b;
  args.far = case_.far;
  args.target = target;
  entry.run(args);
}

bool GemmCall::intact() const {
  for (int row = 0; row + 1 < case_.rows; ++row) {
    for (std::ptrdiff_t j = case_.columns; j < case_.ldc; ++j) {
      if (!unwritten(c_.floats()[row * case_.ldc + j])) return false;
    }
  }
  return a_.intact() && b_.intact() && c_.intact();
}

}  // namespace winograd::test
