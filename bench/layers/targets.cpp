// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/layers/targets.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "bench/layers/layer.hpp"

namespace winograd::bench {
namespace {

struct Target {
  const char* geometry;
  double x_peak;
};

constexpr Target kTargets[] = {
#define WINOGRAD_TARGET(geometry, where, x_peak) {geometry, x_peak},
#include "bench/layers/targets.inc"
#undef WINOGRAD_TARGET
};

}  // namespace

double target_x_peak(const Conv2dDesc& desc) {
  const std::string name = geometry_name(desc);
  for (const Target& target : kTargets)
    if (name == target.geometry) return target.x_peak;
  throw std::invalid_argument(fmt::format("no target for layer '{}'", name));
}

}  // namespace winograd::bench
