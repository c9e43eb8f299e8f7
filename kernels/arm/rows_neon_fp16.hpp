// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Readers and writers of NCHW rows in f16: blocks of eight pixels and 16 channels. What is left
// over is done by common/rows.hpp.
//
// LD4 and ST4 move two pixels, and are half of the transpose: they deal out 32 bits at a time, two
// channels. With w0 ... w7 for these pairs of channels, the registers of pixels p and q hold
//   p.w0 p.w4 q.w0 q.w4 | p.w1 p.w5 q.w1 q.w5 | p.w2 p.w6 q.w2 q.w6 | p.w3 p.w7 q.w3 q.w7
// and two rounds of ZIP or UZP do the rest, 32 instructions for 128 numbers; transposes in
// registers alone take 48. A block takes 56 instructions of reading and 104 of writing, with bias
// and ReLU; compilers' code, without LD4, took 206 and 514.
#ifndef WINOGRAD_KERNELS_ARM_ROWS_NEON_FP16_HPP
#define WINOGRAD_KERNELS_ARM_ROWS_NEON_FP16_HPP

#include <cstddef>
#include <cstring>
#include <limits>

#include "kernels/arm/assembly.hpp"
#include "kernels/arm/simd_neon_fp16.hpp"
#include "kernels/common/rows.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

struct RowsNeonFp16 {
  static constexpr std::ptrdiff_t kHalf = sizeof(F16);
  static constexpr int kPixels = 8;  ///< of a block

  static void read_row_nchw(const RowReadArgsOf<F16>& args) {
    if (args.channels == kLaneBlock && args.stride == kLaneBlock && args.cols >= kPixels) {
      read_blocks(args);
    } else {
      Rows<HalfVector>::read_row_nchw(args);
    }
  }

  static void write_row_nchw(const RowWriteArgsOf<F16>& args) {
    // Writing the last columns twice would add a residual in place twice.
    if (args.channels != kLaneBlock || args.stride != kLaneBlock || args.residual != nullptr ||
        !args.epilogue.clamps()) {
      Rows<HalfVector>::write_row_nchw(args);
    } else if (args.cols >= kPixels) {
      write_blocks(args);
    } else {
      write_few(args);
    }
  }

