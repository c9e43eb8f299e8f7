// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The passes of F(6,3) in assembly, and the input passes of F(4,5), which has the same points: as
// passes_of_6_neon.hpp, but for 8 channels at a time, because a tile of 8 x 16 values fills all
// registers. Compilers run out of registers even so, with 16 pointers to keep, and spill pointers.
//
// The transforms, for the points 0, ±1, ±p, ±q:
//   Bᵀ  v0 = d6 - d0 + k0 d2 - k0 d4         Aᵀ, with sums s and differences t of each pair:
//       v1, v2 = e ± o                           y0 = s3 + x0 + s1 + s2
//         e = d6 + d2 + k1 d4                    y1 = t1 + k0 t2 + k1 t3
//         o = d5 + d1 + k1 d3                    y2 = s1 + k4 s2 + k6 s3
//       v3, v4 = e ± k4 o                        y3 = t1 + k2 t2 + k3 t3
//         e = d6 + k2 d2 + k3 d4                 y4 = s1 + k7 s2 + k9 s3
//         o = d5 + k2 d1 + k3 d3                 y5 = x7 + t1 + k8 t2 + k5 t3
//       v5, v6 = e ± k7 o
//         e = d6 + k5 d2 + k6 d4
//         o = d5 + k5 d1 + k6 d3
//       v7 = d7 - d1 + k0 d3 - k0 d5
#ifndef WINOGRAD_KERNELS_ARM_PASSES_OF_8_NEON_HPP
#define WINOGRAD_KERNELS_ARM_PASSES_OF_8_NEON_HPP

#include <algorithm>

#include "arm/strip_passes_neon.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// k0 ... k7 of Bᵀ above, and whether the tile's Bᵀ has that form.
template <class T>
struct InputConstantsOf8 {
  using Row = std::array<Rational, 8>;
  static constexpr bool matches() {
    if constexpr (T::alpha != 8 || T::points != 7) {
      return false;
    } else {
      const Rational k = T::bt[0][2];
      return is_pair<T>(1) && is_pair<T>(3) && is_pair<T>(5) &&
             T::bt[0] == Row{-1, 0, k, 0, -k, 0, 1, 0} &&
             T::bt[7] == Row{0, -1, 0, k, 0, -k, 0, 1} && is_regular<1>() && is_regular<3>() &&
             is_regular<5>() && EvenPart<T, 1>::value[2] == Rational(1) &&
             OddPart<T, 1>::factor == Rational(1);
    }
  }
  static constexpr std::array<float, 8> values() {
    const Row e1 = EvenPart<T, 1>::value, e3 = EvenPart<T, 3>::value, e5 = EvenPart<T, 5>::value;
    return {static_cast<float>(T::bt[0][2]),
            static_cast<float>(e1[4]),
            static_cast<float>(e3[2]),
            static_cast<float>(e3[4]),
            static_cast<float>(OddPart<T, 3>::factor),
            static_cast<float>(e5[2]),
            static_cast<float>(e5[4]),
            static_cast<float>(OddPart<T, 5>::factor)};
  }

 private:
  template <int i>
  static constexpr bool is_regular() {
    const Row even = EvenPart<T, i>::value;
    return even == Row{0, 0, even[2], 0, even[4], 0, 1, 0} &&
           OddPart<T, i>::value == Row{0, even[2], 0, even[4], 0, 1, 0, 0};
  }
};

/// k0 ... k9 of Aᵀ above, and whether the tile's Aᵀ has that form.
template <class T>
struct OutputConstantsOf8 {
  static constexpr bool matches() {
    if constexpr (T::alpha != 8 || T::points != 7 || T::m != 6) {
      return false;
    } else {
      const auto& a = T::at_matrix;
      bool good = is_pair<T>(1) && is_pair<T>(3) && is_pair<T>(5) && a[0][3] == Rational(1) &&
                  a[0][5] == Rational(1);
      for (unsigned q = 0; q < 6; ++q) {
        good = good && a[q][0] == Rational(q == 0 ? 1 : 0) && a[q][7] == Rational(q == 5 ? 1 : 0) &&
               a[q][1] == Rational(1);
      }
      return good;
    }
  }
  static constexpr std::array<float, 12> values() {
    const auto& a = T::at_matrix;
    return {static_cast<float>(a[1][3]),
            static_cast<float>(a[1][5]),
            static_cast<float>(a[3][3]),
            static_cast<float>(a[3][5]),
            static_cast<float>(a[2][3]),
            static_cast<float>(a[5][5]),
            static_cast<float>(a[2][5]),
            static_cast<float>(a[4][3]),
            static_cast<float>(a[5][3]),
            static_cast<float>(a[4][5]),
            0.0F,
            0.0F};
  }
};

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

