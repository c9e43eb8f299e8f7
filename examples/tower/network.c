/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0 */
#include "network.h"

#include <math.h>
#include <stdint.h>

static void add(network* net, step s) { net->steps[net->count++] = s; }

int network_init(network* net, int blocks, int channels) {
  if (blocks < 0 || blocks > (MAX_STEPS - 6) / 2 || channels < 1 || channels > 4096) return 0;
  const int c = channels, moves = BOARD * BOARD + 1;
  net->channels = channels;
  net->count = 0;
  add(net, (step){TENSOR_INPUT, TENSOR_TRUNK, PLANES, c, BOARD, 3, 0, 1});
  for (int i = 0; i < blocks; ++i) {
    add(net, (step){TENSOR_TRUNK, TENSOR_BRANCH, c, c, BOARD, 3, 0, 1});
    add(net, (step){TENSOR_BRANCH, TENSOR_TRUNK, c, c, BOARD, 3, 1, 1});
  }
  add(net, (step){TENSOR_TRUNK, TENSOR_POLICY_PLANES, c, 2, BOARD, 1, 0, 1});
  add(net, (step){TENSOR_POLICY_PLANES, TENSOR_POLICY, 2 * BOARD * BOARD, moves, 1, 1, 0, 0});
  add(net, (step){TENSOR_TRUNK, TENSOR_VALUE_PLANE, c, 1, BOARD, 1, 0, 1});
  add(net, (step){TENSOR_VALUE_PLANE, TENSOR_VALUE_HIDDEN, BOARD * BOARD, 256, 1, 1, 0, 1});
  add(net, (step){TENSOR_VALUE_HIDDEN, TENSOR_VALUE, 256, 1, 1, 1, 0, 0});
  return 1;
}

size_t tensor_size(const network* net, tensor_name name) {
  const size_t board = (size_t)BOARD * BOARD;
  switch (name) {
    case TENSOR_INPUT: return PLANES * board;
    case TENSOR_TRUNK:
    case TENSOR_BRANCH: return (size_t)net->channels * board;
    case TENSOR_POLICY_PLANES: return 2 * board;
    case TENSOR_POLICY: return board + 1;
    case TENSOR_VALUE_PLANE: return board;
    case TENSOR_VALUE_HIDDEN: return 256;
    case TENSOR_VALUE:
    case TENSOR_COUNT: break;
  }
  return 1;
}

size_t step_weights_size(const step* s) {
  return (size_t)s->out_channels * (size_t)s->in_channels * (size_t)(s->kernel * s->kernel);
}

/* xorshift64*: in [0, 1). */
static float uniform(uint64_t* state) {
  *state ^= *state >> 12;
  *state ^= *state << 25;
  *state ^= *state >> 27;
  return (float)((*state * 2685821657736338717ull) >> 40) / 16777216.0f;
}

void step_weights(const network* net, int index, float* weights, float* scale, float* shift) {
  const step* const s = &net->steps[index];
  uint64_t state = 0x9e3779b97f4a7c15ull * ((uint64_t)index + 1u);
  /* Uniform with the variance 2 / fan-in, so that activations keep their size behind a ReLU. */
  const float bound = sqrtf(6.0f / (float)(s->in_channels * s->kernel * s->kernel));
  for (size_t i = 0, n = step_weights_size(s); i < n; ++i) {
    weights[i] = bound * (2.0f * uniform(&state) - 1.0f);
  }
  for (int k = 0; k < s->out_channels; ++k) {
    /* Branches add little each, as trained ones do: the trunk must not grow without bound. */
    scale[k] = (s->residual ? 0.2f : 0.7f) * (0.5f + uniform(&state));
    shift[k] = 0.2f * (uniform(&state) - 0.5f);
  }
}

void random_position(unsigned seed, float* planes) {
  uint64_t state = 0x2545f4914f6cdd1dull * (seed + 1u);
  for (int i = 0; i < PLANES * BOARD * BOARD; ++i) planes[i] = uniform(&state) < 0.3f ? 1.0f : 0.0f;
}
