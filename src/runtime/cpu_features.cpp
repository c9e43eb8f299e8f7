// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/runtime/cpu_features.hpp"

#include <cstdio>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif
#if defined(__linux__) && (defined(__arm__) || defined(__aarch64__))
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace winograd::detail {
namespace {

#if defined(__linux__)
/// Size of the first cache of cpu0 that sysfs lists with this level and holds data, or 0.
std::size_t sysfs_cache_bytes(int wanted_level) noexcept {
  for (int index = 0; index < 8; ++index) {
    char path[96], text[32];
    const auto read = [&](const char* leaf) noexcept {
      std::snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%d/%s", index,
                    leaf);
      std::FILE* file = std::fopen(path, "r");
      if (file == nullptr) return false;
      const bool got = std::fgets(text, sizeof text, file) != nullptr;
      std::fclose(file);
      return got;
    };
    if (!read("type") || text[0] == 'I') continue;  // Instruction
    int level = 0;
    if (!read("level") || std::sscanf(text, "%d", &level) != 1 || level != wanted_level) continue;
    unsigned long size = 0;
    char unit = ' ';
    if (!read("size") || std::sscanf(text, "%lu%c", &size, &unit) < 1) continue;
    return size * (unit == 'K' ? 1024UL : unit == 'M' ? 1024UL * 1024UL : 1UL);
  }
  return 0;
}
#endif

std::size_t cache_bytes(int level, std::size_t fallback) noexcept {
#if defined(__linux__)
  // Before sysconf, which glibc answers from CPUID arithmetic that virtual machines upset: ten
  // times the real L3 was seen.
  if (const std::size_t size = sysfs_cache_bytes(level); size > 0) return size;
#endif
#if defined(_SC_LEVEL1_DCACHE_SIZE)
  const long size = sysconf(level == 1   ? _SC_LEVEL1_DCACHE_SIZE
                            : level == 2 ? _SC_LEVEL2_CACHE_SIZE
                                         : _SC_LEVEL3_CACHE_SIZE);
  if (size > 0) return static_cast<std::size_t>(size);
#endif
  return fallback;
}

}  // namespace

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

const CacheSizes& cache_sizes() noexcept {
  static const CacheSizes sizes = {cache_bytes(1, std::size_t{32} << 10),
                                   cache_bytes(2, std::size_t{256} << 10), cache_bytes(3, 0)};
  return sizes;
}

}  // namespace winograd::detail