/// Pointers to value i of tile (or column) 0 and bytes to the next, less the 32 of the first half.
struct PassOf8 {
  const float* in[8];
  std::ptrdiff_t in_step[8];
  float* out[8];
  std::ptrdiff_t out_step;
  std::ptrdiff_t n;

  static constexpr std::ptrdiff_t step(std::ptrdiff_t floats) {
    return floats * static_cast<std::ptrdiff_t>(sizeof(float)) - 32;
  }
};

template <class T>
struct InputPassesOf8 {
  alignas(16) static constexpr std::array<float, 8> kConstants = InputConstantsOf8<T>::values();

  static void input_vertical(const StripView& view, int cols, float* scratch) {
    const auto clear = [&](int n) {
      scratch = std::fill_n(scratch, std::ptrdiff_t{n} * 8 * kGroup, 0.0F);
    };
    clear(view.col_begin);
    PassOf8 pass;
    pass.n = view.col_end - view.col_begin;
    if (pass.n > 0) {
      for (int i = 0; i < 8; ++i) {
        const bool inside = i >= view.row_begin && i < view.row_end;
        pass.in[i] = inside ? view.base + (i - view.row_begin) * view.row_stride : kZeros;
        pass.in_step[i] = PassOf8::step(inside ? view.col_stride : 0);
        pass.out[i] = scratch + i * kGroup;
      }
      pass.out_step = PassOf8::step(8 * kGroup);
      run(pass);
      scratch += pass.n * 8 * kGroup;
    }
    clear(cols - view.col_end);
  }

  static void input_horizontal(const float* scratch, int alpha_h, int tiles, float* v,
                               const std::ptrdiff_t* offsets, std::ptrdiff_t tile_stride) {
    const std::ptrdiff_t column = std::ptrdiff_t{alpha_h} * kGroup;
    PassOf8 pass;
    pass.n = tiles;
    pass.out_step = PassOf8::step(tile_stride);
    std::fill_n(pass.in_step, 8, PassOf8::step(T::m * column));
    for (int i = 0; i < alpha_h; ++i, scratch += kGroup, offsets += 8) {
      for (int j = 0; j < 8; ++j) {
        pass.in[j] = scratch + j * column;
        pass.out[j] = v + offsets[j];
      }
      run(pass);
    }
  }

 private:
  static void run(const PassOf8& pass) {
    // clang-format off
#define WINOGRAD_LO(next) \
  WINOGRAD_INPUT_OF_8(WINOGRAD_LOAD_LO, WINOGRAD_STORE_LO, WINOGRAD_LOAD_HI, next)
#define WINOGRAD_HI(next) \
  WINOGRAD_INPUT_OF_8(WINOGRAD_LOAD_HI, WINOGRAD_STORE_HI, WINOGRAD_LOAD_LO, next)
    __asm__ volatile(
        WINOGRAD_LOAD_POINTERS
        "ldp q30, q31, [%[k]]\n"
        WINOGRAD_TILES(WINOGRAD_INPUT_FIRST(WINOGRAD_LOAD_LO), WINOGRAD_LO, WINOGRAD_HI)
        :
        : [p] "r"(&pass), [k] "r"(kConstants.data())
        : "cc", "memory", WINOGRAD_POINTERS, WINOGRAD_VECTORS);
    // clang-format on
#undef WINOGRAD_LO
#undef WINOGRAD_HI
  }
};

template <class T>
struct OutputPassesOf8 {
  alignas(16) static constexpr std::array<float, 12> kConstants = OutputConstantsOf8<T>::values();

  static void output_horizontal(const float* m, const std::ptrdiff_t* offsets,
                                std::ptrdiff_t tile_stride, int alpha_h, int tiles,
                                float* scratch) {
    const std::ptrdiff_t column = std::ptrdiff_t{alpha_h} * kGroup;
    PassOf8 pass;
    pass.n = tiles;
    pass.out_step = PassOf8::step(6 * column);
    std::fill_n(pass.in_step, 8, PassOf8::step(tile_stride));
    for (int i = 0; i < alpha_h; ++i, scratch += kGroup, offsets += 8) {
      for (int j = 0; j < 8; ++j) pass.in[j] = m + offsets[j];
      for (int q = 0; q < 6; ++q) pass.out[q] = scratch + q * column;
      run_raw(pass);
    }
  }

