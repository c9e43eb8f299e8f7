// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The passes of F(4,3), the most used tile, in assembly: the same operations in the same order as
// the generated code of strip_passes_neon.hpp, so the same bits, for 16 channels at a time. What it
// gains over the compilers' code: one instruction loads or stores 64 bytes and advances its
// pointer; all operands stay in registers; every operation is done for four independent vectors in
// a row, which covers its latency on cores that execute in order; and what the next tile needs
// first is loaded while this one is finished. pass_constants.hpp has the formulas.
#ifndef WINOGRAD_KERNELS_ARM_PASSES_OF_6_NEON_HPP
#define WINOGRAD_KERNELS_ARM_PASSES_OF_6_NEON_HPP

#include <algorithm>

#include "kernels/arm/assembly.hpp"
#include "kernels/arm/pass_constants.hpp"
#include "kernels/arm/simd_neon.hpp"
#include "kernels/arm/strip_passes_neon.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

// clang-format off
#define WINOGRAD_LANES ".4s"
// Groups of four registers, 16 channels each; v30 and v31 hold the constants, v28 and v29 bounds.
#define WINOGRAD_G0 "0", "1", "2", "3"
#define WINOGRAD_G1 "4", "5", "6", "7"
#define WINOGRAD_G2 "8", "9", "10", "11"
#define WINOGRAD_G3 "12", "13", "14", "15"
#define WINOGRAD_G4 "16", "17", "18", "19"
#define WINOGRAD_G5 "20", "21", "22", "23"
#define WINOGRAD_G6 "24", "25", "26", "27"
#define WINOGRAD_K0 "v30.s[0]"
#define WINOGRAD_K1 "v30.s[1]"
#define WINOGRAD_K2 "v30.s[2]"
#define WINOGRAD_K3 "v30.s[3]"
#define WINOGRAD_K4 "v31.s[0]"
#define WINOGRAD_K5 "v31.s[1]"

#define WINOGRAD_FADD WINOGRAD_FADD_4
#define WINOGRAD_FSUB WINOGRAD_FSUB_4
#define WINOGRAD_FMLA WINOGRAD_FMLA_4
#define WINOGRAD_FMLS WINOGRAD_FMLS_4
#define WINOGRAD_FMAX WINOGRAD_FMAX_4
#define WINOGRAD_FMIN WINOGRAD_FMIN_4
#define WINOGRAD_MOV WINOGRAD_MOV_4
// 64 bytes; the pointer then advances by `step`, or not.
#define WINOGRAD_PEEK(...) WINOGRAD_PEEK_(__VA_ARGS__)
#define WINOGRAD_PEEK_(d0, d1, d2, d3, pointer) \
  WINOGRAD_LD1_4("[%[" pointer "]]", d0, d1, d2, d3)
#define WINOGRAD_LOAD(...) WINOGRAD_LOAD_(__VA_ARGS__)
#define WINOGRAD_LOAD_(d0, d1, d2, d3, pointer, step) \
  WINOGRAD_LD1_4("[%[" pointer "]], " step, d0, d1, d2, d3)
#define WINOGRAD_STORE(...) WINOGRAD_STORE_(__VA_ARGS__)
#define WINOGRAD_STORE_(d0, d1, d2, d3, pointer, step) \
  WINOGRAD_ST1_4("[%[" pointer "]], " step, d0, d1, d2, d3)
#define WINOGRAD_STORE_AT(...) WINOGRAD_STORE_AT_(__VA_ARGS__)
#define WINOGRAD_STORE_AT_(d0, d1, d2, d3, pointer, offset) \
  "stp q" d0 ", q" d1 ", [%[" pointer "], #" offset "]\n"   \
  "stp q" d2 ", q" d3 ", [%[" pointer "], #" offset " + 32]\n"

// Bᵀ; LOAD(d, i) and STORE(d, i) move value i, PEEK(d, i) loads it without advancing its pointer.
// `next` keeps or drops the first loads of the next tile, which WINOGRAD_INPUT_FIRST does for the
// first one. The order of loads, stores and arithmetic, and what is copied instead of loaded once
// more, are the best that a random search found with llvm-mca's models of Cortex-A55, Neoverse N1
// and V1.
#define WINOGRAD_INPUT_FIRST(LOAD, PEEK)                                                \
  PEEK(WINOGRAD_G0, 3) PEEK(WINOGRAD_G1, 4) LOAD(WINOGRAD_G2, 2) LOAD(WINOGRAD_G3, 4)   \
  LOAD(WINOGRAD_G4, 0)
