// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The assembly of passes_of_8_neon.hpp, as macros; that file also removes them.
#ifndef WINOGRAD_KERNELS_ARM_PASSES_OF_8_ASSEMBLY_HPP
#define WINOGRAD_KERNELS_ARM_PASSES_OF_8_ASSEMBLY_HPP

#include "kernels/arm/assembly.hpp"

// clang-format off
#define WINOGRAD_LANES ".4s"
// Groups of two registers, 8 channels each; v29, v30 and v31 hold constants.
#define WINOGRAD_G0 "0", "1"
#define WINOGRAD_G1 "2", "3"
#define WINOGRAD_G2 "4", "5"
#define WINOGRAD_G3 "6", "7"
#define WINOGRAD_G4 "8", "9"
#define WINOGRAD_G5 "10", "11"
#define WINOGRAD_G6 "12", "13"
#define WINOGRAD_G7 "14", "15"
#define WINOGRAD_G8 "16", "17"
#define WINOGRAD_G9 "18", "19"
#define WINOGRAD_G10 "20", "21"
#define WINOGRAD_G11 "22", "23"
#define WINOGRAD_G12 "24", "25"
#define WINOGRAD_K0 "v30.s[0]"
#define WINOGRAD_K1 "v30.s[1]"
#define WINOGRAD_K2 "v30.s[2]"
#define WINOGRAD_K3 "v30.s[3]"
#define WINOGRAD_K4 "v31.s[0]"
#define WINOGRAD_K5 "v31.s[1]"
#define WINOGRAD_K6 "v31.s[2]"
#define WINOGRAD_K7 "v31.s[3]"
#define WINOGRAD_K8 "v29.s[0]"
#define WINOGRAD_K9 "v29.s[1]"

#define WINOGRAD_FADD WINOGRAD_FADD_2
#define WINOGRAD_FSUB WINOGRAD_FSUB_2
#define WINOGRAD_FMLA WINOGRAD_FMLA_2
#define WINOGRAD_FMLS WINOGRAD_FMLS_2
#define WINOGRAD_FMAX WINOGRAD_FMAX_2
#define WINOGRAD_MOV WINOGRAD_MOV_2

// Pointers, and by how much they advance after the second half of a tile: all by the same, or rows
// of an image each by its own, because rows outside the image stand still.
#define WINOGRAD_IN_0 "x0"
#define WINOGRAD_IN_1 "x1"
#define WINOGRAD_IN_2 "x2"
#define WINOGRAD_IN_3 "x3"
#define WINOGRAD_IN_4 "x4"
#define WINOGRAD_IN_5 "x5"
#define WINOGRAD_IN_6 "x6"
#define WINOGRAD_IN_7 "x7"
#define WINOGRAD_IN_STEP_0 "x8"
#define WINOGRAD_IN_STEP_1 "x9"
#define WINOGRAD_IN_STEP_2 "x10"
#define WINOGRAD_IN_STEP_3 "x11"
#define WINOGRAD_IN_STEP_4 "x12"
#define WINOGRAD_IN_STEP_5 "x13"
#define WINOGRAD_IN_STEP_6 "x14"
#define WINOGRAD_IN_STEP_7 "x15"
#define WINOGRAD_OUT_0 "x16"
#define WINOGRAD_OUT_1 "x17"
#define WINOGRAD_OUT_2 "x19"
#define WINOGRAD_OUT_3 "x20"
#define WINOGRAD_OUT_4 "x21"
#define WINOGRAD_OUT_5 "x22"
#define WINOGRAD_OUT_6 "x23"
#define WINOGRAD_OUT_7 "x24"
#define WINOGRAD_OUT_STEP "x25"
#define WINOGRAD_N "x26"
#define WINOGRAD_POINTERS                                                                          \
  "x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12", "x13", "x14",   \
  "x15", "x16", "x17", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26"
