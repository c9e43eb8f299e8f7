// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Micro-kernel for 32-bit ARM: up to 4 rows (tiles) x 8 columns (channels), 4 products deep.
//
//               B: even products q4 q5, odd products q6 q7
//   A: q0 |  q8   q9 |
//      q1 | q10  q11 |     8 sums, 4 rows x 4 of A, two rows of B: all 16 registers.
//      q2 | q12  q13 |     8 loads for 32 multiply-adds.
//      q3 | q14  q15 |
//
// VMLA, also where there is VFMA: only VMLA takes a lane of A. With VFMA every element of A would
// have to be broadcast first, half as many instructions again. Assembly, because a compiler that
// spills one of sixteen registers spills in every step.
#ifndef WINOGRAD_KERNELS_ARM_GEMM_4X8_NEON_ARMV7_HPP
#define WINOGRAD_KERNELS_ARM_GEMM_4X8_NEON_ARMV7_HPP

#include <cstddef>

#include "kernels/arm/assembly.hpp"
#include "kernels/common/gemm_loops.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// What the assembly reads from memory: there are too few registers for it.
struct ChainArmv7 {
  int blocks;    ///< of 4 products in a segment
  int tail;      ///< products beyond them
  int segments;  ///< left; counted down
  int skip;      ///< bytes from the end of a segment of A to the next
  int ldc;       ///< bytes
  int accumulate;
};

// clang-format off
// `r1`, `r2` and `r3` are WINOGRAD_KEEP if the kernel has rows 1, 2 and 3, else WINOGRAD_DROP; so is
// `more`, if another block of A follows. Vectors have their whole names here: q or d.
#define WINOGRAD_LOAD_EVEN "vld1.32 {d8, d9, d10, d11}, [%[b]], %[step]\n"
#define WINOGRAD_LOAD_ODD  "vld1.32 {d12, d13, d14, d15}, [%[b]], %[step]\n"
#define WINOGRAD_LOAD_A0 "vld1.32 {d0, d1}, [%[a0]]!\n"
#define WINOGRAD_LOAD_A1 "vld1.32 {d2, d3}, [%[a1]]!\n"
#define WINOGRAD_LOAD_A2 "vld1.32 {d4, d5}, [%[a2]]!\n"
#define WINOGRAD_LOAD_A3 "vld1.32 {d6, d7}, [%[a3]]!\n"
#define WINOGRAD_ROW(c0, c1, b0, b1, a)    \
  "vmla.f32 " c0 ", " b0 ", " a "\n"       \
  "vmla.f32 " c1 ", " b1 ", " a "\n"
// One product of all rows. A row of A is replaced as soon as it was used.
#define WINOGRAD_STEP(r1, r2, r3, more, b0, b1, a0, a1, a2, a3)         \
  WINOGRAD_ROW("q8", "q9", b0, b1, a0) more(WINOGRAD_LOAD_A0)           \
  r1(WINOGRAD_ROW("q10", "q11", b0, b1, a1) more(WINOGRAD_LOAD_A1))     \
  r2(WINOGRAD_ROW("q12", "q13", b0, b1, a2) more(WINOGRAD_LOAD_A2))     \
  r3(WINOGRAD_ROW("q14", "q15", b0, b1, a3) more(WINOGRAD_LOAD_A3))
#define WINOGRAD_STEP_0(r1, r2, r3) \
  WINOGRAD_STEP(r1, r2, r3, WINOGRAD_DROP, "q4", "q5", "d0[0]", "d2[0]", "d4[0]", "d6[0]")
#define WINOGRAD_STEP_1(r1, r2, r3) \
  WINOGRAD_STEP(r1, r2, r3, WINOGRAD_DROP, "q6", "q7", "d0[1]", "d2[1]", "d4[1]", "d6[1]")
#define WINOGRAD_STEP_2(r1, r2, r3) \
  WINOGRAD_STEP(r1, r2, r3, WINOGRAD_DROP, "q4", "q5", "d1[0]", "d3[0]", "d5[0]", "d7[0]")
#define WINOGRAD_STEP_3(r1, r2, r3, more) \
  WINOGRAD_STEP(r1, r2, r3, more, "q6", "q7", "d1[1]", "d3[1]", "d5[1]", "d7[1]")
#define WINOGRAD_CLEAR(c0, c1) "vmov.i32 " c0 ", #0\n" "vmov.i32 " c1 ", #0\n"
#define WINOGRAD_LOAD_C(d0, d1, d2, d3) \
  "vld1.32 {" d0 ", " d1 ", " d2 ", " d3 "}, [%[a0]], %[step]\n"
