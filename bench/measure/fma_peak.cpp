// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/measure/fma_peak.hpp"

namespace winograd::bench {

const FmaLoop& fma_loop(Isa isa) {
  const FmaLoop* loop = nullptr;
  switch (isa) {
#if defined(WINOGRAD_BENCH_X86)
    case Isa::avx512: loop = fma_loop_avx512(); break;
    case Isa::avx2: loop = fma_loop_avx2(); break;
#elif defined(WINOGRAD_BENCH_ARM32)
    case Isa::neon_armv7: loop = fma_loop_neon_armv7(); break;
    case Isa::neon_armv7_fma: loop = fma_loop_neon_armv7_fma(); break;
#elif defined(WINOGRAD_BENCH_NEON)
    case Isa::neon:
    case Isa::neon_fp16: loop = fma_loop_neon(); break;
#endif
    default: loop = fma_loop_generic(); break;
  }
  return *loop;
}

}  // namespace winograd::bench
