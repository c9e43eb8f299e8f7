// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/runtime/cache_sizes.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#endif
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

namespace winograd::detail {
namespace {

constexpr std::size_t kKiB = std::size_t{1} << 10, kMiB = std::size_t{1} << 20;

/// Where nothing is known.
constexpr CacheSizes kGuess = {32 * kKiB, 256 * kKiB, 0, "guess"};
/// The largest L3 that is believed on sysconf's word: glibc answers from CPUID's old leaves, which
/// give the sum over all dies or, in virtual machines, arithmetic on numbers that were never meant
/// for it (508 MiB for two cores was seen). One core of today's servers finds 16 to 32 MiB close
/// by.
constexpr std::size_t kMostL3 = 32 * kMiB;

bool complete(const CacheSizes& sizes) noexcept { return sizes.l1 > 0 && sizes.l2 > 0; }

[[maybe_unused]] std::size_t* level_of(CacheSizes& sizes, int level) noexcept {
  switch (level) {
    case 1: return &sizes.l1;
    case 2: return &sizes.l2;
    case 3: return &sizes.l3;
    default: return nullptr;
  }
}

/// The caches of cpu0 that hold data.
CacheSizes from_sysfs() noexcept {
  CacheSizes sizes{0, 0, 0, "sysfs"};
#if defined(__linux__)
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
    if (!read("level") || std::sscanf(text, "%d", &level) != 1) continue;
    unsigned long size = 0;
    char unit = ' ';
    if (!read("size") || std::sscanf(text, "%lu%c", &size, &unit) < 1) continue;
    std::size_t* const of_level = level_of(sizes, level);
    if (of_level != nullptr && *of_level == 0) {
      *of_level = size * (unit == 'K' ? kKiB : unit == 'M' ? kMiB : 1);
    }
  }
#endif
  return sizes;
}

/// CPUID's deterministic cache parameters: leaf 4, and 0x8000001D on AMD. Virtual machines may hide
/// them.
CacheSizes from_cpuid() noexcept {
  CacheSizes sizes{0, 0, 0, "cpuid"};
#if defined(__x86_64__) || defined(__i386__)
  for (const unsigned leaf : {4U, 0x8000001DU}) {
    const auto last = static_cast<unsigned>(__get_cpuid_max(leaf & 0x80000000U, nullptr));
    if (last < leaf) continue;
    for (unsigned index = 0; index < 8; ++index) {
      unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
      __cpuid_count(leaf, index, eax, ebx, ecx, edx);
      const unsigned type = eax & 0x1F;  // 0: no more caches, 1: data, 2: instructions, 3: both
      if (type == 0) break;
      if (type == 2) continue;
      const std::size_t ways = (ebx >> 22) + 1, partitions = ((ebx >> 12) & 0x3FF) + 1,
                        line = (ebx & 0xFFF) + 1, sets = std::size_t{ecx} + 1;
      std::size_t* const of_level = level_of(sizes, static_cast<int>((eax >> 5) & 7));
      if (of_level != nullptr) *of_level = ways * partitions * line * sets;
    }
    if (complete(sizes)) break;
  }
#endif
  return sizes;
}

CacheSizes from_sysconf() noexcept {
  CacheSizes sizes{0, 0, 0, "sysconf"};
#if defined(_SC_LEVEL1_DCACHE_SIZE)
  const auto ask = [](int name) noexcept {
    const long size = sysconf(name);
    return size > 0 ? static_cast<std::size_t>(size) : 0;
  };
  sizes.l1 = ask(_SC_LEVEL1_DCACHE_SIZE);
  sizes.l2 = ask(_SC_LEVEL2_CACHE_SIZE);
  sizes.l3 = ask(_SC_LEVEL3_CACHE_SIZE);
#endif
  return sizes;
}

CacheSizes detect() noexcept {
  CacheSizes sizes;
  if (parse_cache_sizes(std::getenv("WINOGRAD_CACHE_SIZES"), &sizes)) return sizes;
  if (sizes = from_sysfs(); complete(sizes)) return sizes;
  if (sizes = from_cpuid(); complete(sizes)) return sizes;
  if (sizes = from_sysconf(); complete(sizes)) return plausible(sizes);
  return kGuess;
}

}  // namespace

bool parse_cache_sizes(const char* text, CacheSizes* sizes) noexcept {
  if (text == nullptr) return false;
  std::size_t size[3];
  for (int level = 0; level < 3; ++level) {
    char* end = nullptr;
    if (*text < '0' || *text > '9') return false;
    const unsigned long long number = std::strtoull(text, &end, 10);
    std::size_t unit = 1;
    if (*end == 'K') unit = kKiB;
    if (*end == 'M') unit = kMiB;
    if (unit != 1) ++end;
    if (*end != (level < 2 ? ',' : '\0') || number > SIZE_MAX / kMiB) return false;
    size[level] = static_cast<std::size_t>(number) * unit;
    text = end + 1;
  }
  if (size[0] == 0 || size[1] == 0) return false;
  *sizes = {size[0], size[1], size[2], "WINOGRAD_CACHE_SIZES"};
  return true;
}

CacheSizes plausible(CacheSizes sizes) noexcept {
  if (sizes.l1 < 8 * kKiB || sizes.l1 > 512 * kKiB) sizes.l1 = kGuess.l1;
  if (sizes.l2 < 64 * kKiB || sizes.l2 > kMostL3) sizes.l2 = kGuess.l2;
  sizes.l3 = std::min(sizes.l3, kMostL3);
  return sizes;
}

const CacheSizes& cache_sizes() noexcept {
  static const CacheSizes sizes = detect();
  return sizes;
}

}  // namespace winograd::detail
