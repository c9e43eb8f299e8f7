// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The passes of F(4,3) in f16, in assembly: the same operations in the same order as the generated
// code of strip_passes_neon.hpp, so the same bits. 16 channels are two registers, half of what
// passes_of_6_neon.hpp has, so all that a tile needs fits at once, and other forms are best. With
// what llvm-mca 22 models for Cortex-A55 / Neoverse N1 / V1, a tile, or a column of four outputs,
// takes so many instructions and cycles:
//                       generated            this                  also tried
//   input, vertical     60   72 / 39 / 11    49   52 / 31 / 11     42   77 / 29 / 12 (a)
//   input, horizontal   66   74 / 40 / 11    49   56 / 30 / 12     45   87 / 32 / 12 (b)
//                                                                  55   47 / 32 / 12 (c)
//   output, horizontal  44   60 / 30 / 7     33   54 / 22 / 7      32   75 / 22 / 8  (b)
//   output, vertical    61   76 / 33 / 12    47   79 / 28 / 12     57   70 / 37 / 11 (c)
// (a) d3 and d4 loaded again instead of copied, two rows in one store; (b) a pointer for each
// column; (c) LDR instead of LDP and LD1.
#ifndef WINOGRAD_KERNELS_ARM_PASSES_OF_6_NEON_FP16_HPP
#define WINOGRAD_KERNELS_ARM_PASSES_OF_6_NEON_FP16_HPP

#include <algorithm>
#include <array>
#include <limits>

#include "kernels/arm/assembly.hpp"
#include "kernels/arm/pass_constants.hpp"
#include "kernels/arm/simd_neon_fp16.hpp"
#include "kernels/arm/strip_passes_neon.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

/// What one register holds: k0 ... k5.
constexpr std::array<float16_t, 8> half_constants(const std::array<float, 8>& values) {
  std::array<float16_t, 8> result{};
  for (unsigned i = 0; i < 8; ++i) result[i] = static_cast<float16_t>(values[i]);
  return result;
}

/// Calls body(Index<alpha_h>) for the heights of the tiles of F(4,3), and returns true. Distances
/// between columns of scratch are then constants, so that all share a pointer.
template <class Body>
inline bool with_height(int alpha_h, const Body& body) {
  switch (alpha_h) {
    case 3: body(Index<3>{}); return true;
    case 4: body(Index<4>{}); return true;
    case 5: body(Index<5>{}); return true;
    case 6: body(Index<6>{}); return true;
    default: return false;
  }
}

// clang-format off
#define WINOGRAD_LANES ".8h"
// v0 holds the constants, v1 and v2 the bounds, v3 the scale: factors that fmla takes by lane must be
// in the first 16. All others are pairs, 16 channels each.
#define WINOGRAD_K0 "v0.h[0]"
#define WINOGRAD_K1 "v0.h[1]"
#define WINOGRAD_K2 "v0.h[2]"
#define WINOGRAD_K3 "v0.h[3]"
#define WINOGRAD_K4 "v0.h[4]"
#define WINOGRAD_K5 "v0.h[5]"
#define WINOGRAD_SCALE "v3.h[0]"
#define WINOGRAD_P0 "4", "5"
#define WINOGRAD_P1 "6", "7"
#define WINOGRAD_P2 "8", "9"
#define WINOGRAD_P3 "10", "11"
#define WINOGRAD_P4 "12", "13"
#define WINOGRAD_P5 "14", "15"
// Values 0 to 5 of what is transformed to, or from.
#define WINOGRAD_X0 "20", "21"
#define WINOGRAD_X1 "22", "23"
#define WINOGRAD_X2 "24", "25"
#define WINOGRAD_X3 "26", "27"
#define WINOGRAD_X4 "28", "29"
#define WINOGRAD_X5 "30", "31"

