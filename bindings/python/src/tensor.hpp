// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Arrays of other Python libraries as the addresses, shapes and strides that the binding works
// with.
#ifndef WINOGRAD_BINDINGS_PYTHON_SRC_TENSOR_HPP
#define WINOGRAD_BINDINGS_PYTHON_SRC_TENSOR_HPP

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "winograd/conv2d.hpp"

namespace winograd::python {

namespace py = pybind11;

/// Up to four axes; those that an array does not have are 1 at the end.
using Extents = std::array<std::int64_t, 4>;

/// An order of memory: the axes of an array from the outermost to the innermost.
using Order = std::array<int, 4>;
inline constexpr Order kAsIndexed = {0, 1, 2, 3};
inline constexpr Order kChannelsLast = {0, 2, 3, 1};   ///< of an array indexed [N, C, H, W]
inline constexpr Order kChannelsFirst = {0, 3, 1, 2};  ///< of an array indexed [N, H, W, C]
inline constexpr Order kHwio = {2, 3, 1, 0};           ///< of weights indexed [K, C, kh, kw]
inline constexpr Order kOihw = {3, 2, 0, 1};           ///< of weights indexed [kh, kw, C, K]

/// fp32 in memory that belongs to somebody else, who is kept alive by `owner`.
struct Tensor {
  py::object owner;
  char* data = nullptr;
  int axes = 0;
  Extents shape = {1, 1, 1, 1};
  Extents strides_bytes = {0, 0, 0, 0};
  bool writable = false;

  std::int64_t size() const { return shape[0] * shape[1] * shape[2] * shape[3]; }
  /// True if all elements lie one after another in `order`, where floats may lie.
  bool dense(const Order& order) const;
  float* floats() const { return reinterpret_cast<float*>(data); }
  /// All elements in `order`, one after another. Needs no GIL.
  std::vector<float> copy(const Order& order) const;
};

/// Takes a numpy.ndarray, or anything with __dlpack__ in CPU memory, without a copy. Throws
/// TypeError for what is neither or not fp32, naming the argument, and InvalidArgumentError for
/// another number of axes.
Tensor to_tensor(const py::handle& object, const char* argument, int axes);

/// A vector of `size` floats, from a one-dimensional array.
std::vector<float> to_vector(const py::handle& object, const char* argument, std::int64_t size);

/// An uninitialised numpy.ndarray of this shape whose elements lie in `order`.
Tensor new_array(const Extents& shape, const Order& order);

/// The array as its owner's library has them: what `like`'s library makes of it by from_dlpack, or
/// the numpy.ndarray itself if that library is NumPy or has no such function.
py::object in_library_of(const py::handle& like, const py::object& array);

}  // namespace winograd::python

#endif  // WINOGRAD_BINDINGS_PYTHON_SRC_TENSOR_HPP
