// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Micro-kernel for AArch64: up to 4 rows (tiles) x 16 columns (channels), 8 products deep.
//
//              B: even products v24-v27, odd products v28-v31
//   A: lo   hi
//     v16  v20 |  v0   v1   v2   v3 |    16 sums, 4 rows x 8 of A, two rows of B: all 32 registers.
//     v17  v21 |  v4   v5   v6   v7 |    16 loads for 128 fmla: 8 ld1 of four registers, 8 ldr.
//     v18  v22 |  v8   v9  v10  v11 |
//     v19  v23 | v12  v13  v14  v15 |
//
// A row of B is loaded as soon as its registers are free, 16 fmla before it is needed. Each step
// also loads one register of A: the first four steps the high halves that the last four use, the
// last four the low halves of the next block, across stripes too. So a core that executes in
// order does not wait for loads. Assembly, because g++ 12 and clang 14 both spill sums when
// intrinsics leave them no register to spare.
//
// All rows of A share one pointer, at constant distances, and only the last of four loads advances
// it: a Cortex-A55 does not start a load that writes its pointer back before older loads are done,
// and the loads of B write back already. For the same reason A comes by ldr: ldp of two q registers
// occupies its load unit longer than four ldr.
//
// Chosen among these loops, by instructions per fmla and by the fmla per cycle that llvm-mca 22
// models for Cortex-A55 / Neoverse N1 / Neoverse V1:
//   4x16, B by ld1, A by ldr (this one)   1.14   1.32 / 2.00 / 3.99
//   4x16, B by ld1, A by ldp              1.11   1.12 / 2.00 / 4.00
//   4x16, B by ldp                        1.18   1.02 / 1.80 / 4.00
//   5x16, B by ldp                        1.20   1.16 / 1.86 / 3.99
//   5x16, B by ld1                        1.14   0.81 / 2.00 / 3.99    (one row of B in flight)
//   6x16, B by ldp                        1.18   0.97 / 2.00 / 3.99    (half a row of B in flight)
#ifndef WINOGRAD_KERNELS_ARM_GEMM_4X16_NEON_HPP
#define WINOGRAD_KERNELS_ARM_GEMM_4X16_NEON_HPP

#include <cstddef>

#include "kernels/arm/assembly.hpp"
#include "kernels/common/gemm_loops.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

// clang-format off
#define WINOGRAD_LANES ".4s"
// `r1`, `r2` and `r3` are WINOGRAD_KEEP if the kernel has rows 1, 2 and 3, else WINOGRAD_DROP; so is
// `more`, if another block of A follows.
#define WINOGRAD_C0   "0", "1", "2", "3"
#define WINOGRAD_C1   "4", "5", "6", "7"
#define WINOGRAD_C2   "8", "9", "10", "11"
#define WINOGRAD_C3   "12", "13", "14", "15"
#define WINOGRAD_LO   "16", "17", "18", "19"
#define WINOGRAD_HI   "20", "21", "22", "23"
#define WINOGRAD_EVEN "24", "25", "26", "27"
#define WINOGRAD_ODD  "28", "29", "30", "31"
#define WINOGRAD_LOAD_EVEN WINOGRAD_LD1_4("[%[b]], #64", WINOGRAD_EVEN)
#define WINOGRAD_LOAD_ODD WINOGRAD_LD1_4("[%[b]], #64", WINOGRAD_ODD)
#define WINOGRAD_LOAD_ODD_AND_REWIND WINOGRAD_LD1_4("[%[b]], %[rewind]", WINOGRAD_ODD)
// The low halves of a block, row 0 last, then the high halves: `a` is 32 bytes further then.
#define WINOGRAD_LO_3 "ldr q19, [%[a], %[lo3]]\n"
#define WINOGRAD_LO_2 "ldr q18, [%[a], %[lo2]]\n"
#define WINOGRAD_LO_1 "ldr q17, [%[a], %[lo1]]\n"
#define WINOGRAD_LO_0 "ldr q16, [%[a]], #32\n"
#define WINOGRAD_HI_3 "ldr q23, [%[a], %[hi3]]\n"
#define WINOGRAD_HI_2 "ldr q22, [%[a], %[hi2]]\n"
#define WINOGRAD_HI_1 "ldr q21, [%[a], %[hi1]]\n"
#define WINOGRAD_HI_0 "ldr q20, [%[a], #-16]\n"

