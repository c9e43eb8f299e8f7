/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * A residual tower as engines for board games have it: 3x3 convolutions over the board, each with a
 * batch normalisation behind it, and two heads, for the policy and for the value of the position.
 * All tensors are [batch][channels][height][width].
 */
#ifndef TOWER_NETWORK_H
#define TOWER_NETWORK_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { BOARD = 19, PLANES = 18, MAX_STEPS = 512 };

/* Where a step reads and writes. */
typedef enum tensor_name {
  TENSOR_INPUT,
  TENSOR_TRUNK,
  TENSOR_BRANCH,
  TENSOR_POLICY_PLANES,
  TENSOR_POLICY,
  TENSOR_VALUE_PLANE,
  TENSOR_VALUE_HIDDEN,
  TENSOR_VALUE,
  TENSOR_COUNT
} tensor_name;

/* A convolution with its normalisation: act(residual + scale * sum + shift). A fully connected
 * layer is one too, 1x1 on a map of one point. */
typedef struct step {
  tensor_name src, dst;
  int in_channels, out_channels, size, kernel; /* size: height and width */
  int residual;                                /* 1: dst's old contents are added */
  int relu;
} step;

typedef struct network {
  int channels, count;
  step steps[MAX_STEPS];
} network;

/* 1, or 0 if that is too many blocks, or not at least one channel. */
int network_init(network* net, int blocks, int channels);

/* Floats of a tensor, for one position. */
size_t tensor_size(const network* net, tensor_name name);
size_t step_weights_size(const step* s);

/* What a file with a trained network would hold for step `index`; always the same for one index.
 * weights: [step_weights_size], as [out][in][kernel][kernel]; scale and shift: [out_channels], of
 * the batch normalisation: gamma / sqrt(variance + epsilon) and beta - mean * scale. */
void step_weights(const network* net, int index, float* weights, float* scale, float* shift);

/* A position: planes of zeros and ones. */
void random_position(unsigned seed, float* planes);

/* The outputs for one position, in double precision, straight from the formula. Returns 0 without
 * memory. policy: [BOARD * BOARD + 1], value: [1]. */
int network_run_naive(const network* net, const float* planes, double* policy, double* value);

#ifdef __cplusplus
}
#endif

#endif
