// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Micro-kernel for AArch64: up to 4 rows (tiles) x 16 columns (channels), 8 products deep.
//
//              B: even products v24-v27, odd products v28-v31
//   A: lo   hi
//     v16  v20 |  v0   v1   v2   v3 |    16 sums, 4 rows x 8 of A, two rows of B: all 32 registers.
//     v17  v21 |  v4   v5   v6   v7 |    12 loads for 128 fmla: 8 ld1 of four registers, 4 ldp.
//     v18  v22 |  v8   v9  v10  v11 |
//     v19  v23 | v12  v13  v14  v15 |
//
// A row of B is loaded as soon as its registers are free, 16 fmla before it is needed, and A in the
// last step of the block before, across groups of rows too: a core that executes in order does not
// wait for loads. Assembly, because g++ 12 and clang 14 both spill sums when intrinsics leave them
// no register to spare.
//
// Chosen among these loops, by instructions per fmla and by the fmla per cycle that llvm-mca 22
// models for Cortex-A55 / Neoverse N1 / Neoverse V1:
//   4x16, B by ld1 (this one)   1.11   1.12 / 2.00 / 4.00
//   4x16, B by ldp              1.18   1.02 / 1.80 / 4.00
//   5x16, B by ldp              1.20   1.16 / 1.86 / 3.99
//   5x16, B by ld1              1.14   0.81 / 2.00 / 3.99    (one row of B in flight)
//   6x16, B by ldp              1.18   0.97 / 2.00 / 3.99    (half a row of B in flight)
#ifndef WINOGRAD_KERNELS_ARM_GEMM_4X16_NEON_HPP
#define WINOGRAD_KERNELS_ARM_GEMM_4X16_NEON_HPP

#include <cstddef>

#include "arm/gemm_groups.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

// clang-format off
// The assembly, assembled from string literals. `r1`, `r2` and `r3` are WINOGRAD_KEEP if the kernel
// has rows 1, 2 and 3, else WINOGRAD_DROP; so is `more`, if another block of A follows.
#define WINOGRAD_KEEP(...) __VA_ARGS__
#define WINOGRAD_DROP(...)
#define WINOGRAD_EVEN "v24", "v25", "v26", "v27"
#define WINOGRAD_ODD  "v28", "v29", "v30", "v31"
#define WINOGRAD_LO   "v16", "v17", "v18", "v19"
#define WINOGRAD_HI   "v20", "v21", "v22", "v23"
#define WINOGRAD_LOAD_EVEN "ld1 {v24.4s, v25.4s, v26.4s, v27.4s}, [%[b]], #64\n"
#define WINOGRAD_LOAD_ODD  "ld1 {v28.4s, v29.4s, v30.4s, v31.4s}, [%[b]], #64\n"
#define WINOGRAD_LOAD_A0 "ldp q16, q20, [%[a0]], #32\n"
#define WINOGRAD_LOAD_A1 "ldp q17, q21, [%[a1]], #32\n"
#define WINOGRAD_LOAD_A2 "ldp q18, q22, [%[a2]], #32\n"
#define WINOGRAD_LOAD_A3 "ldp q19, q23, [%[a3]], #32\n"

// One product of one row of sums: c (+)= b * a[lane].
#define WINOGRAD_ROW(op, c0, c1, c2, c3, b0, b1, b2, b3, a, lane) \
  op " " c0 ".4s, " b0 ".4s, " a ".s[" lane "]\n"                 \
  op " " c1 ".4s, " b1 ".4s, " a ".s[" lane "]\n"                 \
  op " " c2 ".4s, " b2 ".4s, " a ".s[" lane "]\n"                 \
  op " " c3 ".4s, " b3 ".4s, " a ".s[" lane "]\n"