// One product of one row of sums: c (+)= b * a[lane], with a load on the way.
#define WINOGRAD_ROW(...) WINOGRAD_ROW_(__VA_ARGS__)
#define WINOGRAD_ROW_(op, c0, c1, c2, c3, load, b0, b1, b2, b3, a, lane)     \
  WINOGRAD_BY_LANE_2(op, c0, c1, b0, b1, "v" a ".s[" lane "]")               \
  load                                                                       \
  WINOGRAD_BY_LANE_2(op, c2, c3, b2, b3, "v" a ".s[" lane "]")
// One product of all rows. The load comes late, when that of B before it is nearly done.
#define WINOGRAD_STEP(...) WINOGRAD_STEP_(__VA_ARGS__)
#define WINOGRAD_STEP_(r1, r2, r3, op, load, b0, b1, b2, b3, a0, a1, a2, a3, lane) \
  r3(WINOGRAD_ROW(op, WINOGRAD_C3, , b0, b1, b2, b3, a3, lane))                    \
  r2(WINOGRAD_ROW(op, WINOGRAD_C2, , b0, b1, b2, b3, a2, lane))                    \
  r1(WINOGRAD_ROW(op, WINOGRAD_C1, , b0, b1, b2, b3, a1, lane))                    \
  WINOGRAD_ROW(op, WINOGRAD_C0, load, b0, b1, b2, b3, a0, lane)
// Products 0 to 3 of a block; `first` is the instruction of product 0, the others come after
// products 1, 2 and 3.
#define WINOGRAD_FIRST_HALF(r1, r2, r3, first, after1, after2, after3)                            \
  WINOGRAD_LOAD_ODD                                                                               \
  WINOGRAD_STEP(r1, r2, r3, first,  r3(WINOGRAD_HI_3), WINOGRAD_EVEN, WINOGRAD_LO, "0")           \
  WINOGRAD_LOAD_EVEN                                                                              \
  WINOGRAD_STEP(r1, r2, r3, "fmla", r2(WINOGRAD_HI_2), WINOGRAD_ODD,  WINOGRAD_LO, "1") after1    \
  WINOGRAD_LOAD_ODD                                                                               \
  WINOGRAD_STEP(r1, r2, r3, "fmla", r1(WINOGRAD_HI_1), WINOGRAD_EVEN, WINOGRAD_LO, "2") after2    \
  WINOGRAD_LOAD_EVEN                                                                              \
  WINOGRAD_STEP(r1, r2, r3, "fmla", WINOGRAD_HI_0,     WINOGRAD_ODD,  WINOGRAD_LO, "3") after3
// Products 4 to 6; `load` loads the row of B of product 7.
#define WINOGRAD_SECOND_HALF(r1, r2, r3, more, load)                                              \
  WINOGRAD_LOAD_ODD                                                                               \
  WINOGRAD_STEP(r1, r2, r3, "fmla", more(r3(WINOGRAD_LO_3)), WINOGRAD_EVEN, WINOGRAD_HI, "0")     \
  WINOGRAD_LOAD_EVEN                                                                              \
  WINOGRAD_STEP(r1, r2, r3, "fmla", more(r2(WINOGRAD_LO_2)), WINOGRAD_ODD,  WINOGRAD_HI, "1")     \
  load                                                                                            \
  WINOGRAD_STEP(r1, r2, r3, "fmla", more(r1(WINOGRAD_LO_1)), WINOGRAD_EVEN, WINOGRAD_HI, "2")
#define WINOGRAD_LAST_STEP(r1, r2, r3, load) \
  WINOGRAD_STEP(r1, r2, r3, "fmla", load, WINOGRAD_ODD, WINOGRAD_HI, "3")
