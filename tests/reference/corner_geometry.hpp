// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The geometries of the thorough sweep: not drawn, but all combinations of what goes wrong easily.
#ifndef WINOGRAD_TESTS_REFERENCE_CORNER_GEOMETRY_HPP
#define WINOGRAD_TESTS_REFERENCE_CORNER_GEOMETRY_HPP

#include <vector>

#include "winograd/conv2d.hpp"

namespace winograd::test {

/// Valid descriptions, each different from all others: kernels of one to 121 taps, strides below,
/// at and above the kernel's extent, dilations; images of which one output is left, that are
/// smaller than the kernel, of one row or column, of prime sizes; outputs that see nothing but
/// padding; channels around the widths of vectors and panels, groups, depthwise with and without a
/// multiplier.
std::vector<Conv2dDesc> corner_geometries();

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_CORNER_GEOMETRY_HPP