#define WINOGRAD_STORE_C(d0, d1, d2, d3) \
  "vst1.32 {" d0 ", " d1 ", " d2 ", " d3 "}, [%[c]], %[step]\n"
#define WINOGRAD_ADD_TO(c0, c1, o0, o1) \
  "vadd.f32 " c0 ", " c0 ", " o0 "\n" "vadd.f32 " c1 ", " c1 ", " o1 "\n"
#define WINOGRAD_FIELD(name) "[%[chain], %[" name "]]\n"

#define WINOGRAD_GEMM(r1, r2, r3)                                                                  \
  WINOGRAD_CLEAR("q8", "q9") r1(WINOGRAD_CLEAR("q10", "q11"))                                      \
  r2(WINOGRAD_CLEAR("q12", "q13")) r3(WINOGRAD_CLEAR("q14", "q15"))                                \
  /* A segment. */                                                                                 \
  "10:\n"                                                                                          \
  "ldr %[count], " WINOGRAD_FIELD("blocks")                                                        \
  "cmp %[count], #0\n"                                                                             \
  "beq 30f\n"                                                                                      \
  WINOGRAD_LOAD_EVEN                                                                               \
  WINOGRAD_LOAD_A0 r1(WINOGRAD_LOAD_A1) r2(WINOGRAD_LOAD_A2) r3(WINOGRAD_LOAD_A3)                  \
  WINOGRAD_LOAD_ODD                                                                                \
  "subs %[count], %[count], #1\n"                                                                  \
  "beq 20f\n"                                                                                      \
  /* A block that is not the last of its segment. */                                               \
  "12:\n"                                                                                          \
  "subs %[count], %[count], #1\n"                                                                  \
  WINOGRAD_STEP_0(r1, r2, r3) WINOGRAD_LOAD_EVEN                                                   \
  WINOGRAD_STEP_1(r1, r2, r3) WINOGRAD_LOAD_ODD                                                    \
  WINOGRAD_STEP_2(r1, r2, r3) WINOGRAD_LOAD_EVEN                                                   \
  WINOGRAD_STEP_3(r1, r2, r3, WINOGRAD_KEEP) WINOGRAD_LOAD_ODD                                     \
  "bne 12b\n"                                                                                      \
  /* The last block of a segment: reads nothing beyond it. */                                      \
  "20:\n"                                                                                          \
  WINOGRAD_STEP_0(r1, r2, r3) WINOGRAD_LOAD_EVEN                                                   \
  WINOGRAD_STEP_1(r1, r2, r3) WINOGRAD_LOAD_ODD                                                    \
  WINOGRAD_STEP_2(r1, r2, r3)                                                                      \
  WINOGRAD_STEP_3(r1, r2, r3, WINOGRAD_DROP)                                                       \
  /* Products beyond a multiple of 4, one by one. */                                               \
  "30:\n"                                                                                          \
  "ldr %[count], " WINOGRAD_FIELD("tail")                                                          \
  "cmp %[count], #0\n"                                                                             \
  "beq 40f\n"                                                                                      \
  "32:\n"                                                                                          \
  WINOGRAD_LOAD_EVEN                                                                               \
  "vld1.32 {d0[0]}, [%[a0]]!\n"                                                                    \
  r1("vld1.32 {d2[0]}, [%[a1]]!\n")                                                                \
  r2("vld1.32 {d4[0]}, [%[a2]]!\n")                                                                \
  r3("vld1.32 {d6[0]}, [%[a3]]!\n")                                                                \
  "subs %[count], %[count], #1\n"                                                                  \
  WINOGRAD_STEP_0(r1, r2, r3)                                                                      \
  "bne 32b\n"                                                                                      \
  /* The next segment. */                                                                          \
  "40:\n"                                                                                          \
  "ldr %[count], " WINOGRAD_FIELD("segments")                                                      \
  "subs %[count], %[count], #1\n"                                                                  \
  "beq 60f\n"                                                                                      \
  "str %[count], " WINOGRAD_FIELD("segments")                                                      \
  "ldr %[count], " WINOGRAD_FIELD("skip")                                                          \
  "add %[a0], %[a0], %[count]\n"                                                                   \
  r1("add %[a1], %[a1], %[count]\n")                                                               \
  r2("add %[a2], %[a2], %[count]\n")                                                               \
  r3("add %[a3], %[a3], %[count]\n")                                                               \
  "b 10b\n"                                                                                        \
  /* The end of the chain. */                                                                        \
  "60:\n"                                                                                          \
  "ldr %[step], " WINOGRAD_FIELD("ldc")                                                            \
  "ldr %[count], " WINOGRAD_FIELD("accumulate")                                                    \
  "cmp %[count], #0\n"                                                                             \
  "beq 65f\n"                                                                                      \
  "mov %[a0], %[c]\n"                                                                              \
  WINOGRAD_LOAD_C("d0", "d1", "d2", "d3") r1(WINOGRAD_LOAD_C("d4", "d5", "d6", "d7"))              \
  r2(WINOGRAD_LOAD_C("d8", "d9", "d10", "d11")) r3(WINOGRAD_LOAD_C("d12", "d13", "d14", "d15"))    \
  WINOGRAD_ADD_TO("q8", "q9", "q0", "q1") r1(WINOGRAD_ADD_TO("q10", "q11", "q2", "q3"))                  \
  r2(WINOGRAD_ADD_TO("q12", "q13", "q4", "q5")) r3(WINOGRAD_ADD_TO("q14", "q15", "q6", "q7"))            \
  "65:\n"                                                                                          \
  WINOGRAD_STORE_C("d16", "d17", "d18", "d19") r1(WINOGRAD_STORE_C("d20", "d21", "d22", "d23"))    \
  r2(WINOGRAD_STORE_C("d24", "d25", "d26", "d27")) r3(WINOGRAD_STORE_C("d28", "d29", "d30", "d31"))

