// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Micro-kernel for AArch64: 4 rows (tiles) x 16 columns (channels), 8 products deep.
//
//              B: even products v24-v27, odd products v28-v31
//   A: lo   hi
//     v16  v20 |  v0   v1   v2   v3 |    16 sums, 4 rows x 8 of A, two rows of B: all 32 registers.
//     v17  v21 |  v4   v5   v6   v7 |    12 loads for 128 fmla: 8 ld1 of four registers, 4 ldp.
//     v18  v22 |  v8   v9  v10  v11 |
//     v19  v23 | v12  v13  v14  v15 |
//
// A row of B is loaded as soon as its registers are free, 16 fmla before it is needed, and A in the
// last step of the block before: a core that executes in order does not wait for loads. Assembly,
// because g++ 12 and clang 14 both spill sums when intrinsics leave them no register to spare.
//
// Chosen among these loops, by instructions per fmla and by the fmla per cycle that llvm-mca 22
// models for Cortex-A55 / Neoverse N1 / Neoverse V1:
//   4x16, B by ld1 (this one)   1.11   1.00 / 2.00 / 4.00
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
// Text of the assembly. A "row" is four registers, given as a comma-separated list.
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
// One product of all four rows; after0 ... after3 follow the row that last reads a register.
#define WINOGRAD_STEP_(op, b0, b1, b2, b3, a0, a1, a2, a3, lane, after0, after1, after2, after3) \
  WINOGRAD_ROW(op, "v0", "v1", "v2", "v3", b0, b1, b2, b3, a0, lane) after0                      \
  WINOGRAD_ROW(op, "v4", "v5", "v6", "v7", b0, b1, b2, b3, a1, lane) after1                      \
  WINOGRAD_ROW(op, "v8", "v9", "v10", "v11", b0, b1, b2, b3, a2, lane) after2                    \
  WINOGRAD_ROW(op, "v12", "v13", "v14", "v15", b0, b1, b2, b3, a3, lane) after3
#define WINOGRAD_STEP(op, b, a, lane, ...) WINOGRAD_STEP_EXPANDED(op, b, a, lane, __VA_ARGS__)
#define WINOGRAD_STEP_EXPANDED(...) WINOGRAD_STEP_(__VA_ARGS__)

// One row of C: stored from c0 ... c3, or added to first.
#define WINOGRAD_STORE(c, q0, q1, q2, q3)         \
  "stp " q0 ", " q1 ", [%[" c "]]\n"              \
  "stp " q2 ", " q3 ", [%[" c "], #32]\n"
#define WINOGRAD_LOAD_C(c, q0, q1, q2, q3)        \
  "ldp " q0 ", " q1 ", [%[" c "]]\n"              \
  "ldp " q2 ", " q3 ", [%[" c "], #32]\n"
#define WINOGRAD_ADD_C(c0, c1, c2, c3, o0, o1, o2, o3) \
  "fadd " c0 ".4s, " c0 ".4s, " o0 ".4s\n"             \
  "fadd " c1 ".4s, " c1 ".4s, " o1 ".4s\n"             \
  "fadd " c2 ".4s, " c2 ".4s, " o2 ".4s\n"             \
  "fadd " c3 ".4s, " c3 ".4s, " o3 ".4s\n"

