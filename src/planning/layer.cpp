// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/planning/layer.hpp"

#include <limits>

namespace winograd::detail {
namespace {

Epilogue make_epilogue(const Conv2dDesc& desc) noexcept {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  Epilogue epilogue{nullptr, nullptr, -kInfinity, kInfinity, Activation::none};
  switch (desc.activation) {
    case Activation::none: break;
    case Activation::relu: epilogue.low = 0.0F; break;
    case Activation::relu6:
      epilogue.low = 0.0F;
      epilogue.high = 6.0F;
      break;
    case Activation::clamp:
      epilogue.low = desc.activation_min;
      epilogue.high = desc.activation_max;
      break;
    case Activation::leaky_relu:
    case Activation::prelu: break;  // the plan has the slopes
    case Activation::sigmoid:
    case Activation::tanh:
    case Activation::silu:
    case Activation::hard_sigmoid:
    case Activation::hard_swish:
    case Activation::mish:
    case Activation::gelu_tanh: epilogue.function = desc.activation; break;
  }
  return epilogue;
}

}  // namespace

Layer::Layer(const Conv2dDesc& d) noexcept
    : n(static_cast<int>(d.batch)), c(static_cast<int>(d.in_channels)),
      k(static_cast<int>(d.out_channels)), h(static_cast<int>(d.height)),
      w(static_cast<int>(d.width)), out_h(static_cast<int>(d.out_height())),
      out_w(static_cast<int>(d.out_width())), kernel_h(static_cast<int>(d.kernel_h)),
      kernel_w(static_cast<int>(d.kernel_w)), stride_h(static_cast<int>(d.stride_h)),
      stride_w(static_cast<int>(d.stride_w)), dilation_h(static_cast<int>(d.dilation_h)),
      dilation_w(static_cast<int>(d.dilation_w)), pad_top(static_cast<int>(d.pad_top)),
      pad_left(static_cast<int>(d.pad_left)), groups(static_cast<int>(d.groups)),
      group_c(c / groups), group_k(k / groups), layout(d.layout), type(d.data_type),
      epilogue(make_epilogue(d)) {
  // From one output to the next where there is only one, from one tap to the next likewise: any
  // number is allowed there, none means anything, and 1 is one that no product overflows with.
  if (out_h == 1) stride_h = 1;
  if (out_w == 1) stride_w = 1;
  if (kernel_h == 1) dilation_h = 1;
  if (kernel_w == 1) dilation_w = 1;
  if (is_pointwise() && d.height * d.width <= Conv2dDesc::kMaxExtent) {
    // No tap ever leaves its pixel: the image is one long row, which blocks better.
    w = out_w = h * w;
    h = out_h = 1;
  }
  const bool nhwc = layout == Layout::nhwc;
  const std::ptrdiff_t dst_plane = std::ptrdiff_t{out_h} * out_w;
  dst_image = k * dst_plane;
  dst_row = nhwc ? std::ptrdiff_t{out_w} * k : out_w;
  dst_pixel = nhwc ? k : 1;
  dst_channel = nhwc ? 1 : dst_plane;
}

void Source::add(const Layer& layer, const void* data, int channels) noexcept {
  const bool nhwc = layer.layout == Layout::nhwc;
  const std::ptrdiff_t plane = std::ptrdiff_t{layer.h} * layer.w;
  Part& part = parts_[count_];
  part.data = {data, layer.type};
  part.end = part.data + layer.n * (channels * plane);
  part.channel = count_ == 0 ? 0 : parts_[count_ - 1].channel + parts_[count_ - 1].channels;
  part.channels = channels;
  part.image_stride = channels * plane;
  part.row_stride = nhwc ? std::ptrdiff_t{layer.w} * channels : layer.w;
  part.pixel_stride = nhwc ? channels : 1;
  part.channel_stride = nhwc ? 1 : plane;
  ++count_;
}

}  // namespace winograd::detail