#define WINOGRAD_LOAD_FIRST(r1, r2, r3)                                            \
  WINOGRAD_LOAD_EVEN                                                               \
  r3(WINOGRAD_LO_3) r2(WINOGRAD_LO_2) r1(WINOGRAD_LO_1) WINOGRAD_LO_0
#define WINOGRAD_DISTANCES                                                                         \
  [lo1] "r"(lo1), [lo2] "r"(lo2), [lo3] "r"(lo3), [hi1] "r"(hi1), [hi2] "r"(hi2), [hi3] "r"(hi3)

// The row of C at c, four registers wide, and the next row.
#define WINOGRAD_LOAD_C(...) WINOGRAD_LD1_4("[%[old]], %[ldc]", __VA_ARGS__)
#define WINOGRAD_STORE_C(...) WINOGRAD_ST1_4("[%[c]], %[ldc]", __VA_ARGS__)
#define WINOGRAD_ADD_TO(...) WINOGRAD_ADD_TO_(__VA_ARGS__)
#define WINOGRAD_ADD_TO_(c0, c1, c2, c3, ...) \
  WINOGRAD_FADD_4(c0, c1, c2, c3, c0, c1, c2, c3, __VA_ARGS__)
#define WINOGRAD_STORE_0 WINOGRAD_STORE_C(WINOGRAD_C0)
#define WINOGRAD_STORE_1 WINOGRAD_STORE_C(WINOGRAD_C1)
#define WINOGRAD_STORE_2 WINOGRAD_STORE_C(WINOGRAD_C2)
#define WINOGRAD_STORE_3 WINOGRAD_STORE_C(WINOGRAD_C3)

// A block of 8 products, with another one after it. `count` counts, or is empty.
#define WINOGRAD_BLOCK(r1, r2, r3, first, count)                              \
  WINOGRAD_FIRST_HALF(r1, r2, r3, first, count, , )                           \
  WINOGRAD_SECOND_HALF(r1, r2, r3, WINOGRAD_KEEP, WINOGRAD_LOAD_ODD)          \
  WINOGRAD_LOAD_EVEN                                                          \
  WINOGRAD_LAST_STEP(r1, r2, r3, WINOGRAD_LO_0)
#define WINOGRAD_COUNT "subs %w[count], %w[count], #1\n"

