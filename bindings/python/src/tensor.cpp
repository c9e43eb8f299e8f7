// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bindings/python/src/tensor.hpp"

#include <dlpack/dlpack.h>

#include <cstring>

#include "bindings/python/src/errors.hpp"

namespace winograd::python {
namespace {

[[noreturn]] void wrong_type(const char* argument, const std::string& what) {
  throw py::type_error(std::string(argument) + " " + what);
}

std::string type_name(const py::handle& object) {
  return py::str(py::type::handle_of(object).attr("__name__"));
}

void check_axes(const char* argument, int axes, std::int64_t given) {
  if (given == axes) return;
  throw Failure(StatusCode::invalid_argument, std::string(argument) + " has " +
                                                  std::to_string(given) + " axes, must have " +
                                                  std::to_string(axes));
}

Tensor from_numpy(const py::handle& object, const char* argument, int axes) {
  if (!py::isinstance<py::array_t<float>>(object)) {
    wrong_type(argument, "is an array of " + std::string(py::str(object.attr("dtype"))) +
                             ", must be float32: convert it with .astype(numpy.float32)");
  }
  const auto array = py::reinterpret_borrow<py::array>(object);
  check_axes(argument, axes, array.ndim());
  Tensor tensor;
  tensor.axes = axes;
  tensor.writable = array.writeable();
  tensor.data = static_cast<char*>(const_cast<void*>(array.data()));
  for (int i = 0; i < axes; ++i) {
    tensor.shape[static_cast<std::size_t>(i)] = array.shape(i);
    tensor.strides_bytes[static_cast<std::size_t>(i)] = array.strides(i);
  }
  tensor.owner = array;
  return tensor;
}

/// The capsule is not consumed, only kept: its own destructor gives the memory back.
Tensor from_dlpack(const py::handle& object, const char* argument, int axes) {
  const py::object capsule = object.attr("__dlpack__")();
  auto* const managed =
      static_cast<DLManagedTensor*>(PyCapsule_GetPointer(capsule.ptr(), "dltensor"));
  if (managed == nullptr) throw py::error_already_set();
  const DLTensor& from = managed->dl_tensor;
  if (from.device.device_type != kDLCPU) wrong_type(argument, "is not in the CPU's memory");
  if (from.dtype.code != kDLFloat || from.dtype.bits != 32 || from.dtype.lanes != 1) {
    wrong_type(argument, "is a " + type_name(object) + " of another type than float32");
  }
  check_axes(argument, axes, from.ndim);
  Tensor tensor;
  tensor.axes = axes;
  tensor.writable = true;  // there is no way to say otherwise in this version of DLPack
  tensor.data = static_cast<char*>(from.data) + from.byte_offset;
  std::int64_t dense_stride = sizeof(float);
  for (int i = axes - 1; i >= 0; --i) {
    const auto axis = static_cast<std::size_t>(i);
    tensor.shape[axis] = from.shape[i];
    tensor.strides_bytes[axis] = from.strides == nullptr
                                     ? dense_stride
                                     : from.strides[i] * static_cast<std::int64_t>(sizeof(float));
    dense_stride *= from.shape[i];
  }
  tensor.owner = capsule;
  return tensor;
}

}  // namespace

bool Tensor::dense(const Order& order) const {
  if (reinterpret_cast<std::uintptr_t>(data) % alignof(float) != 0) return false;
  if (size() == 0) return true;
  std::int64_t stride = sizeof(float);
  for (std::size_t i = order.size(); i-- > 0;) {
    const auto axis = static_cast<std::size_t>(order[i]);
    if (shape[axis] == 1) continue;  // nobody ever takes a step along it
    if (strides_bytes[axis] != stride) return false;
    stride *= shape[axis];
  }
  return true;
}

std::vector<float> Tensor::copy(const Order& order) const {
  std::vector<float> values(static_cast<std::size_t>(size()));
  std::array<std::int64_t, 4> extent{}, stride{};
  for (std::size_t i = 0; i < 4; ++i) {
    extent[i] = shape[static_cast<std::size_t>(order[i])];
    stride[i] = strides_bytes[static_cast<std::size_t>(order[i])];
  }
  float* to = values.data();
  for (std::int64_t a = 0; a < extent[0]; ++a) {
    for (std::int64_t b = 0; b < extent[1]; ++b) {
      for (std::int64_t c = 0; c < extent[2]; ++c) {
        const char* from = data + a * stride[0] + b * stride[1] + c * stride[2];
        for (std::int64_t d = 0; d < extent[3]; ++d, from += stride[3]) {
          std::memcpy(to++, from, sizeof(float));  // which may lie anywhere
        }
      }
    }
  }
  return values;
}

Tensor to_tensor(const py::handle& object, const char* argument, int axes) {
  if (py::isinstance<py::array>(object)) return from_numpy(object, argument, axes);
  if (py::hasattr(object, "__dlpack__")) return from_dlpack(object, argument, axes);
  wrong_type(argument, "is a " + type_name(object) +
                           ", must be a numpy.ndarray or an array that has __dlpack__");
}

std::vector<float> to_vector(const py::handle& object, const char* argument, std::int64_t size) {
  const Tensor tensor = to_tensor(object, argument, 1);
  if (tensor.size() != size) {
    throw Failure(StatusCode::invalid_argument, std::string(argument) + " has " +
                                                    std::to_string(tensor.size()) +
                                                    " elements, must have " + std::to_string(size));
  }
  return tensor.copy(kAsIndexed);
}

Tensor new_array(const Extents& shape, const Order& order) {
  Tensor tensor;
  tensor.axes = 4;
  tensor.writable = true;
  tensor.shape = shape;
  std::int64_t stride = sizeof(float);
  for (std::size_t i = order.size(); i-- > 0;) {
    tensor.strides_bytes[static_cast<std::size_t>(order[i])] = stride;
    stride *= shape[static_cast<std::size_t>(order[i])];
  }
  const py::array array(
      py::dtype::of<float>(), py::array::ShapeContainer(shape.begin(), shape.end()),
      py::array::StridesContainer(tensor.strides_bytes.begin(), tensor.strides_bytes.end()));
  tensor.data = static_cast<char*>(const_cast<void*>(array.data()));
  tensor.owner = array;
  return tensor;
}

py::object in_library_of(const py::handle& like, const py::object& array) {
  if (py::isinstance<py::array>(like)) return array;
  const std::string module = py::str(py::type::handle_of(like).attr("__module__"));
  const py::dict loaded = py::module_::import("sys").attr("modules");
  const py::str library(module.substr(0, module.find('.')));
  if (!loaded.contains(library) || !py::hasattr(loaded[library], "from_dlpack")) return array;
  return loaded[library].attr("from_dlpack")(array);
}

}  // namespace winograd::python
