// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/measure/eigen_gemm.hpp"

namespace winograd::bench {

extern const EigenGemm kEigenGemm_baseline;

#if defined(WINOGRAD_BENCH_X86)
extern const EigenGemm kEigenGemm_avx2;
extern const EigenGemm kEigenGemm_avx512;

const EigenGemm& eigen_gemm(Isa max_isa) {
  if (max_isa >= Isa::avx512 && __builtin_cpu_supports("avx512f") &&
      __builtin_cpu_supports("avx512dq"))
    return kEigenGemm_avx512;
  if (max_isa >= Isa::avx2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return kEigenGemm_avx2;
  return kEigenGemm_baseline;
}
#elif defined(WINOGRAD_BENCH_ARM32)
extern const EigenGemm kEigenGemm_neon_armv7;
extern const EigenGemm kEigenGemm_neon_armv7_fma;

const EigenGemm& eigen_gemm(Isa max_isa) {
  if (max_isa >= Isa::neon_armv7_fma && isa_available(Isa::neon_armv7_fma))
    return kEigenGemm_neon_armv7_fma;
  if (max_isa >= Isa::neon_armv7 && isa_available(Isa::neon_armv7)) return kEigenGemm_neon_armv7;
  return kEigenGemm_baseline;
}
#else
const EigenGemm& eigen_gemm(Isa) { return kEigenGemm_baseline; }
#endif

}  // namespace winograd::bench