// ---- any number of segments of any length
#define WINOGRAD_GEMM(r1, r2, r3)                                                                  \
  "subs %w[count], %w[blocks], #2\n"                                                               \
  "b.lt 50f\n"                                                                                     \
  /* The first block of all: its first step multiplies, which saves clearing the sums. */          \
  WINOGRAD_LOAD_FIRST(r1, r2, r3)                                                                  \
  WINOGRAD_BLOCK(r1, r2, r3, "fmul", )                                                             \
  "b.eq 20f\n"                                                                                     \
  "10:\n"                                                                                          \
  WINOGRAD_BLOCK(r1, r2, r3, "fmla", WINOGRAD_COUNT)                                               \
  "b.ne 10b\n"                                                                                     \
  /* The last block of a segment: reads nothing beyond it. */                                      \
  "20:\n"                                                                                          \
  WINOGRAD_FIRST_HALF(r1, r2, r3, "fmla", , , )                                                    \
  WINOGRAD_SECOND_HALF(r1, r2, r3, WINOGRAD_DROP, WINOGRAD_LOAD_ODD)                               \
  WINOGRAD_LAST_STEP(r1, r2, r3, )                                                                 \
  /* Products beyond a multiple of 8, one by one. */                                               \
  "30:\n"                                                                                          \
  "cbz %w[tail], 40f\n"                                                                            \
  "mov %w[count], %w[tail]\n"                                                                      \
  "32:\n"                                                                                          \
  WINOGRAD_LOAD_EVEN                                                                               \
  r3("ldr s19, [%[a], %[lo3]]\n")                                                                  \
  r2("ldr s18, [%[a], %[lo2]]\n")                                                                  \
  r1("ldr s17, [%[a], %[lo1]]\n")                                                                  \
  "ldr s16, [%[a]], #4\n"                                                                          \
  WINOGRAD_COUNT                                                                                   \
  WINOGRAD_STEP(r1, r2, r3, "fmla", , WINOGRAD_EVEN, WINOGRAD_LO, "0")                             \
  "b.ne 32b\n"                                                                                     \
  /* The next segment. */                                                                          \
  "40:\n"                                                                                          \
  "subs %w[segments], %w[segments], #1\n"                                                          \
  "b.eq 60f\n"                                                                                     \
  "add %[a], %[a], %[skip]\n"                                                                      \
  "42:\n"                                                                                          \
  "cbz %w[blocks], 30b\n"                                                                          \
  WINOGRAD_LOAD_FIRST(r1, r2, r3)                                                                  \
  "subs %w[count], %w[blocks], #1\n"                                                               \
  "b.eq 20b\n"                                                                                     \
  "b 10b\n"                                                                                        \
  /* A segment of less than two blocks. */                                                         \
  "50:\n"                                                                                          \
  WINOGRAD_CLEAR_4(WINOGRAD_C0) r1(WINOGRAD_CLEAR_4(WINOGRAD_C1))                \
  r2(WINOGRAD_CLEAR_4(WINOGRAD_C2)) r3(WINOGRAD_CLEAR_4(WINOGRAD_C3))      \
  "b 42b\n"                                                                                        \
  /* The end of the chain. */                                                                        \
  "60:\n"                                                                                          \
  "cbz %w[accumulate], 65f\n"                                                                      \
  "mov %[old], %[c]\n"                                                                             \
  WINOGRAD_LOAD_C(WINOGRAD_LO) r1(WINOGRAD_LOAD_C(WINOGRAD_HI))      \
  r2(WINOGRAD_LOAD_C(WINOGRAD_EVEN)) r3(WINOGRAD_LOAD_C(WINOGRAD_ODD))  \
  WINOGRAD_ADD_TO(WINOGRAD_C0, WINOGRAD_LO)                                 \
  r1(WINOGRAD_ADD_TO(WINOGRAD_C1, WINOGRAD_HI))                             \
  r2(WINOGRAD_ADD_TO(WINOGRAD_C2, WINOGRAD_EVEN))                           \
  r3(WINOGRAD_ADD_TO(WINOGRAD_C3, WINOGRAD_ODD))                         \
  "65:\n"                                                                                          \
  WINOGRAD_STORE_0 r1(WINOGRAD_STORE_1) r2(WINOGRAD_STORE_2) r3(WINOGRAD_STORE_3)

#define WINOGRAD_GEMM_ASM(r1, r2, r3)                                                              \
  __asm__ volatile(WINOGRAD_GEMM(r1, r2, r3)                                                       \
      : [a] "+&r"(a), [b] "+&r"(b), [c] "+&r"(c), [segments] "+&r"(segments),                      \
        [count] "=&r"(count), [old] "=&r"(old)                                                     \
      : WINOGRAD_DISTANCES, [ldc] "r"(ldc), [blocks] "r"(blocks), [tail] "r"(tail),                \
        [skip] "r"(skip), [accumulate] "r"(accumulate)                                             \
      : "cc", "memory", WINOGRAD_ALL_VECTORS)

// ---- one segment of whole blocks, at least two: nearly all calls
// The first half of the last block of a stripe, which sends `a` to the next stripe. The last
// stripe loads its own first block again instead, which nobody uses: that is always there to be
// read, and costs less than a second copy of the code that loads nothing.
#define WINOGRAD_LAST_FIRST_HALF(r1, r2, r3)                         \
  WINOGRAD_FIRST_HALF(r1, r2, r3, "fmla",                            \
    "subs %w[stripes], %w[stripes], #1\n",                           \
    "csel %[next], %[a_next], %[a_again], ne\n",                     \
    "add %[a], %[a], %[next]\n")

