// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// winograd.Plan: a Conv2dPlan with its threads, and the order that its arrays have in memory.
#ifndef WINOGRAD_BINDINGS_PYTHON_SRC_PLAN_HPP
#define WINOGRAD_BINDINGS_PYTHON_SRC_PLAN_HPP

#include <pybind11/pybind11.h>

#include <optional>
#include <string>

#include "bindings/python/src/tensor.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::python {

/// The keyword arguments of Plan.
struct PlanArguments {
  py::object stride, padding, dilation;
  std::int64_t groups;
  std::string layout, weight_layout;
  py::object activation;
  bool residual;
  py::object output_scale, output_shift, prelu_slopes;
  std::string algorithm, accuracy, max_isa;
  std::size_t workspace_limit_bytes, packed_limit_bytes;
  bool flush_subnormal_weights;
  int threads;
};

class Plan {
 public:
  /// `x` is an array or a shape, `weights` an array or PackedWeights.
  static Plan create(const py::object& x, const py::object& weights, const py::object& bias,
                     const PlanArguments& arguments);

  Plan reshaped(std::optional<std::int64_t> batch, std::optional<std::int64_t> height,
                std::optional<std::int64_t> width) const;

  /// Returns `out`, or a new array if that is None. Warnings point `stack_level` frames up.
  py::object run(const py::object& x, const py::object& out, const py::object& residual,
                 int stack_level) const;

  /// CPU time of the C++ function behind run(), without Python: for the measure of what that adds.
  double seconds_per_run(const py::object& x, const py::object& out, int calls) const;

  const Conv2dPlan& plan() const { return plan_; }
  int threads() const { return threads_; }
  std::size_t workspace_bytes() const { return workspace_.size_bytes; }
  Layout layout() const { return layout_; }
  Extents input_shape() const;
  Extents output_shape() const;

 private:
  Plan(Conv2dPlan plan, Layout layout, int threads);
  Extents indexed(std::int64_t channels, std::int64_t height, std::int64_t width) const;

  Conv2dPlan plan_;
  Layout layout_;  ///< in which arrays are indexed; plan_.desc().layout is that of their memory
  Order order_;    ///< between the two
  int threads_;
  WorkspaceRequirement workspace_;
};

}  // namespace winograd::python

#endif  // WINOGRAD_BINDINGS_PYTHON_SRC_PLAN_HPP
