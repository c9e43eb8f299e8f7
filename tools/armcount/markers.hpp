// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Bounds of the region that the instruction counter reports. Both are hints that no architecture
// version has allocated, so they are no-operations on real hardware and under a plain QEMU.
#ifndef WINOGRAD_TOOLS_ARMCOUNT_MARKERS_HPP
#define WINOGRAD_TOOLS_ARMCOUNT_MARKERS_HPP

namespace armcount {

#if defined(__aarch64__)
inline void start_region() { __asm__ volatile("hint #112" ::: "memory"); }
inline void stop_region() { __asm__ volatile("hint #113" ::: "memory"); }
#elif defined(__arm__) && defined(__thumb2__)
inline void start_region() { __asm__ volatile(".inst.w 0xf3af8070" ::: "memory"); }
inline void stop_region() { __asm__ volatile(".inst.w 0xf3af8071" ::: "memory"); }
#elif defined(__arm__)
inline void start_region() { __asm__ volatile(".inst 0xe320f070" ::: "memory"); }
inline void stop_region() { __asm__ volatile(".inst 0xe320f071" ::: "memory"); }
#else
#error "the instruction counter knows AArch64 and ARMv7 only"
#endif

}  // namespace armcount

#endif  // WINOGRAD_TOOLS_ARMCOUNT_MARKERS_HPP
