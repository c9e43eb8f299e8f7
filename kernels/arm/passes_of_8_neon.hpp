// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The passes of F(6,3) in assembly, and the input passes of F(4,5), which has the same points: as
// passes_of_6_neon.hpp, but for 8 channels at a time, because a tile of 8 x 16 values fills all
// registers. Compilers run out of registers even so, with 16 pointers to keep, and spill pointers.
// pass_constants.hpp has the formulas, passes_of_8_assembly.hpp the assembly.
#ifndef WINOGRAD_KERNELS_ARM_PASSES_OF_8_NEON_HPP
#define WINOGRAD_KERNELS_ARM_PASSES_OF_8_NEON_HPP

#include <algorithm>

#include "kernels/arm/pass_constants.hpp"
#include "kernels/arm/passes_of_8_assembly.hpp"
#include "kernels/arm/simd_neon.hpp"
#include "kernels/arm/strip_passes_neon.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

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
      scratch = std::fill_n(scratch, std::ptrdiff_t{n} * 8 * kLaneBlock, 0.0F);
    };
    clear(view.col_begin);
    PassOf8 pass;
    pass.n = view.col_end - view.col_begin;
    if (pass.n > 0) {
      for (int i = 0; i < 8; ++i) {
        const bool inside = i >= view.row_begin && i < view.row_end;
        pass.in[i] = inside ? view.base + (i - view.row_begin) * view.row_stride : kZeros<float>;
        pass.in_step[i] = PassOf8::step(inside ? view.col_stride : 0);
        pass.out[i] = scratch + i * kLaneBlock;
      }
      pass.out_step = PassOf8::step(8 * kLaneBlock);
      run(pass);
      scratch += pass.n * 8 * kLaneBlock;
    }
    clear(cols - view.col_end);
  }

  static void input_horizontal(const float* scratch, int alpha_h, int tiles, float* v,
                               const std::ptrdiff_t* offsets, std::ptrdiff_t tile_stride) {
    const std::ptrdiff_t column = std::ptrdiff_t{alpha_h} * kLaneBlock;
    PassOf8 pass;
    pass.n = tiles;
    pass.out_step = PassOf8::step(tile_stride);
    std::fill_n(pass.in_step, 8, PassOf8::step(T::m * column));
    for (int i = 0; i < alpha_h; ++i, scratch += kLaneBlock, offsets += 8) {
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
        : "cc", "memory", WINOGRAD_POINTERS, WINOGRAD_ALL_VECTORS);
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
    const std::ptrdiff_t column = std::ptrdiff_t{alpha_h} * kLaneBlock;
    PassOf8 pass;
    pass.n = tiles;
    pass.out_step = PassOf8::step(6 * column);
    std::fill_n(pass.in_step, 8, PassOf8::step(tile_stride));
    for (int i = 0; i < alpha_h; ++i, scratch += kLaneBlock, offsets += 8) {
      for (int j = 0; j < 8; ++j) pass.in[j] = m + offsets[j];
      for (int q = 0; q < 6; ++q) pass.out[q] = scratch + q * column;
      run_raw(pass);
    }
  }

  static void output_vertical(const float* scratch, int cols, const OutputTarget& target) {
    const Epilogue& epilogue = target.epilogue;
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    // A bound from above is rare; there is no register left for it.
    if (!epilogue.clamps() || target.residual != nullptr || epilogue.high < kInfinity) {
      StripPassesNeon<NeonPair, T>::output_vertical(scratch, cols, target);
      return;
    }
    const PassOf8 pass = columns(scratch, cols, target.dst, target.row_stride, target.col_stride);
// clang-format off
#define WINOGRAD_ADD_BIAS_LO(...) WINOGRAD_FADD(__VA_ARGS__, __VA_ARGS__, "24", "25")
#define WINOGRAD_ADD_BIAS_HI(...) WINOGRAD_FADD(__VA_ARGS__, __VA_ARGS__, "26", "27")
#define WINOGRAD_RELU_LO(...) WINOGRAD_ADD_BIAS_LO(__VA_ARGS__) WINOGRAD_FMAX(__VA_ARGS__, __VA_ARGS__, "28")
#define WINOGRAD_RELU_HI(...) WINOGRAD_ADD_BIAS_HI(__VA_ARGS__) WINOGRAD_FMAX(__VA_ARGS__, __VA_ARGS__, "28")
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
      : "cc", "memory", WINOGRAD_POINTERS, WINOGRAD_ALL_VECTORS)
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
    run_raw(columns(scratch, cols, staging, row, kLaneBlock));
  }

 private:
  static PassOf8 columns(const float* scratch, int cols, float* dst, std::ptrdiff_t row_stride,
                         std::ptrdiff_t col_stride) {
    PassOf8 pass;
    pass.n = cols;
    pass.out_step = PassOf8::step(col_stride);
    std::fill_n(pass.in_step, 8, PassOf8::step(8 * kLaneBlock));
    for (int i = 0; i < 8; ++i) pass.in[i] = scratch + i * kLaneBlock;
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
        : "cc", "memory", WINOGRAD_POINTERS, WINOGRAD_ALL_VECTORS);
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
#undef WINOGRAD_FADD
#undef WINOGRAD_FSUB
#undef WINOGRAD_FMLA
#undef WINOGRAD_FMLS
#undef WINOGRAD_FMAX
#undef WINOGRAD_MOV
#undef WINOGRAD_PEEK
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
