/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * A layer with data and the result that is right, and what runs it. */
#ifndef WINOGRAD_TESTS_C_API_LAYER_H
#define WINOGRAD_TESTS_C_API_LAYER_H

#include "winograd/winograd.h"

/* What max_isa gives below all others. */
#ifdef __wasm__
#define WEAKEST_ISA WINOGRAD_ISA_WASM_SIMD128
#else
#define WEAKEST_ISA WINOGRAD_ISA_SCALAR
#endif

typedef struct layer {
  winograd_conv2d_desc desc;
  winograd_conv2d_sizes sizes;
  float *src, *weights, *bias, *residual, *dst;
  double* want;
} layer;

/* With or without a residual; always with a bias and an activation. */
layer make_layer(int residual);
void free_layer(layer* l);

/* Compares dst with the naive result, and spoils dst for the next run. */
int dst_is_right(layer* l);

/* Runs a plan with a workspace of its own. */
winograd_status run_plan(const winograd_conv2d_plan* plan, layer* l,
                         const winograd_executor* executor);

#endif /* WINOGRAD_TESTS_C_API_LAYER_H */