#define WINOGRAD_OVERWRITE(r1, r2, r3)                                                    \
  WINOGRAD_LAST_FIRST_HALF(r1, r2, r3)                                                    \
  WINOGRAD_SECOND_HALF(r1, r2, r3, WINOGRAD_KEEP, WINOGRAD_LOAD_ODD_AND_REWIND)           \
  WINOGRAD_LOAD_EVEN                                                                      \
  WINOGRAD_LAST_STEP(r1, r2, r3, )                                                        \
  WINOGRAD_STORE_0 r1(WINOGRAD_STORE_1) r2(WINOGRAD_STORE_2) r3(WINOGRAD_STORE_3)         \
  WINOGRAD_LO_0

// Old values of C go where registers are free: the low half of A, the even row of B, and sums that
// were stored.
#define WINOGRAD_ROW_0 WINOGRAD_LAST_ROW(WINOGRAD_C0, "20")
#define WINOGRAD_ROW_1 WINOGRAD_LAST_ROW(WINOGRAD_C1, "21")
#define WINOGRAD_ROW_2 WINOGRAD_LAST_ROW(WINOGRAD_C2, "22")
#define WINOGRAD_ROW_3 WINOGRAD_LAST_ROW(WINOGRAD_C3, "23")
#define WINOGRAD_LAST_ROW(...) WINOGRAD_LAST_ROW_(__VA_ARGS__)
#define WINOGRAD_LAST_ROW_(c0, c1, c2, c3, a) \
  WINOGRAD_ROW("fmla", c0, c1, c2, c3, , WINOGRAD_ODD, a, "3")
#define WINOGRAD_OLD_0 WINOGRAD_LOAD_C(WINOGRAD_LO)
#define WINOGRAD_OLD_1 WINOGRAD_LOAD_C(WINOGRAD_EVEN)
#define WINOGRAD_OLD_2 WINOGRAD_LOAD_C(WINOGRAD_C0)
#define WINOGRAD_OLD_3 WINOGRAD_LOAD_C(WINOGRAD_C1)
#define WINOGRAD_SUM_0 WINOGRAD_ADD_TO(WINOGRAD_C0, WINOGRAD_LO)
#define WINOGRAD_SUM_1 WINOGRAD_ADD_TO(WINOGRAD_C1, WINOGRAD_EVEN)
#define WINOGRAD_SUM_2 WINOGRAD_ADD_TO(WINOGRAD_C2, WINOGRAD_C0)
#define WINOGRAD_SUM_3 WINOGRAD_ADD_TO(WINOGRAD_C3, WINOGRAD_C1)
#define WINOGRAD_ACCUMULATE(r1, r2, r3)                                                   \
  "mov %[old], %[c]\n"                                                                    \
  WINOGRAD_LAST_FIRST_HALF(r1, r2, r3)                                                    \
  WINOGRAD_OLD_0                                                                          \
  WINOGRAD_SECOND_HALF(r1, r2, r3, WINOGRAD_DROP, WINOGRAD_LOAD_ODD_AND_REWIND)           \
  r1(WINOGRAD_OLD_1) WINOGRAD_ROW_0 WINOGRAD_SUM_0 WINOGRAD_STORE_0                       \
  r2(WINOGRAD_OLD_2) r1(WINOGRAD_ROW_1 WINOGRAD_SUM_1)                                    \
  r3(WINOGRAD_LO_3) r2(WINOGRAD_LO_2) r1(WINOGRAD_LO_1)                                   \
  r2(WINOGRAD_ROW_2) r1(WINOGRAD_STORE_1) r2(WINOGRAD_SUM_2)                              \
  r3(WINOGRAD_OLD_3 WINOGRAD_ROW_3) WINOGRAD_LOAD_EVEN                                    \
  r3(WINOGRAD_SUM_3) r2(WINOGRAD_STORE_2) r3(WINOGRAD_STORE_3)                            \
  WINOGRAD_LO_0