#define WINOGRAD_GEMM_ASM(r1, r2, r3)                                                              \
  __asm__ volatile(WINOGRAD_GEMM(r1, r2, r3)                                                       \
      : [a0] "+&r"(a0), [a1] "+&r"(a1), [a2] "+&r"(a2), [a3] "+&r"(a3), [b] "+&r"(b),              \
        [c] "+&r"(c), [count] "=&r"(count), [step] "+&r"(step)                                     \
      : [chain] "r"(&chain), [blocks] "i"(offsetof(ChainArmv7, blocks)),                                 \
        [tail] "i"(offsetof(ChainArmv7, tail)), [segments] "i"(offsetof(ChainArmv7, segments)),        \
        [skip] "i"(offsetof(ChainArmv7, skip)), [ldc] "i"(offsetof(ChainArmv7, ldc)),                  \
        [accumulate] "i"(offsetof(ChainArmv7, accumulate))                                           \
      : "cc", "memory", "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8", "q9", "q10", "q11",  \
        "q12", "q13", "q14", "q15")

/// C[stripes * rows][n] (+)= A * B, one chain, in slices of 8 columns.
template <int rows, int n>
void gemm_4x8_neon_armv7(const MicroArgs& args) {
  static_assert(1 <= rows && rows <= 4 && n % 8 == 0);
  constexpr int kFloat = sizeof(float);
  const std::ptrdiff_t lda = args.lda;
  ChainArmv7 chain;
  chain.blocks = args.k / 4;
  chain.tail = args.k % 4;
  chain.skip = (args.segment_stride - args.k) * kFloat;
  chain.ldc = args.ldc * kFloat;
  chain.accumulate = args.accumulate;
  for (int column = 0; column < n; column += 8) {
    const float* a = args.a;
    float* c = args.c + column;  // advanced by the assembly
    for (int stripe = 0; stripe < args.stripes; ++stripe, a += rows * lda) {
      const float *a0 = a, *a1 = a0 + lda, *a2 = a1 + lda, *a3 = a2 + lda;
      const float* b = args.b + column;
      int step = n * kFloat, count;
      chain.segments = args.segments;
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
}

#undef WINOGRAD_LOAD_EVEN
#undef WINOGRAD_LOAD_ODD
#undef WINOGRAD_LOAD_A0
#undef WINOGRAD_LOAD_A1
#undef WINOGRAD_LOAD_A2
#undef WINOGRAD_LOAD_A3
#undef WINOGRAD_ROW
#undef WINOGRAD_STEP
#undef WINOGRAD_STEP_0
#undef WINOGRAD_STEP_1
#undef WINOGRAD_STEP_2
#undef WINOGRAD_STEP_3
#undef WINOGRAD_CLEAR
#undef WINOGRAD_LOAD_C
#undef WINOGRAD_STORE_C
#undef WINOGRAD_ADD_TO
#undef WINOGRAD_FIELD
#undef WINOGRAD_GEMM
#undef WINOGRAD_GEMM_ASM
// clang-format on

template <int n>
struct MicroArmv7 : FloatB {
  static constexpr int max_rows = 4;
  static constexpr int columns = n;
  static constexpr bool several_chains = false;
  static constexpr bool prefetches = false;
  template <int rows>
  struct Block {
    static void run(const MicroArgs& args) { gemm_4x8_neon_armv7<rows, n>(args); }
  };
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_GEMM_4X8_NEON_ARMV7_HPP