/// `groups` groups of four rows, one run.
inline void gemm_4x16_neon(const MicroArgs& args, int groups) {
  // Copies, because the assembly may write any memory as far as the compiler knows.
  const std::ptrdiff_t lda = args.lda, ldc = args.ldc;
  const int run_segments = args.segments;
  const int blocks = args.k / 8, tail = args.k % 8;
  const std::ptrdiff_t skip =
      (args.segment_stride - args.k) * static_cast<std::ptrdiff_t>(sizeof(float));
  const int accumulate = args.accumulate;
  const float* const panel = args.b;
  const float* a = args.a;
  float* c0 = args.c;
  for (; groups > 0; --groups, a += 4 * lda, c0 += 4 * ldc) {
  const float *a0 = a, *a1 = a0 + lda, *a2 = a1 + lda, *a3 = a2 + lda;
  float *c1 = c0 + ldc, *c2 = c1 + ldc, *c3 = c2 + ldc;
  const float* b = panel;
  int segments = run_segments, count = 0;
  __asm__ volatile(
      "cbz %w[blocks], 50f\n"
      // The first block of all: its first step multiplies, which saves clearing the sums.
      WINOGRAD_LOAD_EVEN WINOGRAD_LOAD_A0 WINOGRAD_LOAD_A1
      WINOGRAD_LOAD_A2 WINOGRAD_LOAD_A3 WINOGRAD_LOAD_ODD
      "subs %w[count], %w[blocks], #1\n"
      WINOGRAD_STEP("fmul", WINOGRAD_EVEN, WINOGRAD_LO, "0", , , , WINOGRAD_LOAD_EVEN)
      "b.eq 25f\n"
      "b 15f\n"

      "10:\n"  // the first block of a later segment
      WINOGRAD_LOAD_EVEN WINOGRAD_LOAD_A0 WINOGRAD_LOAD_A1
      WINOGRAD_LOAD_A2 WINOGRAD_LOAD_A3 WINOGRAD_LOAD_ODD
      "subs %w[count], %w[blocks], #1\n"
      "b.eq 20f\n"

      "12:\n"  // a block that is not the last of its segment
      WINOGRAD_STEP("fmla", WINOGRAD_EVEN, WINOGRAD_LO, "0", , , , WINOGRAD_LOAD_EVEN)
      "15:\n"
      WINOGRAD_STEP("fmla", WINOGRAD_ODD,  WINOGRAD_LO, "1", , , , WINOGRAD_LOAD_ODD)
      WINOGRAD_STEP("fmla", WINOGRAD_EVEN, WINOGRAD_LO, "2", , , , WINOGRAD_LOAD_EVEN)
      WINOGRAD_STEP("fmla", WINOGRAD_ODD,  WINOGRAD_LO, "3", , , , WINOGRAD_LOAD_ODD)
      WINOGRAD_STEP("fmla", WINOGRAD_EVEN, WINOGRAD_HI, "0", , , , WINOGRAD_LOAD_EVEN)
      WINOGRAD_STEP("fmla", WINOGRAD_ODD,  WINOGRAD_HI, "1", , , , WINOGRAD_LOAD_ODD)
      WINOGRAD_STEP("fmla", WINOGRAD_EVEN, WINOGRAD_HI, "2", , , , WINOGRAD_LOAD_EVEN)
      "subs %w[count], %w[count], #1\n"
      WINOGRAD_STEP("fmla", WINOGRAD_ODD,  WINOGRAD_HI, "3", WINOGRAD_LOAD_A0, WINOGRAD_LOAD_A1,
                    WINOGRAD_LOAD_A2, WINOGRAD_LOAD_A3 WINOGRAD_LOAD_ODD)
      "b.ne 12b\n"

      "20:\n"  // the last block of a segment: reads nothing beyond it
      WINOGRAD_STEP("fmla", WINOGRAD_EVEN, WINOGRAD_LO, "0", , , , WINOGRAD_LOAD_EVEN)
      "25:\n"
      WINOGRAD_STEP("fmla", WINOGRAD_ODD,  WINOGRAD_LO, "1", , , , WINOGRAD_LOAD_ODD)
      WINOGRAD_STEP("fmla", WINOGRAD_EVEN, WINOGRAD_LO, "2", , , , WINOGRAD_LOAD_EVEN)
      WINOGRAD_STEP("fmla", WINOGRAD_ODD,  WINOGRAD_LO, "3", , , , WINOGRAD_LOAD_ODD)
      WINOGRAD_STEP("fmla", WINOGRAD_EVEN, WINOGRAD_HI, "0", , , , WINOGRAD_LOAD_EVEN)
      WINOGRAD_STEP("fmla", WINOGRAD_ODD,  WINOGRAD_HI, "1", , , , WINOGRAD_LOAD_ODD)
      WINOGRAD_STEP("fmla", WINOGRAD_EVEN, WINOGRAD_HI, "2", , , , )
      WINOGRAD_STEP("fmla", WINOGRAD_ODD,  WINOGRAD_HI, "3", , , , )

      "30:\n"  // products beyond a multiple of 8, one by one
      "cbz %w[tail], 40f\n"
      "mov %w[count], %w[tail]\n"
      "32:\n"
      WINOGRAD_LOAD_EVEN
      "ldr s16, [%[a0]], #4\n"
      "ldr s17, [%[a1]], #4\n"
      "ldr s18, [%[a2]], #4\n"
      "ldr s19, [%[a3]], #4\n"
      "subs %w[count], %w[count], #1\n"
      WINOGRAD_STEP("fmla", WINOGRAD_EVEN, WINOGRAD_LO, "0", , , , )
      "b.ne 32b\n"

      "40:\n"  // the next segment
      "subs %w[segments], %w[segments], #1\n"
      "b.eq 60f\n"
      "add %[a0], %[a0], %[skip]\n"
      "add %[a1], %[a1], %[skip]\n"
      "add %[a2], %[a2], %[skip]\n"
      "add %[a3], %[a3], %[skip]\n"
      "cbnz %w[blocks], 10b\n"
      "b 30b\n"

      "50:\n"  // segments shorter than a block
      "movi v0.4s, #0\n"  "movi v1.4s, #0\n"  "movi v2.4s, #0\n"  "movi v3.4s, #0\n"
      "movi v4.4s, #0\n"  "movi v5.4s, #0\n"  "movi v6.4s, #0\n"  "movi v7.4s, #0\n"
      "movi v8.4s, #0\n"  "movi v9.4s, #0\n"  "movi v10.4s, #0\n" "movi v11.4s, #0\n"
      "movi v12.4s, #0\n" "movi v13.4s, #0\n" "movi v14.4s, #0\n" "movi v15.4s, #0\n"
      "b 30b\n"

      "60:\n"
      "cbz %w[accumulate], 65f\n"
      WINOGRAD_LOAD_C("c0", "q16", "q17", "q18", "q19") WINOGRAD_LOAD_C("c1", "q20", "q21", "q22", "q23")
      WINOGRAD_LOAD_C("c2", "q24", "q25", "q26", "q27") WINOGRAD_LOAD_C("c3", "q28", "q29", "q30", "q31")
      WINOGRAD_ADD_C("v0", "v1", "v2", "v3", "v16", "v17", "v18", "v19")
      WINOGRAD_ADD_C("v4", "v5", "v6", "v7", "v20", "v21", "v22", "v23")
      WINOGRAD_ADD_C("v8", "v9", "v10", "v11", "v24", "v25", "v26", "v27")
      WINOGRAD_ADD_C("v12", "v13", "v14", "v15", "v28", "v29", "v30", "v31")
      "65:\n"
      WINOGRAD_STORE("c0", "q0", "q1", "q2", "q3")   WINOGRAD_STORE("c1", "q4", "q5", "q6", "q7")
      WINOGRAD_STORE("c2", "q8", "q9", "q10", "q11") WINOGRAD_STORE("c3", "q12", "q13", "q14", "q15")
      : [a0] "+&r"(a0), [a1] "+&r"(a1), [a2] "+&r"(a2), [a3] "+&r"(a3), [b] "+&r"(b),
        [segments] "+&r"(segments), [count] "=&r"(count)
      : [c0] "r"(c0), [c1] "r"(c1), [c2] "r"(c2), [c3] "r"(c3), [blocks] "r"(blocks),
        [tail] "r"(tail), [skip] "r"(skip), [accumulate] "r"(accumulate)
      : "cc", "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11",
        "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24",
        "v25", "v26", "v27", "v28", "v29", "v30", "v31");
  }
}

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
#undef WINOGRAD_STEP
#undef WINOGRAD_STEP_EXPANDED
#undef WINOGRAD_STORE
#undef WINOGRAD_LOAD_C
#undef WINOGRAD_ADD_C
// clang-format on

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_GEMM_4X16_NEON_HPP