#define WINOGRAD_INPUT_OF_6(LOAD, PEEK, STORE, next)                                    \
  WINOGRAD_MOV(WINOGRAD_G5, WINOGRAD_G1)                                               \
  WINOGRAD_FMLA(WINOGRAD_G5, WINOGRAD_G2, WINOGRAD_K2)                                   \
  LOAD(WINOGRAD_G6, 1)                                                                  \
  WINOGRAD_FMLA(WINOGRAD_G1, WINOGRAD_G4, WINOGRAD_K0)                                   \
  WINOGRAD_FMLA(WINOGRAD_G1, WINOGRAD_G2, WINOGRAD_K1)                                   \
  WINOGRAD_FMLA(WINOGRAD_G3, WINOGRAD_G2, WINOGRAD_K3)                                   \
  WINOGRAD_FMLA(WINOGRAD_G0, WINOGRAD_G6, WINOGRAD_K2)                                   \
  STORE(WINOGRAD_G1, 0)                                                                 \
  LOAD(WINOGRAD_G4, 5)                                                                  \
  WINOGRAD_MOV(WINOGRAD_G1, WINOGRAD_G5)                                               \
  LOAD(WINOGRAD_G2, 3)                                                                  \
  WINOGRAD_FMLA(WINOGRAD_G1, WINOGRAD_G0, WINOGRAD_K4)                                   \
  WINOGRAD_FMLS(WINOGRAD_G5, WINOGRAD_G0, WINOGRAD_K4)                              \
  WINOGRAD_FMLA(WINOGRAD_G4, WINOGRAD_G6, WINOGRAD_K0)                                   \
  WINOGRAD_FMLA(WINOGRAD_G4, WINOGRAD_G2, WINOGRAD_K1)                                   \
  STORE(WINOGRAD_G1, 1)                                                                 \
  next(PEEK(WINOGRAD_G0, 3))                                                            \
  WINOGRAD_FMLA(WINOGRAD_G2, WINOGRAD_G6, WINOGRAD_K3)                                   \
  WINOGRAD_MOV(WINOGRAD_G6, WINOGRAD_G3)                                               \
  STORE(WINOGRAD_G5, 2)                                                                 \
  next(PEEK(WINOGRAD_G1, 4))                                                            \
  WINOGRAD_FMLA(WINOGRAD_G6, WINOGRAD_G2, WINOGRAD_K5)                                   \
  WINOGRAD_FMLS(WINOGRAD_G3, WINOGRAD_G2, WINOGRAD_K5)                              \
  STORE(WINOGRAD_G6, 3)                                                                 \
  next(LOAD(WINOGRAD_G2, 2))                                                            \
  STORE(WINOGRAD_G3, 4)                                                                 \
  next(LOAD(WINOGRAD_G3, 4))                                                            \
  STORE(WINOGRAD_G4, 5)                                                                 \
  next(LOAD(WINOGRAD_G4, 0))

// Aᵀ; FINISH(d) does what is left to do to a value before it is stored, with group 5, which BIAS
// fills. Loads are in order, so they may share a pointer. The rest as above.
#define WINOGRAD_OUTPUT_FIRST(LOAD)                                                     \
  LOAD(WINOGRAD_G0, 0) LOAD(WINOGRAD_G1, 1) LOAD(WINOGRAD_G2, 2)
