// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The GEMM of AArch64 on f16: up to 8 rows (tiles) x 16 columns (channels), 8 products deep.
//
//         B, four products: v8 v9 | v10 v11 | v12 v13 | v14 v15
//   A: v0 | v16 v17 |
//      v1 | v18 v19 |    16 sums, 8 rows x 8 of A, four rows of B: all 32 registers, since a factor
//      ..   ..  ..  |    that fmla takes by lane must be in the first 16.
//      v7 | v30 v31 |    12 loads for 128 fmla: 4 ld1 of four registers, 8 ldr. 1.11 instructions
//                        for an fmla.
//
// Two rows of B are loaded as soon as their registers are free, 32 fmla before they are needed, and
// each row of A as soon as its last fmla is under way, 14 before: across stripes too. Assembly for
// the reason that gemm_4x16_neon.hpp has; rows that a smaller block lacks are left out by .if.
//
// Sums of chains are f16 as well. What a chain of 32 costs beside its 512 fmla is 44 instructions;
// adding up in f32 would be 64 more, and hardly more exact (docs/accuracy.md). A call does all
// chains of a stripe, and then the next stripe: the C of a stripe stays in L1, as a panel of B
// does, and calls are few.
#ifndef WINOGRAD_KERNELS_ARM_GEMM_8X16_NEON_FP16_HPP
#define WINOGRAD_KERNELS_ARM_GEMM_8X16_NEON_FP16_HPP

#include <arm_neon.h>

#include <array>
#include <cstddef>
#include <utility>

#include "kernels/arm/assembly.hpp"
#include "kernels/common/transform_1d.hpp"
#include "kernels/contract/kernel_set.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

inline constexpr int kHalfRows = 8;
/// Products of B that all stripes share: 16 KiB, half of the smallest L1 there is.
inline constexpr int kHalfPiece = 512;

/// C[stripes * rows][columns] (+)= A * B, in `chains` chains of k products.
struct HalfMicroArgs {
  int stripes;
  const F16* a;
  std::ptrdiff_t lda;
  int k, chains;
  const F16* b;
  F16* c;
  std::ptrdiff_t ldc;
  bool accumulate;
};

// clang-format off
#define WINOGRAD_IF_ROW(row, ...) ".if %c[rows] > " row "\n" __VA_ARGS__ ".endif\n"
#define WINOGRAD_LOAD_B_LOW "ld1 {v8.8h, v9.8h, v10.8h, v11.8h}, [%[b]], #64\n"
#define WINOGRAD_LOAD_B_HIGH "ld1 {v12.8h, v13.8h, v14.8h, v15.8h}, [%[b]], #64\n"

// c (+)= b * a[lane], of one row and then of all. Whatever follows a row stands behind it.
#define WINOGRAD_ROW(row, c0, c1, op, b0, b1, lane, after)                    \
  WINOGRAD_IF_ROW(row, op " v" c0 ".8h, v" b0 ".8h, v" row ".h[" lane "]\n"   \
                       op " v" c1 ".8h, v" b1 ".8h, v" row ".h[" lane "]\n" after)
#define WINOGRAD_STEP_(op, b0, b1, lane, after0, after1, after2, after3, after4, after5, after6, after7) \
  WINOGRAD_ROW("0", "16", "17", op, b0, b1, lane, after0)                     \
  WINOGRAD_ROW("1", "18", "19", op, b0, b1, lane, after1)                     \
  WINOGRAD_ROW("2", "20", "21", op, b0, b1, lane, after2)                     \
  WINOGRAD_ROW("3", "22", "23", op, b0, b1, lane, after3)                     \
  WINOGRAD_ROW("4", "24", "25", op, b0, b1, lane, after4)                     \
  WINOGRAD_ROW("5", "26", "27", op, b0, b1, lane, after5)                     \
  WINOGRAD_ROW("6", "28", "29", op, b0, b1, lane, after6)                     \
  WINOGRAD_ROW("7", "30", "31", op, b0, b1, lane, after7)
#define WINOGRAD_STEP(op, b0, b1, lane) \
  WINOGRAD_STEP_(op, b0, b1, lane, "", "", "", "", "", "", "", "")
