// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The assembly of passes_of_8_neon.hpp, as macros; that file also removes them.
#ifndef WINOGRAD_KERNELS_ARM_PASSES_OF_8_ASSEMBLY_HPP
#define WINOGRAD_KERNELS_ARM_PASSES_OF_8_ASSEMBLY_HPP

// clang-format off
// Groups of two registers, 8 channels each; v29, v30 and v31 hold constants.
#define WINOGRAD_G0 "v0", "v1"
#define WINOGRAD_G1 "v2", "v3"
#define WINOGRAD_G2 "v4", "v5"
#define WINOGRAD_G3 "v6", "v7"
#define WINOGRAD_G4 "v8", "v9"
#define WINOGRAD_G5 "v10", "v11"
#define WINOGRAD_G6 "v12", "v13"
#define WINOGRAD_G7 "v14", "v15"
#define WINOGRAD_G8 "v16", "v17"
#define WINOGRAD_G9 "v18", "v19"
#define WINOGRAD_G10 "v20", "v21"
#define WINOGRAD_G11 "v22", "v23"
#define WINOGRAD_G12 "v24", "v25"
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
#define WINOGRAD_CALL(macro, ...) macro(__VA_ARGS__)
#define WINOGRAD_KEEP(...) __VA_ARGS__
#define WINOGRAD_DROP(...)

// d = a op b;  d += a * k or d -= a * k;  d = a;  d = d op register s
#define WINOGRAD_OP_(op, d0, d1, a0, a1, b0, b1) \
  op " " d0 ".4s, " a0 ".4s, " b0 ".4s\n" op " " d1 ".4s, " a1 ".4s, " b1 ".4s\n"
#define WINOGRAD_OP(...) WINOGRAD_CALL(WINOGRAD_OP_, __VA_ARGS__)
#define WINOGRAD_MULTIPLY_(op, d0, d1, a0, a1, k) \
  op " " d0 ".4s, " a0 ".4s, " k "\n" op " " d1 ".4s, " a1 ".4s, " k "\n"
#define WINOGRAD_MULTIPLY(...) WINOGRAD_CALL(WINOGRAD_MULTIPLY_, __VA_ARGS__)
#define WINOGRAD_COPY_(d0, d1, a0, a1) "mov " d0 ".16b, " a0 ".16b\n" "mov " d1 ".16b, " a1 ".16b\n"
#define WINOGRAD_COPY(...) WINOGRAD_CALL(WINOGRAD_COPY_, __VA_ARGS__)
#define WINOGRAD_BOUND_(op, d0, d1, s) \
  op " " d0 ".4s, " d0 ".4s, " s ".4s\n" op " " d1 ".4s, " d1 ".4s, " s ".4s\n"
#define WINOGRAD_BOUND(...) WINOGRAD_CALL(WINOGRAD_BOUND_, __VA_ARGS__)
// 32 bytes; the pointer then advances by `step`.
#define WINOGRAD_MEMORY_(op, d0, d1, pointer, step) \
  op " {" d0 ".4s, " d1 ".4s}, [" pointer "], " step "\n"
#define WINOGRAD_MEMORY(...) WINOGRAD_CALL(WINOGRAD_MEMORY_, __VA_ARGS__)
#define WINOGRAD_PEEK_(d0, d1, pointer) "ld1 {" d0 ".4s, " d1 ".4s}, [" pointer "]\n"
#define WINOGRAD_PEEK(...) WINOGRAD_CALL(WINOGRAD_PEEK_AT, __VA_ARGS__)
#define WINOGRAD_PEEK_AT(d0, d1, i) WINOGRAD_PEEK_(d0, d1, WINOGRAD_IN_##i)
#define WINOGRAD_VECTORS                                                                           \
  "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14",   \
  "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27",       \
  "v28", "v29", "v30", "v31"

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

