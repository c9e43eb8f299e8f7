// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A validated description in the form that the pipelines compute with.
#ifndef WINOGRAD_SRC_PLANNING_LAYER_HPP
#define WINOGRAD_SRC_PLANNING_LAYER_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "kernels/contract/kernel_set.hpp"
#include "src/runtime/arithmetic.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::detail {

// The two limits that make arithmetic on sizes safe. validate() keeps every extent, padded or not,
// and the products of a sum below Conv2dDesc::kMaxExtent: so int holds the sum of a few, and a
// product that is again an extent. Whatever multiplies extents beyond that does so in 64 bits, and
// stays far below the end of these, since no tensor has more than kMaxFloats.

/// A place in a tensor, whatever the type of its elements; distances are counted in these. `Void`
/// is void or const void.
template <class Void>
class Elements {
 public:
  Elements() noexcept = default;  ///< null
  Elements(Void* data, DataType type) noexcept : data_(static_cast<Byte*>(data)), type_(type) {}
  operator Elements<const void>() const noexcept { return {data_, type_}; }  // NOLINT: as pointers

  Void* data() const noexcept { return data_; }
  template <class T>
  auto as() const noexcept {  ///< T, and const T of what cannot be written
    return static_cast<std::conditional_t<std::is_const_v<Void>, const T, T>*>(data());
  }
  Elements operator+(std::ptrdiff_t elements) const noexcept {
    return {data_ + elements * bytes_of(type_), type_};
  }
  /// Null stays null.
  Elements and_then(std::ptrdiff_t elements) const noexcept {
    return data_ == nullptr ? *this : *this + elements;
  }

 private:
  using Byte = std::conditional_t<std::is_const_v<Void>, const char, char>;
  Byte* data_ = nullptr;
  DataType type_ = DataType::f32;
};

struct Layer {
  explicit Layer(const Conv2dDesc& d) noexcept;

  int n, c, k, h, w;  ///< batch; channels of all groups; size of src
  int out_h, out_w;
  int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w;
  int pad_top, pad_left;  ///< the other two are implied by out_h and out_w
  int groups, group_c, group_k;
  Layout layout;
  DataType type;  ///< of src, dst and residual

  /// Each output pixel needs the input pixel at its place, and no other.
  bool is_pointwise() const noexcept {
    return kernel_h == 1 && kernel_w == 1 && stride_h == 1 && stride_w == 1 && out_h == h &&
           out_w == w && pad_top == 0 && pad_left == 0;
  }

  // Strides of dst in elements; those of src are in Source.
  std::ptrdiff_t dst_image, dst_row, dst_pixel, dst_channel;

  /// The activation as kernels take it; PlanData::epilogue adds what belongs to channels.
  Epilogue epilogue;
};

/// Most parts that src may come in: they are listed on the stack.
inline constexpr int kMaxSourceParts = 64;

/// Where src lies: one tensor, or several, concatenated along the channel axis. Each but the
/// last has whole lane blocks.
class Source {
 public:
  struct Part {
    Elements<const void> data, end;
    int channel, channels;  ///< the first, and how many
    // Strides in elements.
    std::ptrdiff_t image_stride, row_stride, pixel_stride, channel_stride;

    /// `first_channel` counts from the first of all parts.
    Elements<const void> at(int image, int row, int col, int first_channel) const noexcept {
      return data + (image * image_stride + row * row_stride + col * pixel_stride +
                     (first_channel - channel) * channel_stride);
    }
  };

  /// Adds up to kMaxSourceParts.
  void add(const Layer& layer, const void* data, int channels) noexcept;
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
  Elements<void> dst;
  Elements<const void> residual;  ///< or null
  /// dst is written past the caches: it is so large that little of it would be left there for the
  /// next reader, and fetching each line before overwriting it would cost as much as writing.
  bool stream;
  /// Little of src can be in L2: kernels fetch what they read next.
  bool far;
};

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PLANNING_LAYER_HPP
