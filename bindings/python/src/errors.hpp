// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The library's Status as Python's exceptions, one for each kind of failure.
#ifndef WINOGRAD_BINDINGS_PYTHON_SRC_ERRORS_HPP
#define WINOGRAD_BINDINGS_PYTHON_SRC_ERRORS_HPP

#include <pybind11/pybind11.h>

#include <stdexcept>
#include <string>

#include "winograd/status.hpp"

namespace winograd::python {

/// On its way to becoming a Python exception; needs no GIL.
class Failure : public std::runtime_error {
 public:
  Failure(StatusCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  explicit Failure(const Status& status) : Failure(status.code(), status.message()) {}
  StatusCode code() const { return code_; }

 private:
  StatusCode code_;
};

inline void check(const Status& status) {
  if (!status) throw Failure(status);
}

/// The value, or a Failure.
template <class T>
T unwrap(Result<T> result) {
  if (!result) throw Failure(result.status());
  return std::move(result).value();
}

/// Adds the classes of exceptions to the module, and has Failure become one of them.
void define_errors(pybind11::module_& module);

}  // namespace winograd::python

#endif  // WINOGRAD_BINDINGS_PYTHON_SRC_ERRORS_HPP
