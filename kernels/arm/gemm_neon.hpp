// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The GEMM kernels of AArch64: which micro-kernel does which rows and width.
#ifndef WINOGRAD_KERNELS_ARM_GEMM_NEON_HPP
#define WINOGRAD_KERNELS_ARM_GEMM_NEON_HPP

#include "kernels/arm/gemm_4x16_neon.hpp"
#include "kernels/arm/micro_neon.hpp"

namespace winograd::detail {
inline namespace WINOGRAD_ISA_NAMESPACE {

struct MicroNeon16 : FloatB {
  static constexpr int max_rows = 4;
  static constexpr int columns = 16;
  static constexpr bool several_chains = false;
  static constexpr bool prefetches = false;
  template <int rows>
  struct Block {
    static void run(const MicroArgs& args) { gemm_4x16_neon<rows>(args); }
  };
};

/// The narrow last panel. With more than 6 rows, registers for loads ahead become scarce.
struct MicroNeon8 : FloatB {
  static constexpr int max_rows = 6;
  static constexpr int columns = 8;
  static constexpr bool several_chains = false;
  static constexpr bool prefetches = false;
  template <int rows>
  struct Block {
    static void run(const MicroArgs& args) { micro_neon<rows, 2>(args); }
  };
};

}  // namespace WINOGRAD_ISA_NAMESPACE
}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_ARM_GEMM_NEON_HPP
