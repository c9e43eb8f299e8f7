// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "geometry.hpp"

#include <algorithm>
#include <cstdint>

namespace winograd::opencv {
namespace {

/// OpenCV's rule for padding by name: never one-sided, and blind to dilation.
std::int64_t begin_of_same(std::int64_t input, std::int64_t kernel, std::int64_t stride) {
  return stride > kernel ? 0 : (kernel - 1 - (input - 1 + stride) % stride) / 2;
}

/// Rows or columns of zeros behind the input that make the output as long as it is.
std::int64_t pad_end(std::int64_t input, std::int64_t output, std::int64_t kernel,
                     std::int64_t stride, std::int64_t dilation, std::int64_t pad_begin) {
  return std::max<std::int64_t>(
      0, (output - 1) * stride + (kernel - 1) * dilation + 1 - input - pad_begin);
}

}  // namespace

bool floats_in_order(const cv::Mat& values) {
  return values.type() == CV_32F && values.isContinuous();
}

const char* refusal(const cv::dnn::BaseConvolutionLayer& layer) {
  if (layer.blobs.empty()) return "the weights are an input of the layer";
  if (layer.blobs[0].dims != 4 || layer.kernel_size.size() != 2) return "it is not 2-D";
  for (const cv::Mat& blob : layer.blobs) {
    if (!floats_in_order(blob)) return "its weights are not fp32";
  }
  return nullptr;
}

Conv2dDesc describe(const cv::dnn::BaseConvolutionLayer& layer, const cv::Mat& input,
                    const cv::Mat& output) {
  const cv::MatSize &in = input.size, &out = output.size, &weights = layer.blobs[0].size;
  Conv2dDesc desc;
  desc.batch = in[0];
  desc.in_channels = in[1];
  desc.out_channels = out[1];
  desc.height = in[2];
  desc.width = in[3];
  desc.groups = in[1] / weights[1];
  desc.kernel_h = weights[2];
  desc.kernel_w = weights[3];
  desc.stride_h = static_cast<std::int64_t>(layer.strides[0]);
  desc.stride_w = static_cast<std::int64_t>(layer.strides[1]);
  desc.dilation_h = static_cast<std::int64_t>(layer.dilations[0]);
  desc.dilation_w = static_cast<std::int64_t>(layer.dilations[1]);
  if (layer.padMode.empty()) {
    desc.pad_top = static_cast<std::int64_t>(layer.pads_begin[0]);
    desc.pad_left = static_cast<std::int64_t>(layer.pads_begin[1]);
  } else if (layer.padMode == "SAME") {
    desc.pad_top = begin_of_same(desc.height, desc.kernel_h, desc.stride_h);
    desc.pad_left = begin_of_same(desc.width, desc.kernel_w, desc.stride_w);
  }
  desc.pad_bottom =
      pad_end(desc.height, out[2], desc.kernel_h, desc.stride_h, desc.dilation_h, desc.pad_top);
  desc.pad_right =
      pad_end(desc.width, out[3], desc.kernel_w, desc.stride_w, desc.dilation_w, desc.pad_left);
  return desc;
}

}  // namespace winograd::opencv