#define WINOGRAD_FADD WINOGRAD_FADD_2
#define WINOGRAD_FSUB WINOGRAD_FSUB_2
#define WINOGRAD_FMLA WINOGRAD_FMLA_2
#define WINOGRAD_FMLS WINOGRAD_FMLS_2
#define WINOGRAD_FMAX WINOGRAD_FMAX_2
#define WINOGRAD_FMIN WINOGRAD_FMIN_2
#define WINOGRAD_MOV WINOGRAD_MOV_2
// A pair; the pointer then advances by `step`, or stays and has `offset` added.
#define WINOGRAD_LOAD(...) WINOGRAD_LOAD_(__VA_ARGS__)
#define WINOGRAD_LOAD_(d0, d1, pointer, step) WINOGRAD_LD1_2("[%[" pointer "]], " step, d0, d1)
#define WINOGRAD_LOAD_AT(...) WINOGRAD_LOAD_AT_(__VA_ARGS__)
#define WINOGRAD_LOAD_AT_(d0, d1, pointer, offset) \
  "ldp q" d0 ", q" d1 ", [%[" pointer "], #" offset "]\n"
#define WINOGRAD_STORE(...) WINOGRAD_STORE_(__VA_ARGS__)
#define WINOGRAD_STORE_(d0, d1, pointer, step) WINOGRAD_ST1_2("[%[" pointer "]], " step, d0, d1)
#define WINOGRAD_STORE_AT(...) WINOGRAD_STORE_AT_(__VA_ARGS__)
#define WINOGRAD_STORE_AT_(d0, d1, pointer, offset) \
  "stp q" d0 ", q" d1 ", [%[" pointer "], #" offset "]\n"

// Bᵀ. LOAD(d, i) and STORE(d, i) move value i; `next` keeps or drops the loads of the next tile. P0
// to P3 are d0 to d3; X4 and X5 begin as d4 and d5. The order is the best that a random search found
// with the models above; that of Aᵀ, too.
#define WINOGRAD_INPUT_FIRST(LOAD)                                             \
  LOAD(WINOGRAD_P0, 0) LOAD(WINOGRAD_P2, 2) LOAD(WINOGRAD_P1, 1)               \
  LOAD(WINOGRAD_P3, 3) LOAD(WINOGRAD_X4, 4) LOAD(WINOGRAD_X5, 5)
#define WINOGRAD_INPUT_OF_6(LOAD, STORE, next)                                 \
  WINOGRAD_MOV(WINOGRAD_X0, WINOGRAD_X4)                                       \
  WINOGRAD_MOV(WINOGRAD_X2, WINOGRAD_X4)                                       \
  WINOGRAD_FMLA(WINOGRAD_X0, WINOGRAD_P0, WINOGRAD_K0)                         \
  WINOGRAD_MOV(WINOGRAD_P4, WINOGRAD_P3)                                       \
  next(LOAD(WINOGRAD_P0, 0))                                                   \
  WINOGRAD_FMLA(WINOGRAD_P4, WINOGRAD_P1, WINOGRAD_K2)                         \
  WINOGRAD_FMLA(WINOGRAD_X4, WINOGRAD_P2, WINOGRAD_K3)                         \
  WINOGRAD_FMLA(WINOGRAD_X2, WINOGRAD_P2, WINOGRAD_K2)                         \
  WINOGRAD_FMLA(WINOGRAD_X5, WINOGRAD_P1, WINOGRAD_K0)                         \
  WINOGRAD_FMLA(WINOGRAD_X0, WINOGRAD_P2, WINOGRAD_K1)                         \
  WINOGRAD_MOV(WINOGRAD_X1, WINOGRAD_X2)                                       \
  next(LOAD(WINOGRAD_P2, 2))                                                   \
  WINOGRAD_FMLA(WINOGRAD_X1, WINOGRAD_P4, WINOGRAD_K4)                         \
  WINOGRAD_FMLA(WINOGRAD_X5, WINOGRAD_P3, WINOGRAD_K1)                         \
  WINOGRAD_FMLA(WINOGRAD_P3, WINOGRAD_P1, WINOGRAD_K3)                         \
  STORE(WINOGRAD_X5, 5)                                                        \
  next(LOAD(WINOGRAD_P1, 1))                                                   \
  WINOGRAD_MOV(WINOGRAD_X3, WINOGRAD_X4)                                       \
  STORE(WINOGRAD_X0, 0)                                                        \
  WINOGRAD_FMLS(WINOGRAD_X2, WINOGRAD_P4, WINOGRAD_K4)                         \
  STORE(WINOGRAD_X1, 1)                                                        \
  WINOGRAD_FMLS(WINOGRAD_X4, WINOGRAD_P3, WINOGRAD_K5)                         \
  WINOGRAD_FMLA(WINOGRAD_X3, WINOGRAD_P3, WINOGRAD_K5)                         \
  STORE(WINOGRAD_X2, 2)                                                        \
  next(LOAD(WINOGRAD_P3, 3))                                                   \
  STORE(WINOGRAD_X4, 4)                                                        \
  next(LOAD(WINOGRAD_X4, 4))                                                   \
  STORE(WINOGRAD_X3, 3)                                                        \
  next(LOAD(WINOGRAD_X5, 5))