// The last product of a block of A, and the rows of the next block.
#define WINOGRAD_LAST_STEP                                                    \
  WINOGRAD_STEP_("fmla", "14", "15", "7", "ldr q0, [%[a], #16]!\n",           \
    "ldr q1, [%[a], %[row1]]\n", "ldr q2, [%[a], %[row2]]\n",                 \
    "ldr q3, [%[a], %[row3]]\n", "ldr q4, [%[a], %[row4]]\n",                 \
    "ldr q5, [%[a], %[row5]]\n", "ldr q6, [%[a], %[row6]]\n",                 \
    "ldr q7, [%[a], %[row7]]\n")
#define WINOGRAD_LOAD_A                                                       \
  "ldr q0, [%[a]]\n"                                                          \
  WINOGRAD_IF_ROW("1", "ldr q1, [%[a], %[row1]]\n")                           \
  WINOGRAD_IF_ROW("2", "ldr q2, [%[a], %[row2]]\n")                           \
  WINOGRAD_IF_ROW("3", "ldr q3, [%[a], %[row3]]\n")                           \
  WINOGRAD_IF_ROW("4", "ldr q4, [%[a], %[row4]]\n")                           \
  WINOGRAD_IF_ROW("5", "ldr q5, [%[a], %[row5]]\n")                           \
  WINOGRAD_IF_ROW("6", "ldr q6, [%[a], %[row6]]\n")                           \
  WINOGRAD_IF_ROW("7", "ldr q7, [%[a], %[row7]]\n")

// Products 0 to 5. `op` is the instruction of product 0.
#define WINOGRAD_SIX_STEPS(op)                                     \
  WINOGRAD_STEP(op, "8", "9", "0")                                            \
  WINOGRAD_STEP("fmla", "10", "11", "1")                                      \
  WINOGRAD_LOAD_B_LOW                                                         \
  WINOGRAD_STEP("fmla", "12", "13", "2")                                      \
  WINOGRAD_STEP("fmla", "14", "15", "3")                                      \
  WINOGRAD_LOAD_B_HIGH                                                        \
  WINOGRAD_STEP("fmla", "8", "9", "4")                                        \
  WINOGRAD_STEP("fmla", "10", "11", "5")
// A block with another one behind it.
#define WINOGRAD_BLOCK(op)                                                    \
  WINOGRAD_SIX_STEPS(op)                                \
  WINOGRAD_LOAD_B_LOW                                                         \
  WINOGRAD_STEP("fmla", "12", "13", "6")                                      \
  WINOGRAD_LAST_STEP                                \
  WINOGRAD_LOAD_B_HIGH

// Old values of C go where rows of B were; that of a row and its sum.
#define WINOGRAD_OLD(row, d0, d1) \
  WINOGRAD_IF_ROW(row, "ld1 {v" d0 ".8h, v" d1 ".8h}, [%[old]], %[ldc]\n")
#define WINOGRAD_ADD(row, c0, c1, d0, d1)                                     \
  WINOGRAD_IF_ROW(row, "fadd v" c0 ".8h, v" c0 ".8h, v" d0 ".8h\n"            \
                       "fadd v" c1 ".8h, v" c1 ".8h, v" d1 ".8h\n")
#define WINOGRAD_STORE(row, c0, c1) \
  WINOGRAD_IF_ROW(row, "st1 {v" c0 ".8h, v" c1 ".8h}, [%[c]], %[ldc]\n")
// What follows the last block of a chain: the next chain of the stripe (flags: ne), or the first of
// the next stripe. The last stripe loads its own first block again instead of one behind it, which
// nobody uses: that is always there to be read.
#define WINOGRAD_NEXT_CHAIN                                                   \
  "subs %w[left], %w[left], #1\n"                                             \
  "csel %[step], %[next], xzr, eq\n"                                          \
  "add %[a], %[a], %[step]\n"                                                 \
  WINOGRAD_SIX_STEPS("fmla")                                                  \
  "csel %[step], %[rewind], xzr, eq\n"                                        \
  "add %[b], %[b], %[step]\n"                                                 \
  "csel %[step], %[c_back], xzr, ne\n"
#define WINOGRAD_END_OVERWRITE                                                \
  WINOGRAD_LOAD_B_LOW                                                         \
  WINOGRAD_STEP("fmla", "12", "13", "6")                                      \
  WINOGRAD_LAST_STEP                                      \
  WINOGRAD_LOAD_B_HIGH                                                        \
  WINOGRAD_STORE("0", "16", "17") WINOGRAD_STORE("1", "18", "19")             \
  WINOGRAD_STORE("2", "20", "21") WINOGRAD_STORE("3", "22", "23")             \
  WINOGRAD_STORE("4", "24", "25") WINOGRAD_STORE("5", "26", "27")             \
  WINOGRAD_STORE("6", "28", "29") WINOGRAD_STORE("7", "30", "31")