 private:
  /// A row of less than a block, of which staging has more.
  static void write_few(const RowWriteArgsOf<F16>& args) {
    alignas(16) F16 block[kLaneBlock * kPixels];
    RowWriteArgsOf<F16> whole = args;
    whole.cols = kPixels;
    whole.dst = block;
    whole.channel_stride = kPixels;
    write_blocks(whole);
    const F16* from = block;
    F16* to = args.dst;
    const auto copy = [&](auto pixels) WINOGRAD_INLINE {
      if ((args.cols & pixels) == 0) return;
      unroll<kLaneBlock>([&](int c) WINOGRAD_INLINE {
        std::memcpy(to + c * args.channel_stride, from + c * kPixels, pixels * kHalf);
      });
      from += pixels;
      to += pixels;
    };
    copy(Index<4>{});
    copy(Index<2>{});
    copy(Index<1>{});
  }

// clang-format off
// Both halves of a round: of ZIP or UZP, on 16 or 32 bits.
#define WINOGRAD_ROUND(op, lanes, d1, d2, a, b)                                         \
  op "1 v" d1 lanes ", v" a lanes ", v" b lanes "\n"                                    \
  op "2 v" d2 lanes ", v" a lanes ", v" b lanes "\n"
// Of eight planes from a pointer on.
#define WINOGRAD_LOAD_PLANES(pointer, r0, r1, r2, r3, r4, r5, r6, r7)                   \
  "ldr q" r0 ", [%[" pointer "]]\n"            "ldr q" r1 ", [%[" pointer "], %[plane1]]\n" \
  "ldr q" r2 ", [%[" pointer "], %[plane2]]\n" "ldr q" r3 ", [%[" pointer "], %[plane3]]\n" \
  "ldr q" r4 ", [%[" pointer "], %[plane4]]\n" "ldr q" r5 ", [%[" pointer "], %[plane5]]\n" \
  "ldr q" r6 ", [%[" pointer "], %[plane6]]\n" "ldr q" r7 ", [%[" pointer "], %[plane7]]\n" \
  "add %[" pointer "], %[" pointer "], #16\n"
// w_k of pixels 0 to 3 goes to v(16 + 2k), of pixels 4 to 7 to the next.
#define WINOGRAD_READ_BLOCK                                                             \
  WINOGRAD_LOAD_PLANES("lower", "0", "1", "2", "3", "4", "5", "6", "7")                 \
  WINOGRAD_ROUND("zip", ".8h", "16", "17", "0", "1") WINOGRAD_ROUND("zip", ".8h", "18", "19", "2", "3")\
  WINOGRAD_ROUND("zip", ".8h", "20", "21", "4", "5") WINOGRAD_ROUND("zip", ".8h", "22", "23", "6", "7")\
  WINOGRAD_LOAD_PLANES("upper", "8", "9", "10", "11", "12", "13", "14", "15")           \
  WINOGRAD_ROUND("zip", ".8h", "24", "25", "8", "9") WINOGRAD_ROUND("zip", ".8h", "26", "27", "10", "11")\
  WINOGRAD_ROUND("zip", ".8h", "28", "29", "12", "13") WINOGRAD_ROUND("zip", ".8h", "30", "31", "14", "15")\
  WINOGRAD_ROUND("zip", ".4s", "0", "4", "16", "24") WINOGRAD_ROUND("zip", ".4s", "1", "5", "18", "26")\
  WINOGRAD_ROUND("zip", ".4s", "2", "6", "20", "28") WINOGRAD_ROUND("zip", ".4s", "3", "7", "22", "30")\
  WINOGRAD_ROUND("zip", ".4s", "8", "12", "17", "25") WINOGRAD_ROUND("zip", ".4s", "9", "13", "19", "27")\
  WINOGRAD_ROUND("zip", ".4s", "10", "14", "21", "29") WINOGRAD_ROUND("zip", ".4s", "11", "15", "23", "31")\
  "subs %w[blocks], %w[blocks], #1\n"                                                   \
  "st4 {v0.4s, v1.4s, v2.4s, v3.4s}, [%[staging]], #64\n"                               \
  "st4 {v4.4s, v5.4s, v6.4s, v7.4s}, [%[staging]], #64\n"                               \
  "st4 {v8.4s, v9.4s, v10.4s, v11.4s}, [%[staging]], #64\n"                             \
  "st4 {v12.4s, v13.4s, v14.4s, v15.4s}, [%[staging]], #64\n"
// Blocks from the first column on; if these are no multiple of eight, the second overlaps the first.
#define WINOGRAD_BLOCKS(block)                                                          \
  block                                                                                 \
  "b.eq 3f\n"                                                                           \
  "sub %[lower], %[lower], %[overlap]\n"                                                \
  "sub %[upper], %[upper], %[overlap]\n"                                                \
  "sub %[staging], %[staging], %[overlap], lsl #4\n"                                    \
  "2:\n"                                                                                \
  block                                                                                 \
  "b.ne 2b\n"                                                                           \
  "3:\n"
#define WINOGRAD_PLANE_OPERANDS                                                         \
  [plane1] "r"(plane), [plane2] "r"(2 * plane), [plane3] "r"(3 * plane),                \
  [plane4] "r"(4 * plane), [plane5] "r"(5 * plane), [plane6] "r"(6 * plane),            \
  [plane7] "r"(7 * plane), [overlap] "r"(overlap)