// One product of all rows. A row of A is replaced as soon as it was used.
#define WINOGRAD_STEP_(r1, r2, r3, more, op, b0, b1, b2, b3, a0, a1, a2, a3, lane)             \
  WINOGRAD_ROW(op, "v0", "v1", "v2", "v3", b0, b1, b2, b3, a0, lane) more(WINOGRAD_LOAD_A0)       \
  r1(WINOGRAD_ROW(op, "v4", "v5", "v6", "v7", b0, b1, b2, b3, a1, lane) more(WINOGRAD_LOAD_A1))   \
  r2(WINOGRAD_ROW(op, "v8", "v9", "v10", "v11", b0, b1, b2, b3, a2, lane) more(WINOGRAD_LOAD_A2)) \
  r3(WINOGRAD_ROW(op, "v12", "v13", "v14", "v15", b0, b1, b2, b3, a3, lane) more(WINOGRAD_LOAD_A3))
#define WINOGRAD_STEP_EXPANDED(...) WINOGRAD_STEP_(__VA_ARGS__)
#define WINOGRAD_STEP(r1, r2, r3, op, b, a, lane) \
  WINOGRAD_STEP_EXPANDED(r1, r2, r3, WINOGRAD_DROP, op, b, a, lane)
#define WINOGRAD_STEP_AND_LOAD_A(r1, r2, r3, b, a, lane) \
  WINOGRAD_STEP_EXPANDED(r1, r2, r3, WINOGRAD_KEEP, "fmla", b, a, lane)
// Products 0 to 6 of a block; `first` is the instruction of product 0.
#define WINOGRAD_START(r1, r2, r3, first)                                               \
  WINOGRAD_LOAD_ODD  WINOGRAD_STEP(r1, r2, r3, first,  WINOGRAD_EVEN, WINOGRAD_LO, "0") \
  WINOGRAD_LOAD_EVEN WINOGRAD_STEP(r1, r2, r3, "fmla", WINOGRAD_ODD,  WINOGRAD_LO, "1") \
  WINOGRAD_LOAD_ODD  WINOGRAD_STEP(r1, r2, r3, "fmla", WINOGRAD_EVEN, WINOGRAD_LO, "2") \
  WINOGRAD_LOAD_EVEN WINOGRAD_STEP(r1, r2, r3, "fmla", WINOGRAD_ODD,  WINOGRAD_LO, "3") \
  WINOGRAD_LOAD_ODD  WINOGRAD_STEP(r1, r2, r3, "fmla", WINOGRAD_EVEN, WINOGRAD_HI, "0") \
  WINOGRAD_LOAD_EVEN WINOGRAD_STEP(r1, r2, r3, "fmla", WINOGRAD_ODD,  WINOGRAD_HI, "1") \
  WINOGRAD_LOAD_ODD  WINOGRAD_STEP(r1, r2, r3, "fmla", WINOGRAD_EVEN, WINOGRAD_HI, "2")
#define WINOGRAD_ALL_REGISTERS                                                                     \
  "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14",   \
  "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27",       \
  "v28", "v29", "v30", "v31"
#define WINOGRAD_LOAD_FIRST(r1, r2, r3)          \
  WINOGRAD_LOAD_EVEN                             \
  WINOGRAD_LOAD_A0 r1(WINOGRAD_LOAD_A1)          \
  r2(WINOGRAD_LOAD_A2) r3(WINOGRAD_LOAD_A3)

// The row of C at c, four registers wide, and the next row.
#define WINOGRAD_LOAD_C(q0, q1, q2, q3) \
  "ld1 {" q0 ".4s, " q1 ".4s, " q2 ".4s, " q3 ".4s}, [%[old]], %[ldc]\n"
#define WINOGRAD_STORE_C(q0, q1, q2, q3) \
  "st1 {" q0 ".4s, " q1 ".4s, " q2 ".4s, " q3 ".4s}, [%[c]], %[ldc]\n"
