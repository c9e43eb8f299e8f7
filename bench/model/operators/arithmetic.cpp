// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Operators that compute: element by element, of matrices, along axes.
#include <algorithm>
#include <cmath>
#include <utility>

#include "bench/model/operators/dims.hpp"
#include "bench/model/operators/functions.hpp"

namespace winograd::bench::operators {

void same(const Operands& in, Outputs& out) { out[0].dims = in.dims(0); }

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

namespace {

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

}  // namespace

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

}  // namespace winograd::bench::operators