#define WINOGRAD_OUTPUT_OF_6(LOAD, STORE, BIAS, FINISH, next)                           \
  LOAD(WINOGRAD_G3, 3)                                                                  \
  WINOGRAD_FADD(WINOGRAD_G4, WINOGRAD_G1, WINOGRAD_G2)                            \
  LOAD(WINOGRAD_G5, 4)                                                                  \
  WINOGRAD_FSUB(WINOGRAD_G1, WINOGRAD_G1, WINOGRAD_G2)                            \
  WINOGRAD_FADD(WINOGRAD_G6, WINOGRAD_G3, WINOGRAD_G5)                            \
  WINOGRAD_FMLA(WINOGRAD_G0, WINOGRAD_G4, WINOGRAD_K0)                                   \
  LOAD(WINOGRAD_G2, 5)                                                                  \
  WINOGRAD_FMLA(WINOGRAD_G0, WINOGRAD_G6, WINOGRAD_K1)                                   \
  WINOGRAD_FSUB(WINOGRAD_G3, WINOGRAD_G3, WINOGRAD_G5)                            \
  BIAS                                                                                  \
  FINISH(WINOGRAD_G0)                                                                   \
  STORE(WINOGRAD_G0, 0)                                                                 \
  next(LOAD(WINOGRAD_G0, 0))                                                            \
  WINOGRAD_FMLA(WINOGRAD_G2, WINOGRAD_G1, WINOGRAD_K4)                                   \
  WINOGRAD_FMLA(WINOGRAD_G1, WINOGRAD_G3, WINOGRAD_K2)                                   \
  WINOGRAD_FMLA(WINOGRAD_G6, WINOGRAD_G4, WINOGRAD_K3)                                   \
  WINOGRAD_FMLA(WINOGRAD_G2, WINOGRAD_G3, WINOGRAD_K5)                                   \
  FINISH(WINOGRAD_G1)                                                                   \
  STORE(WINOGRAD_G1, 1)                                                                 \
  next(LOAD(WINOGRAD_G1, 1))                                                            \
  FINISH(WINOGRAD_G2)                                                                   \
  STORE(WINOGRAD_G2, 3)                                                                 \
  next(LOAD(WINOGRAD_G2, 2))                                                            \
  FINISH(WINOGRAD_G6)                                                                   \
  STORE(WINOGRAD_G6, 2)

// n tiles: all but the last load ahead.
#define WINOGRAD_TILES(first, body)                                                     \
  first                                                                                 \
  "subs %w[n], %w[n], #1\n"                                                             \
  "b.eq 3f\n"                                                                           \
  "2:\n"                                                                                \
  "subs %w[n], %w[n], #1\n"                                                             \
  body(WINOGRAD_KEEP)                                                                   \
  "b.ne 2b\n"                                                                           \
  "3:\n"                                                                                \
  body(WINOGRAD_DROP)

template <class T>
struct InputPassesOf6 {
  static constexpr std::ptrdiff_t kFloat = sizeof(float);
  alignas(16) static constexpr std::array<float, 8> kConstants = InputConstantsOf6<T>::values();

  static void input_vertical(const StripView& view, int cols, float* scratch) {
    const float* in[6];
    std::ptrdiff_t step[6];  // bytes; rows outside the image stand still
    for (int i = 0; i < 6; ++i) {
      const bool inside = i >= view.row_begin && i < view.row_end;
      in[i] = inside ? view.base + (i - view.row_begin) * view.row_stride : kZeros<float>;
      step[i] = inside ? view.col_stride * kFloat : 0;
    }
    scratch = clear(scratch, view.col_begin);
    int n = view.col_end - view.col_begin;
    if (n > 0) {
#define WINOGRAD_LOAD_ROW(d, i) WINOGRAD_LOAD(d, "in" #i, "%[step" #i "]")
#define WINOGRAD_PEEK_ROW(d, i) WINOGRAD_PEEK(d, "in" #i)
// Neighbours in memory, so that STP, which is cheaper than ST1, needs no pointers of its own.
#define WINOGRAD_STORE_COLUMN(d, i) WINOGRAD_STORE_AT(d, "scratch", "64 * " #i)
#define WINOGRAD_TILE(next)                                                                    \
  WINOGRAD_INPUT_OF_6(WINOGRAD_LOAD_ROW, WINOGRAD_PEEK_ROW, WINOGRAD_STORE_COLUMN, next)       \
  "add %[scratch], %[scratch], #64 * 6\n"
      __asm__ volatile(
          "ldp q30, q31, [%[k]]\n"
          WINOGRAD_TILES(WINOGRAD_INPUT_FIRST(WINOGRAD_LOAD_ROW, WINOGRAD_PEEK_ROW), WINOGRAD_TILE)
          : [in0] "+&r"(in[0]), [in1] "+&r"(in[1]), [in2] "+&r"(in[2]), [in3] "+&r"(in[3]),
            [in4] "+&r"(in[4]), [in5] "+&r"(in[5]), [scratch] "+&r"(scratch), [n] "+&r"(n)
          : [step0] "r"(step[0]), [step1] "r"(step[1]), [step2] "r"(step[2]), [step3] "r"(step[3]),
            [step4] "r"(step[4]), [step5] "r"(step[5]), [k] "r"(kConstants.data())
          : "cc", "memory", WINOGRAD_ALL_VECTORS);
#undef WINOGRAD_LOAD_ROW
#undef WINOGRAD_PEEK_ROW
#undef WINOGRAD_TILE
#undef WINOGRAD_STORE_COLUMN
    }
    clear(scratch, cols - view.col_end);
  }

