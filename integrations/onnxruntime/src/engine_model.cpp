// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The constants were fitted to profiles of ResNet-18, ResNet-50, VGG-16 and MobileNetV2 in ONNX
// Runtime 1.30, one thread, on a Zen 5 with AVX-512 (docs/onnxruntime.md). Its kernels on x86 work
// at 0.97 of the peak on whatever has channels enough, so there is little to model but what keeps
// them from it.
#include "engine_model.hpp"

#include <algorithm>

namespace winograd::ort {
namespace {

constexpr double kEfficiency = 0.97;
/// Without blocks of channels: it copies patches together and multiplies matrices.
constexpr double kPlainEfficiency = 0.5;
/// Of a first layer, whose sums are short: in products, at the start of each.
constexpr double kStart = 12;
/// For each byte of weights; they come from L3 or from memory: 0.1 where nobody else uses them, and
/// the library reckons with company.
constexpr double kWeightByte = 0.2;
/// For each output of an activation that is not part of the kernels: all but ReLU.
constexpr double kActivation = 0.45;
/// Depthwise, for each output, and for each of its taps.
constexpr double kDepthwise = 0.35, kDepthwiseTap = 0.05;

bool has_avx512() { return isa_available(Isa::avx512); }
bool has_avx2() { return isa_available(Isa::avx2); }

std::int64_t lanes() { return has_avx512() ? 16 : has_avx2() ? 8 : 4; }

std::int64_t padded(std::int64_t channels) { return (channels + lanes() - 1) / lanes() * lanes(); }

bool is_depthwise(const Conv2dDesc& desc) {
  return desc.groups > 1 && desc.groups == desc.in_channels && desc.groups == desc.out_channels;
}

}  // namespace

bool has_blocked_order() { return has_avx2(); }

Order engine_order(const Conv2dDesc& desc) {
  if (!has_blocked_order()) return Order::plain;
  if (desc.groups == 1) return Order::blocked;
  const std::int64_t channels =
      is_depthwise(desc) ? desc.in_channels
                         : desc.in_channels / desc.groups | desc.out_channels / desc.groups;
  return channels % lanes() == 0 ? Order::blocked : Order::plain;
}

Order engine_input_order(const Conv2dDesc& desc) {
  const bool few = desc.groups == 1 && desc.in_channels < lanes();
  return few ? Order::plain : engine_order(desc);
}

double engine_cycles(const Conv2dDesc& desc) {
  const auto outputs = static_cast<double>(desc.dst_size());
  const auto taps = static_cast<double>(desc.kernel_h * desc.kernel_w);
  double cycles =
      static_cast<double>(sizeof(float)) * kWeightByte * static_cast<double>(desc.weights_size());
  if (desc.activation != Activation::none && desc.activation != Activation::relu) {
    cycles += kActivation * outputs;
  }
  if (is_depthwise(desc)) return cycles + outputs * (kDepthwise + kDepthwiseTap * taps);
  const double products_per_cycle = 2.0 * static_cast<double>(lanes());
  if (engine_order(desc) == Order::plain) {
    const auto depth = static_cast<double>(desc.in_channels / desc.groups) * taps;
    return cycles + outputs * depth / products_per_cycle / kPlainEfficiency;
  }
  const bool few = desc.in_channels < lanes();
  const auto channels =
      static_cast<double>((few ? desc.in_channels : padded(desc.in_channels)) / desc.groups);
  const double padding =
      static_cast<double>(padded(desc.out_channels)) / static_cast<double>(desc.out_channels);
  return cycles + outputs * padding * (channels * taps + (few ? kStart : 0.0)) /
                      products_per_cycle / kEfficiency;
}

double reorder_cycles(double elements) {
  // Fetched and stored; what does not fit in L2 takes twice as long.
  constexpr double kL2Elements = 1.0 * (1 << 18);
  return elements * (elements > kL2Elements ? 1.0 : 0.5);
}

}  // namespace winograd::ort
