// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Operators that leave the elements as they are: they join, cut, repeat and rename.
#include <algorithm>
#include <cstdlib>
#include <numeric>
#include <utility>

#include "bench/model/operators/dims.hpp"
#include "bench/model/operators/functions.hpp"
#include "bench/model/shapes.hpp"

namespace winograd::bench::operators {

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

}  // namespace winograd::bench::operators
