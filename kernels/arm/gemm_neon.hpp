// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The GEMM kernels of AArch64: which micro-kernel does which rows and width.
#ifndef WINOGRAD_KERNELS_ARM_GEMM_NEON_HPP
#define WINOGRAD_KERNELS_ARM_GEMM_NEON_HPP

#include "kernels/arm/gemm_4x16_neon.hpp"
#include "kernels/arm/micro_neon.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

struct MicroNeon16 {
  static constexpr int max_rows = 4;
  template <int rows>
  struct Block {
    static void run(const MicroArgs& args, int groups) { gemm_4x16_neon<rows>(args, groups); }
  };
};

/// The narrow last panel. With more than 6 rows, registers for loads ahead become scarce.
struct MicroNeon8 {
  static constexpr int max_rows = 6;
  template <int rows>
  struct Block {
    static void run(const MicroArgs& args, int groups) { micro_neon<rows, 2>(args, groups); }
  };
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_GEMM_NEON_HPP