// From a PassOf8.
#define WINOGRAD_LOAD_POINTERS                                                  \
  "ldp x0, x1, [%[p]]\n"         "ldp x2, x3, [%[p], #16]\n"                    \
  "ldp x4, x5, [%[p], #32]\n"    "ldp x6, x7, [%[p], #48]\n"                    \
  "ldp x8, x9, [%[p], #64]\n"    "ldp x10, x11, [%[p], #80]\n"                  \
  "ldp x12, x13, [%[p], #96]\n"  "ldp x14, x15, [%[p], #112]\n"                 \
  "ldp x16, x17, [%[p], #128]\n" "ldp x19, x20, [%[p], #144]\n"                 \
  "ldp x21, x22, [%[p], #160]\n" "ldp x23, x24, [%[p], #176]\n"                 \
  "ldp x25, x26, [%[p], #192]\n"

// Value i of the first and of the second half of a tile, 32 bytes; the pointer then advances.
#define WINOGRAD_PEEK(d, i) WINOGRAD_LD1_2("[" WINOGRAD_IN_##i "]", d)
#define WINOGRAD_LOAD_LO(d, i) WINOGRAD_LD1_2("[" WINOGRAD_IN_##i "], #32", d)
#define WINOGRAD_LOAD_HI(d, i) WINOGRAD_LD1_2("[" WINOGRAD_IN_##i "], " WINOGRAD_IN_STEP_##i, d)
#define WINOGRAD_STORE_LO(d, i) WINOGRAD_ST1_2("[" WINOGRAD_OUT_##i "], #32", d)
#define WINOGRAD_STORE_HI(d, i) WINOGRAD_ST1_2("[" WINOGRAD_OUT_##i "], " WINOGRAD_OUT_STEP, d)

// The orders are the best of a random search, as in passes_of_6_neon.hpp. `next` keeps or drops the
// first loads for what follows.
#define WINOGRAD_INPUT_FIRST(LOAD) \
  LOAD(WINOGRAD_G0, 0)             \
  WINOGRAD_PEEK(WINOGRAD_G1, 6)    \
  LOAD(WINOGRAD_G2, 2)             \
  LOAD(WINOGRAD_G3, 3)
