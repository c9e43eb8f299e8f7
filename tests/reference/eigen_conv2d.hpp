// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The second oracle: im2col and Eigen's matrix product, in double. It shares no loop and no index
// formula with the first, so a mistake would have to be made twice to go unseen.
#ifndef WINOGRAD_TESTS_REFERENCE_EIGEN_CONV2D_HPP
#define WINOGRAD_TESTS_REFERENCE_EIGEN_CONV2D_HPP

#include <vector>

#include "winograd/conv2d.hpp"

namespace winograd::test {

/// The sum with bias and residual, before the activation; arguments as for naive_conv2d.
std::vector<double> eigen_conv2d(const Conv2dDesc& desc, const float* weights, const float* bias,
                                 const float* src, const float* residual);

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_EIGEN_CONV2D_HPP