#define WINOGRAD_END_ACCUMULATE                                               \
  "mov %[old], %[c]\n"                                                        \
  WINOGRAD_OLD("0", "8", "9") WINOGRAD_OLD("1", "10", "11")                   \
  WINOGRAD_STEP("fmla", "12", "13", "6")                                      \
  WINOGRAD_LAST_STEP                                      \
  WINOGRAD_OLD("2", "12", "13") WINOGRAD_OLD("3", "14", "15")                 \
  WINOGRAD_ADD("0", "16", "17", "8", "9") WINOGRAD_ADD("1", "18", "19", "10", "11")    \
  WINOGRAD_OLD("4", "8", "9") WINOGRAD_OLD("5", "10", "11")                   \
  WINOGRAD_STORE("0", "16", "17") WINOGRAD_STORE("1", "18", "19")             \
  WINOGRAD_ADD("2", "20", "21", "12", "13") WINOGRAD_ADD("3", "22", "23", "14", "15")  \
  WINOGRAD_OLD("6", "12", "13") WINOGRAD_OLD("7", "14", "15")                 \
  WINOGRAD_STORE("2", "20", "21") WINOGRAD_STORE("3", "22", "23")             \
  WINOGRAD_ADD("4", "24", "25", "8", "9") WINOGRAD_ADD("5", "26", "27", "10", "11")    \
  WINOGRAD_LOAD_B_LOW                                                         \
  WINOGRAD_STORE("4", "24", "25") WINOGRAD_STORE("5", "26", "27")             \
  WINOGRAD_ADD("6", "28", "29", "12", "13") WINOGRAD_ADD("7", "30", "31", "14", "15")  \
  WINOGRAD_LOAD_B_HIGH                                                        \
  WINOGRAD_STORE("6", "28", "29") WINOGRAD_STORE("7", "30", "31")

// `adds` tells whether the chain is added to what C holds.
#define WINOGRAD_STRIPES                                                      \
  __asm__ volatile(                                                           \
      WINOGRAD_LOAD_B_LOW                                                     \
      WINOGRAD_LOAD_A                                                         \
      WINOGRAD_LOAD_B_HIGH                                                    \
      "1:\n"                                                                  \
      "subs %w[stripes], %w[stripes], #1\n"                                   \
      "csel %[next], %[a_next], %[a_again], ne\n"                             \
      "mov %w[left], %w[chains]\n"                                            \
      "mov %w[adds], %w[accumulate]\n"                                        \
      "2:\n"                                                                  \
      "mov %w[count], %w[turns]\n"                                            \
      WINOGRAD_BLOCK("fmul")                                                  \
      "cbz %w[count], 4f\n"                                                   \
      "3:\n"                                                                  \
      "sub %w[count], %w[count], #1\n"                                        \
      WINOGRAD_BLOCK("fmla")                                                  \
      "cbnz %w[count], 3b\n"                                                  \
      "4:\n"                                                                  \
      WINOGRAD_NEXT_CHAIN                                                     \
      "cbz %w[adds], 5f\n"                                                    \
      WINOGRAD_END_ACCUMULATE                                                 \
      "add %[c], %[c], %[step]\n"                                             \
      "b.ne 2b\n"                                                             \
      "cbnz %w[stripes], 1b\n"                                                \
      "b 6f\n"                                                                \
      "5:\n"                                                                  \
      WINOGRAD_END_OVERWRITE                                                  \
      "mov %w[adds], #1\n"                                                    \
      "add %[c], %[c], %[step]\n"                                             \
      "b.ne 2b\n"                                                             \
      "cbnz %w[stripes], 1b\n"                                                \
      "6:\n"                                                                  \
      : [a] "+&r"(a), [b] "+&r"(b), [c] "+&r"(c), [stripes] "+&r"(stripes),   \
        [count] "=&r"(count), [left] "=&r"(left), [adds] "=&r"(adds),         \
        [next] "=&r"(next), [step] "=&r"(step), [old] "=&r"(old)              \
      : [rows] "i"(rows), [row1] "r"(lda), [row2] "r"(2 * lda), [row3] "r"(3 * lda),   \
        [row4] "r"(4 * lda), [row5] "r"(5 * lda), [row6] "r"(6 * lda), [row7] "r"(7 * lda),   \
        [ldc] "r"(ldc), [turns] "r"(turns), [chains] "r"(chains), [accumulate] "r"(accumulate),   \
        [a_next] "r"(a_next), [a_again] "r"(a_again), [rewind] "r"(rewind), [c_back] "r"(c_back)  \
      : "cc", "memory", WINOGRAD_ALL_VECTORS)