  static void input_horizontal(const float* scratch, int alpha_h, int tiles, float* v,
                               const std::ptrdiff_t* offsets, std::ptrdiff_t tile_stride) {
    const std::ptrdiff_t column = std::ptrdiff_t{alpha_h} * kLaneBlock;
    const std::ptrdiff_t in_step = T::m * column * kFloat, out_step = tile_stride * kFloat;
    for (int i = 0; i < alpha_h; ++i, scratch += kLaneBlock, offsets += 6) {
      const float *in0 = scratch, *in1 = in0 + column, *in2 = in1 + column, *in3 = in2 + column,
                  *in4 = in3 + column, *in5 = in4 + column;
      float *out0 = v + offsets[0], *out1 = v + offsets[1], *out2 = v + offsets[2],
            *out3 = v + offsets[3], *out4 = v + offsets[4], *out5 = v + offsets[5];
      int n = tiles;
#define WINOGRAD_LOAD_COLUMN(d, i) WINOGRAD_LOAD(d, "in" #i, "%[in_step]")
#define WINOGRAD_PEEK_COLUMN(d, i) WINOGRAD_PEEK(d, "in" #i)
#define WINOGRAD_STORE_FREQUENCY(d, i) WINOGRAD_STORE(d, "out" #i, "%[out_step]")
#define WINOGRAD_TILE(next) \
  WINOGRAD_INPUT_OF_6(WINOGRAD_LOAD_COLUMN, WINOGRAD_PEEK_COLUMN, WINOGRAD_STORE_FREQUENCY, next)
      __asm__ volatile(
          "ldp q30, q31, [%[k]]\n"
          WINOGRAD_TILES(WINOGRAD_INPUT_FIRST(WINOGRAD_LOAD_COLUMN, WINOGRAD_PEEK_COLUMN),
                         WINOGRAD_TILE)
          : [in0] "+&r"(in0), [in1] "+&r"(in1), [in2] "+&r"(in2), [in3] "+&r"(in3),
            [in4] "+&r"(in4), [in5] "+&r"(in5), [out0] "+&r"(out0), [out1] "+&r"(out1),
            [out2] "+&r"(out2), [out3] "+&r"(out3), [out4] "+&r"(out4), [out5] "+&r"(out5),
            [n] "+&r"(n)
          : [in_step] "r"(in_step), [out_step] "r"(out_step), [k] "r"(kConstants.data())
          : "cc", "memory", WINOGRAD_ALL_VECTORS);
#undef WINOGRAD_LOAD_COLUMN
#undef WINOGRAD_PEEK_COLUMN
#undef WINOGRAD_TILE
#undef WINOGRAD_STORE_FREQUENCY
    }
  }

 private:
  static float* clear(float* scratch, int cols) {
    const std::ptrdiff_t size = std::ptrdiff_t{cols} * 6 * kLaneBlock;
    return std::fill_n(scratch, size, 0.0F);
  }
};

template <class T>
struct OutputPassesOf6 {
  static constexpr std::ptrdiff_t kFloat = sizeof(float);
  alignas(16) static constexpr std::array<float, 8> kConstants = OutputConstantsOf6<T>::values();

