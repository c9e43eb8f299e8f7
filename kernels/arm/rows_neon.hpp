// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Readers and writers of NCHW rows for AArch64: the whole 4x4 blocks of a row. What is left over is
// done by common/rows.hpp.
#ifndef WINOGRAD_KERNELS_ARM_ROWS_NEON_HPP
#define WINOGRAD_KERNELS_ARM_ROWS_NEON_HPP

#include <arm_neon.h>

#include "kernels/arm/simd_neon.hpp"
#include "kernels/common/epilogue.hpp"
#include "kernels/common/rows.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// V is the xsimd batch of four floats.
template <class V>
struct RowsNeon {
  static constexpr std::ptrdiff_t kFloat = sizeof(float);

  static void read_row_nchw(const RowReadArgs& args) {
    if (args.channels != kLaneBlock || args.cols < 4) {
      Rows<V>::read_row_nchw(args);
      return;
    }
    for (int c = 0; c < kLaneBlock; c += 4) gather_blocks(args, c);
  }

  static void write_row_nchw(const RowWriteArgs& args) {
    // Writing the last columns twice would add a residual in place twice.
    const bool twice = args.residual == nullptr && args.cols >= 4;
    const int groups = args.channels / 4, blocks = args.cols / 4;
    const int rest_col = args.cols % 4 == 0 || twice ? args.cols : blocks * 4;
    with_activation<V>(args.epilogue, [&](const auto& activation) {
      for (int c = 0; c < groups * 4; c += 4) {
        if (args.residual != nullptr) {
          write_blocks<true>(args, c, 0, blocks, activation);
        } else {
          write_blocks<false>(args, c, 0, blocks, activation);
          if (twice && args.cols % 4 != 0)
            write_blocks<false>(args, c, args.cols - 4, 1, activation);
        }
      }
    });
    if (rest_col < args.cols) {
      Rows<V>::write_row_nchw(part(args, 0, rest_col, groups * 4, args.cols - rest_col));
    }
    if (groups * 4 < args.channels) {
      Rows<V>::write_row_nchw(part(args, groups * 4, 0, args.channels - groups * 4, args.cols));
    }
  }

 private:
  /// Channels c to c + 3 in blocks of four pixels. The transpose is in the stores: ST4 takes one
  /// pixel out of four registers that hold one channel each. If the columns are no multiple of
  /// four, the second block overlaps the first.
  static void gather_blocks(const RowReadArgs& args, int c) {
    const float *in0 = args.src + c * args.channel_stride, *in1 = in0 + args.channel_stride,
                *in2 = in1 + args.channel_stride, *in3 = in2 + args.channel_stride;
    float* out = args.staging + c;
    int blocks = (args.cols + 3) / 4;
    const std::ptrdiff_t step = args.stride * kFloat;
    const std::ptrdiff_t overlap = blocks * 4 - args.cols;
// clang-format off
#define WINOGRAD_BLOCK                                           \
  "ldr q0, [%[in0]], #16\n"                                      \
  "ldr q1, [%[in1]], #16\n"                                      \
  "ldr q2, [%[in2]], #16\n"                                      \
  "ldr q3, [%[in3]], #16\n"                                      \
  "subs %w[blocks], %w[blocks], #1\n"                            \
  "st4 {v0.s, v1.s, v2.s, v3.s}[0], [%[out]], %[step]\n"         \
  "st4 {v0.s, v1.s, v2.s, v3.s}[1], [%[out]], %[step]\n"         \
  "st4 {v0.s, v1.s, v2.s, v3.s}[2], [%[out]], %[step]\n"         \
  "st4 {v0.s, v1.s, v2.s, v3.s}[3], [%[out]], %[step]\n"
    __asm__ volatile(
        WINOGRAD_BLOCK
        "b.eq 3f\n"
        "sub %[in0], %[in0], %[in_overlap]\n"
        "sub %[in1], %[in1], %[in_overlap]\n"
        "sub %[in2], %[in2], %[in_overlap]\n"
        "sub %[in3], %[in3], %[in_overlap]\n"
        "sub %[out], %[out], %[out_overlap]\n"
        "2:\n"
        WINOGRAD_BLOCK
        "b.ne 2b\n"
        "3:\n"
        : [in0] "+&r"(in0), [in1] "+&r"(in1), [in2] "+&r"(in2), [in3] "+&r"(in3),
          [out] "+&r"(out), [blocks] "+&r"(blocks)
        : [step] "r"(step), [in_overlap] "r"(overlap * kFloat), [out_overlap] "r"(overlap * step)
        : "cc", "memory", "v0", "v1", "v2", "v3");
#undef WINOGRAD_BLOCK
    // clang-format on
  }

  template <bool has_residual, class Activation>
  static void write_blocks(const RowWriteArgs& args, int c, int col, int blocks,
                           const Activation activation) {
    const float* in = args.staging + col * args.stride + c;
    const std::ptrdiff_t stride = args.stride;
    const V bias[4] = {V(args.epilogue.bias[c]), V(args.epilogue.bias[c + 1]),
                       V(args.epilogue.bias[c + 2]), V(args.epilogue.bias[c + 3])};
    float* out[4];
    out[0] = args.dst + c * args.channel_stride + col;
    for (int i = 1; i < 4; ++i) out[i] = out[i - 1] + args.channel_stride;
    const std::ptrdiff_t residual = has_residual ? args.residual - args.dst : 0;
    for (; blocks > 0; --blocks) {
      V block[4];
      unroll<4>([&](auto i) __attribute__((always_inline)) {
        block[i] = Simd<V>::load(in);
        in += stride;
      });
      Simd<V>::transpose(block);
      unroll<4>([&](auto i) __attribute__((always_inline)) {
        V sum = block[i] + bias[i];
        if constexpr (has_residual) sum = sum + Simd<V>::load(out[i] + residual);
        block[i] = sum;
      });
      activate<V, Lanes::pixels, 4>(
          activation, [&](auto visit) __attribute__((always_inline)) {
            unroll<4>([&](auto i) __attribute__((always_inline)) { visit(block[i], c + i); });
          });
      unroll<4>([&](auto i) __attribute__((always_inline)) {
        Simd<V>::store(out[i], block[i]);
        out[i] += 4;
      });
    }
  }

  /// `channels` channels from c and `cols` columns from col of a row.
  static RowWriteArgs part(const RowWriteArgs& args, int c, int col, int channels, int cols) {
    RowWriteArgs result = args;
    const std::ptrdiff_t at = c * args.channel_stride + col;
    result.staging += col * args.stride + c;
    result.dst += at;
    if (args.residual != nullptr) result.residual += at;
    result.epilogue.advance(c);
    result.channels = channels;
    result.cols = cols;
    return result;
  }
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_ROWS_NEON_HPP