#define WINOGRAD_STRIPES(r1, r2, r3, last_block)                                                   \
  __asm__ volatile(                                                                                \
      WINOGRAD_LOAD_FIRST(r1, r2, r3)                                                              \
      "1:\n"                                                                                       \
      WINOGRAD_BLOCK(r1, r2, r3, "fmul", "mov %w[count], %w[turns]\n")                             \
      "cbz %w[count], 3f\n"                                                                        \
      "2:\n"                                                                                       \
      WINOGRAD_BLOCK(r1, r2, r3, "fmla", WINOGRAD_COUNT)                                           \
      "b.ne 2b\n"                                                                                  \
      "3:\n"                                                                                       \
      last_block(r1, r2, r3)                                                                       \
      "b.ne 1b\n"                                                                                  \
      : [a] "+&r"(a), [b] "+&r"(b), [c] "+&r"(c), [stripes] "+&r"(stripes), [count] "=&r"(count),  \
        [next] "=&r"(next), [old] "=&r"(old)                                                       \
      : WINOGRAD_DISTANCES, [ldc] "r"(ldc), [turns] "r"(turns), [a_next] "r"(a_next),              \
        [a_again] "r"(a_again), [rewind] "r"(rewind)                                               \
      : "cc", "memory", WINOGRAD_ALL_VECTORS)
// clang-format on

/// C[stripes * rows][16] (+)= A * B, one chain of one segment of k products, k a multiple of 8 and
/// at least 16.
template <int rows, bool accumulate>
void gemm_4x16_neon_blocks(const MicroArgs& args) {
  constexpr std::ptrdiff_t kFloat = sizeof(float);
  const std::ptrdiff_t lda = args.lda * kFloat, ldc = args.ldc * kFloat, k = args.k * kFloat;
  // From `a` to the other rows: to the low halves of a block, then to the high ones.
  const std::ptrdiff_t lo1 = lda, lo2 = 2 * lda, lo3 = 3 * lda;
  const std::ptrdiff_t hi1 = lo1 - 16, hi2 = lo2 - 16, hi3 = lo3 - 16;
  const std::ptrdiff_t a_again = -k, a_next = rows * lda - k, rewind = 64 - 16 * k;
  const unsigned turns = static_cast<unsigned>(args.k) / 8 - 2;
  const float *a = args.a, *b = args.b;
  float *c = args.c, *old;
  std::ptrdiff_t next;
  int stripes = args.stripes, count;
#define WINOGRAD_ROWS(last_block)                                              \
  if constexpr (rows == 4) {                                                   \
    WINOGRAD_STRIPES(WINOGRAD_KEEP, WINOGRAD_KEEP, WINOGRAD_KEEP, last_block); \
  } else if constexpr (rows == 3) {                                            \
    WINOGRAD_STRIPES(WINOGRAD_KEEP, WINOGRAD_KEEP, WINOGRAD_DROP, last_block); \
  } else if constexpr (rows == 2) {                                            \
    WINOGRAD_STRIPES(WINOGRAD_KEEP, WINOGRAD_DROP, WINOGRAD_DROP, last_block); \
  } else {                                                                     \
    WINOGRAD_STRIPES(WINOGRAD_DROP, WINOGRAD_DROP, WINOGRAD_DROP, last_block); \
  }
  if constexpr (accumulate) {
    WINOGRAD_ROWS(WINOGRAD_ACCUMULATE)
  } else {
    WINOGRAD_ROWS(WINOGRAD_OVERWRITE)
  }
#undef WINOGRAD_ROWS
}

