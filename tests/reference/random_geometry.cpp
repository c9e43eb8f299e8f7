// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random_geometry.hpp"

#include <algorithm>

namespace winograd::test {
namespace {

struct Kernel {
  std::int64_t h, w;
};

constexpr Kernel kWinogradKernels[] = {{3, 3}, {3, 3}, {3, 3}, {3, 3}, {1, 3}, {3, 1}, {5, 5},
                                       {1, 5}, {5, 1}, {3, 5}, {1, 7}, {7, 1}, {7, 7}};
constexpr Kernel kKernels[] = {{1, 1}, {1, 1}, {1, 3}, {3, 1}, {3, 3}, {3, 3}, {5, 5},
                               {1, 5}, {5, 1}, {3, 5}, {7, 7}, {2, 2}, {4, 4}, {2, 3}};
/// Numbers that fit no vector and no block.
constexpr std::int64_t kPrimes[] = {2, 3, 5, 7, 11, 13, 17, 31, 37, 47, 61, 67, 71, 97, 127};

std::int64_t random_channels(Rng& rng) {
  if (rng.chance(30)) return rng.pick(kPrimes);
  // Whole lane blocks take paths of their own.
  return rng.chance(30) ? 16 * rng.integer(1, 4) : rng.integer(1, 70);
}

std::int64_t random_padding(Rng& rng, std::int64_t kernel_extent) {
  if (rng.chance(25)) return 0;
  if (rng.chance(50)) return kernel_extent / 2;
  // Now and then so much that whole outputs see nothing but padding.
  return rng.integer(0, rng.chance(10) ? kernel_extent + 2 : kernel_extent - 1);
}

void set_window(Rng& rng, Kernel kernel, bool winograd, Conv2dDesc& d) {
  d.kernel_h = kernel.h;
  d.kernel_w = kernel.w;
  if (winograd && rng.chance(30)) {  // 2, which an axis of one tap has not
    d.stride_h = kernel.h > 1 && rng.chance(80) ? 2 : 1;
    d.stride_w = kernel.w > 1 && rng.chance(80) ? 2 : 1;
  }
  if (!winograd && rng.chance(60)) {
    d.stride_h = rng.integer(1, 3);
    d.stride_w = rng.chance(50) ? d.stride_h : rng.integer(1, 4);
  }
  if (!winograd && rng.chance(40)) {
    d.dilation_h = rng.integer(1, 3);
    d.dilation_w = rng.chance(50) ? d.dilation_h : rng.integer(1, 4);
  }
  const std::int64_t extent_h = (d.kernel_h - 1) * d.dilation_h + 1;
  const std::int64_t extent_w = (d.kernel_w - 1) * d.dilation_w + 1;
  d.pad_top = random_padding(rng, extent_h);
  d.pad_left = random_padding(rng, extent_w);
  const bool symmetric = rng.chance(50);
  d.pad_bottom = symmetric ? d.pad_top : random_padding(rng, extent_h);
  d.pad_right = symmetric ? d.pad_left : random_padding(rng, extent_w);
  d.height = std::max(rng.integer(1, 40), extent_h - d.pad_top - d.pad_bottom);
  d.width = std::max(rng.integer(1, 40), extent_w - d.pad_left - d.pad_right);
}

void set_channels(Rng& rng, bool winograd, Conv2dDesc& d) {
  d.in_channels = random_channels(rng);
  d.out_channels = random_channels(rng);
  if (winograd) {
    if (!rng.chance(10)) return;  // groups that merge into whole lane blocks
    d.groups = 4 * rng.integer(1, 3);
    d.in_channels = d.groups * 4 * rng.integer(1, 4);
    d.out_channels = d.groups * 4 * rng.integer(1, 4);
    return;
  }
  if (!rng.chance(45)) return;
  if (rng.chance(60)) {  // depthwise, sometimes with several outputs for each input
    d.groups = d.in_channels;
    d.out_channels = d.in_channels * (rng.chance(70) ? 1 : rng.integer(2, 3));
  } else {
    d.groups = rng.integer(2, 8);
    d.in_channels = d.groups * rng.integer(1, 20);
    d.out_channels = d.groups * rng.integer(1, 20);
  }
}

void set_epilogue(Rng& rng, Conv2dDesc& d) {
  static constexpr Activation kActivations[] = {
      Activation::none,       Activation::relu,      Activation::relu6, Activation::clamp,
      Activation::leaky_relu, Activation::silu,      Activation::mish,  Activation::hard_swish,
      Activation::sigmoid,    Activation::gelu_tanh, Activation::prelu};
  d.residual = rng.chance(35);
  // Half without activation: one hides the errors of what it cuts off.
  if (rng.chance(50)) d.activation = rng.pick(kActivations);
  if (d.activation == Activation::clamp) {
    d.activation_min = -0.75F;
    d.activation_max = 0.5F;
  }
  if (d.activation == Activation::leaky_relu) d.leaky_slope = 0.125F;
}

/// Halves what is largest until the work fits.
void limit_work(std::int64_t max_products, Conv2dDesc& d) {
  const std::int64_t least_h = (d.kernel_h - 1) * d.dilation_h + 1 - d.pad_top - d.pad_bottom;
  const std::int64_t least_w = (d.kernel_w - 1) * d.dilation_w + 1 - d.pad_left - d.pad_right;
  while (products_of(d) > max_products) {
    const Conv2dDesc before = d;
    if (d.batch > 2) {
      --d.batch;
    } else if (d.height >= d.width && d.height / 2 >= std::max<std::int64_t>(least_h, 1)) {
      d.height /= 2;
    } else if (d.width / 2 >= std::max<std::int64_t>(least_w, 1)) {
      d.width /= 2;
    } else if (d.batch > 1) {
      d.batch = 1;
    } else if (d.out_channels > d.groups) {
      d.out_channels = d.groups * (d.out_channels / d.groups / 2);
    } else if (d.in_channels > d.groups) {
      d.in_channels = d.groups * (d.in_channels / d.groups / 2);
    }
    if (products_of(d) == products_of(before)) break;
  }
}

}  // namespace

std::int64_t products_of(const Conv2dDesc& desc) {
  return desc.dst_size() * (desc.in_channels / desc.groups) * desc.kernel_h * desc.kernel_w;
}

Conv2dDesc random_geometry(Rng& rng, std::int64_t max_products) {
  Conv2dDesc d;
  const bool winograd = rng.chance(55);
  d.batch = rng.chance(50) ? 1 : rng.integer(2, 5);
  d.layout = rng.pick(kLayouts);
  set_channels(rng, winograd, d);
  set_window(rng, winograd ? rng.pick(kWinogradKernels) : rng.pick(kKernels), winograd, d);
  set_epilogue(rng, d);
  limit_work(max_products, d);
  return d;
}

}  // namespace winograd::test
