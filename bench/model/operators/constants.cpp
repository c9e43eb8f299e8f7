// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Operators whose results a network has before its input: constants, and the shapes of tensors.
#include <algorithm>
#include <cmath>
#include <utility>

#include "bench/model/operators/dims.hpp"
#include "bench/model/operators/functions.hpp"

namespace winograd::bench::operators {

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

}  // namespace winograd::bench::operators
