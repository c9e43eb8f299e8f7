/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * The tower on winograd's C interface: what an engine writes. docs/integrating.md goes through it.
 */
#ifndef TOWER_TOWER_H
#define TOWER_TOWER_H

#include <stddef.h>

#include "network.h"
#include "pool.h"
#include "winograd/winograd.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The weights, packed; for any batch. */
typedef struct tower_weights {
  const network* net;
  winograd_packed_weights* packed[MAX_STEPS];
} tower_weights;

/* Plans for one size of the batch, and the memory that a run of them needs. */
typedef struct tower {
  const network* net;
  int batch;
  winograd_conv2d_plan* plans[MAX_STEPS];
  float* tensors[TENSOR_COUNT];
  winograd_workspace workspace;
  pool* threads;
} tower;

/* Both must be zeros before; destroy what has failed, too. */
winograd_status tower_weights_load(tower_weights* weights, const network* net, int largest_batch);
/* `threads` stays the caller's; NULL for the calling thread alone. */
winograd_status tower_create(tower* t, const tower_weights* weights, int batch, pool* threads);

/* From tensors[TENSOR_INPUT] to tensors[TENSOR_POLICY] and [TENSOR_VALUE]. */
winograd_status tower_run(const tower* t);

void tower_destroy(tower* t);
void tower_weights_destroy(tower_weights* weights);

/* What it is compared with: patches gathered into a matrix, and Eigen's matrix product. */
typedef struct im2col im2col;
im2col* im2col_create(const network* net, int batch, pool* threads); /* NULL without memory */
float* im2col_tensor(im2col* t, tensor_name name);
void im2col_run(im2col* t);
void im2col_destroy(im2col* t);

#ifdef __cplusplus
}
#endif

#endif
