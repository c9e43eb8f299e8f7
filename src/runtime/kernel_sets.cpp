// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The kernel sets of this build, and the choice of one.
#include <cstdlib>
#include <cstring>

#include "kernels/contract/kernel_set.hpp"
#include "src/runtime/cpu_features.hpp"

namespace winograd {
namespace detail {
namespace {

struct Entry {
  Isa isa;
  const KernelSet* (*get)() noexcept;
};

// Strongest first.
constexpr Entry kEntries[] = {
#ifdef WINOGRAD_HAVE_AVX512
    {Isa::avx512, &kernel_set_avx512},
#endif
#ifdef WINOGRAD_HAVE_AVX2
    {Isa::avx2, &kernel_set_avx2},
#endif
#ifdef WINOGRAD_HAVE_SSE2
    {Isa::sse2, &kernel_set_sse2},
#endif
#ifdef WINOGRAD_HAVE_NEON
    {Isa::neon, &kernel_set_neon},
#endif
#ifdef WINOGRAD_HAVE_NEON_ARMV7_FMA
    {Isa::neon_armv7_fma, &kernel_set_neon_armv7_fma},
#endif
#ifdef WINOGRAD_HAVE_NEON_ARMV7
    {Isa::neon_armv7, &kernel_set_neon_armv7},
#endif
    {Isa::scalar, &kernel_set_scalar},
};

/// WINOGRAD_MAX_ISA, or `best` if it is not set or names no instruction set.
Isa environment_max_isa() noexcept {
  static const Isa max_isa = []() noexcept {
    const char* name = std::getenv("WINOGRAD_MAX_ISA");
    if (name == nullptr) return Isa::best;
    for (int i = 0; i <= static_cast<int>(Isa::neon); ++i) {
      if (std::strcmp(name, to_string(static_cast<Isa>(i))) == 0) return static_cast<Isa>(i);
    }
    return Isa::best;
  }();
  return max_isa;
}

}  // namespace

const KernelSet* find_kernel_set(Isa isa) noexcept {
  for (const Entry& entry : kEntries) {
    if (entry.isa == isa) return cpu_supports(isa) ? entry.get() : nullptr;
  }
  return nullptr;
}

const KernelSet* best_kernel_set(Isa max_isa) noexcept {
  const Isa environment = environment_max_isa();
  for (const Entry& entry : kEntries) {
    if (entry.isa <= max_isa && entry.isa <= environment && cpu_supports(entry.isa)) {
      return entry.get();
    }
  }
  return kernel_set_scalar();
}

}  // namespace detail

bool isa_available(Isa isa) noexcept { return detail::find_kernel_set(isa) != nullptr; }

}  // namespace winograd
