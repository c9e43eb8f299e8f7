// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bindings/python/src/arguments.hpp"

namespace winograd::python {
namespace {

std::int64_t to_integer(const char* argument, const py::handle& value) {
  // Whatever has __index__, NumPy's integers among them, but not a float.
  const std::int64_t number =
      PyLong_AsLongLong(py::reinterpret_steal<py::object>(PyNumber_Index(value.ptr())).ptr());
  if (PyErr_Occurred() == nullptr) return number;
  if (PyErr_ExceptionMatches(PyExc_OverflowError) != 0) throw py::error_already_set();
  PyErr_Clear();
  throw py::type_error(std::string(argument) +
                       " has a value that is no integer: " + std::string(py::repr(value)));
}

bool is_sequence(const py::handle& value) {
  return py::isinstance<py::tuple>(value) || py::isinstance<py::list>(value);
}

[[noreturn]] void invalid(const std::string& message) {
  throw Failure(StatusCode::invalid_argument, message);
}

}  // namespace

std::pair<std::int64_t, std::int64_t> parse_pair(const char* argument, const py::object& value) {
  if (!is_sequence(value)) {
    const std::int64_t both = to_integer(argument, value);
    return {both, both};
  }
  const auto pair = py::reinterpret_borrow<py::sequence>(value);
  if (pair.size() != 2) {
    invalid(std::string(argument) + " has " + std::to_string(pair.size()) +
            " numbers, must be one or two");
  }
  const py::object vertical = pair[0], horizontal = pair[1];
  return {to_integer(argument, vertical), to_integer(argument, horizontal)};
}

void parse_padding(const py::object& value, Conv2dDesc& desc) {
  if (py::isinstance<py::str>(value)) {
    const std::string name = py::str(value);
    if (name == "valid") return;
    if (name != "same") invalid("padding is '" + name + "', must be numbers, 'valid' or 'same'");
    if (desc.stride_h != 1 || desc.stride_w != 1) invalid("padding 'same' is for stride 1");
    const std::int64_t rows = (desc.kernel_h - 1) * desc.dilation_h;
    const std::int64_t columns = (desc.kernel_w - 1) * desc.dilation_w;
    desc.pad_top = rows / 2;
    desc.pad_bottom = rows - desc.pad_top;
    desc.pad_left = columns / 2;
    desc.pad_right = columns - desc.pad_left;
    return;
  }
  if (is_sequence(value) && py::len(value) == 4) {
    const auto sides = py::reinterpret_borrow<py::sequence>(value);
    std::int64_t* const fields[] = {&desc.pad_top, &desc.pad_left, &desc.pad_bottom,
                                    &desc.pad_right};
    for (std::size_t i = 0; i < 4; ++i) {
      const py::object side = sides[i];
      *fields[i] = to_integer("padding", side);
    }
    return;
  }
  if (is_sequence(value) && py::len(value) != 2) {
    invalid("padding has " + std::to_string(py::len(value)) +
            " numbers, must be one, two (vertical, horizontal) or four (top, left, bottom, right)");
  }
  const auto [vertical, horizontal] = parse_pair("padding", value);
  desc.pad_top = desc.pad_bottom = vertical;
  desc.pad_left = desc.pad_right = horizontal;
}

void parse_activation(const py::object& value, Conv2dDesc& desc) {
  if (value.is_none()) return;
  if (py::isinstance<py::str>(value)) {
    desc.activation = parse_name<Activation>("activation", py::str(value));
    if (desc.activation == Activation::clamp) {
      invalid("activation 'clamp' needs its bounds: ('clamp', min, max)");
    }
    return;
  }
  if (!is_sequence(value) || py::len(value) == 0) {
    throw py::type_error(
        "activation must be None, a name, ('clamp', min, max) or "
        "('leaky_relu', slope)");
  }
  const auto parts = py::reinterpret_borrow<py::sequence>(value);
  const py::object first = parts[0];
  desc.activation = parse_name<Activation>("activation", py::str(first));
  if (desc.activation == Activation::clamp && parts.size() == 3) {
    desc.activation_min = parts[1].cast<float>();
    desc.activation_max = parts[2].cast<float>();
  } else if (desc.activation == Activation::leaky_relu && parts.size() == 2) {
    desc.leaky_slope = parts[1].cast<float>();
  } else if (parts.size() != 1 || desc.activation == Activation::clamp) {
    invalid("activation " + std::string(py::repr(value)) +
            " has not the numbers that it needs: ('clamp', min, max), ('leaky_relu', slope)");
  }
}

}  // namespace winograd::python