// Aᵀ of X in two steps; its rows 0 to 3 are then X0, X1, P1 and X5.
#define WINOGRAD_OUTPUT_SUMS                                                   \
  WINOGRAD_FADD(WINOGRAD_P0, WINOGRAD_X1, WINOGRAD_X2)                         \
  WINOGRAD_FSUB(WINOGRAD_X1, WINOGRAD_X1, WINOGRAD_X2)                         \
  WINOGRAD_FADD(WINOGRAD_P1, WINOGRAD_X3, WINOGRAD_X4)                         \
  WINOGRAD_FSUB(WINOGRAD_X3, WINOGRAD_X3, WINOGRAD_X4)
#define WINOGRAD_OUTPUT_ROWS                                                   \
  WINOGRAD_FMLA(WINOGRAD_X0, WINOGRAD_P0, WINOGRAD_K0)                         \
  WINOGRAD_FMLA(WINOGRAD_X5, WINOGRAD_X1, WINOGRAD_K4)                         \
  WINOGRAD_FMLA(WINOGRAD_X1, WINOGRAD_X3, WINOGRAD_K2)                         \
  WINOGRAD_FMLA(WINOGRAD_X0, WINOGRAD_P1, WINOGRAD_K1)                         \
  WINOGRAD_FMLA(WINOGRAD_X5, WINOGRAD_X3, WINOGRAD_K5)                         \
  WINOGRAD_FMLA(WINOGRAD_P1, WINOGRAD_P0, WINOGRAD_K3)

// n tiles: all but the last load ahead.
#define WINOGRAD_TILES(first, body)                                            \
  first                                                                        \
  "subs %w[n], %w[n], #1\n"                                                    \
  "b.eq 3f\n"                                                                  \
  "2:\n"                                                                       \
  "subs %w[n], %w[n], #1\n"                                                    \
  body(WINOGRAD_KEEP)                                                          \
  "b.ne 2b\n"                                                                  \
  "3:\n"                                                                       \
  body(WINOGRAD_DROP)

template <class T>
struct HalfInputPassesOf6 {
  static constexpr std::ptrdiff_t kHalf = sizeof(F16);
  alignas(16) static constexpr std::array<float16_t, 8> kConstants =
      half_constants(InputConstantsOf6<T>::values());

  static void input_vertical(const StripViewOf<F16>& view, int cols, F16* scratch) {
    const F16* in[6];
    std::ptrdiff_t step[6];  // bytes; rows outside the image stand still
    for (int i = 0; i < 6; ++i) {
      const bool inside = i >= view.row_begin && i < view.row_end;
      in[i] = inside ? view.base + (i - view.row_begin) * view.row_stride : kZeros<F16>;
      step[i] = inside ? view.col_stride * kHalf : 0;
    }
    scratch = clear(scratch, view.col_begin);
    int n = view.col_end - view.col_begin;
    if (n > 0) {
#define WINOGRAD_LOAD_ROW(d, i) WINOGRAD_LOAD(d, "in" #i, "%[step" #i "]")
#define WINOGRAD_STORE_ROW(d, i) WINOGRAD_STORE_AT(d, "scratch", "32 * " #i)
#define WINOGRAD_TILE(next)                                                    \
  WINOGRAD_INPUT_OF_6(WINOGRAD_LOAD_ROW, WINOGRAD_STORE_ROW, next)             \
  "add %[scratch], %[scratch], #32 * 6\n"
      __asm__ volatile(
          "ldr q0, [%[k]]\n"
          WINOGRAD_TILES(WINOGRAD_INPUT_FIRST(WINOGRAD_LOAD_ROW), WINOGRAD_TILE)
          : [in0] "+&r"(in[0]), [in1] "+&r"(in[1]), [in2] "+&r"(in[2]), [in3] "+&r"(in[3]),
            [in4] "+&r"(in[4]), [in5] "+&r"(in[5]), [scratch] "+&r"(scratch), [n] "+&r"(n)
          : [step0] "r"(step[0]), [step1] "r"(step[1]), [step2] "r"(step[2]), [step3] "r"(step[3]),
            [step4] "r"(step[4]), [step5] "r"(step[5]), [k] "r"(kConstants.data())
          : "cc", "memory", WINOGRAD_ALL_VECTORS);
#undef WINOGRAD_LOAD_ROW
#undef WINOGRAD_STORE_ROW
#undef WINOGRAD_TILE
    }
    clear(scratch, cols - view.col_end);
  }