#define WINOGRAD_ADD(c0, c1, c2, c3, o0, o1, o2, o3) \
  "fadd " c0 ".4s, " c0 ".4s, " o0 ".4s\n"           \
  "fadd " c1 ".4s, " c1 ".4s, " o1 ".4s\n"           \
  "fadd " c2 ".4s, " c2 ".4s, " o2 ".4s\n"           \
  "fadd " c3 ".4s, " c3 ".4s, " o3 ".4s\n"
#define WINOGRAD_CLEAR(c0, c1, c2, c3) \
  "movi " c0 ".4s, #0\n" "movi " c1 ".4s, #0\n" "movi " c2 ".4s, #0\n" "movi " c3 ".4s, #0\n"

// A block of 8 products. One more block follows, or not.
#define WINOGRAD_BLOCK(r1, r2, r3, first) \
  WINOGRAD_START(r1, r2, r3, first)       \
  WINOGRAD_LOAD_EVEN WINOGRAD_STEP_AND_LOAD_A(r1, r2, r3, WINOGRAD_ODD, WINOGRAD_HI, "3")
#define WINOGRAD_LAST_BLOCK(r1, r2, r3) \
  WINOGRAD_START(r1, r2, r3, "fmla")    \
  WINOGRAD_STEP(r1, r2, r3, "fmla", WINOGRAD_ODD, WINOGRAD_HI, "3")

// ---- any number of segments of any length
#define WINOGRAD_GEMM(r1, r2, r3)                                                                  \
  "subs %w[count], %w[blocks], #2\n"                                                               \
  "b.lt 50f\n"                                                                                     \
  /* The first block of all: its first step multiplies, which saves clearing the sums. */          \
  WINOGRAD_LOAD_FIRST(r1, r2, r3)                                                                  \
  WINOGRAD_BLOCK(r1, r2, r3, "fmul")                                                               \
  "b.eq 20f\n"                                                                                     \
  "10:\n"                                                                                          \
  "subs %w[count], %w[count], #1\n"                                                                \
  WINOGRAD_BLOCK(r1, r2, r3, "fmla")                                                               \
  "b.ne 10b\n"                                                                                     \
  /* The last block of a segment: reads nothing beyond it. */                                      \
  "20:\n"                                                                                          \
  WINOGRAD_LAST_BLOCK(r1, r2, r3)                                                                  \
  /* Products beyond a multiple of 8, one by one. */                                               \
  "30:\n"                                                                                          \
  "cbz %w[tail], 40f\n"                                                                            \
  "mov %w[count], %w[tail]\n"                                                                      \
  "32:\n"                                                                                          \
  WINOGRAD_LOAD_EVEN                                                                               \
  "ldr s16, [%[a0]], #4\n"                                                                         \
  r1("ldr s17, [%[a1]], #4\n")                                                                     \
  r2("ldr s18, [%[a2]], #4\n")                                                                     \
  r3("ldr s19, [%[a3]], #4\n")                                                                     \
  "subs %w[count], %w[count], #1\n"                                                                \
  WINOGRAD_STEP(r1, r2, r3, "fmla", WINOGRAD_EVEN, WINOGRAD_LO, "0")                               \
  "b.ne 32b\n"                                                                                     \
  /* The next segment. */                                                                          \
  "40:\n"                                                                                          \
  "subs %w[segments], %w[segments], #1\n"                                                          \
  "b.eq 60f\n"                                                                                     \
  "add %[a0], %[a0], %[skip]\n"                                                                    \
  r1("add %[a1], %[a1], %[skip]\n")                                                                \
  r2("add %[a2], %[a2], %[skip]\n")                                                                \
  r3("add %[a3], %[a3], %[skip]\n")                                                                \
  "42:\n"                                                                                          \
  "cbz %w[blocks], 30b\n"                                                                          \
  WINOGRAD_LOAD_FIRST(r1, r2, r3)                                                                  \
  "subs %w[count], %w[blocks], #1\n"                                                               \
  "b.eq 20b\n"                                                                                     \
  "b 10b\n"                                                                                        \
  /* A segment of less than two blocks. */                                                         \
  "50:\n"                                                                                          \
  WINOGRAD_CLEAR("v0", "v1", "v2", "v3") r1(WINOGRAD_CLEAR("v4", "v5", "v6", "v7"))                \
  r2(WINOGRAD_CLEAR("v8", "v9", "v10", "v11")) r3(WINOGRAD_CLEAR("v12", "v13", "v14", "v15"))      \
  "b 42b\n"                                                                                        \
  /* The end of the run. */                                                                        \
  "60:\n"                                                                                          \
  "cbz %w[accumulate], 65f\n"                                                                      \
  "mov %[old], %[c]\n"                                                                             \
  WINOGRAD_LOAD_C("v16", "v17", "v18", "v19") r1(WINOGRAD_LOAD_C("v20", "v21", "v22", "v23"))      \
  r2(WINOGRAD_LOAD_C("v24", "v25", "v26", "v27")) r3(WINOGRAD_LOAD_C("v28", "v29", "v30", "v31"))  \
  WINOGRAD_ADD("v0", "v1", "v2", "v3", "v16", "v17", "v18", "v19")                                 \
  r1(WINOGRAD_ADD("v4", "v5", "v6", "v7", "v20", "v21", "v22", "v23"))                             \
  r2(WINOGRAD_ADD("v8", "v9", "v10", "v11", "v24", "v25", "v26", "v27"))                           \
  r3(WINOGRAD_ADD("v12", "v13", "v14", "v15", "v28", "v29", "v30", "v31"))                         \
  "65:\n"                                                                                          \
  WINOGRAD_STORE_C("v0", "v1", "v2", "v3") r1(WINOGRAD_STORE_C("v4", "v5", "v6", "v7"))            \
  r2(WINOGRAD_STORE_C("v8", "v9", "v10", "v11")) r3(WINOGRAD_STORE_C("v12", "v13", "v14", "v15"))

