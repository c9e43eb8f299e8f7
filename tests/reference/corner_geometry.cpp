// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/corner_geometry.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>

#include "tests/reference/op_case.hpp"
#include "tests/reference/random_geometry.hpp"

namespace winograd::test {
namespace {

constexpr std::int64_t kMaxProducts = 1500000;

struct Extents {
  std::int64_t h, w;
};

constexpr Extents kKernels[] = {{3, 3}, {1, 1}, {1, 3}, {3, 1}, {5, 5}, {1, 5}, {5, 1}, {3, 5},
                                {5, 3}, {7, 7}, {2, 2}, {4, 4}, {2, 3}, {6, 1}, {1, 9}, {11, 11}};
constexpr Extents kStrides[] = {{1, 1}, {2, 2}, {1, 2}, {3, 1}, {4, 4}, {7, 5}};
constexpr Extents kDilations[] = {{1, 1}, {2, 2}, {1, 3}};

struct Channels {
  std::int64_t c, k, groups;
};

// Below, at and above multiples of the widths of vectors (4, 8, 16) and panels; primes; one.
constexpr Channels kChannels[] = {
    {1, 1, 1},    {3, 16, 1},   {16, 16, 1},   {17, 15, 1},  {31, 33, 1},  {32, 48, 1},
    {7, 13, 1},   {47, 5, 1},   {1, 67, 1},    {64, 1, 1},   {15, 97, 1},  {49, 16, 1},
    {8, 4, 1},    {5, 63, 1},   {16, 16, 16},  {17, 17, 17}, {5, 15, 5},   {31, 62, 31},
    {64, 64, 64}, {6, 9, 3},    {32, 34, 2},   {51, 17, 17}, {1, 3, 1},    {33, 11, 11},
    {40, 40, 5},  {24, 72, 24}, {34, 102, 17}, {2, 2, 2},    {128, 16, 1}, {37, 71, 1}};

/// What is special about an image.
enum class Image {
  one_output,    ///< exactly the kernel's extent
  one_too_many,  ///< a row and a column more than that, which a stride passes over
  smaller,       ///< than the kernel's extent: padding makes up for it
  prime,         ///< both sides prime, padded by half of the kernel
  wide,          ///< one row
  high,          ///< one column
  surrounded,    ///< by more padding than the kernel's extent
  one_sided,     ///< padding above and on the right alone
  large,         ///< several tiles of every size, and rest
};
constexpr Image kImages[] = {Image::one_output, Image::one_too_many, Image::smaller,
                             Image::prime,      Image::wide,         Image::high,
                             Image::surrounded, Image::one_sided,    Image::large};

void pad(std::int64_t rows, std::int64_t columns, Conv2dDesc& d) {
  d.pad_top = d.pad_bottom = rows;
  d.pad_left = d.pad_right = columns;
}

void set_image(Image image, Conv2dDesc& d) {
  const std::int64_t extent_h = (d.kernel_h - 1) * d.dilation_h + 1;
  const std::int64_t extent_w = (d.kernel_w - 1) * d.dilation_w + 1;
  switch (image) {
    case Image::one_output:
      d.height = extent_h;
      d.width = extent_w;
      break;
    case Image::one_too_many:
      d.height = extent_h + 1;
      d.width = extent_w + 1;
      break;
    case Image::smaller:
      d.height = (extent_h + 1) / 2;
      d.width = (extent_w + 1) / 2;
      pad(extent_h / 2, extent_w / 2, d);
      break;
    case Image::prime:
      d.height = 13;
      d.width = 29;
      pad(extent_h / 2, extent_w / 2, d);
      break;
    case Image::wide:
      d.height = 1;
      d.width = 43;
      pad(extent_h / 2, extent_w / 2, d);
      break;
    case Image::high:
      d.height = 41;
      d.width = 1;
      pad(extent_h / 2, extent_w / 2, d);
      break;
    case Image::surrounded:
      d.height = 5;
      d.width = 2;
      pad(extent_h + 1, extent_w + 2, d);
      break;
    case Image::one_sided:
      d.height = extent_h + 9;
      d.width = extent_w + 6;
      d.pad_top = extent_h - 1;
      d.pad_right = extent_w - 1;
      break;
    case Image::large:
      d.height = 26;
      d.width = 31;
      pad(extent_h / 2, extent_w / 2, d);
      break;
  }
}

class List {
 public:
  /// Keeps what is valid, not too much work, and new.
  void add(Conv2dDesc d) {
    // What does not change the geometry changes from one to the next, in steps without a common
    // divisor.
    ++seen_;
    d.layout = seen_ % 2 == 0 ? Layout::nchw : Layout::nhwc;
    d.batch = seen_ % 7 == 0 ? 3 : 1;
    d.residual = seen_ % 5 == 0;
    d.activation = seen_ % 3 == 0 ? Activation::relu : Activation::none;
    if (!validate(d) || products_of(d) > kMaxProducts) return;
    OpCase op;
    op.desc = d;
    if (lines_.insert(to_line(op)).second) descs_.push_back(d);
  }
  std::vector<Conv2dDesc> take() { return std::move(descs_); }

 private:
  std::vector<Conv2dDesc> descs_;
  std::set<std::string> lines_;
  std::size_t seen_ = 0;
};

}  // namespace

std::vector<Conv2dDesc> corner_geometries() {
  List list;
  std::size_t turn = 0;
  for (const Extents kernel : kKernels) {
    for (const Extents stride : kStrides) {
      for (const Extents dilation : kDilations) {
        for (const Image image : kImages) {
          Conv2dDesc d;
          d.kernel_h = kernel.h;
          d.kernel_w = kernel.w;
          d.stride_h = stride.h;
          d.stride_w = stride.w;
          d.dilation_h = dilation.h;
          d.dilation_w = dilation.w;
          set_image(image, d);
          // All channels where minimal filtering may be used, two of them elsewhere.
          const bool plain = stride.h * stride.w * dilation.h * dilation.w == 1;
          const std::size_t count =
              plain && kernel.h <= 5 && kernel.w <= 5 ? std::size(kChannels) : 2;
          for (std::size_t i = 0; i < count; ++i) {
            const Channels& channels = kChannels[turn++ % std::size(kChannels)];
            d.in_channels = channels.c;
            d.out_channels = channels.k;
            d.groups = channels.groups;
            list.add(d);
          }
        }
      }
    }
  }
  return list.take();
}

}  // namespace winograd::test