  static void input_horizontal(const F16* scratch, int alpha_h, int tiles, F16* v,
                               const std::ptrdiff_t* offsets, std::ptrdiff_t tile_stride) {
    const bool done = with_height(alpha_h, [&](auto height) {
      run_horizontal<decltype(height)::value>(scratch, tiles, v, offsets, tile_stride);
    });
    if (done) return;
    StripPassesNeon<HalfPair, T>::input_horizontal(scratch, alpha_h, tiles, v, offsets,
                                                   tile_stride);
  }

 private:
  template <int alpha_h>
  static void run_horizontal(const F16* scratch, int tiles, F16* v, const std::ptrdiff_t* offsets,
                             std::ptrdiff_t tile_stride) {
    constexpr std::ptrdiff_t kColumn = alpha_h * kLaneBlock * kHalf;
    const std::ptrdiff_t out_step = tile_stride * kHalf;
    for (int i = 0; i < alpha_h; ++i, scratch += kLaneBlock, offsets += 6) {
      const F16* in = scratch;
      F16 *out0 = v + offsets[0], *out1 = v + offsets[1], *out2 = v + offsets[2],
          *out3 = v + offsets[3], *out4 = v + offsets[4], *out5 = v + offsets[5];
      int n = tiles;
#define WINOGRAD_LOAD_COLUMN(d, i) WINOGRAD_LOAD_AT(d, "in", "%c[column] * " #i)
#define WINOGRAD_NEXT_COLUMNS "add %[in], %[in], %[in_step]\n"
#define WINOGRAD_STORE_FREQUENCY(d, i) WINOGRAD_STORE(d, "out" #i, "%[out_step]")
#define WINOGRAD_TILE(next)                                                    \
  WINOGRAD_INPUT_OF_6(WINOGRAD_LOAD_COLUMN, WINOGRAD_STORE_FREQUENCY, next)    \
  next(WINOGRAD_NEXT_COLUMNS)
      __asm__ volatile(
          "ldr q0, [%[k]]\n"
          WINOGRAD_TILES(WINOGRAD_INPUT_FIRST(WINOGRAD_LOAD_COLUMN) WINOGRAD_NEXT_COLUMNS,
                         WINOGRAD_TILE)
          : [in] "+&r"(in), [out0] "+&r"(out0), [out1] "+&r"(out1), [out2] "+&r"(out2),
            [out3] "+&r"(out3), [out4] "+&r"(out4), [out5] "+&r"(out5), [n] "+&r"(n)
          : [in_step] "i"(T::m * kColumn), [out_step] "r"(out_step), [column] "i"(kColumn),
            [k] "r"(kConstants.data())
          : "cc", "memory", WINOGRAD_ALL_VECTORS);
#undef WINOGRAD_LOAD_COLUMN
#undef WINOGRAD_NEXT_COLUMNS
#undef WINOGRAD_STORE_FREQUENCY
#undef WINOGRAD_TILE
    }
  }

  static F16* clear(F16* scratch, int cols) {
    return std::fill_n(scratch, std::ptrdiff_t{cols} * 6 * kLaneBlock, F16{0});
  }
};

template <class T>
struct HalfOutputPassesOf6 {
  static constexpr std::ptrdiff_t kHalf = sizeof(F16);
  alignas(16) static constexpr std::array<float16_t, 8> kConstants =
      half_constants(OutputConstantsOf6<T>::values());