#define WINOGRAD_GEMM_ASM(r1, r2, r3)                                                              \
  __asm__ volatile(WINOGRAD_GEMM(r1, r2, r3)                                                       \
      : [a0] "+&r"(a0), [a1] "+&r"(a1), [a2] "+&r"(a2), [a3] "+&r"(a3), [b] "+&r"(b),              \
        [c] "+&r"(c), [segments] "+&r"(segments), [count] "=&r"(count), [old] "=&r"(old)           \
      : [ldc] "r"(ldc), [blocks] "r"(blocks), [tail] "r"(tail), [skip] "r"(skip),                  \
        [accumulate] "r"(accumulate)                                                               \
      : "cc", "memory", WINOGRAD_ALL_REGISTERS)
// clang-format on

// ---- one segment of whole blocks, at least two: nearly all calls
// clang-format off
// The last step of a row group, with what follows it. The loads for the next group come between the
// stores of this one.
#define WINOGRAD_ROW_0 WINOGRAD_LAST_ROW("v0", "v1", "v2", "v3", "v20")
#define WINOGRAD_ROW_1 WINOGRAD_LAST_ROW("v4", "v5", "v6", "v7", "v21")
#define WINOGRAD_ROW_2 WINOGRAD_LAST_ROW("v8", "v9", "v10", "v11", "v22")
#define WINOGRAD_ROW_3 WINOGRAD_LAST_ROW("v12", "v13", "v14", "v15", "v23")
#define WINOGRAD_LAST_ROW(c0, c1, c2, c3, a) WINOGRAD_ROW_EXPANDED(c0, c1, c2, c3, WINOGRAD_ODD, a)
#define WINOGRAD_ROW_EXPANDED(...) WINOGRAD_ROW_("fmla", __VA_ARGS__, "3")
#define WINOGRAD_ROW_(...) WINOGRAD_ROW(__VA_ARGS__)
#define WINOGRAD_STORE_0 WINOGRAD_STORE_C("v0", "v1", "v2", "v3")
#define WINOGRAD_STORE_1 WINOGRAD_STORE_C("v4", "v5", "v6", "v7")
#define WINOGRAD_STORE_2 WINOGRAD_STORE_C("v8", "v9", "v10", "v11")
#define WINOGRAD_STORE_3 WINOGRAD_STORE_C("v12", "v13", "v14", "v15")
// Old values of C use the low half of A and the even row of B, which are free by then.
#define WINOGRAD_OLD_LO   WINOGRAD_LOAD_C("v16", "v17", "v18", "v19")
#define WINOGRAD_OLD_EVEN WINOGRAD_LOAD_C("v24", "v25", "v26", "v27")
#define WINOGRAD_SUM_0 WINOGRAD_ADD("v0", "v1", "v2", "v3", "v16", "v17", "v18", "v19")
#define WINOGRAD_SUM_1 WINOGRAD_ADD("v4", "v5", "v6", "v7", "v24", "v25", "v26", "v27")
#define WINOGRAD_SUM_2 WINOGRAD_ADD("v8", "v9", "v10", "v11", "v16", "v17", "v18", "v19")
#define WINOGRAD_SUM_3 WINOGRAD_ADD("v12", "v13", "v14", "v15", "v24", "v25", "v26", "v27")

