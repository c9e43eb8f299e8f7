// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The arguments of winograd.Plan as the library's Conv2dDesc and PlanOptions.
#ifndef WINOGRAD_BINDINGS_PYTHON_SRC_ARGUMENTS_HPP
#define WINOGRAD_BINDINGS_PYTHON_SRC_ARGUMENTS_HPP

#include <pybind11/pybind11.h>

#include <cstdint>
#include <string>
#include <utility>

#include "bindings/python/src/errors.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::python {

namespace py = pybind11;

/// The value whose name is `text`; the names are those of to_string.
template <class Enum>
Enum parse_name(const char* argument, const std::string& text) {
  std::string allowed;
  for (int i = 0; i < 256; ++i) {
    const auto value = static_cast<Enum>(i);
    const std::string name = to_string(value);
    if (name == "unknown") continue;
    if (name == text) return value;
    allowed += (allowed.empty() ? "'" : ", '") + name + "'";
  }
  throw Failure(StatusCode::invalid_argument,
                std::string(argument) + " is '" + text + "', must be one of " + allowed);
}

/// One number for both axes, or a pair (vertical, horizontal).
std::pair<std::int64_t, std::int64_t> parse_pair(const char* argument, const py::object& value);

/// A number, a pair, (top, left, bottom, right), "valid" or "same". The kernel, strides and
/// dilations of `desc` are set before.
void parse_padding(const py::object& value, Conv2dDesc& desc);

/// None, a name, ("clamp", min, max) or ("leaky_relu", slope).
void parse_activation(const py::object& value, Conv2dDesc& desc);

}  // namespace winograd::python

#endif  // WINOGRAD_BINDINGS_PYTHON_SRC_ARGUMENTS_HPP
