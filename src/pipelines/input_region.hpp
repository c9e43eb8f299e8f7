// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A rectangle of src (padding included) as the direct and depthwise kernels read it: pixels with
// contiguous channels, no edge cases. In NHWC away from the borders that is the image itself;
// otherwise the rectangle is staged in scratch, with real zeros where padding is.
#ifndef WINOGRAD_SRC_PIPELINES_INPUT_REGION_HPP
#define WINOGRAD_SRC_PIPELINES_INPUT_REGION_HPP

#include "src/planning/plan_data.hpp"

namespace winograd::detail {

struct InputRegion {
  int image;
  int row, col;  ///< of the first pixel in src; may be negative (padding)
  int rows, cols;
  int channel;  ///< first channel
  int channels;
  int fill;          ///< floats of a staged pixel, >= channels; the rest become zeros
  int pixel;         ///< floats from a staged pixel to the next, >= fill
  int row_step = 1;  ///< rows of src from one row of the region to the next
  int col_step = 1;  ///< likewise columns; 1 unless kernels may read channels in place
};

/// What the outputs in `rows` and `cols` read of some channels, staged as whole lane blocks.
InputRegion region_read(const Layer& layer, int image, Range rows, Range cols, Range channels,
                        int pixel) noexcept;

struct InputView {
  const float* base;  ///< first pixel of the region
  std::ptrdiff_t row_stride, pixel_stride;
};

/// `staging` has region.rows * region.cols * region.pixel floats. `may_point` allows the image
/// itself as the answer.
InputView view_input(const PlanData& plan, const Tensors& tensors, const InputRegion& region,
                     bool may_point, float* staging) noexcept;

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PIPELINES_INPUT_REGION_HPP
