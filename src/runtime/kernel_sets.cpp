// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The table of instruction sets: all that src/ knows of them.
#include "src/runtime/kernel_sets.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include "winograd/winograd.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif
#if defined(__linux__) && (defined(__arm__) || defined(__aarch64__))
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace winograd {
namespace detail {

// The set for where no other is allowed. WebAssembly has no scalar one: CMakeLists.txt says why.
#if defined(__wasm__)
#define WINOGRAD_LAST_KERNEL_SET kernel_set_wasm_simd128
#else
#define WINOGRAD_LAST_KERNEL_SET kernel_set_scalar
#endif

// CMake lists the sets that are built in: X(scalar) X(sse2) …
#define X(isa) const KernelSet* kernel_set_##isa() noexcept;
WINOGRAD_KERNEL_SETS_BUILT
#undef X

namespace {

using Predicate = bool (*)() noexcept;

struct Entry {
  Isa isa;
  std::int32_t c_number;  ///< in the C interface
  const char* name;
  Predicate runs;  ///< whether this CPU and operating system can execute it; null elsewhere
};

// A predicate, where the compiler can read it.
#if defined(__x86_64__) || defined(__i386__)
#define WINOGRAD_ON_X86(condition) []() noexcept -> bool { return condition; }
/// The builtin of clang 14 does not know this one. All CPUs with AVX2 have it; emulators may not.
/// Asked once: in a virtual machine the instruction takes as long as a small layer.
bool has_f16c() noexcept {
  static const bool has = []() noexcept {
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    return __get_cpuid(1, &eax, &ebx, &ecx, &edx) != 0 && (ecx & bit_F16C) != 0;
  }();
  return has;
}
#else
#define WINOGRAD_ON_X86(condition) nullptr
#endif
#if defined(__aarch64__)
/// Arithmetic on vectors of f16. Linux tells; elsewhere nobody is asked.
bool has_asimdhp() noexcept {
#if defined(__linux__)
  return (getauxval(AT_HWCAP) & HWCAP_ASIMDHP) != 0;
#else
  return false;
#endif
}
#define WINOGRAD_ON_AARCH64(condition) []() noexcept -> bool { return condition; }
#else
#define WINOGRAD_ON_AARCH64(condition) nullptr
#endif
#if defined(__linux__) && defined(__arm__)
#define WINOGRAD_ON_ARM32(condition) []() noexcept -> bool { return condition; }
#else
#define WINOGRAD_ON_ARM32(condition) nullptr
#endif
#if defined(__wasm__)
#define WINOGRAD_ON_WASM(condition) []() noexcept -> bool { return condition; }
#else
#define WINOGRAD_ON_WASM(condition) nullptr
#endif

// In the order of their numbers, so weakest first within an architecture.
constexpr Entry kEntries[] = {
    {Isa::scalar, WINOGRAD_ISA_SCALAR, "scalar", []() noexcept { return true; }},
    {Isa::sse2, WINOGRAD_ISA_SSE2, "sse2", WINOGRAD_ON_X86(__builtin_cpu_supports("sse2") != 0)},
    {Isa::avx2, WINOGRAD_ISA_AVX2, "avx2",
     WINOGRAD_ON_X86(__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                     has_f16c())},
    {Isa::avx512, WINOGRAD_ISA_AVX512, "avx512",
     WINOGRAD_ON_X86(__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                     __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
                     has_f16c())},
    {Isa::neon_armv7, WINOGRAD_ISA_NEON_ARMV7, "neon_armv7",
     WINOGRAD_ON_ARM32((getauxval(AT_HWCAP) & HWCAP_NEON) != 0)},
    {Isa::neon_armv7_fma, WINOGRAD_ISA_NEON_ARMV7_FMA, "neon_armv7_fma",
     WINOGRAD_ON_ARM32((getauxval(AT_HWCAP) & HWCAP_NEON) != 0 &&
                       (getauxval(AT_HWCAP) & HWCAP_VFPv4) != 0)},
    {Isa::neon, WINOGRAD_ISA_NEON, "neon", WINOGRAD_ON_AARCH64(true)},  // part of the architecture
    // An engine without it refuses the whole module.
    {Isa::wasm_simd128, WINOGRAD_ISA_WASM_SIMD128, "wasm_simd128", WINOGRAD_ON_WASM(true)},
    {Isa::neon_fp16, WINOGRAD_ISA_NEON_FP16, "neon_fp16", WINOGRAD_ON_AARCH64(has_asimdhp())},
};

constexpr bool numbers_agree() {
  std::int32_t number = 0;
  for (const Entry& entry : kEntries) {
    if (static_cast<std::int32_t>(entry.isa) != number || entry.c_number != number) return false;
    ++number;
  }
  return static_cast<std::int32_t>(Isa::best) == WINOGRAD_ISA_BEST;
}
static_assert(numbers_agree(), "the table has a row for every number, and C has the same numbers");

/// Null for what is no instruction set.
constexpr const Entry* entry_of(Isa isa) noexcept {
  const auto number = static_cast<std::size_t>(isa);
  return number < std::size(kEntries) ? &kEntries[number] : nullptr;
}

/// Null if the set is not built in.
const KernelSet* built_set(Isa isa) noexcept {
  switch (isa) {
#define X(name) \
  case Isa::name: return kernel_set_##name();
    WINOGRAD_KERNEL_SETS_BUILT
#undef X
    default: return nullptr;
  }
}

/// WINOGRAD_MAX_ISA, or `best` if it is not set or names no instruction set.
Isa environment_max_isa() noexcept {
  static const Isa max_isa = []() noexcept {
    const char* name = std::getenv("WINOGRAD_MAX_ISA");
    if (name == nullptr) return Isa::best;
    for (const Entry& entry : kEntries) {
      if (std::strcmp(name, entry.name) == 0) return entry.isa;
    }
    return Isa::best;
  }();
  return max_isa;
}

}  // namespace

bool is_instruction_set(Isa isa) noexcept { return entry_of(isa) != nullptr; }

const KernelSet* find_kernel_set(Isa isa) noexcept {
  const Entry* const entry = entry_of(isa);
  return entry != nullptr && entry->runs != nullptr && entry->runs() ? built_set(isa) : nullptr;
}

const KernelSet* best_kernel_set(Isa max_isa) noexcept {
  const Isa environment = environment_max_isa();
  for (auto entry = std::rbegin(kEntries); entry != std::rend(kEntries); ++entry) {
    if (entry->isa > max_isa || entry->isa > environment) continue;
    if (const KernelSet* const set = find_kernel_set(entry->isa); set != nullptr) return set;
  }
  return WINOGRAD_LAST_KERNEL_SET();
}

}  // namespace detail

const char* to_string(Isa isa) noexcept {
  const detail::Entry* const entry = detail::entry_of(isa);
  return entry != nullptr ? entry->name : isa == Isa::best ? "best" : "unknown";
}

bool isa_available(Isa isa) noexcept { return detail::find_kernel_set(isa) != nullptr; }

}  // namespace winograd