  static void output_vertical(const float* scratch, int cols, const OutputTarget& target) {
    const Epilogue& epilogue = target.epilogue;
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    // A bound from above is rare; there is no register left for it.
    if (epilogue.leaky || target.residual != nullptr || epilogue.high < kInfinity) {
      StripPassesNeon<NeonPair, T>::output_vertical(scratch, cols, target);
      return;
    }
    const PassOf8 pass = columns(scratch, cols, target.dst, target.row_stride, target.col_stride);
// clang-format off
#define WINOGRAD_ADD_BIAS_LO(...) WINOGRAD_OP("fadd", __VA_ARGS__, __VA_ARGS__, "v24", "v25")
#define WINOGRAD_ADD_BIAS_HI(...) WINOGRAD_OP("fadd", __VA_ARGS__, __VA_ARGS__, "v26", "v27")
#define WINOGRAD_RELU_LO(...) WINOGRAD_ADD_BIAS_LO(__VA_ARGS__) WINOGRAD_BOUND("fmax", __VA_ARGS__, "v28")
#define WINOGRAD_RELU_HI(...) WINOGRAD_ADD_BIAS_HI(__VA_ARGS__) WINOGRAD_BOUND("fmax", __VA_ARGS__, "v28")
#define WINOGRAD_LO(FINISH, next) \
  WINOGRAD_OUTPUT_OF_8(FINISH, WINOGRAD_LOAD_LO, WINOGRAD_STORE_LO, WINOGRAD_LOAD_HI, next)
#define WINOGRAD_HI(FINISH, next) \
  WINOGRAD_OUTPUT_OF_8(FINISH, WINOGRAD_LOAD_HI, WINOGRAD_STORE_HI, WINOGRAD_LOAD_LO, next)
#define WINOGRAD_BIAS_TILE_LO(next) WINOGRAD_LO(WINOGRAD_ADD_BIAS_LO, next)
#define WINOGRAD_BIAS_TILE_HI(next) WINOGRAD_HI(WINOGRAD_ADD_BIAS_HI, next)
#define WINOGRAD_RELU_TILE_LO(next) WINOGRAD_LO(WINOGRAD_RELU_LO, next)
#define WINOGRAD_RELU_TILE_HI(next) WINOGRAD_HI(WINOGRAD_RELU_HI, next)
#define WINOGRAD_OUTPUT(lo, hi)                                                            \
  __asm__ volatile(                                                                        \
      WINOGRAD_LOAD_POINTERS                                                               \
      "ldp q30, q31, [%[k]]\n"                                                             \
      "ldr q29, [%[k], #32]\n"                                                             \
      "ld1 {v24.4s, v25.4s, v26.4s, v27.4s}, [%[bias]]\n"                                  \
      "ld1r {v28.4s}, [%[low]]\n"                                                          \
      WINOGRAD_TILES(WINOGRAD_OUTPUT_FIRST(WINOGRAD_LOAD_LO), lo, hi)                      \
      :                                                                                    \
      : [p] "r"(&pass), [k] "r"(kConstants.data()), [bias] "r"(epilogue.bias),             \
        [low] "r"(&epilogue.low)                                                           \
      : "cc", "memory", WINOGRAD_POINTERS, WINOGRAD_VECTORS)
    // clang-format on
    if (epilogue.low > -kInfinity) {
      WINOGRAD_OUTPUT(WINOGRAD_RELU_TILE_LO, WINOGRAD_RELU_TILE_HI);
    } else {
      WINOGRAD_OUTPUT(WINOGRAD_BIAS_TILE_LO, WINOGRAD_BIAS_TILE_HI);
    }
#undef WINOGRAD_ADD_BIAS_LO
#undef WINOGRAD_ADD_BIAS_HI
#undef WINOGRAD_RELU_LO
#undef WINOGRAD_RELU_HI
#undef WINOGRAD_LO
#undef WINOGRAD_HI
#undef WINOGRAD_BIAS_TILE_LO
#undef WINOGRAD_BIAS_TILE_HI
#undef WINOGRAD_RELU_TILE_LO
#undef WINOGRAD_RELU_TILE_HI
#undef WINOGRAD_OUTPUT
  }

  static void output_vertical_raw(const float* scratch, int cols, float* staging,
                                  std::ptrdiff_t row) {
    run_raw(columns(scratch, cols, staging, row, kGroup));
  }

 private:
  static PassOf8 columns(const float* scratch, int cols, float* dst, std::ptrdiff_t row_stride,
                         std::ptrdiff_t col_stride) {
    PassOf8 pass;
    pass.n = cols;
    pass.out_step = PassOf8::step(col_stride);
    std::fill_n(pass.in_step, 8, PassOf8::step(8 * kGroup));
    for (int i = 0; i < 8; ++i) pass.in[i] = scratch + i * kGroup;
    for (int q = 0; q < 6; ++q) pass.out[q] = dst + q * row_stride;
    return pass;
  }