#define WINOGRAD_NEXT_GROUP(r1, r2, r3)          \
  "add %[a0], %[a0], %[a_next]\n"                \
  r1("add %[a1], %[a1], %[a_next]\n")            \
  r2("add %[a2], %[a2], %[a_next]\n")            \
  r3("add %[a3], %[a3], %[a_next]\n")            \
  "sub %[b], %[b], %[b_size]\n"
// All blocks of a group of rows but the last.
#define WINOGRAD_LEADING_BLOCKS(r1, r2, r3)      \
  "1:\n"                                         \
  "mov %w[count], %w[turns]\n"                   \
  WINOGRAD_BLOCK(r1, r2, r3, "fmul")             \
  "cbz %w[count], 3f\n"                          \
  "2:\n"                                         \
  "subs %w[count], %w[count], #1\n"              \
  WINOGRAD_BLOCK(r1, r2, r3, "fmla")             \
  "b.ne 2b\n"                                    \
  "3:\n"

#define WINOGRAD_GROUPS_OVERWRITE(r1, r2, r3)                                             \
  WINOGRAD_LOAD_FIRST(r1, r2, r3)                                                         \
  WINOGRAD_LEADING_BLOCKS(r1, r2, r3)                                                     \
  "subs %w[groups], %w[groups], #1\n"                                                     \
  "b.eq 4f\n"                                                                             \
  WINOGRAD_START(r1, r2, r3, "fmla")                                                      \
  WINOGRAD_NEXT_GROUP(r1, r2, r3)                                                         \
  WINOGRAD_LOAD_EVEN                                                                      \
  WINOGRAD_ROW_0 WINOGRAD_LOAD_A0                                                         \
  r1(WINOGRAD_ROW_1 WINOGRAD_LOAD_A1) WINOGRAD_STORE_0                                    \
  r2(WINOGRAD_ROW_2 WINOGRAD_LOAD_A2) r1(WINOGRAD_STORE_1)                                \
  r3(WINOGRAD_ROW_3 WINOGRAD_LOAD_A3) r2(WINOGRAD_STORE_2) r3(WINOGRAD_STORE_3)           \
  "b 1b\n"                                                                                \
  "4:\n"                                                                                  \
  WINOGRAD_START(r1, r2, r3, "fmla")                                                      \
  WINOGRAD_ROW_0                                                                          \
  r1(WINOGRAD_ROW_1) WINOGRAD_STORE_0                                                     \
  r2(WINOGRAD_ROW_2) r1(WINOGRAD_STORE_1)                                                 \
  r3(WINOGRAD_ROW_3) r2(WINOGRAD_STORE_2) r3(WINOGRAD_STORE_3)

