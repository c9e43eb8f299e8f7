// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_SRC_RUNTIME_CPU_FEATURES_HPP
#define WINOGRAD_SRC_RUNTIME_CPU_FEATURES_HPP

#include "winograd/conv2d.hpp"

namespace winograd::detail {

/// True if this CPU (and operating system) can execute `isa`.
bool cpu_supports(Isa isa) noexcept;

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_RUNTIME_CPU_FEATURES_HPP
