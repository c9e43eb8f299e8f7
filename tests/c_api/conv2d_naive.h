/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0 */
#ifndef WINOGRAD_TESTS_C_API_CONV2D_NAIVE_H
#define WINOGRAD_TESTS_C_API_CONV2D_NAIVE_H

#include "winograd/winograd.h"

/* The formula of winograd/conv2d.hpp in double precision, for NCHW, OIHW and the activations none
 * and ReLU. `bias` and `residual` may be null. */
void conv2d_naive(const winograd_conv2d_desc* desc, const float* src, const float* weights,
                  const float* bias, const float* residual, double* dst);

#endif /* WINOGRAD_TESTS_C_API_CONV2D_NAIVE_H */