#define WINOGRAD_GROUPS_ACCUMULATE(r1, r2, r3)                                            \
  WINOGRAD_LOAD_FIRST(r1, r2, r3)                                                         \
  WINOGRAD_LEADING_BLOCKS(r1, r2, r3)                                                     \
  "mov %[old], %[c]\n"                                                                    \
  WINOGRAD_START(r1, r2, r3, "fmla")                                                      \
  WINOGRAD_OLD_LO r1(WINOGRAD_OLD_EVEN)                                                   \
  WINOGRAD_ROW_0                                                                          \
  r1(WINOGRAD_ROW_1) WINOGRAD_SUM_0 r2(WINOGRAD_OLD_LO) WINOGRAD_STORE_0                  \
  r2(WINOGRAD_ROW_2) r1(WINOGRAD_SUM_1) r3(WINOGRAD_OLD_EVEN) r1(WINOGRAD_STORE_1)        \
  r3(WINOGRAD_ROW_3) r2(WINOGRAD_SUM_2 WINOGRAD_STORE_2)                                  \
  r3(WINOGRAD_SUM_3 WINOGRAD_STORE_3)                                                     \
  "subs %w[groups], %w[groups], #1\n"                                                     \
  "b.eq 4f\n"                                                                             \
  WINOGRAD_NEXT_GROUP(r1, r2, r3)                                                         \
  WINOGRAD_LOAD_FIRST(r1, r2, r3)                                                         \
  "b 1b\n"                                                                                \
  "4:\n"

#define WINOGRAD_GROUPS_ASM(text)                                                                  \
  __asm__ volatile(text                                                                            \
      : [a0] "+&r"(a0), [a1] "+&r"(a1), [a2] "+&r"(a2), [a3] "+&r"(a3), [b] "+&r"(b),              \
        [c] "+&r"(c), [groups] "+&r"(groups), [count] "=&r"(count), [old] "=&r"(old)               \
      : [ldc] "r"(ldc), [turns] "r"(turns), [a_next] "r"(a_next), [b_size] "r"(b_size)             \
      : "cc", "memory", WINOGRAD_ALL_REGISTERS)
// clang-format on

/// C[groups * rows][16] (+)= A * B, one run of one segment of k products, k a multiple of 8 and at
/// least 16.
template <int rows, bool accumulate>
void gemm_4x16_neon_blocks(const MicroArgs& args, int groups) {
  constexpr std::ptrdiff_t kFloat = sizeof(float);
  const std::ptrdiff_t lda = args.lda, ldc = args.ldc * kFloat;
  const std::ptrdiff_t a_next = (rows * lda - args.k) * kFloat;
  const std::ptrdiff_t b_size = args.k * 16 * kFloat;
  const int turns = args.k / 8 - 2;
  const float *a0 = args.a, *a1 = a0 + lda, *a2 = a1 + lda, *a3 = a2 + lda, *b = args.b;
  float *c = args.c, *old;
  int count;
#define WINOGRAD_ROWS(macro)                                                 \
  if constexpr (rows == 4) {                                                 \
    WINOGRAD_GROUPS_ASM(macro(WINOGRAD_KEEP, WINOGRAD_KEEP, WINOGRAD_KEEP)); \
  } else if constexpr (rows == 3) {                                          \
    WINOGRAD_GROUPS_ASM(macro(WINOGRAD_KEEP, WINOGRAD_KEEP, WINOGRAD_DROP)); \
  } else if constexpr (rows == 2) {                                          \
    WINOGRAD_GROUPS_ASM(macro(WINOGRAD_KEEP, WINOGRAD_DROP, WINOGRAD_DROP)); \
  } else {                                                                   \
    WINOGRAD_GROUPS_ASM(macro(WINOGRAD_DROP, WINOGRAD_DROP, WINOGRAD_DROP)); \
  }
  if constexpr (accumulate) {
    WINOGRAD_ROWS(WINOGRAD_GROUPS_ACCUMULATE)
  } else {
    WINOGRAD_ROWS(WINOGRAD_GROUPS_OVERWRITE)
  }
#undef WINOGRAD_ROWS
}

