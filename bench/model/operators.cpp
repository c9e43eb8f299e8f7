// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/model/operators.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "bench/model/shapes.hpp"

namespace winograd::bench {

const Tensor& Operands::input(std::size_t index) const {
  static const Tensor nothing;
  return has(index) ? *inputs_[index] : nothing;
}

const Attribute* Operands::attribute(const char* name) const {
  const auto found = node_.attributes.find(name);
  return found == node_.attributes.end() ? nullptr : &found->second;
}

std::int64_t Operands::integer(const char* name, std::int64_t otherwise) const {
  const Attribute* found = attribute(name);
  return found == nullptr ? otherwise : found->i.value_or(otherwise);
}

std::string Operands::text(const char* name, const char* otherwise) const {
  const Attribute* found = attribute(name);
  return found == nullptr ? otherwise : found->s.value_or(otherwise);
}

namespace {

using Values = std::vector<double>;
using Outputs = std::vector<Tensor>;

/// Values beyond this stand for "to the end".
constexpr double kFar = 4611686018427387904.0;  // 2^62

/// What stands for a value that is not known among whole ones. No dimension, and no axis.
constexpr std::int64_t kNotKnown = std::numeric_limits<std::int64_t>::min();

std::int64_t whole(double value) {
  if (std::isnan(value)) return kNotKnown;
  return static_cast<std::int64_t>(std::clamp(std::trunc(value), -kFar, kFar));
}

std::int64_t product(const Dims& dims, std::size_t begin, std::size_t end) {
  std::int64_t result = 1;
  for (std::size_t i = begin; i < end; ++i) result = multiply_dims(result, dims[i]);
  return result;
}

std::int64_t product(const Dims& dims) { return product(dims, 0, dims.size()); }

/// The axis counted from the front, if there is one.
std::optional<std::size_t> axis_of(std::int64_t axis, std::size_t rank) {
  const auto count = static_cast<std::int64_t>(rank);
  if (axis < -count || axis >= count) return std::nullopt;
  return static_cast<std::size_t>(axis < 0 ? axis + count : axis);
}

std::optional<std::vector<std::size_t>> axes_of(const Dims& axes, std::size_t rank) {
  std::vector<std::size_t> result;
  for (const std::int64_t axis : axes) {
    const auto one = axis_of(axis, rank);
    if (!one) return std::nullopt;
    result.push_back(*one);
  }
  return result;
}

bool contains(const std::vector<std::size_t>& axes, std::size_t axis) {
  return std::find(axes.begin(), axes.end(), axis) != axes.end();
}

std::int64_t dim_from(double value) {
  return value < 0 || !(value <= static_cast<double>(kLargestDim)) ? kUnknownDim : whole(value);
}

void same(const Operands& in, Outputs& out) { out[0].dims = in.dims(0); }

/// Of one tensor, element by element, for shapes that a network computes.
void map_values(const Operands& in, Outputs& out) {
  out[0].dims = in.dims(0);
  out[0].values = in.input(0).values;
  if (!out[0].values) return;
  const std::string& type = in.node().type;
  constexpr std::int64_t kInt32 = 6, kInt64 = 7;
  const std::int64_t to = in.integer("to", 0);
  if (type == "Cast") out[0].whole = to == kInt32 || to == kInt64;
  for (double& value : *out[0].values) {
    if (type == "Floor") value = std::floor(value);
    if (type == "Ceil") value = std::ceil(value);
    if (type == "Neg") value = -value;
    if (out[0].whole) value = std::trunc(value);
  }
}

std::int64_t broadcast_dim(std::int64_t a, std::int64_t b) {
  if (a == 1) return b;
  if (b == 1 || a == b || b == kUnknownDim) return a;
  return a == kUnknownDim ? b : kUnknownDim;
}

double combine(const std::string& type, bool whole, double a, double b) {
  if (type == "Add") return a + b;
  if (type == "Sub") return a - b;
  if (type == "Mul") return a * b;
  if (type == "Div" && b != 0) return whole ? std::trunc(a / b) : a / b;
  if (type == "Min") return std::min(a, b);
  if (type == "Max") return std::max(a, b);
  return std::nan("");
}

/// Of two small constants, one of which may be a single number. Of other operators nothing is
/// known.
void broadcast_values(const Operands& in, Tensor& out) {
  if (in.size() != 2 || !in.input(0).values || !in.input(1).values) return;
  const Values &a = *in.input(0).values, &b = *in.input(1).values;
  if (a.empty() || b.empty() || (a.size() != b.size() && a.size() != 1 && b.size() != 1)) return;
  Values values(std::max(a.size(), b.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = combine(in.node().type, in.input(0).whole, a[a.size() == 1 ? 0 : i],
                        b[b.size() == 1 ? 0 : i]);
  }
  out.values = std::move(values);
}

void broadcast(const Operands& in, Outputs& out) {
  Dims result;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (!in.dims(i)) return;
    Dims dims = *in.dims(i);
    if (dims.size() > result.size()) std::swap(dims, result);
    for (std::size_t axis = 1; axis <= dims.size(); ++axis) {
      std::int64_t& to = result[result.size() - axis];
      to = broadcast_dim(to, dims[dims.size() - axis]);
    }
  }
  out[0].dims = std::move(result);
  broadcast_values(in, out[0]);
}

/// Dimensions of batch and channels, then those of the window's output.
void set_windowed(const Dims& input, std::int64_t channels, const Window& window, Outputs& out) {
  Dims dims = {input[0], channels};
  dims.insert(dims.end(), window.output.begin(), window.output.end());
  for (Tensor& one : out) one.dims = dims;
}

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

void concatenate(const Operands& in, Outputs& out) {
  Values values;
  bool all_values = true;
  Dims dims;
  std::optional<std::size_t> axis;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (all_values && in.input(i).values && values.size() <= kMostValues)
      values.insert(values.end(), in.input(i).values->begin(), in.input(i).values->end());
    else
      all_values = false;
    if (!in.dims(i)) return;
    if (i == 0) {
      dims = *in.dims(0);
      axis = axis_of(in.integer("axis", 1), dims.size());
      if (!axis) return;
      continue;
    }
    const Dims& more = *in.dims(i);
    if (more.size() != dims.size()) return;
    for (std::size_t a = 0; a < dims.size(); ++a) {
      if (a != *axis) {
        if (dims[a] == kUnknownDim) dims[a] = more[a];
      } else {
        dims[a] = dims[a] < 0 || more[a] < 0 || dims[a] + more[a] > kLargestDim ? kUnknownDim
                                                                                : dims[a] + more[a];
      }
    }
  }
  if (!axis) return;
  if (all_values && dims.size() == 1) out[0].values = std::move(values);
  out[0].dims = std::move(dims);
}

void split(const Operands& in, Outputs& out) {
  if (!in.dims(0)) return;
  const auto axis = axis_of(in.integer("axis", 0), in.dims(0)->size());
  if (!axis) return;
  const auto parts = in.list("split", 1);
  const std::int64_t whole_dim = (*in.dims(0))[*axis];
  const auto count = static_cast<std::int64_t>(out.size());
  const std::int64_t each = whole_dim < 0 ? kUnknownDim : (whole_dim + count - 1) / count;
  for (std::size_t i = 0; i < out.size(); ++i) {
    Dims dims = *in.dims(0);
    if (parts && parts->size() == out.size())
      dims[*axis] = dim_from(static_cast<double>((*parts)[i]));
    else if (whole_dim >= 0)
      dims[*axis] =
          std::clamp<std::int64_t>(whole_dim - each * static_cast<std::int64_t>(i), 0, each);
    out[i].dims = std::move(dims);
  }
}

void slice(const Operands& in, Outputs& out) {
  if (!in.dims(0)) return;
  Dims dims = *in.dims(0);
  const auto starts = in.list("starts", 1), ends = in.list("ends", 2);
  auto axes = in.list("axes", 3);
  const auto steps = in.list("steps", 4);
  if (!axes && !in.has(3)) {
    axes.emplace(starts ? starts->size() : dims.size());
    std::iota(axes->begin(), axes->end(), 0);
  }
  if (!axes || !axes_of(*axes, dims.size())) return;
  const std::vector<std::size_t> at = *axes_of(*axes, dims.size());
  const bool known = starts && ends && starts->size() == at.size() && ends->size() == at.size() &&
                     (steps ? steps->size() == at.size() : !in.has(4));
  for (std::size_t i = 0; i < at.size(); ++i) {
    std::int64_t& dim = dims[at[i]];
    const std::int64_t step = known && steps ? (*steps)[i] : 1;
    if (!known || dim < 0 || (*starts)[i] == kNotKnown || (*ends)[i] == kNotKnown || step == 0 ||
        step < -kLargestDim || step > kLargestDim) {
      dim = kUnknownDim;
      continue;
    }
    const auto clip = [&](std::int64_t place, std::int64_t least, std::int64_t most) {
      return std::clamp(place < 0 ? place + dim : place, least, most);
    };
    const std::int64_t begin =
        step > 0 ? clip((*starts)[i], 0, dim) : clip((*starts)[i], 0, dim - 1);
    const std::int64_t end = step > 0 ? clip((*ends)[i], 0, dim) : clip((*ends)[i], -1, dim - 1);
    const std::int64_t length = step > 0 ? end - begin : begin - end;
    const std::int64_t stride = std::abs(step);
    // The first axis of a list of values, which is what slices of shapes are.
    if (in.input(0).values && dims.size() == 1 && at.size() == 1 && length > 0) {
      Values values;
      for (std::int64_t k = begin; step > 0 ? k < end : k > end; k += step)
        if (k >= 0 && k < static_cast<std::int64_t>(in.input(0).values->size()))
          values.push_back((*in.input(0).values)[static_cast<std::size_t>(k)]);
      out[0].values = std::move(values);
    }
    dim = length <= 0 ? 0 : (length + stride - 1) / stride;
  }
  out[0].dims = std::move(dims);
}

void reshape(const Operands& in, Outputs& out) {
  const auto target = in.list("shape", 1);
  if (!target) {
    // Only how many dimensions there will be.
    if (in.dims(1) && in.dims(1)->size() == 1 && (*in.dims(1))[0] >= 0 &&
        (*in.dims(1))[0] <= static_cast<std::int64_t>(kMostDims))
      out[0].dims = Dims(static_cast<std::size_t>((*in.dims(1))[0]), kUnknownDim);
    return;
  }
  Dims dims;
  std::optional<std::size_t> rest;
  const bool zero_is_zero = in.integer("allowzero", 0) != 0;
  for (std::size_t i = 0; i < target->size(); ++i) {
    const std::int64_t dim = (*target)[i];
    if (dim == -1) rest = i;
    if (dim == 0 && !zero_is_zero)
      dims.push_back(in.dims(0) && i < in.dims(0)->size() ? (*in.dims(0))[i] : kUnknownDim);
    else
      dims.push_back(dim_from(static_cast<double>(dim)));
  }
  if (rest && in.dims(0)) {
    const std::int64_t all = product(*in.dims(0));
    dims[*rest] = 1;
    const std::int64_t others = product(dims);
    dims[*rest] = all >= 0 && others > 0 ? all / others : kUnknownDim;
  }
  out[0].dims = std::move(dims);
  out[0].values = in.input(0).values;
}

void flatten(const Operands& in, Outputs& out) {
  if (!in.dims(0)) return;
  const Dims& dims = *in.dims(0);
  std::int64_t axis = in.integer("axis", 1);
  const auto rank = static_cast<std::int64_t>(dims.size());
  if (axis < 0) axis += rank;
  if (axis < 0 || axis > rank) return;
  const auto at = static_cast<std::size_t>(axis);
  out[0].dims = Dims{product(dims, 0, at), product(dims, at, dims.size())};
}

void transpose(const Operands& in, Outputs& out) {
  if (!in.dims(0)) return;
  const Dims& dims = *in.dims(0);
  Dims result;
  const Attribute* order = in.attribute("perm");
  if (order == nullptr || order->ints.empty()) {
    result.assign(dims.rbegin(), dims.rend());
  } else {
    const auto axes = axes_of(order->ints, dims.size());
    if (!axes || axes->size() != dims.size()) return;
    for (const std::size_t axis : *axes) result.push_back(dims[axis]);
  }
  out[0].dims = std::move(result);
}

void squeeze(const Operands& in, Outputs& out) {
  out[0].values = in.input(0).values;
  if (!in.dims(0)) return;
  const Dims& dims = *in.dims(0);
  const auto listed = in.list("axes", 1);
  if (!listed && in.has(1)) return;
  const auto axes = axes_of(listed.value_or(Dims()), dims.size());
  if (!axes) return;
  Dims result;
  for (std::size_t i = 0; i < dims.size(); ++i)
    if (listed ? !contains(*axes, i) : dims[i] != 1) result.push_back(dims[i]);
  out[0].dims = std::move(result);
}

void unsqueeze(const Operands& in, Outputs& out) {
  out[0].values = in.input(0).values;
  const auto listed = in.list("axes", 1);
  if (!in.dims(0) || !listed || listed->size() > kMostDims) return;
  const std::size_t rank = in.dims(0)->size() + listed->size();
  const auto axes = axes_of(*listed, rank);
  if (!axes) return;
  Dims result;
  std::size_t from = 0;
  for (std::size_t i = 0; i < rank; ++i) {
    if (contains(*axes, i))
      result.push_back(1);
    else if (from < in.dims(0)->size())
      result.push_back((*in.dims(0))[from++]);
  }
  out[0].dims = std::move(result);
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

void gemm(const Operands& in, Outputs& out) {
  if (!in.dims(0) || !in.dims(1) || in.dims(0)->size() != 2 || in.dims(1)->size() != 2) return;
  out[0].dims = Dims{(*in.dims(0))[in.integer("transA", 0) != 0 ? 1 : 0],
                     (*in.dims(1))[in.integer("transB", 0) != 0 ? 0 : 1]};
}

void multiply_matrices(const Operands& in, Outputs& out) {
  if (!in.dims(0) || !in.dims(1)) return;
  Dims a = *in.dims(0), b = *in.dims(1);
  if (a.size() < 2 || b.size() < 2) return;
  Dims result = a.size() >= b.size() ? a : b;
  const Dims& other = a.size() >= b.size() ? b : a;
  for (std::size_t axis = 3; axis <= other.size(); ++axis) {
    std::int64_t& to = result[result.size() - axis];
    to = broadcast_dim(to, other[other.size() - axis]);
  }
  result[result.size() - 2] = a[a.size() - 2];
  result.back() = b.back();
  out[0].dims = std::move(result);
}

void shape_of(const Operands& in, Outputs& out) {
  if (!in.dims(0)) return;
  const auto rank = static_cast<std::int64_t>(in.dims(0)->size());
  const auto clip = [&](std::int64_t place) {
    return std::clamp<std::int64_t>(place < 0 ? place + rank : place, 0, rank);
  };
  const std::int64_t begin = clip(std::clamp(in.integer("start", 0), -rank, rank));
  const std::int64_t end = std::max(begin, clip(std::clamp(in.integer("end", rank), -rank, rank)));
  out[0].dims = Dims{end - begin};
  Values values;
  for (std::int64_t i = begin; i < end; ++i) {
    const std::int64_t dim = (*in.dims(0))[static_cast<std::size_t>(i)];
    values.push_back(dim == kUnknownDim ? std::nan("") : static_cast<double>(dim));
  }
  out[0].whole = true;
  out[0].values = std::move(values);
}

void gather(const Operands& in, Outputs& out) {
  if (!in.dims(0) || !in.dims(1)) return;
  const Dims& dims = *in.dims(0);
  const auto axis = axis_of(in.integer("axis", 0), dims.size());
  if (!axis) return;
  Dims result(dims.begin(), dims.begin() + static_cast<std::ptrdiff_t>(*axis));
  result.insert(result.end(), in.dims(1)->begin(), in.dims(1)->end());
  result.insert(result.end(), dims.begin() + static_cast<std::ptrdiff_t>(*axis) + 1, dims.end());
  if (dims.size() == 1 && in.input(0).values && in.input(1).values) {
    Values values;
    const auto count = static_cast<std::int64_t>(in.input(0).values->size());
    for (const double index : *in.input(1).values) {
      const auto at = axis_of(whole(index), static_cast<std::size_t>(count));
      if (!at) return;
      values.push_back((*in.input(0).values)[*at]);
    }
    out[0].values = std::move(values);
  }
  out[0].dims = std::move(result);
}

void constant(const Operands& in, Outputs& out) {
  if (const Attribute* value = in.attribute("value"); value != nullptr && value->t)
    out[0] = *value->t;
  else if (const Attribute* real = in.attribute("value_float"); real != nullptr && real->f)
    out[0] = {Dims(), Values{static_cast<double>(*real->f)}};
  else if (const Attribute* number = in.attribute("value_int"); number != nullptr && number->i)
    out[0] = {Dims(), Values{static_cast<double>(*number->i)}, true};
  else if (const Attribute* list = in.attribute("value_ints"); list != nullptr)
    out[0] = {Dims{static_cast<std::int64_t>(list->ints.size())},
              Values(list->ints.begin(), list->ints.end()), true};
  else if (const Attribute* reals = in.attribute("value_floats"); reals != nullptr)
    out[0] = {Dims{static_cast<std::int64_t>(reals->floats.size())},
              Values(reals->floats.begin(), reals->floats.end())};
  out[0].constant = true;
}

void constant_of_shape(const Operands& in, Outputs& out) {
  const std::optional<Dims> dims = in.list("", 0);
  if (!dims) return;
  Dims checked;
  for (const std::int64_t dim : *dims) checked.push_back(dim_from(static_cast<double>(dim)));
  const Attribute* value = in.attribute("value");
  const std::int64_t count = product(checked);
  if (count >= 0 && count <= static_cast<std::int64_t>(kMostValues)) {
    double one = 0.0;
    if (value != nullptr && value->t && value->t->values && value->t->values->size() == 1)
      one = (*value->t->values)[0];
    out[0].values = Values(static_cast<std::size_t>(count), one);
  }
  out[0].dims = std::move(checked);
}

void expand(const Operands& in, Outputs& out) {
  const auto target = in.list("", 1);
  if (!in.dims(0) || !target) return;
  Dims result;
  for (const std::int64_t dim : *target) result.push_back(dim_from(static_cast<double>(dim)));
  Dims other = *in.dims(0);
  if (other.size() > result.size()) std::swap(other, result);
  for (std::size_t axis = 1; axis <= other.size(); ++axis) {
    std::int64_t& to = result[result.size() - axis];
    to = broadcast_dim(to, other[other.size() - axis]);
  }
  out[0].dims = std::move(result);
}

void tile(const Operands& in, Outputs& out) {
  if (!in.dims(0)) return;
  const auto repeats = in.list("", 1);
  Dims dims = *in.dims(0);
  for (std::size_t i = 0; i < dims.size(); ++i)
    dims[i] = repeats && repeats->size() == dims.size() ? multiply_dims(dims[i], (*repeats)[i])
                                                        : kUnknownDim;
  out[0].dims = std::move(dims);
}

void reduce(const Operands& in, Outputs& out) {
  if (!in.dims(0)) return;
  const Dims& dims = *in.dims(0);
  auto listed = in.list("axes", 1);
  if (!listed && in.has(1)) return;
  if (const Attribute* one = in.attribute("axis"); one != nullptr)  // ArgMax, ArgMin
    listed = Dims{one->i.value_or(0)};
  else if (in.node().type.rfind("Arg", 0) == 0)
    listed = Dims{0};
  const auto axes = axes_of(listed.value_or(Dims()), dims.size());
  if (!axes) return;
  const bool all = !listed || listed->empty();
  const bool keep = in.integer("keepdims", 1) != 0;
  Dims result;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    if (!all && !contains(*axes, i))
      result.push_back(dims[i]);
    else if (keep)
      result.push_back(1);
  }
  out[0].dims = std::move(result);
}

const std::map<std::string, ShapeFunction>& table() {
  static const std::map<std::string, ShapeFunction> functions = [] {
    std::map<std::string, ShapeFunction> all;
    const auto add = [&](ShapeFunction function, std::initializer_list<const char*> names) {
      for (const char* name : names) all[name] = function;
    };
    add(same, {"Abs",
               "Acos",
               "Asin",
               "Atan",
               "BatchNormalization",
               "Celu",
               "Clip",
               "Cos",
               "CumSum",
               "DequantizeLinear",
               "Dropout",
               "Elu",
               "Erf",
               "Exp",
               "Gelu",
               "GroupNormalization",
               "HardSigmoid",
               "HardSwish",
               "Hardmax",
               "InstanceNormalization",
               "IsInf",
               "IsNaN",
               "LRN",
               "LayerNormalization",
               "LeakyRelu",
               "Log",
               "LogSoftmax",
               "LpNormalization",
               "MeanVarianceNormalization",
               "Mish",
               "Not",
               "PRelu",
               "QuantizeLinear",
               "Reciprocal",
               "Relu",
               "Round",
               "Selu",
               "Shrink",
               "Sigmoid",
               "Sign",
               "Sin",
               "Softmax",
               "Softplus",
               "Softsign",
               "Sqrt",
               "Swish",
               "Tan",
               "Tanh",
               "ThresholdedRelu",
               "Trilu"});
    add(map_values, {"Cast", "Ceil", "Floor", "Identity", "Neg"});
    add(broadcast,
        {"Add",  "And",         "BitwiseAnd", "Div",  "Equal", "Greater", "GreaterOrEqual",
         "Less", "LessOrEqual", "Max",        "Mean", "Min",   "Mod",     "Mul",
         "Or",   "Pow",         "Sub",        "Sum",  "Where", "Xor"});
    add(convolve, {"Conv"});
    add(convolve_transposed, {"ConvTranspose"});
    add(pool, {"AveragePool", "LpPool", "MaxPool"});
    add(pool_globally, {"GlobalAveragePool", "GlobalLpPool", "GlobalMaxPool"});
    add(concatenate, {"Concat"});
    add(split, {"Split"});
    add(slice, {"Slice"});
    add(reshape, {"Reshape"});
    add(flatten, {"Flatten"});
    add(transpose, {"Transpose"});
    add(squeeze, {"Squeeze"});
    add(unsqueeze, {"Unsqueeze"});
    add(pad, {"Pad"});
    add(resize, {"Resize", "Upsample"});
    add(depth_to_space, {"DepthToSpace", "SpaceToDepth"});
    add(gemm, {"Gemm"});
    add(multiply_matrices, {"MatMul"});
    add(shape_of, {"Shape"});
    add(gather, {"Gather"});
    add(constant, {"Constant"});
    add(constant_of_shape, {"ConstantOfShape"});
    add(expand, {"Expand"});
    add(tile, {"Tile"});
    add(reduce,
        {"ArgMax", "ArgMin", "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax",
         "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare"});
    return all;
  }();
  return functions;
}

}  // namespace

std::optional<Dims> Operands::list(const char* name, std::size_t index) const {
  if (const Attribute* found = attribute(name); found != nullptr) return found->ints;
  if (!input(index).values) return std::nullopt;
  Dims result;
  for (const double value : *input(index).values) result.push_back(whole(value));
  return result;
}

ShapeFunction shape_function(const Node& node) {
  // ONNX Runtime saves optimised models with convolutions of its own, which are Conv and more.
  if (node.domain == "com.microsoft" && node.type == "FusedConv") return convolve;
  if (!node.domain.empty()) return nullptr;
  const auto found = table().find(node.type);
  return found == table().end() ? nullptr : found->second;
}

}  // namespace winograd::bench
