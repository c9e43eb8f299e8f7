// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The vocabulary of the assembly in this folder, which is put together from string literals.
//
// A *vector* is written as its number: "7" is v7. A *group* is a list of vectors that hold
// neighbouring channels, e.g. WINOGRAD_G0; a word is the name of its instruction and does the same
// to every vector of its groups, as many as its suffix says: WINOGRAD_FADD_4(d, a, b) is four fadd.
// Each file gives the words it uses without suffix the number of vectors that it works with, and
// says in WINOGRAD_LANES what these are made of: ".4s" or ".8h".
#ifndef WINOGRAD_KERNELS_ARM_ASSEMBLY_HPP
#define WINOGRAD_KERNELS_ARM_ASSEMBLY_HPP

// clang-format off

// Keeps or drops code: what a macro parameter called r1, r2, r3, more or next is.
#define WINOGRAD_KEEP(...) __VA_ARGS__
#define WINOGRAD_DROP(...)
// A macro that takes a group has `...` for it and passes __VA_ARGS__ on: only then is the group a
// list of vectors, which the next macro can name one by one.

// One vector: d = a op b;  d = d op a * lane;  d = a;  d = 0
#define WINOGRAD_VECTOR(op, d, a, b) op " v" d WINOGRAD_LANES ", v" a WINOGRAD_LANES ", v" b WINOGRAD_LANES "\n"
#define WINOGRAD_BY_LANE(op, d, a, lane) op " v" d WINOGRAD_LANES ", v" a WINOGRAD_LANES ", " lane "\n"
#define WINOGRAD_MOV_1(d, a) "mov v" d ".16b, v" a ".16b\n"
#define WINOGRAD_CLEAR_1(d) "movi v" d ".4s, #0\n"

// Groups of two.
#define WINOGRAD_VECTORS_2(op, d0, d1, a0, a1, b0, b1) \
  WINOGRAD_VECTOR(op, d0, a0, b0) WINOGRAD_VECTOR(op, d1, a1, b1)
#define WINOGRAD_BY_LANE_2(op, d0, d1, a0, a1, lane) \
  WINOGRAD_BY_LANE(op, d0, a0, lane) WINOGRAD_BY_LANE(op, d1, a1, lane)
#define WINOGRAD_BY_VECTOR_2(op, d0, d1, a0, a1, s) \
  WINOGRAD_VECTOR(op, d0, a0, s) WINOGRAD_VECTOR(op, d1, a1, s)
#define WINOGRAD_MOVES_2(d0, d1, a0, a1) WINOGRAD_MOV_1(d0, a0) WINOGRAD_MOV_1(d1, a1)
#define WINOGRAD_LIST_2(d0, d1) "{v" d0 WINOGRAD_LANES ", v" d1 WINOGRAD_LANES "}"

#define WINOGRAD_FADD_2(...) WINOGRAD_VECTORS_2("fadd", __VA_ARGS__)
#define WINOGRAD_FSUB_2(...) WINOGRAD_VECTORS_2("fsub", __VA_ARGS__)
#define WINOGRAD_FMLA_2(...) WINOGRAD_BY_LANE_2("fmla", __VA_ARGS__)
#define WINOGRAD_FMLS_2(...) WINOGRAD_BY_LANE_2("fmls", __VA_ARGS__)
#define WINOGRAD_FMAX_2(...) WINOGRAD_BY_VECTOR_2("fmax", __VA_ARGS__)
#define WINOGRAD_FMIN_2(...) WINOGRAD_BY_VECTOR_2("fmin", __VA_ARGS__)
#define WINOGRAD_MOV_2(...) WINOGRAD_MOVES_2(__VA_ARGS__)

// Groups of four.
#define WINOGRAD_VECTORS_4(op, d0, d1, d2, d3, a0, a1, a2, a3, b0, b1, b2, b3) \
  WINOGRAD_VECTORS_2(op, d0, d1, a0, a1, b0, b1) WINOGRAD_VECTORS_2(op, d2, d3, a2, a3, b2, b3)
#define WINOGRAD_BY_LANE_4(op, d0, d1, d2, d3, a0, a1, a2, a3, lane) \
  WINOGRAD_BY_LANE_2(op, d0, d1, a0, a1, lane) WINOGRAD_BY_LANE_2(op, d2, d3, a2, a3, lane)
#define WINOGRAD_BY_VECTOR_4(op, d0, d1, d2, d3, a0, a1, a2, a3, s) \
  WINOGRAD_BY_VECTOR_2(op, d0, d1, a0, a1, s) WINOGRAD_BY_VECTOR_2(op, d2, d3, a2, a3, s)
#define WINOGRAD_MOVES_4(d0, d1, d2, d3, a0, a1, a2, a3) \
  WINOGRAD_MOVES_2(d0, d1, a0, a1) WINOGRAD_MOVES_2(d2, d3, a2, a3)
#define WINOGRAD_CLEARS_4(d0, d1, d2, d3) \
  WINOGRAD_CLEAR_1(d0) WINOGRAD_CLEAR_1(d1) WINOGRAD_CLEAR_1(d2) WINOGRAD_CLEAR_1(d3)
#define WINOGRAD_LIST_4(d0, d1, d2, d3) \
  "{v" d0 WINOGRAD_LANES ", v" d1 WINOGRAD_LANES ", v" d2 WINOGRAD_LANES ", v" d3 WINOGRAD_LANES "}"

#define WINOGRAD_FADD_4(...) WINOGRAD_VECTORS_4("fadd", __VA_ARGS__)
#define WINOGRAD_FSUB_4(...) WINOGRAD_VECTORS_4("fsub", __VA_ARGS__)
#define WINOGRAD_FMLA_4(...) WINOGRAD_BY_LANE_4("fmla", __VA_ARGS__)
#define WINOGRAD_FMLS_4(...) WINOGRAD_BY_LANE_4("fmls", __VA_ARGS__)
#define WINOGRAD_FMAX_4(...) WINOGRAD_BY_VECTOR_4("fmax", __VA_ARGS__)
#define WINOGRAD_FMIN_4(...) WINOGRAD_BY_VECTOR_4("fmin", __VA_ARGS__)
#define WINOGRAD_MOV_4(...) WINOGRAD_MOVES_4(__VA_ARGS__)
#define WINOGRAD_CLEAR_4(...) WINOGRAD_CLEARS_4(__VA_ARGS__)

// Memory, ld1 or st1 of a group: `address` is e.g. "[%[b]], #64".
#define WINOGRAD_LD1_2(address, ...) \
  "ld1 " WINOGRAD_LIST_2(__VA_ARGS__) ", " address "\n"
#define WINOGRAD_ST1_2(address, ...) \
  "st1 " WINOGRAD_LIST_2(__VA_ARGS__) ", " address "\n"
#define WINOGRAD_LD1_4(address, ...) \
  "ld1 " WINOGRAD_LIST_4(__VA_ARGS__) ", " address "\n"
#define WINOGRAD_ST1_4(address, ...) \
  "st1 " WINOGRAD_LIST_4(__VA_ARGS__) ", " address "\n"

// What an __asm__ that uses every vector register destroys.
#define WINOGRAD_ALL_VECTORS                                                                       \
  "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12", "v13", "v14",   \
  "v15", "v16", "v17", "v18", "v19", "v20", "v21", "v22", "v23", "v24", "v25", "v26", "v27",       \
  "v28", "v29", "v30", "v31"

// clang-format on

#endif  // WINOGRAD_KERNELS_ARM_ASSEMBLY_HPP