  static void output_horizontal(const F16* m, const std::ptrdiff_t* offsets,
                                std::ptrdiff_t tile_stride, int alpha_h, int tiles, F16* scratch) {
    const bool done = with_height(alpha_h, [&](auto height) {
      run_horizontal<decltype(height)::value>(m, offsets, tile_stride, tiles, scratch);
    });
    if (done) return;
    StripPassesNeon<HalfPair, T>::output_horizontal(m, offsets, tile_stride, alpha_h, tiles,
                                                    scratch);
  }

// Columns of scratch are loaded in order, two values at a time.
#define WINOGRAD_LOAD_TWO(...) WINOGRAD_LD1_4("[%[scratch]], #64", __VA_ARGS__)
#define WINOGRAD_LOAD_COLUMN                                                                  \
  WINOGRAD_LOAD_TWO(WINOGRAD_X0, WINOGRAD_X1) WINOGRAD_LOAD_TWO(WINOGRAD_X2, WINOGRAD_X3)     \
  WINOGRAD_LOAD_TWO(WINOGRAD_X4, WINOGRAD_X5)
#define WINOGRAD_STORE_ROW(d, i) WINOGRAD_STORE(d, "out" #i, "%[step]")
#define WINOGRAD_OUTPUT_VERTICAL(body)                                                        \
  __asm__ volatile(                                                                           \
      "ldr q0, [%[k]]\n"                                                                      \
      "dup v1.8h, %w[low]\n"                                                                  \
      "dup v2.8h, %w[high]\n"                                                                 \
      "dup v3.8h, %w[scale]\n"                                                                \
      WINOGRAD_TILES(WINOGRAD_LOAD_COLUMN, body)                                              \
      : [scratch] "+&r"(scratch), [out0] "+&r"(out0), [out1] "+&r"(out1), [out2] "+&r"(out2), \
        [out3] "+&r"(out3), [n] "+&r"(n)                                                      \
      : [step] "r"(step), [k] "r"(kConstants.data()), [bias] "r"(bias), [low] "r"(low),       \
        [high] "r"(high), [scale] "r"(scale)                                                  \
      : "cc", "memory", WINOGRAD_ALL_VECTORS)

  static void output_vertical(const F16* scratch, int cols, const OutputTargetOf<F16>& target) {
    const Epilogue& epilogue = target.epilogue;
    if (!epilogue.clamps() || target.residual != nullptr) {
      StripPassesNeon<HalfPair, T>::output_vertical(scratch, cols, target);
      return;
    }
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    // That of two rows: one instruction loads four registers, to which sums are then added.
    alignas(64) F16 bias[2 * kLaneBlock];
    const HalfPair once = Simd<HalfPair>::load(epilogue.bias);
    Simd<HalfPair>::store(bias, once);
    Simd<HalfPair>::store(bias + kLaneBlock, once);
    const unsigned low = half_bits(epilogue.low), high = half_bits(epilogue.high);
    const unsigned scale = half_bits(epilogue.scale);
    F16 *out0 = target.dst, *out1 = out0 + target.row_stride, *out2 = out1 + target.row_stride,
        *out3 = out2 + target.row_stride;
    const std::ptrdiff_t step = target.col_stride * kHalf;
    int n = cols;
#define WINOGRAD_RELU(...) WINOGRAD_FMAX(__VA_ARGS__, __VA_ARGS__, "1")
#define WINOGRAD_CLAMP(...) WINOGRAD_RELU(__VA_ARGS__) WINOGRAD_FMIN(__VA_ARGS__, __VA_ARGS__, "2")
#define WINOGRAD_TILE_OF(ACTIVATE, next)                                       \
  "ld1 {v8.8h, v9.8h, v10.8h, v11.8h}, [%[bias]]\n"                            \
  WINOGRAD_OUTPUT_SUMS                                                         \
  "ld1 {v12.8h, v13.8h, v14.8h, v15.8h}, [%[bias]]\n"                          \
  WINOGRAD_OUTPUT_ROWS                                                         \
  WINOGRAD_FMLA(WINOGRAD_P3, WINOGRAD_X1, WINOGRAD_SCALE)                      \
  WINOGRAD_FMLA(WINOGRAD_P2, WINOGRAD_X0, WINOGRAD_SCALE)                      \
  next(WINOGRAD_LOAD_TWO(WINOGRAD_X0, WINOGRAD_X1))                            \
  WINOGRAD_FMLA(WINOGRAD_P4, WINOGRAD_P1, WINOGRAD_SCALE)                      \
  ACTIVATE(WINOGRAD_P2) ACTIVATE(WINOGRAD_P3)                                  \
  next(WINOGRAD_LOAD_TWO(WINOGRAD_X2, WINOGRAD_X3))                            \
  WINOGRAD_FMLA(WINOGRAD_P5, WINOGRAD_X5, WINOGRAD_SCALE)                      \
  WINOGRAD_STORE_ROW(WINOGRAD_P2, 0)                                           \
  ACTIVATE(WINOGRAD_P4)                                                        \
  next(WINOGRAD_LOAD_TWO(WINOGRAD_X4, WINOGRAD_X5))                            \
  ACTIVATE(WINOGRAD_P5)                                                        \
  WINOGRAD_STORE_ROW(WINOGRAD_P3, 1)                                           \
  WINOGRAD_STORE_ROW(WINOGRAD_P4, 2)                                           \
  WINOGRAD_STORE_ROW(WINOGRAD_P5, 3)
#define WINOGRAD_TILE_CLAMP(next) WINOGRAD_TILE_OF(WINOGRAD_CLAMP, next)
#define WINOGRAD_TILE_RELU(next) WINOGRAD_TILE_OF(WINOGRAD_RELU, next)
#define WINOGRAD_TILE_BIAS(next) WINOGRAD_TILE_OF(WINOGRAD_DROP, next)
    if (epilogue.high < kInfinity) {
      WINOGRAD_OUTPUT_VERTICAL(WINOGRAD_TILE_CLAMP);
    } else if (epilogue.low > -kInfinity) {
      WINOGRAD_OUTPUT_VERTICAL(WINOGRAD_TILE_RELU);
    } else {
      WINOGRAD_OUTPUT_VERTICAL(WINOGRAD_TILE_BIAS);
    }
#undef WINOGRAD_RELU
#undef WINOGRAD_CLAMP
#undef WINOGRAD_TILE_OF
#undef WINOGRAD_TILE_CLAMP
#undef WINOGRAD_TILE_RELU
#undef WINOGRAD_TILE_BIAS
  }