// clang-format on

/// 16 columns; k is a multiple of 8, and at least 16.
template <int rows>
void gemm_8x16_neon_fp16_blocks(const HalfMicroArgs& args) {
  static_assert(1 <= rows && rows <= kHalfRows);
  constexpr std::ptrdiff_t kHalf = sizeof(F16);
  const std::ptrdiff_t lda = args.lda * kHalf, ldc = args.ldc * kHalf;
  const std::ptrdiff_t k = args.k * args.chains * kHalf;
  // Behind all chains of a stripe; and behind those of any but the last, of C.
  const std::ptrdiff_t a_again = -k, a_next = rows * lda - k, rewind = -16 * k;
  const std::ptrdiff_t c_back = -rows * ldc;
  const int turns = args.k / 8 - 2, chains = args.chains, accumulate = args.accumulate ? 1 : 0;
  const F16 *a = args.a, *b = args.b;
  F16 *c = args.c, *old;
  std::ptrdiff_t next, step;
  int stripes = args.stripes, count, left, adds;
  WINOGRAD_STRIPES;
}

#undef WINOGRAD_IF_ROW
#undef WINOGRAD_LOAD_B_LOW
#undef WINOGRAD_LOAD_B_HIGH
#undef WINOGRAD_ROW
#undef WINOGRAD_STEP_
#undef WINOGRAD_STEP
#undef WINOGRAD_LAST_STEP
#undef WINOGRAD_LOAD_A
#undef WINOGRAD_SIX_STEPS
#undef WINOGRAD_BLOCK
#undef WINOGRAD_OLD
#undef WINOGRAD_ADD
#undef WINOGRAD_STORE
#undef WINOGRAD_NEXT_CHAIN
#undef WINOGRAD_END_OVERWRITE
#undef WINOGRAD_END_ACCUMULATE
#undef WINOGRAD_STRIPES

/// Any k in one chain, and 8 columns or 16: what the above leaves over.
template <int rows, int vectors>
void gemm_neon_fp16_rest(const HalfMicroArgs& args) {
  const auto load = [](const F16* p) __attribute__((always_inline)) {
    return vreinterpretq_f16_u16(vld1q_u16(p));
  };
  const F16* a = args.a;
  F16* c = args.c;
  for (int stripe = args.stripes; stripe > 0; --stripe) {
    float16x8_t sum[rows][vectors];
    unroll<rows>([&](auto i) __attribute__((always_inline)) {
      unroll<vectors>([&](auto j) __attribute__((always_inline)) {
        sum[i][j] = vdupq_n_f16(static_cast<float16_t>(0.0F));
      });
    });
    const F16* b = args.b;
    int k = 0;
    for (; k + 8 <= args.k; k += 8) {
      float16x8_t value[rows];
      unroll<rows>([&](auto i)
                       __attribute__((always_inline)) { value[i] = load(a + i * args.lda + k); });
      unroll<8>([&](auto lane) __attribute__((always_inline)) {
        unroll<vectors>([&](auto j) __attribute__((always_inline)) {
          const float16x8_t panel = load(b + (lane * vectors + j) * 8);
          unroll<rows>([&](auto i) __attribute__((always_inline)) {
            sum[i][j] = vfmaq_laneq_f16(sum[i][j], panel, value[i], decltype(lane)::value);
          });
        });
      });
      b += 8 * 8 * vectors;
    }
    for (; k < args.k; ++k, b += 8 * vectors) {
      unroll<rows>([&](auto i) __attribute__((always_inline)) {
        const float16x8_t value = vreinterpretq_f16_u16(vld1q_dup_u16(a + i * args.lda + k));
        unroll<vectors>([&](auto j) __attribute__((always_inline)) {
          sum[i][j] = vfmaq_f16(sum[i][j], load(b + j * 8), value);
        });
      });
    }
    unroll<rows>([&](auto i) __attribute__((always_inline)) {
      unroll<vectors>([&](auto j) __attribute__((always_inline)) {
        F16* to = c + i * args.ldc + j * 8;
        if (args.accumulate) sum[i][j] = vaddq_f16(load(to), sum[i][j]);
        vst1q_u16(to, vreinterpretq_u16_f16(sum[i][j]));
      });
    });
    a += rows * args.lda;
    c += rows * args.ldc;
  }
}