/// C[groups * rows][16] (+)= A * B, one run.
template <int rows>
void gemm_4x16_neon(const MicroArgs& args, int groups) {
  static_assert(1 <= rows && rows <= 4);
  if (args.segments == 1 && args.k % 8 == 0 && args.k >= 16) {
    if (args.accumulate) {
      gemm_4x16_neon_blocks<rows, true>(args, groups);
    } else {
      gemm_4x16_neon_blocks<rows, false>(args, groups);
    }
    return;
  }
  // Copies, because the assembly may write any memory as far as the compiler knows.
  constexpr std::ptrdiff_t kFloat = sizeof(float);
  const std::ptrdiff_t lda = args.lda, ldc = args.ldc * kFloat;
  const std::ptrdiff_t skip = (args.segment_stride - args.k) * kFloat;
  const int run_segments = args.segments, blocks = args.k / 8, tail = args.k % 8;
  const int accumulate = args.accumulate;
  const float* const panel = args.b;
  const float* a = args.a;
  float* c = args.c;
  for (; groups > 0; --groups, a += rows * lda) {
    const float *a0 = a, *a1 = a0 + lda, *a2 = a1 + lda, *a3 = a2 + lda;
    const float* b = panel;
    float* old;
    int segments = run_segments, count;
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

#undef WINOGRAD_KEEP
#undef WINOGRAD_DROP
#undef WINOGRAD_EVEN
#undef WINOGRAD_ODD
#undef WINOGRAD_LO
#undef WINOGRAD_HI
#undef WINOGRAD_LOAD_EVEN
#undef WINOGRAD_LOAD_ODD
#undef WINOGRAD_LOAD_A0
#undef WINOGRAD_LOAD_A1
#undef WINOGRAD_LOAD_A2
#undef WINOGRAD_LOAD_A3
#undef WINOGRAD_ROW
#undef WINOGRAD_STEP_
#undef WINOGRAD_STEP_EXPANDED
#undef WINOGRAD_STEP
#undef WINOGRAD_STEP_AND_LOAD_A
#undef WINOGRAD_START
#undef WINOGRAD_LOAD_FIRST
#undef WINOGRAD_BLOCK
#undef WINOGRAD_LAST_BLOCK
#undef WINOGRAD_LOAD_C
#undef WINOGRAD_STORE_C
#undef WINOGRAD_ADD
#undef WINOGRAD_CLEAR
#undef WINOGRAD_ROW_0
#undef WINOGRAD_ROW_1
#undef WINOGRAD_ROW_2
#undef WINOGRAD_ROW_3
#undef WINOGRAD_LAST_ROW
#undef WINOGRAD_ROW_EXPANDED
#undef WINOGRAD_ROW_
#undef WINOGRAD_STORE_0
#undef WINOGRAD_STORE_1
#undef WINOGRAD_STORE_2
#undef WINOGRAD_STORE_3
#undef WINOGRAD_OLD_LO
#undef WINOGRAD_OLD_EVEN
#undef WINOGRAD_SUM_0
#undef WINOGRAD_SUM_1
#undef WINOGRAD_SUM_2
#undef WINOGRAD_SUM_3
#undef WINOGRAD_NEXT_GROUP
#undef WINOGRAD_LEADING_BLOCKS
#undef WINOGRAD_GROUPS_OVERWRITE
#undef WINOGRAD_GROUPS_ACCUMULATE
#undef WINOGRAD_GROUPS_ASM
#undef WINOGRAD_ALL_REGISTERS
#undef WINOGRAD_GEMM
#undef WINOGRAD_GEMM_ASM

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_GEMM_4X16_NEON_HPP
