// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Prints a digest of results for every instruction set, algorithm and activation; fails if a NaN is
// lost. The library must give the same whatever the project around it is compiled with, so this
// program, which is compiled so too, looks at bits only.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

#include "winograd/conv2d.hpp"

namespace {

std::uint32_t bits_of(float value) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

bool is_nan(float value) { return (bits_of(value) & 0x7fffffffU) > 0x7f800000U; }

std::vector<float> numbers(std::int64_t count, std::uint32_t state) {
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<float>(static_cast<std::int32_t>(state) >> 10) * 0x1p-21F;
  }
  return values;
}

struct Layer {
  std::int64_t c, k, groups, kernel;
};

/// Adds the bits of dst to the digest; false if the NaN at the middle of src did not arrive.
bool run(const winograd::Conv2dDesc& desc, const winograd::PlanOptions& options, bool with_nan,
         std::uint64_t& digest) {
  std::vector<float> src = numbers(desc.src_size(), 1);
  const std::vector<float> weights = numbers(desc.weights_size(), 2);
  const std::vector<float> bias = numbers(desc.out_channels, 3);
  std::vector<float> dst(static_cast<std::size_t>(desc.dst_size()));
  const std::size_t middle = 6 * 12 + 6;  // of channel 0
  if (with_nan) {
    const std::uint32_t nan = 0x7fc00000U;
    std::memcpy(&src[middle], &nan, sizeof nan);
  }
  const winograd::Status status =
      winograd::conv2d(desc, src.data(), weights.data(), bias.data(), dst.data(), nullptr, options);
  if (status.code() == winograd::StatusCode::unsupported) return true;
  if (!status) return std::puts(status.message()), false;
  if (with_nan) return is_nan(dst[middle]);
  for (const float value : dst) digest = (digest ^ bits_of(value)) * 1099511628211ULL;
  return true;
}

}  // namespace

int main() {
  using winograd::Algorithm;
  using winograd::Isa;
  bool right = true;
  for (int isa = 0; isa <= static_cast<int>(Isa::neon); ++isa) {
    if (!winograd::isa_available(static_cast<Isa>(isa))) continue;
    std::uint64_t digest = 14695981039346656037ULL;
    for (const Layer& layer : {Layer{40, 24, 1, 3}, Layer{3, 24, 1, 3}, Layer{20, 20, 20, 3},
                               Layer{300, 16, 1, 1}, Layer{16, 16, 1, 5}}) {
      for (int algorithm = 1; algorithm <= static_cast<int>(Algorithm::winograd_f6); ++algorithm) {
        for (int activation = 0; activation < 5; ++activation) {
          winograd::Conv2dDesc desc;
          desc.in_channels = layer.c;
          desc.out_channels = layer.k;
          desc.groups = layer.groups;
          desc.kernel_h = desc.kernel_w = layer.kernel;
          desc.height = desc.width = 12;
          desc.set_padding(layer.kernel / 2);
          desc.activation = static_cast<winograd::Activation>(activation);
          desc.activation_min = -1.0F;
          desc.activation_max = 1.0F;
          winograd::PlanOptions options;
          options.algorithm = static_cast<Algorithm>(algorithm);
          options.max_isa = static_cast<Isa>(isa);
          for (const bool with_nan : {false, true}) {
            if (run(desc, options, with_nan, digest)) continue;
            right = false;
            std::printf("wrong: %s, %s, %s\n", to_string(options.max_isa),
                        to_string(options.algorithm), to_string(desc.activation));
          }
        }
      }
    }
    std::printf("%s %016llx\n", to_string(static_cast<Isa>(isa)),
                static_cast<unsigned long long>(digest));
  }
  // A description whose checks are comparisons with NaN.
  winograd::Conv2dDesc desc;
  desc.in_channels = desc.out_channels = 1;
  desc.height = desc.width = 3;
  desc.activation = winograd::Activation::leaky_relu;
  const std::uint32_t infinity = 0x7f800000U;
  std::memcpy(&desc.leaky_slope, &infinity, sizeof infinity);
  if (winograd::validate(desc).ok()) {
    right = false;
    std::puts("wrong: an infinite slope is accepted");
  }
  return right ? 0 : 1;
}
