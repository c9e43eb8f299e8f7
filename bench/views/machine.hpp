// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_VIEWS_MACHINE_HPP
#define WINOGRAD_BENCH_VIEWS_MACHINE_HPP

#include <string>

namespace winograd::bench {

/// The CPU's own name for itself, or "unknown CPU".
std::string cpu_name();
/// What emulates the CPU instruction by instruction ("qemu-aarch64"), or empty. User-mode QEMU and
/// its like are recognised; an emulated machine with an operating system of its own is not.
std::string detect_emulator();
/// The compiler of this program, e.g. "g++ 12.2.0".
/// L1, L2 and L3 as the library takes them to be, and who says so.
std::string cache_text();
std::string compiler_name();

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_VIEWS_MACHINE_HPP