  static void output_vertical_raw(const F16* scratch, int cols, F16* staging, std::ptrdiff_t row) {
    const std::ptrdiff_t step = kLaneBlock * kHalf;
    const unsigned low = 0, high = 0, scale = 0;
    const F16* const bias = nullptr;
    F16 *out0 = staging, *out1 = out0 + row, *out2 = out1 + row, *out3 = out2 + row;
    int n = cols;
#define WINOGRAD_TILE(next)                                                    \
  WINOGRAD_OUTPUT_SUMS                                                         \
  WINOGRAD_OUTPUT_ROWS                                                         \
  WINOGRAD_STORE_ROW(WINOGRAD_X0, 0)                                           \
  WINOGRAD_STORE_ROW(WINOGRAD_X1, 1)                                           \
  WINOGRAD_STORE_ROW(WINOGRAD_P1, 2)                                           \
  WINOGRAD_STORE_ROW(WINOGRAD_X5, 3)                                           \
  next(WINOGRAD_LOAD_COLUMN)
    WINOGRAD_OUTPUT_VERTICAL(WINOGRAD_TILE);
#undef WINOGRAD_TILE
  }
#undef WINOGRAD_LOAD_TWO
#undef WINOGRAD_LOAD_COLUMN
#undef WINOGRAD_STORE_ROW
#undef WINOGRAD_OUTPUT_VERTICAL

