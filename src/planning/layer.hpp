// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A validated description in the form that the pipelines compute with.
#ifndef WINOGRAD_SRC_PLANNING_LAYER_HPP
#define WINOGRAD_SRC_PLANNING_LAYER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "kernels/contract/kernel_set.hpp"
#include "src/runtime/arithmetic.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::detail {

// The two limits that make arithmetic on sizes safe. validate() keeps every extent, padded or not,
// and the products of a sum below Conv2dDesc::kMaxExtent: so int holds the sum of a few, and a
// product that is again an extent. Whatever multiplies extents beyond that does so in 64 bits, and
// stays far below the end of these, since no tensor has more than kMaxFloats.

struct Layer {
  explicit Layer(const Conv2dDesc& d) noexcept;

  int n, c, k, h, w;  ///< batch; channels of all groups; size of src
  int out_h, out_w;
  int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w;
  int pad_top, pad_left;  ///< the other two are implied by out_h and out_w
  int groups, group_c, group_k;
  Layout layout;
  bool depthwise;  ///< one input and one output channel in each group

  /// Each output pixel needs the input pixel at its place, and no other.
  bool is_pointwise() const noexcept {
    return kernel_h == 1 && kernel_w == 1 && stride_h == 1 && stride_w == 1 && out_h == h &&
           out_w == w && pad_top == 0 && pad_left == 0;
  }

  // Strides of dst in floats; those of src are in Source.
  std::ptrdiff_t dst_image, dst_row, dst_pixel, dst_channel;

  /// The activation as kernels take it; PlanData::epilogue adds what belongs to channels.
  Epilogue epilogue;
};

/// Most parts that src may come in: they are listed on the stack.
inline constexpr int kMaxSourceParts = 64;

/// Where src lies: one tensor, or several, concatenated along the channel axis. Each but the
/// last has whole groups of channels.
class Source {
 public:
  struct Part {
    const float* data;
    const float* end;
    int channel, channels;  ///< the first, and how many
    // Strides in floats.
    std::ptrdiff_t image_stride, row_stride, pixel_stride, channel_stride;

    /// `first_channel` counts from the first of all parts.
    const float* at(int image, int row, int col, int first_channel) const noexcept {
      return data + image * image_stride + row * row_stride + col * pixel_stride +
             (first_channel - channel) * channel_stride;
    }
  };

  /// Adds up to kMaxSourceParts.
  void add(const Layer& layer, const float* data, int channels) noexcept;
  int count() const noexcept { return count_; }
  const Part& part(int index) const noexcept { return parts_[index]; }
  const Part& part_of(int channel) const noexcept {
    int index = 0;
    while (channel >= parts_[index].channel + parts_[index].channels) ++index;
    return parts_[index];
  }

 private:
  int count_ = 0;
  Part parts_[kMaxSourceParts];
};

/// The user's buffers of one run.
struct Tensors {
  const Source& src;
  float* dst;
  const float* residual;
  /// dst is written past the caches: it is so large that little of it would be left there for the
  /// next reader, and fetching each line before overwriting it would cost as much as writing.
  bool stream;
};

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PLANNING_LAYER_HPP