using HalfMicro = void (*)(const HalfMicroArgs& args);

struct HalfBlocks16 {
  static constexpr int max_rows = kHalfRows;
  template <int rows>
  static constexpr HalfMicro kernel = &gemm_8x16_neon_fp16_blocks<rows>;
};
template <int vectors>
struct HalfRest {
  static constexpr int max_rows = 4;
  template <int rows>
  static constexpr HalfMicro kernel = &gemm_neon_fp16_rest<rows, vectors>;
};

/// All rows: in stripes of equal size, or of two that differ by one.
template <class Micro>
[[gnu::always_inline]] inline void gemm_neon_fp16_rows(HalfMicroArgs args, int all_rows) {
  static constexpr auto kKernels = []<int... i>(std::integer_sequence<int, i...>) {
    return std::array<HalfMicro, Micro::max_rows>{Micro::template kernel<i + 1>...};
  }
  (std::make_integer_sequence<int, Micro::max_rows>{});
  const int stripes = (all_rows + Micro::max_rows - 1) / Micro::max_rows;
  const int rows = all_rows / stripes, longer = all_rows % stripes;
  if (longer > 0) {
    args.stripes = longer;
    kKernels[static_cast<unsigned>(rows)](args);
    const std::ptrdiff_t done = std::ptrdiff_t{longer} * (rows + 1);
    args.a += done * args.lda;
    args.c += done * args.ldc;
  }
  args.stripes = stripes - longer;
  kKernels[static_cast<unsigned>(rows - 1)](args);
}

/// A GEMM of one segment and one line.
inline void gemm_8x16_neon_fp16(const GemmArgsOf<F16>& args) {
  if (args.rows <= 0) return;
  const int most = args.chain / 8 > 2 ? args.chain / 8 : 2;  // blocks of a chain
  // Chains of nearly equal length, the longer ones first; none is shorter than two blocks.
  const int blocks = args.k / 8;
  const int least_chains = (blocks + most - 1) / most;
  const int chains = least_chains > blocks / 2 ? blocks / 2 : least_chains;
  const int of_chain = chains > 0 ? blocks / chains : 0, longer = chains > 0 ? blocks % chains : 0;
  for (int column = 0; column < args.columns; column += kPanel) {
    HalfMicroArgs micro{};
    micro.a = args.a;
    micro.lda = args.lda;
    micro.b = static_cast<const F16*>(args.b) + column / kPanel * args.panel_stride;
    micro.c = args.c + column;
    micro.ldc = args.ldc;
    micro.accumulate = args.accumulate;
    const int width = args.columns - column < kPanel ? 8 : kPanel;
    const auto done = [&](int products) {
      micro.a += products;
      micro.b += products * width;
      micro.accumulate = true;
    };
    if (width == 8) {  // the narrow last panel of a layer
      for (int k = 0; k < args.k; k += 8 * most) {
        micro.k = 8 * most < args.k - k ? 8 * most : args.k - k;
        gemm_neon_fp16_rows<HalfRest<1>>(micro, args.rows);
        done(micro.k);
      }
      continue;
    }
    const auto run_chains = [&](int count, int length) {
      micro.k = 8 * length;
      const int at_once = kHalfPiece / micro.k > 1 ? kHalfPiece / micro.k : 1;
      for (; count > 0; count -= at_once) {
        micro.chains = count < at_once ? count : at_once;
        gemm_neon_fp16_rows<HalfBlocks16>(micro, args.rows);
        done(micro.chains * micro.k);
      }
    };
    if (longer > 0) run_chains(longer, of_chain + 1);
    if (chains > longer) run_chains(chains - longer, of_chain);
    micro.k = args.k - 8 * blocks;
    // Fewer than two blocks, and what is no block.
    if (chains == 0) micro.k = args.k;
    if (micro.k > 0) gemm_neon_fp16_rows<HalfRest<2>>(micro, args.rows);
  }
}

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_GEMM_8X16_NEON_FP16_HPP