  static void output_horizontal(const float* m, const std::ptrdiff_t* offsets,
                                std::ptrdiff_t tile_stride, int alpha_h, int tiles,
                                float* scratch) {
    const std::ptrdiff_t column = std::ptrdiff_t{alpha_h} * kLaneBlock;
    const std::ptrdiff_t in_step = tile_stride * kFloat, out_step = T::m * column * kFloat;
    for (int i = 0; i < alpha_h; ++i, scratch += kLaneBlock, offsets += 6) {
      const float *in0 = m + offsets[0], *in1 = m + offsets[1], *in2 = m + offsets[2],
                  *in3 = m + offsets[3], *in4 = m + offsets[4], *in5 = m + offsets[5];
      float *out0 = scratch, *out1 = out0 + column, *out2 = out1 + column, *out3 = out2 + column;
      int n = tiles;
#define WINOGRAD_LOAD_FREQUENCY(d, i) WINOGRAD_LOAD(d, "in" #i, "%[in_step]")
#define WINOGRAD_STORE_COLUMN(d, i) WINOGRAD_STORE(d, "out" #i, "%[out_step]")
#define WINOGRAD_TILE(next)                                                                 \
  WINOGRAD_OUTPUT_OF_6(WINOGRAD_LOAD_FREQUENCY, WINOGRAD_STORE_COLUMN, , WINOGRAD_DROP, next)
      __asm__ volatile(
          "ldp q30, q31, [%[k]]\n"
          WINOGRAD_TILES(WINOGRAD_OUTPUT_FIRST(WINOGRAD_LOAD_FREQUENCY), WINOGRAD_TILE)
          : [in0] "+&r"(in0), [in1] "+&r"(in1), [in2] "+&r"(in2), [in3] "+&r"(in3),
            [in4] "+&r"(in4), [in5] "+&r"(in5), [out0] "+&r"(out0), [out1] "+&r"(out1),
            [out2] "+&r"(out2), [out3] "+&r"(out3), [n] "+&r"(n)
          : [in_step] "r"(in_step), [out_step] "r"(out_step), [k] "r"(kConstants.data())
          : "cc", "memory", WINOGRAD_ALL_VECTORS);
#undef WINOGRAD_LOAD_FREQUENCY
#undef WINOGRAD_STORE_COLUMN
#undef WINOGRAD_TILE
    }
  }

#define WINOGRAD_LOAD_NEXT(d, i) WINOGRAD_LOAD(d, "scratch", "#64")
#define WINOGRAD_STORE_ROW(d, i) WINOGRAD_STORE(d, "out" #i, "%[step]")
#define WINOGRAD_OUTPUT_VERTICAL(body)                                                        \
  __asm__ volatile(                                                                           \
      "ldp q30, q31, [%[k]]\n"                                                                \
      "ld1r {v28.4s}, [%[low]]\n"                                                             \
      "ld1r {v29.4s}, [%[high]]\n"                                                            \
      WINOGRAD_TILES(WINOGRAD_OUTPUT_FIRST(WINOGRAD_LOAD_NEXT), body)                         \
      : [scratch] "+&r"(scratch), [out0] "+&r"(out0), [out1] "+&r"(out1), [out2] "+&r"(out2), \
        [out3] "+&r"(out3), [n] "+&r"(n)                                                      \
      : [step] "r"(step), [k] "r"(kConstants.data()), [bias] "r"(epilogue.bias),              \
        [low] "r"(&epilogue.low), [high] "r"(&epilogue.high)                                  \
      : "cc", "memory", WINOGRAD_ALL_VECTORS)

