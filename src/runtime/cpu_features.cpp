// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/runtime/cpu_features.hpp"

#if defined(__linux__) && (defined(__arm__) || defined(__aarch64__))
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace winograd::detail {

bool cpu_supports(Isa isa) noexcept {
  switch (isa) {
    case Isa::scalar: return true;
#if defined(__x86_64__) || defined(__i386__)
    case Isa::sse2: return __builtin_cpu_supports("sse2") != 0;
    case Isa::avx2:
      return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
    case Isa::avx512:
      return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
             __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
#elif defined(__aarch64__)
    case Isa::neon: return true;  // part of the architecture
#elif defined(__arm__) && defined(__linux__)
    case Isa::neon_armv7: return (getauxval(AT_HWCAP) & HWCAP_NEON) != 0;
    case Isa::neon_armv7_fma:
      return (getauxval(AT_HWCAP) & HWCAP_NEON) != 0 && (getauxval(AT_HWCAP) & HWCAP_VFPv4) != 0;
#endif
    default: return false;
  }
}

}  // namespace winograd::detail