  static void read_blocks(const RowReadArgsOf<F16>& args) {
    const F16 *lower = args.src, *upper = lower + 8 * args.channel_stride;
    F16* staging = args.staging;
    const std::ptrdiff_t plane = args.channel_stride * kHalf;
    int blocks = (args.cols + kPixels - 1) / kPixels;
    const std::ptrdiff_t overlap = (std::ptrdiff_t{blocks} * kPixels - args.cols) * kHalf;
    __asm__ volatile(
        WINOGRAD_BLOCKS(WINOGRAD_READ_BLOCK)
        : [lower] "+&r"(lower), [upper] "+&r"(upper), [staging] "+&r"(staging),
          [blocks] "+&r"(blocks)
        : WINOGRAD_PLANE_OPERANDS
        : "cc", "memory", WINOGRAD_ALL_VECTORS);
  }

// v0 is the scale, v1 and v2 the bounds, v3 and v4 the bias. Four channels at a time, a and b of the
// lower and the upper eight: sums s are added to their bias in d.
#define WINOGRAD_SUMS(a, b, s0, s1, s2, s3, d0, d1, d2, d3)                             \
  "dup v" d0 ".8h, v3.h[" a "]\n" "dup v" d1 ".8h, v3.h[" b "]\n"                       \
  "dup v" d2 ".8h, v4.h[" a "]\n" "dup v" d3 ".8h, v4.h[" b "]\n"                       \
  "fmla v" d0 ".8h, v" s0 ".8h, v0.h[0]\n" "fmla v" d1 ".8h, v" s1 ".8h, v0.h[0]\n"     \
  "fmla v" d2 ".8h, v" s2 ".8h, v0.h[0]\n" "fmla v" d3 ".8h, v" s3 ".8h, v0.h[0]\n"
#define WINOGRAD_BOUND(op, d0, d1, d2, d3, bound)                                       \
  op " v" d0 ".8h, v" d0 ".8h, v" bound ".8h\n" op " v" d1 ".8h, v" d1 ".8h, v" bound ".8h\n" \
  op " v" d2 ".8h, v" d2 ".8h, v" bound ".8h\n" op " v" d3 ".8h, v" d3 ".8h, v" bound ".8h\n"
#define WINOGRAD_RELU(...) WINOGRAD_BOUND("fmax", __VA_ARGS__, "1")
#define WINOGRAD_CLAMP(...) WINOGRAD_RELU(__VA_ARGS__) WINOGRAD_BOUND("fmin", __VA_ARGS__, "2")
#define WINOGRAD_STORE_PLANES(a, b, d0, d1, d2, d3)                                     \
  "str q" d0 ", [%[lower]" a "]\n" "str q" d1 ", [%[lower]" b "]\n"                     \
  "str q" d2 ", [%[upper]" a "]\n" "str q" d3 ", [%[upper]" b "]\n"
// The first round of a w and of the one four further: of pixels 0 to 3 and of 4 to 7.
#define WINOGRAD_FIRST_ROUND(l0, l1, l2, l3, t0, t1, t2, t3)                            \
  WINOGRAD_ROUND("uzp", ".4s", t0, t1, l0, l1) WINOGRAD_ROUND("uzp", ".4s", t2, t3, l2, l3)
#define WINOGRAD_SECOND_ROUND(t0, t1, t2, t3, s0, s1, s2, s3)                           \
  WINOGRAD_ROUND("uzp", ".8h", s0, s1, t0, t2) WINOGRAD_ROUND("uzp", ".8h", s2, s3, t1, t3)
#define WINOGRAD_EVEN_T "5", "6", "7", "8"
#define WINOGRAD_EVEN_S "9", "10", "11", "12"
#define WINOGRAD_ODD_T "16", "20", "24", "28"
#define WINOGRAD_ODD_S "17", "21", "25", "29"
// Lets a list be four arguments.
#define WINOGRAD_WITH(word, ...) word(__VA_ARGS__)
#define WINOGRAD_WRITE_BLOCK(ACTIVATE)                                                  \
  "ld4 {v16.4s, v17.4s, v18.4s, v19.4s}, [%[staging]], #64\n"                           \
  "ld4 {v20.4s, v21.4s, v22.4s, v23.4s}, [%[staging]], #64\n"                           \
  "ld4 {v24.4s, v25.4s, v26.4s, v27.4s}, [%[staging]], #64\n"                           \
  "ld4 {v28.4s, v29.4s, v30.4s, v31.4s}, [%[staging]], #64\n"                           \
  WINOGRAD_WITH(WINOGRAD_FIRST_ROUND, "16", "20", "24", "28", WINOGRAD_EVEN_T)          \
  WINOGRAD_WITH(WINOGRAD_SECOND_ROUND, WINOGRAD_EVEN_T, WINOGRAD_EVEN_S)                \
  WINOGRAD_WITH(WINOGRAD_FIRST_ROUND, "17", "21", "25", "29", WINOGRAD_ODD_T)           \
  WINOGRAD_WITH(WINOGRAD_SUMS, "0", "1", WINOGRAD_EVEN_S, WINOGRAD_EVEN_T)              \
  WINOGRAD_WITH(WINOGRAD_SECOND_ROUND, WINOGRAD_ODD_T, WINOGRAD_ODD_S)                  \
  ACTIVATE(WINOGRAD_EVEN_T)                                                             \
  WINOGRAD_WITH(WINOGRAD_SUMS, "2", "3", WINOGRAD_ODD_S, WINOGRAD_ODD_T)                \
  WINOGRAD_WITH(WINOGRAD_STORE_PLANES, "", ", %[plane1]", WINOGRAD_EVEN_T)              \
  WINOGRAD_WITH(WINOGRAD_FIRST_ROUND, "18", "22", "26", "30", WINOGRAD_EVEN_T)          \
  ACTIVATE(WINOGRAD_ODD_T)                                                              \
  WINOGRAD_WITH(WINOGRAD_SECOND_ROUND, WINOGRAD_EVEN_T, WINOGRAD_EVEN_S)                \
  WINOGRAD_WITH(WINOGRAD_STORE_PLANES, ", %[plane2]", ", %[plane3]", WINOGRAD_ODD_T)    \
  WINOGRAD_WITH(WINOGRAD_FIRST_ROUND, "19", "23", "27", "31", WINOGRAD_ODD_T)           \
  WINOGRAD_WITH(WINOGRAD_SUMS, "4", "5", WINOGRAD_EVEN_S, WINOGRAD_EVEN_T)              \
  WINOGRAD_WITH(WINOGRAD_SECOND_ROUND, WINOGRAD_ODD_T, WINOGRAD_ODD_S)                  \
  ACTIVATE(WINOGRAD_EVEN_T)                                                             \
  WINOGRAD_WITH(WINOGRAD_SUMS, "6", "7", WINOGRAD_ODD_S, WINOGRAD_ODD_T)                \
  WINOGRAD_WITH(WINOGRAD_STORE_PLANES, ", %[plane4]", ", %[plane5]", WINOGRAD_EVEN_T)   \
  ACTIVATE(WINOGRAD_ODD_T)                                                              \
  "subs %w[blocks], %w[blocks], #1\n"                                                   \
  WINOGRAD_WITH(WINOGRAD_STORE_PLANES, ", %[plane6]", ", %[plane7]", WINOGRAD_ODD_T)    \
  "add %[lower], %[lower], #16\n"                                                       \
  "add %[upper], %[upper], #16\n"
#define WINOGRAD_WRITE(ACTIVATE)                                                        \
  __asm__ volatile(                                                                     \
      "dup v0.8h, %w[scale]\n"                                                          \
      "dup v1.8h, %w[least]\n"                                                          \
      "dup v2.8h, %w[most]\n"                                                           \
      "ldp q3, q4, [%[bias]]\n"                                                         \
      WINOGRAD_BLOCKS(WINOGRAD_WRITE_BLOCK(ACTIVATE))                                   \
      : [lower] "+&r"(lower), [upper] "+&r"(upper), [staging] "+&r"(staging),           \
        [blocks] "+&r"(blocks)                                                          \
      : WINOGRAD_PLANE_OPERANDS, [scale] "r"(half_bits(epilogue.scale)), [bias] "r"(bias), \
        [least] "r"(half_bits(epilogue.low)), [most] "r"(half_bits(epilogue.high))      \
      : "cc", "memory", WINOGRAD_ALL_VECTORS)

