// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_VIEWS_MACHINE_HPP
#define WINOGRAD_BENCH_VIEWS_MACHINE_HPP

#include <string>

namespace winograd::bench {

/// The CPU's own name for itself, or "unknown CPU".
std::string cpu_name();
/// The compiler of this program, e.g. "g++ 12.2.0".
std::string compiler_name();

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_VIEWS_MACHINE_HPP