/// C[stripes * rows][16] (+)= A * B, one chain.
template <int rows>
void gemm_4x16_neon(const MicroArgs& args) {
  static_assert(1 <= rows && rows <= 4);
  if (args.segments == 1 && args.k % 8 == 0 && args.k >= 16) {
    if (args.accumulate) {
      gemm_4x16_neon_blocks<rows, true>(args);
    } else {
      gemm_4x16_neon_blocks<rows, false>(args);
    }
    return;
  }
  // Copies, because the assembly may write any memory as far as the compiler knows.
  constexpr std::ptrdiff_t kFloat = sizeof(float);
  const std::ptrdiff_t lda = args.lda * kFloat, ldc = args.ldc * kFloat;
  const std::ptrdiff_t lo1 = lda, lo2 = 2 * lda, lo3 = 3 * lda;
  const std::ptrdiff_t hi1 = lo1 - 16, hi2 = lo2 - 16, hi3 = lo3 - 16;
  const std::ptrdiff_t skip = (args.segment_stride - args.k) * kFloat;
  const int chain_segments = args.segments, blocks = args.k / 8, tail = args.k % 8;
  const int accumulate = args.accumulate;
  const float* const panel = args.b;
  const float* first_a = args.a;
  float* c = args.c;
  for (int stripe = args.stripes; stripe > 0; --stripe, first_a += rows * args.lda) {
    const float *a = first_a, *b = panel;
    float* old;
    int segments = chain_segments, count;
    if constexpr (rows == 4) {
      WINOGRAD_GEMM_ASM(WINOGRAD_KEEP, WINOGRAD_KEEP, WINOGRAD_KEEP);
    } else if constexpr (rows == 3) {
      WINOGRAD_GEMM_ASM(WINOGRAD_KEEP, WINOGRAD_KEEP, WINOGRAD_DROP);
    } else if constexpr (rows == 2) {
      WINOGRAD_GEMM_ASM(WINOGRAD_KEEP, WINOGRAD_DROP, WINOGRAD_DROP);
    } else {
      WINOGRAD_GEMM_ASM(WINOGRAD_DROP, WINOGRAD_DROP, WINOGRAD_DROP);
    }
  }
}

#undef WINOGRAD_LANES
#undef WINOGRAD_C0
#undef WINOGRAD_C1
#undef WINOGRAD_C2
#undef WINOGRAD_C3
#undef WINOGRAD_LO
#undef WINOGRAD_HI
#undef WINOGRAD_EVEN
#undef WINOGRAD_ODD
#undef WINOGRAD_LOAD_EVEN
#undef WINOGRAD_LOAD_ODD
#undef WINOGRAD_LOAD_ODD_AND_REWIND
#undef WINOGRAD_LO_3
#undef WINOGRAD_LO_2
#undef WINOGRAD_LO_1
#undef WINOGRAD_LO_0
#undef WINOGRAD_HI_3
#undef WINOGRAD_HI_2
#undef WINOGRAD_HI_1
#undef WINOGRAD_HI_0
#undef WINOGRAD_ROW
#undef WINOGRAD_ROW_
#undef WINOGRAD_STEP
#undef WINOGRAD_STEP_
#undef WINOGRAD_FIRST_HALF
#undef WINOGRAD_SECOND_HALF
#undef WINOGRAD_LAST_STEP
#undef WINOGRAD_LOAD_FIRST
#undef WINOGRAD_DISTANCES
#undef WINOGRAD_LOAD_C
#undef WINOGRAD_STORE_C
#undef WINOGRAD_ADD_TO
#undef WINOGRAD_ADD_TO_
#undef WINOGRAD_STORE_0
#undef WINOGRAD_STORE_1
#undef WINOGRAD_STORE_2
#undef WINOGRAD_STORE_3
#undef WINOGRAD_BLOCK
#undef WINOGRAD_COUNT
#undef WINOGRAD_GEMM
#undef WINOGRAD_GEMM_ASM
#undef WINOGRAD_LAST_FIRST_HALF
#undef WINOGRAD_OVERWRITE
#undef WINOGRAD_ROW_0
#undef WINOGRAD_ROW_1
#undef WINOGRAD_ROW_2
#undef WINOGRAD_ROW_3
#undef WINOGRAD_LAST_ROW
#undef WINOGRAD_LAST_ROW_
#undef WINOGRAD_OLD_0
#undef WINOGRAD_OLD_1
#undef WINOGRAD_OLD_2
#undef WINOGRAD_OLD_3
#undef WINOGRAD_SUM_0
#undef WINOGRAD_SUM_1
#undef WINOGRAD_SUM_2
#undef WINOGRAD_SUM_3
#undef WINOGRAD_ACCUMULATE
#undef WINOGRAD_STRIPES

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_GEMM_4X16_NEON_HPP