 private:
  template <int alpha_h>
  static void run_horizontal(const F16* m, const std::ptrdiff_t* offsets,
                             std::ptrdiff_t tile_stride, int tiles, F16* scratch) {
    constexpr std::ptrdiff_t kColumn = alpha_h * kLaneBlock * kHalf;
    const std::ptrdiff_t in_step = tile_stride * kHalf;
    for (int i = 0; i < alpha_h; ++i, scratch += kLaneBlock, offsets += 6) {
      const F16 *in0 = m + offsets[0], *in1 = m + offsets[1], *in2 = m + offsets[2],
                *in3 = m + offsets[3], *in4 = m + offsets[4], *in5 = m + offsets[5];
      F16* out = scratch;
      int n = tiles;
#define WINOGRAD_LOAD_FREQUENCY(d, i) WINOGRAD_LOAD(d, "in" #i, "%[in_step]")
#define WINOGRAD_STORE_COLUMN(d, i) WINOGRAD_STORE_AT(d, "out", "%c[column] * " #i)
#define WINOGRAD_FIRST                                                                  \
  WINOGRAD_LOAD_FREQUENCY(WINOGRAD_X1, 1) WINOGRAD_LOAD_FREQUENCY(WINOGRAD_X2, 2)       \
  WINOGRAD_LOAD_FREQUENCY(WINOGRAD_X3, 3) WINOGRAD_LOAD_FREQUENCY(WINOGRAD_X4, 4)       \
  WINOGRAD_LOAD_FREQUENCY(WINOGRAD_X0, 0) WINOGRAD_LOAD_FREQUENCY(WINOGRAD_X5, 5)
#define WINOGRAD_TILE(next)                                                    \
  WINOGRAD_OUTPUT_SUMS                                                         \
  next(WINOGRAD_LOAD_FREQUENCY(WINOGRAD_X4, 4))                                \
  WINOGRAD_OUTPUT_ROWS                                                         \
  next(WINOGRAD_LOAD_FREQUENCY(WINOGRAD_X2, 2))                                \
  next(WINOGRAD_LOAD_FREQUENCY(WINOGRAD_X3, 3))                                \
  WINOGRAD_STORE_COLUMN(WINOGRAD_X1, 1)                                        \
  next(WINOGRAD_LOAD_FREQUENCY(WINOGRAD_X1, 1))                                \
  WINOGRAD_STORE_COLUMN(WINOGRAD_X0, 0)                                        \
  next(WINOGRAD_LOAD_FREQUENCY(WINOGRAD_X0, 0))                                \
  WINOGRAD_STORE_COLUMN(WINOGRAD_X5, 3)                                        \
  next(WINOGRAD_LOAD_FREQUENCY(WINOGRAD_X5, 5))                                \
  WINOGRAD_STORE_COLUMN(WINOGRAD_P1, 2)                                        \
  "add %[out], %[out], %[out_step]\n"
      __asm__ volatile(
          "ldr q0, [%[k]]\n"
          WINOGRAD_TILES(WINOGRAD_FIRST, WINOGRAD_TILE)
          : [in0] "+&r"(in0), [in1] "+&r"(in1), [in2] "+&r"(in2), [in3] "+&r"(in3),
            [in4] "+&r"(in4), [in5] "+&r"(in5), [out] "+&r"(out), [n] "+&r"(n)
          : [in_step] "r"(in_step), [out_step] "i"(T::m * kColumn), [column] "i"(kColumn),
            [k] "r"(kConstants.data())
          : "cc", "memory", WINOGRAD_ALL_VECTORS);
#undef WINOGRAD_LOAD_FREQUENCY
#undef WINOGRAD_STORE_COLUMN
#undef WINOGRAD_FIRST
#undef WINOGRAD_TILE
    }
  }
};

#undef WINOGRAD_LANES
#undef WINOGRAD_K0
#undef WINOGRAD_K1
#undef WINOGRAD_K2
#undef WINOGRAD_K3
#undef WINOGRAD_K4
#undef WINOGRAD_K5
#undef WINOGRAD_SCALE
#undef WINOGRAD_P0
#undef WINOGRAD_P1
#undef WINOGRAD_P2
#undef WINOGRAD_P3
#undef WINOGRAD_P4
#undef WINOGRAD_P5
#undef WINOGRAD_X0
#undef WINOGRAD_X1
#undef WINOGRAD_X2
#undef WINOGRAD_X3
#undef WINOGRAD_X4
#undef WINOGRAD_X5
#undef WINOGRAD_FADD
#undef WINOGRAD_FSUB
#undef WINOGRAD_FMLA
#undef WINOGRAD_FMLS
#undef WINOGRAD_FMAX
#undef WINOGRAD_FMIN
#undef WINOGRAD_MOV
#undef WINOGRAD_LOAD
#undef WINOGRAD_LOAD_
#undef WINOGRAD_LOAD_AT
#undef WINOGRAD_LOAD_AT_
#undef WINOGRAD_STORE
#undef WINOGRAD_STORE_
#undef WINOGRAD_STORE_AT
#undef WINOGRAD_STORE_AT_
#undef WINOGRAD_INPUT_FIRST
#undef WINOGRAD_INPUT_OF_6
#undef WINOGRAD_OUTPUT_SUMS
#undef WINOGRAD_OUTPUT_ROWS
#undef WINOGRAD_TILES
// clang-format on

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_PASSES_OF_6_NEON_FP16_HPP