  static void output_vertical(const float* scratch, int cols, const OutputTarget& target) {
    const Epilogue& epilogue = target.epilogue;
    if (!epilogue.clamps() || target.residual != nullptr) {
      StripPassesNeon<NeonPair, T>::output_vertical(scratch, cols, target);
      return;
    }
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    float *out0 = target.dst, *out1 = out0 + target.row_stride, *out2 = out1 + target.row_stride,
          *out3 = out2 + target.row_stride;
    const std::ptrdiff_t step = target.col_stride * kFloat;
    int n = cols;
#define WINOGRAD_LOAD_BIAS WINOGRAD_PEEK(WINOGRAD_G5, "bias")
#define WINOGRAD_ADD_BIAS(...) WINOGRAD_FADD(__VA_ARGS__, __VA_ARGS__, WINOGRAD_G5)
#define WINOGRAD_RELU(...) WINOGRAD_ADD_BIAS(__VA_ARGS__) WINOGRAD_FMAX(__VA_ARGS__, __VA_ARGS__, "28")
#define WINOGRAD_CLAMP(...) WINOGRAD_RELU(__VA_ARGS__) WINOGRAD_FMIN(__VA_ARGS__, __VA_ARGS__, "29")
#define WINOGRAD_TILE_OF(FINISH, next) \
  WINOGRAD_OUTPUT_OF_6(WINOGRAD_LOAD_NEXT, WINOGRAD_STORE_ROW, WINOGRAD_LOAD_BIAS, FINISH, next)
#define WINOGRAD_TILE_CLAMP(next) WINOGRAD_TILE_OF(WINOGRAD_CLAMP, next)
#define WINOGRAD_TILE_RELU(next) WINOGRAD_TILE_OF(WINOGRAD_RELU, next)
#define WINOGRAD_TILE_BIAS(next) WINOGRAD_TILE_OF(WINOGRAD_ADD_BIAS, next)
    if (epilogue.high < kInfinity) {
      WINOGRAD_OUTPUT_VERTICAL(WINOGRAD_TILE_CLAMP);
    } else if (epilogue.low > -kInfinity) {
      WINOGRAD_OUTPUT_VERTICAL(WINOGRAD_TILE_RELU);
    } else {
      WINOGRAD_OUTPUT_VERTICAL(WINOGRAD_TILE_BIAS);
    }
#undef WINOGRAD_LOAD_BIAS
#undef WINOGRAD_ADD_BIAS
#undef WINOGRAD_RELU
#undef WINOGRAD_CLAMP
#undef WINOGRAD_TILE_OF
#undef WINOGRAD_TILE_CLAMP
#undef WINOGRAD_TILE_RELU
#undef WINOGRAD_TILE_BIAS
  }

  static void output_vertical_raw(const float* scratch, int cols, float* staging,
                                  std::ptrdiff_t row) {
    const std::ptrdiff_t step = kLaneBlock * kFloat;
    const Epilogue epilogue{};
    float *out0 = staging, *out1 = out0 + row, *out2 = out1 + row, *out3 = out2 + row;
    int n = cols;
#define WINOGRAD_TILE(next) \
  WINOGRAD_OUTPUT_OF_6(WINOGRAD_LOAD_NEXT, WINOGRAD_STORE_ROW, , WINOGRAD_DROP, next)
    WINOGRAD_OUTPUT_VERTICAL(WINOGRAD_TILE);
#undef WINOGRAD_TILE
  }
#undef WINOGRAD_LOAD_NEXT
#undef WINOGRAD_STORE_ROW
#undef WINOGRAD_OUTPUT_VERTICAL
};

#undef WINOGRAD_LANES
#undef WINOGRAD_G0
#undef WINOGRAD_G1
#undef WINOGRAD_G2
#undef WINOGRAD_G3
#undef WINOGRAD_G4
#undef WINOGRAD_G5
#undef WINOGRAD_G6
#undef WINOGRAD_K0
#undef WINOGRAD_K1
#undef WINOGRAD_K2
#undef WINOGRAD_K3
#undef WINOGRAD_K4
#undef WINOGRAD_K5
#undef WINOGRAD_FADD
#undef WINOGRAD_FSUB
#undef WINOGRAD_FMLA
#undef WINOGRAD_FMLS
#undef WINOGRAD_FMAX
#undef WINOGRAD_FMIN
#undef WINOGRAD_MOV
#undef WINOGRAD_PEEK
#undef WINOGRAD_PEEK_
#undef WINOGRAD_LOAD
#undef WINOGRAD_LOAD_
#undef WINOGRAD_STORE
#undef WINOGRAD_STORE_
#undef WINOGRAD_STORE_AT
#undef WINOGRAD_STORE_AT_
#undef WINOGRAD_INPUT_FIRST
#undef WINOGRAD_INPUT_OF_6
#undef WINOGRAD_OUTPUT_FIRST
#undef WINOGRAD_OUTPUT_OF_6
#undef WINOGRAD_TILES
// clang-format on

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_PASSES_OF_6_NEON_HPP