  static void write_blocks(const RowWriteArgsOf<F16>& args) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const Epilogue& epilogue = args.epilogue;
    F16 *lower = args.dst, *upper = lower + 8 * args.channel_stride;
    const F16* staging = args.staging;
    const std::ptrdiff_t plane = args.channel_stride * kHalf;
    int blocks = (args.cols + kPixels - 1) / kPixels;
    const std::ptrdiff_t overlap = (std::ptrdiff_t{blocks} * kPixels - args.cols) * kHalf;
    alignas(16) F16 bias[kLaneBlock];
    Simd<HalfPair>::store(bias, Simd<HalfPair>::load(epilogue.bias));
    if (epilogue.high < kInfinity) {
      WINOGRAD_WRITE(WINOGRAD_CLAMP);
    } else if (epilogue.low > -kInfinity) {
      WINOGRAD_WRITE(WINOGRAD_RELU);
    } else {
      WINOGRAD_WRITE(WINOGRAD_DROP);
    }
  }
#undef WINOGRAD_ROUND
#undef WINOGRAD_LOAD_PLANES
#undef WINOGRAD_READ_BLOCK
#undef WINOGRAD_BLOCKS
#undef WINOGRAD_PLANE_OPERANDS
#undef WINOGRAD_SUMS
#undef WINOGRAD_BOUND
#undef WINOGRAD_RELU
#undef WINOGRAD_CLAMP
#undef WINOGRAD_STORE_PLANES
#undef WINOGRAD_FIRST_ROUND
#undef WINOGRAD_SECOND_ROUND
#undef WINOGRAD_EVEN_T
#undef WINOGRAD_EVEN_S
#undef WINOGRAD_ODD_T
#undef WINOGRAD_ODD_S
#undef WINOGRAD_WITH
#undef WINOGRAD_WRITE_BLOCK
#undef WINOGRAD_WRITE
  // clang-format on
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_ROWS_NEON_FP16_HPP
