// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/layers/targets.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "bench/layers/layer.hpp"

namespace winograd::bench {
namespace {

struct Target {
  const char* geometry;
  double avx2, avx512, avx512_relaxed;
};

constexpr Target kTargets[] = {
#define WINOGRAD_TARGET(geometry, where, avx2, avx512, relaxed) {geometry, avx2, avx512, relaxed},
#include "bench/layers/targets.inc"
#undef WINOGRAD_TARGET
};

constexpr NetworkTarget kNetworks[] = {
    {"resnet50", nullptr, 1.35, 1.0, 1.3},    {"mobilenetv2", nullptr, 1.15, 0, 0},
    {"efficientnet_b0", nullptr, 1.15, 0, 0}, {"yolov8n", nullptr, 1.2, 0, 0},
    {"resnext50", nullptr, 1.2, 0, 0},        {"vgg16", "onednn", 2.2, 0, 0},
};

}  // namespace

const NetworkTarget* network_target(std::string_view list) {
  for (const NetworkTarget& target : kNetworks)
    if (list == target.list) return &target;
  return nullptr;
}

double target_x_peak(const Conv2dDesc& desc, Isa isa, Accuracy accuracy) {
  const std::string name = geometry_name(desc);
  for (const Target& target : kTargets)
    if (name == target.geometry) {
      if (isa != Isa::avx512) return target.avx2;
      return accuracy == Accuracy::relaxed ? target.avx512_relaxed : target.avx512;
    }
  throw std::invalid_argument(fmt::format("no target for layer '{}'", name));
}

}  // namespace winograd::bench
