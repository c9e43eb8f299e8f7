// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Operators that see images: convolution, pooling, padding, resizing.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "bench/model/operators/dims.hpp"
#include "bench/model/operators/functions.hpp"
#include "bench/model/shapes.hpp"

namespace winograd::bench::operators {
namespace {

/// Dimensions of batch and channels, then those of the window's output.
void set_windowed(const Dims& input, std::int64_t channels, const Window& window, Outputs& out) {
  Dims dims = {input[0], channels};
  dims.insert(dims.end(), window.output.begin(), window.output.end());
  for (Tensor& one : out) one.dims = dims;
}

}  // namespace

void convolve(const Operands& in, Outputs& out) {
  if (!in.dims(0) || !in.dims(1)) return;
  const Dims &input = *in.dims(0), &weights = *in.dims(1);
  if (input.size() < 3 || weights.size() != input.size()) return;
  const auto window =
      window_of(in.node(), {input.begin() + 2, input.end()}, {weights.begin() + 2, weights.end()});
  if (window) set_windowed(input, weights[0], *window, out);
}

void convolve_transposed(const Operands& in, Outputs& out) {
  if (!in.dims(0) || !in.dims(1)) return;
  const Dims &input = *in.dims(0), &weights = *in.dims(1);
  if (input.size() < 3 || weights.size() != input.size()) return;
  const std::size_t axes = input.size() - 2;
  Dims dims = {input[0], multiply_dims(weights[1], in.integer("group", 1))};
  const Attribute* fixed = in.attribute("output_shape");
  const Attribute* more = in.attribute("output_padding");
  Node plain = in.node();  // its window is that of the convolution in the other direction
  const auto window =
      window_of(plain, Dims(axes, kUnknownDim), {weights.begin() + 2, weights.end()});
  if (!window) return;
  const std::string automatic = in.text("auto_pad", "NOTSET");
  for (std::size_t i = 0; i < axes; ++i) {
    const std::int64_t from = input[i + 2];
    std::int64_t to = kUnknownDim;
    if (fixed != nullptr && fixed->ints.size() == axes) {
      to = dim_from(static_cast<double>(fixed->ints[i]));
    } else if (automatic.rfind("SAME", 0) == 0) {
      to = multiply_dims(from, window->stride[i]);
    } else if (const std::int64_t spread = multiply_dims(from - 1, window->stride[i]);
               spread >= 0) {
      const std::int64_t extra =
          more != nullptr && more->ints.size() == axes ? more->ints[i] : std::int64_t{0};
      if (extra >= 0 && extra <= kLargestDim)
        to = dim_from(static_cast<double>(spread + (window->kernel[i] - 1) * window->dilation[i] +
                                          1 + extra - window->pad_begin[i] - window->pad_end[i]));
    }
    dims.push_back(to);
  }
  out[0].dims = std::move(dims);
}

void pool(const Operands& in, Outputs& out) {
  const Attribute* kernel = in.attribute("kernel_shape");
  if (!in.dims(0) || in.dims(0)->size() < 3 || kernel == nullptr) return;
  const Dims& input = *in.dims(0);
  const auto window = window_of(in.node(), {input.begin() + 2, input.end()}, kernel->ints);
  if (window) set_windowed(input, input[1], *window, out);
}

void pool_globally(const Operands& in, Outputs& out) {
  if (!in.dims(0) || in.dims(0)->size() < 3) return;
  Dims dims(in.dims(0)->size(), 1);
  std::copy_n(in.dims(0)->begin(), 2, dims.begin());
  out[0].dims = std::move(dims);
}

void pad(const Operands& in, Outputs& out) {
  if (!in.dims(0)) return;
  Dims dims = *in.dims(0);
  const auto pads = in.list("pads", 1);
  if (in.has(3)) return;  // axes, in newer versions
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (!pads || pads->size() != 2 * dims.size() || dims[i] < 0) {
      dims[i] = kUnknownDim;
      continue;
    }
    const auto sum = static_cast<double>(dims[i]) + static_cast<double>((*pads)[i]) +
                     static_cast<double>((*pads)[dims.size() + i]);
    dims[i] = dim_from(sum);
  }
  out[0].dims = std::move(dims);
}

void resize(const Operands& in, Outputs& out) {
  if (!in.dims(0)) return;
  const Dims& dims = *in.dims(0);
  // Resize since version 11: input, region, scales, sizes; Upsample and older: input, scales.
  const bool newer = in.node().type == "Resize" && in.opset() >= 11;
  const Tensor& scales = in.input(newer ? 2 : 1);
  Values factors = scales.values.value_or(Values());
  if (const Attribute* given = in.attribute("scales"); given != nullptr)
    factors.assign(given->floats.begin(), given->floats.end());
  std::vector<std::size_t> axes(dims.size());
  std::iota(axes.begin(), axes.end(), 0);
  if (const Attribute* some = in.attribute("axes"); some != nullptr) {
    const auto chosen = axes_of(some->ints, dims.size());
    if (!chosen) return;
    axes = *chosen;
  }
  Dims result = dims;
  if (newer && in.input(3).values && in.text("keep_aspect_ratio_policy", "stretch") == "stretch" &&
      in.input(3).values->size() == axes.size()) {
    for (std::size_t i = 0; i < axes.size(); ++i)
      result[axes[i]] = dim_from((*in.input(3).values)[i]);
  } else if (factors.size() == axes.size() && !factors.empty()) {
    for (std::size_t i = 0; i < axes.size(); ++i)
      if (dims[axes[i]] >= 0)
        // Scales are single precision: 1.3333334 of 3 is 4.
        result[axes[i]] = dim_from(std::floor(static_cast<double>(
            static_cast<float>(dims[axes[i]]) * static_cast<float>(factors[i]))));
  } else {
    for (const std::size_t axis : axes)
      if (axis >= 2) result[axis] = kUnknownDim;
  }
  out[0].dims = std::move(result);
}

void depth_to_space(const Operands& in, Outputs& out) {
  const std::int64_t block = in.integer("blocksize", 0);
  if (!in.dims(0) || in.dims(0)->size() != 4 || block < 1 || block > 4096) return;
  Dims dims = *in.dims(0);
  const bool to_space = in.node().type == "DepthToSpace";
  const auto divide = [](std::int64_t a, std::int64_t b) { return a < 0 ? kUnknownDim : a / b; };
  dims[1] = to_space ? divide(dims[1], block * block) : multiply_dims(dims[1], block * block);
  for (const std::size_t axis : {2U, 3U})
    dims[axis] = to_space ? multiply_dims(dims[axis], block) : divide(dims[axis], block);
  out[0].dims = std::move(dims);
}

}  // namespace winograd::bench::operators