#define WINOGRAD_INPUT_OF_8(LOAD, STORE, LOAD_NEXT, next)           \
  LOAD(WINOGRAD_G4, 4)                                              \
  LOAD(WINOGRAD_G5, 6)                                              \
  LOAD(WINOGRAD_G6, 1)                                              \
  WINOGRAD_FSUB(WINOGRAD_G0, WINOGRAD_G5, WINOGRAD_G0)        \
  WINOGRAD_PEEK(WINOGRAD_G7, 5)                                     \
  WINOGRAD_FADD(WINOGRAD_G8, WINOGRAD_G5, WINOGRAD_G2)        \
  WINOGRAD_FMLA(WINOGRAD_G0, WINOGRAD_G2, WINOGRAD_K0)  \
  LOAD(WINOGRAD_G9, 5)                                              \
  LOAD(WINOGRAD_G10, 7)                                             \
  WINOGRAD_FMLA(WINOGRAD_G7, WINOGRAD_G6, WINOGRAD_K2)  \
  WINOGRAD_FMLS(WINOGRAD_G0, WINOGRAD_G4, WINOGRAD_K0)  \
  WINOGRAD_FADD(WINOGRAD_G11, WINOGRAD_G9, WINOGRAD_G6)       \
  WINOGRAD_FMLA(WINOGRAD_G1, WINOGRAD_G2, WINOGRAD_K2)  \
  WINOGRAD_FMLA(WINOGRAD_G8, WINOGRAD_G4, WINOGRAD_K1)  \
  WINOGRAD_FMLA(WINOGRAD_G11, WINOGRAD_G3, WINOGRAD_K1) \
  STORE(WINOGRAD_G0, 0)                                             \
  WINOGRAD_FMLA(WINOGRAD_G1, WINOGRAD_G4, WINOGRAD_K3)  \
  WINOGRAD_FADD(WINOGRAD_G12, WINOGRAD_G8, WINOGRAD_G11)      \
  next(LOAD_NEXT(WINOGRAD_G0, 0))                                   \
  WINOGRAD_FSUB(WINOGRAD_G8, WINOGRAD_G8, WINOGRAD_G11)       \
  WINOGRAD_FMLA(WINOGRAD_G7, WINOGRAD_G3, WINOGRAD_K3)  \
  WINOGRAD_MOV(WINOGRAD_G11, WINOGRAD_G1)                          \
  STORE(WINOGRAD_G12, 1)                                            \
  WINOGRAD_FMLS(WINOGRAD_G1, WINOGRAD_G7, WINOGRAD_K4)  \
  WINOGRAD_FSUB(WINOGRAD_G10, WINOGRAD_G10, WINOGRAD_G6)      \
  STORE(WINOGRAD_G1, 4)                                             \
  WINOGRAD_FMLA(WINOGRAD_G10, WINOGRAD_G3, WINOGRAD_K0) \
  next(WINOGRAD_PEEK(WINOGRAD_G1, 6))                               \
  WINOGRAD_FMLA(WINOGRAD_G5, WINOGRAD_G2, WINOGRAD_K5)  \
  WINOGRAD_FMLA(WINOGRAD_G5, WINOGRAD_G4, WINOGRAD_K6)  \
  WINOGRAD_FMLS(WINOGRAD_G10, WINOGRAD_G9, WINOGRAD_K0) \
  next(LOAD_NEXT(WINOGRAD_G2, 2))                                   \
  WINOGRAD_FMLA(WINOGRAD_G9, WINOGRAD_G6, WINOGRAD_K5)  \
  WINOGRAD_FMLA(WINOGRAD_G9, WINOGRAD_G3, WINOGRAD_K6)  \
  WINOGRAD_MOV(WINOGRAD_G4, WINOGRAD_G5)                           \
  STORE(WINOGRAD_G8, 2)                                             \
  WINOGRAD_FMLS(WINOGRAD_G5, WINOGRAD_G9, WINOGRAD_K7)  \
  WINOGRAD_FMLA(WINOGRAD_G4, WINOGRAD_G9, WINOGRAD_K7)  \
  WINOGRAD_FMLA(WINOGRAD_G11, WINOGRAD_G7, WINOGRAD_K4) \
  next(LOAD_NEXT(WINOGRAD_G3, 3))                                   \
  STORE(WINOGRAD_G10, 7)                                            \
  STORE(WINOGRAD_G11, 3)                                            \
  STORE(WINOGRAD_G5, 6)                                             \
  STORE(WINOGRAD_G4, 5)
#define WINOGRAD_OUTPUT_FIRST(LOAD) \
  LOAD(WINOGRAD_G0, 2)              \
  LOAD(WINOGRAD_G1, 3)              \
  LOAD(WINOGRAD_G2, 4)              \
  LOAD(WINOGRAD_G3, 1)              \
  LOAD(WINOGRAD_G4, 7)