  static void run_raw(const PassOf8& pass) {
    // clang-format off
#define WINOGRAD_LO(next)                                                               \
  WINOGRAD_OUTPUT_OF_8(WINOGRAD_DROP, WINOGRAD_LOAD_LO, WINOGRAD_STORE_LO, WINOGRAD_LOAD_HI, next)
#define WINOGRAD_HI(next)                                                               \
  WINOGRAD_OUTPUT_OF_8(WINOGRAD_DROP, WINOGRAD_LOAD_HI, WINOGRAD_STORE_HI, WINOGRAD_LOAD_LO, next)
    __asm__ volatile(
        WINOGRAD_LOAD_POINTERS
        "ldp q30, q31, [%[k]]\n"
        "ldr q29, [%[k], #32]\n"
        WINOGRAD_TILES(WINOGRAD_OUTPUT_FIRST(WINOGRAD_LOAD_LO), WINOGRAD_LO, WINOGRAD_HI)
        :
        : [p] "r"(&pass), [k] "r"(kConstants.data())
        : "cc", "memory", WINOGRAD_POINTERS, WINOGRAD_VECTORS);
    // clang-format on
#undef WINOGRAD_LO
#undef WINOGRAD_HI
  }
};

#undef WINOGRAD_G0
#undef WINOGRAD_G1
#undef WINOGRAD_G2
#undef WINOGRAD_G3
#undef WINOGRAD_G4
#undef WINOGRAD_G5
#undef WINOGRAD_G6
#undef WINOGRAD_G7
#undef WINOGRAD_G8
#undef WINOGRAD_G9
#undef WINOGRAD_G10
#undef WINOGRAD_G11
#undef WINOGRAD_G12
#undef WINOGRAD_K0
#undef WINOGRAD_K1
#undef WINOGRAD_K2
#undef WINOGRAD_K3
#undef WINOGRAD_K4
#undef WINOGRAD_K5
#undef WINOGRAD_K6
#undef WINOGRAD_K7
#undef WINOGRAD_K8
#undef WINOGRAD_K9
#undef WINOGRAD_CALL
#undef WINOGRAD_KEEP
#undef WINOGRAD_DROP
#undef WINOGRAD_OP_
#undef WINOGRAD_OP
#undef WINOGRAD_MULTIPLY_
#undef WINOGRAD_MULTIPLY
#undef WINOGRAD_COPY_
#undef WINOGRAD_COPY
#undef WINOGRAD_BOUND_
#undef WINOGRAD_BOUND
#undef WINOGRAD_MEMORY_
#undef WINOGRAD_MEMORY
#undef WINOGRAD_PEEK_
#undef WINOGRAD_PEEK
#undef WINOGRAD_PEEK_AT
#undef WINOGRAD_VECTORS
#undef WINOGRAD_IN_0
#undef WINOGRAD_IN_1
#undef WINOGRAD_IN_2
#undef WINOGRAD_IN_3
#undef WINOGRAD_IN_4
#undef WINOGRAD_IN_5
#undef WINOGRAD_IN_6
#undef WINOGRAD_IN_7
#undef WINOGRAD_IN_STEP_0
#undef WINOGRAD_IN_STEP_1
#undef WINOGRAD_IN_STEP_2
#undef WINOGRAD_IN_STEP_3
#undef WINOGRAD_IN_STEP_4
#undef WINOGRAD_IN_STEP_5
#undef WINOGRAD_IN_STEP_6
#undef WINOGRAD_IN_STEP_7
#undef WINOGRAD_OUT_0
#undef WINOGRAD_OUT_1
#undef WINOGRAD_OUT_2
#undef WINOGRAD_OUT_3
#undef WINOGRAD_OUT_4
#undef WINOGRAD_OUT_5
#undef WINOGRAD_OUT_6
#undef WINOGRAD_OUT_7
#undef WINOGRAD_OUT_STEP
#undef WINOGRAD_N
#undef WINOGRAD_POINTERS
#undef WINOGRAD_LOAD_POINTERS
#undef WINOGRAD_LOAD_LO
#undef WINOGRAD_LOAD_HI
#undef WINOGRAD_STORE_LO
#undef WINOGRAD_STORE_HI
#undef WINOGRAD_INPUT_FIRST
#undef WINOGRAD_INPUT_OF_8
#undef WINOGRAD_OUTPUT_FIRST
#undef WINOGRAD_OUTPUT_OF_8
#undef WINOGRAD_TILES

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_PASSES_OF_8_NEON_HPP
