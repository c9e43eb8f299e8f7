// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bindings/python/src/errors.hpp"

#include <array>

namespace winograd::python {
namespace {

namespace py = pybind11;

// Indexed by StatusCode. They live as long as the interpreter.
std::array<PyObject*, 6> exceptions;

PyObject* define(py::module_& module, const char* name, const char* doc, py::tuple bases) {
  const std::string full = "winograd." + std::string(name);
  PyObject* const type = PyErr_NewExceptionWithDoc(full.c_str(), doc, bases.ptr(), nullptr);
  if (type == nullptr) throw py::error_already_set();
  module.attr(name) = py::handle(type);
  return type;
}

}  // namespace

void define_errors(py::module_& module) {
  const auto builtin = [](PyObject* type) { return py::handle(type); };
  const py::handle error = define(module, "Error", "What every error of the library is.",
                                  py::make_tuple(builtin(PyExc_Exception)));
  const auto of = [&](StatusCode code, const char* name, const char* doc, PyObject* base) {
    exceptions[static_cast<std::size_t>(code)] =
        define(module, name, doc, py::make_tuple(error, builtin(base)));
  };
  of(StatusCode::invalid_argument, "InvalidArgumentError",
     "The caller's mistake: a value that no build of the library accepts.", PyExc_ValueError);
  of(StatusCode::unsupported, "UnsupportedError",
     "A valid request that this build, CPU or algorithm does not cover.",
     PyExc_NotImplementedError);
  of(StatusCode::workspace, "WorkspaceError", "The cap of the workspace is too tight.",
     PyExc_ValueError);
  of(StatusCode::bad_packed_data, "BadPackedDataError",
     "Saved weights that are damaged, or made for something else.", PyExc_ValueError);
  of(StatusCode::out_of_memory, "OutOfMemoryError", "An allocation failed.", PyExc_MemoryError);
  define(module, "CopyWarning",
         "An array was copied because of the order of its elements in memory: correct, but slower.",
         py::make_tuple(builtin(PyExc_UserWarning)));
  py::register_exception_translator([](std::exception_ptr pointer) {
    try {
      if (pointer) std::rethrow_exception(pointer);
    } catch (const Failure& failure) {
      PyErr_SetString(exceptions[static_cast<std::size_t>(failure.code())], failure.what());
    }
  });
}

}  // namespace winograd::python