// Value i of the first and of the second half of a tile.
#define WINOGRAD_LOAD_LO(d, i) WINOGRAD_MEMORY("ld1", d, WINOGRAD_IN_##i, "#32")
#define WINOGRAD_LOAD_HI(d, i) WINOGRAD_MEMORY("ld1", d, WINOGRAD_IN_##i, WINOGRAD_IN_STEP_##i)
#define WINOGRAD_STORE_LO(d, i) WINOGRAD_MEMORY("st1", d, WINOGRAD_OUT_##i, "#32")
#define WINOGRAD_STORE_HI(d, i) WINOGRAD_MEMORY("st1", d, WINOGRAD_OUT_##i, WINOGRAD_OUT_STEP)

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
  WINOGRAD_OP("fsub", WINOGRAD_G0, WINOGRAD_G5, WINOGRAD_G0)        \
  WINOGRAD_PEEK(WINOGRAD_G7, 5)                                     \
  WINOGRAD_OP("fadd", WINOGRAD_G8, WINOGRAD_G5, WINOGRAD_G2)        \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G0, WINOGRAD_G2, WINOGRAD_K0)  \
  LOAD(WINOGRAD_G9, 5)                                              \
  LOAD(WINOGRAD_G10, 7)                                             \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G7, WINOGRAD_G6, WINOGRAD_K2)  \
  WINOGRAD_MULTIPLY("fmls", WINOGRAD_G0, WINOGRAD_G4, WINOGRAD_K0)  \
  WINOGRAD_OP("fadd", WINOGRAD_G11, WINOGRAD_G9, WINOGRAD_G6)       \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G1, WINOGRAD_G2, WINOGRAD_K2)  \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G8, WINOGRAD_G4, WINOGRAD_K1)  \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G11, WINOGRAD_G3, WINOGRAD_K1) \
  STORE(WINOGRAD_G0, 0)                                             \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G1, WINOGRAD_G4, WINOGRAD_K3)  \
  WINOGRAD_OP("fadd", WINOGRAD_G12, WINOGRAD_G8, WINOGRAD_G11)      \
  next(LOAD_NEXT(WINOGRAD_G0, 0))                                   \
  WINOGRAD_OP("fsub", WINOGRAD_G8, WINOGRAD_G8, WINOGRAD_G11)       \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G7, WINOGRAD_G3, WINOGRAD_K3)  \
  WINOGRAD_COPY(WINOGRAD_G11, WINOGRAD_G1)                          \
  STORE(WINOGRAD_G12, 1)                                            \
  WINOGRAD_MULTIPLY("fmls", WINOGRAD_G1, WINOGRAD_G7, WINOGRAD_K4)  \
  WINOGRAD_OP("fsub", WINOGRAD_G10, WINOGRAD_G10, WINOGRAD_G6)      \
  STORE(WINOGRAD_G1, 4)                                             \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G10, WINOGRAD_G3, WINOGRAD_K0) \
  next(WINOGRAD_PEEK(WINOGRAD_G1, 6))                               \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G5, WINOGRAD_G2, WINOGRAD_K5)  \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G5, WINOGRAD_G4, WINOGRAD_K6)  \
  WINOGRAD_MULTIPLY("fmls", WINOGRAD_G10, WINOGRAD_G9, WINOGRAD_K0) \
  next(LOAD_NEXT(WINOGRAD_G2, 2))                                   \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G9, WINOGRAD_G6, WINOGRAD_K5)  \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G9, WINOGRAD_G3, WINOGRAD_K6)  \
  WINOGRAD_COPY(WINOGRAD_G4, WINOGRAD_G5)                           \
  STORE(WINOGRAD_G8, 2)                                             \
  WINOGRAD_MULTIPLY("fmls", WINOGRAD_G5, WINOGRAD_G9, WINOGRAD_K7)  \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G4, WINOGRAD_G9, WINOGRAD_K7)  \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G11, WINOGRAD_G7, WINOGRAD_K4) \
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
  WINOGRAD_OP("fadd", WINOGRAD_G6, WINOGRAD_G3, WINOGRAD_G0)         \
  LOAD(WINOGRAD_G7, 5)                                               \
  WINOGRAD_OP("fsub", WINOGRAD_G3, WINOGRAD_G3, WINOGRAD_G0)         \
  WINOGRAD_OP("fadd", WINOGRAD_G8, WINOGRAD_G1, WINOGRAD_G2)         \
  WINOGRAD_OP("fsub", WINOGRAD_G1, WINOGRAD_G1, WINOGRAD_G2)         \
  LOAD(WINOGRAD_G9, 0)                                               \
  WINOGRAD_OP("fadd", WINOGRAD_G4, WINOGRAD_G4, WINOGRAD_G3)         \
  WINOGRAD_OP("fadd", WINOGRAD_G10, WINOGRAD_G7, WINOGRAD_G5)        \
  WINOGRAD_OP("fsub", WINOGRAD_G7, WINOGRAD_G7, WINOGRAD_G5)         \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G4, WINOGRAD_G1, WINOGRAD_K8)   \
  WINOGRAD_OP("fadd", WINOGRAD_G9, WINOGRAD_G10, WINOGRAD_G9)        \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G4, WINOGRAD_G7, WINOGRAD_K5)   \
  WINOGRAD_COPY(WINOGRAD_G5, WINOGRAD_G3)                            \
  next(LOAD_NEXT(WINOGRAD_G0, 2))                                    \
  WINOGRAD_OP("fadd", WINOGRAD_G9, WINOGRAD_G9, WINOGRAD_G6)         \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G5, WINOGRAD_G1, WINOGRAD_K0)   \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G3, WINOGRAD_G1, WINOGRAD_K2)   \
  FINISH(WINOGRAD_G4) STORE(WINOGRAD_G4, 5)                          \
  WINOGRAD_COPY(WINOGRAD_G11, WINOGRAD_G6)                           \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G11, WINOGRAD_G8, WINOGRAD_K4)  \
  next(LOAD_NEXT(WINOGRAD_G1, 3))                                    \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G5, WINOGRAD_G7, WINOGRAD_K1)   \
  next(LOAD_NEXT(WINOGRAD_G2, 4))                                    \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G6, WINOGRAD_G8, WINOGRAD_K7)   \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G11, WINOGRAD_G10, WINOGRAD_K6) \
  WINOGRAD_OP("fadd", WINOGRAD_G9, WINOGRAD_G9, WINOGRAD_G8)         \
  FINISH(WINOGRAD_G9) STORE(WINOGRAD_G9, 0)                          \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G3, WINOGRAD_G7, WINOGRAD_K3)   \
  WINOGRAD_MULTIPLY("fmla", WINOGRAD_G6, WINOGRAD_G10, WINOGRAD_K9)  \
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