// FINISH(d) does what is left to do to a value before it is stored.
#define WINOGRAD_OUTPUT_OF_8(FINISH, LOAD, STORE, LOAD_NEXT, next)   \
  LOAD(WINOGRAD_G5, 6)                                               \
  WINOGRAD_FADD(WINOGRAD_G6, WINOGRAD_G3, WINOGRAD_G0)         \
  LOAD(WINOGRAD_G7, 5)                                               \
  WINOGRAD_FSUB(WINOGRAD_G3, WINOGRAD_G3, WINOGRAD_G0)         \
  WINOGRAD_FADD(WINOGRAD_G8, WINOGRAD_G1, WINOGRAD_G2)         \
  WINOGRAD_FSUB(WINOGRAD_G1, WINOGRAD_G1, WINOGRAD_G2)         \
  LOAD(WINOGRAD_G9, 0)                                               \
  WINOGRAD_FADD(WINOGRAD_G4, WINOGRAD_G4, WINOGRAD_G3)         \
  WINOGRAD_FADD(WINOGRAD_G10, WINOGRAD_G7, WINOGRAD_G5)        \
  WINOGRAD_FSUB(WINOGRAD_G7, WINOGRAD_G7, WINOGRAD_G5)         \
  WINOGRAD_FMLA(WINOGRAD_G4, WINOGRAD_G1, WINOGRAD_K8)   \
  WINOGRAD_FADD(WINOGRAD_G9, WINOGRAD_G10, WINOGRAD_G9)        \
  WINOGRAD_FMLA(WINOGRAD_G4, WINOGRAD_G7, WINOGRAD_K5)   \
  WINOGRAD_MOV(WINOGRAD_G5, WINOGRAD_G3)                            \
  next(LOAD_NEXT(WINOGRAD_G0, 2))                                    \
  WINOGRAD_FADD(WINOGRAD_G9, WINOGRAD_G9, WINOGRAD_G6)         \
  WINOGRAD_FMLA(WINOGRAD_G5, WINOGRAD_G1, WINOGRAD_K0)   \
  WINOGRAD_FMLA(WINOGRAD_G3, WINOGRAD_G1, WINOGRAD_K2)   \
  FINISH(WINOGRAD_G4) STORE(WINOGRAD_G4, 5)                          \
  WINOGRAD_MOV(WINOGRAD_G11, WINOGRAD_G6)                           \
  WINOGRAD_FMLA(WINOGRAD_G11, WINOGRAD_G8, WINOGRAD_K4)  \
  next(LOAD_NEXT(WINOGRAD_G1, 3))                                    \
  WINOGRAD_FMLA(WINOGRAD_G5, WINOGRAD_G7, WINOGRAD_K1)   \
  next(LOAD_NEXT(WINOGRAD_G2, 4))                                    \
  WINOGRAD_FMLA(WINOGRAD_G6, WINOGRAD_G8, WINOGRAD_K7)   \
  WINOGRAD_FMLA(WINOGRAD_G11, WINOGRAD_G10, WINOGRAD_K6) \
  WINOGRAD_FADD(WINOGRAD_G9, WINOGRAD_G9, WINOGRAD_G8)         \
  FINISH(WINOGRAD_G9) STORE(WINOGRAD_G9, 0)                          \
  WINOGRAD_FMLA(WINOGRAD_G3, WINOGRAD_G7, WINOGRAD_K3)   \
  WINOGRAD_FMLA(WINOGRAD_G6, WINOGRAD_G10, WINOGRAD_K9)  \
  FINISH(WINOGRAD_G5) STORE(WINOGRAD_G5, 1)                          \
  FINISH(WINOGRAD_G3) STORE(WINOGRAD_G3, 3)                          \
  next(LOAD_NEXT(WINOGRAD_G3, 1))                                    \
  next(LOAD_NEXT(WINOGRAD_G4, 7))                                    \
  FINISH(WINOGRAD_G6) STORE(WINOGRAD_G6, 4)                          \
  FINISH(WINOGRAD_G11) STORE(WINOGRAD_G11, 2)
// n tiles: all halves but the last load ahead.
#define WINOGRAD_TILES(first, lo, hi)              \
  first                                            \
  "subs " WINOGRAD_N ", " WINOGRAD_N ", #1\n"      \
  "b.eq 3f\n"                                      \
  "2:\n"                                           \
  "subs " WINOGRAD_N ", " WINOGRAD_N ", #1\n"      \
  lo(WINOGRAD_KEEP)                                \
  hi(WINOGRAD_KEEP)                                \
  "b.ne 2b\n"                                      \
  "3:\n"                                           \
  lo(WINOGRAD_KEEP)                                \
  hi(WINOGRAD_DROP)
// clang-format on

#endif  // WINOGRAD_KERNELS_ARM_PASSES_OF_8_ASSEMBLY_HPP
