/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "network.h"

/* sums[y][x] += weight * plane[y + dy][x + dx], where that is on the board. */
static void add_tap(double* sums, const double* plane, int size, int dy, int dx, double weight) {
  const int x_begin = dx < 0 ? -dx : 0, x_end = dx > 0 ? size - dx : size;
  for (int y = dy < 0 ? -dy : 0; y < (dy > 0 ? size - dy : size); ++y) {
    double* const to = sums + y * size;
    const double* const from = plane + (y + dy) * size + dx;
    for (int x = x_begin; x < x_end; ++x) to[x] += weight * from[x];
  }
}

static int run_step(const network* net, int index, const double* src, double* dst) {
  const step* const s = &net->steps[index];
  const int pixels = s->size * s->size, taps = s->kernel * s->kernel;
  float* const weights =
      malloc((step_weights_size(s) + 2 * (size_t)s->out_channels) * sizeof(float));
  double* const sums = malloc((size_t)pixels * sizeof(double));
  if (weights != NULL && sums != NULL) {
    float* const scale = weights + step_weights_size(s);
    float* const shift = scale + s->out_channels;
    step_weights(net, index, weights, scale, shift);
    for (int k = 0; k < s->out_channels; ++k) {
      memset(sums, 0, (size_t)pixels * sizeof(double));
      for (int c = 0; c < s->in_channels; ++c) {
        const float* const w =
            weights + ((size_t)k * (size_t)s->in_channels + (size_t)c) * (size_t)taps;
        for (int t = 0; t < taps; ++t) {
          const int edge = s->kernel / 2;
          add_tap(sums, src + (size_t)c * (size_t)pixels, s->size, t / s->kernel - edge,
                  t % s->kernel - edge, (double)w[t]);
        }
      }
      double* const to = dst + (size_t)k * (size_t)pixels;
      for (int i = 0; i < pixels; ++i) {
        const double value =
            (s->residual ? to[i] : 0.0) + (double)scale[k] * sums[i] + (double)shift[k];
        to[i] = s->relu && value < 0.0 ? 0.0 : value;
      }
    }
  }
  const int ok = weights != NULL && sums != NULL;
  free(weights);
  free(sums);
  return ok;
}

int network_run_naive(const network* net, const float* planes, double* policy, double* value) {
  double* tensors[TENSOR_COUNT] = {NULL};
  int ok = 1;
  for (int t = 0; t < TENSOR_COUNT; ++t) {
    tensors[t] = malloc(tensor_size(net, (tensor_name)t) * sizeof(double));
    ok = ok && tensors[t] != NULL;
  }
  if (ok) {
    const size_t inputs = tensor_size(net, TENSOR_INPUT);
    for (size_t i = 0; i < inputs; ++i) tensors[TENSOR_INPUT][i] = (double)planes[i];
    for (int i = 0; ok && i < net->count; ++i) {
      ok = run_step(net, i, tensors[net->steps[i].src], tensors[net->steps[i].dst]);
    }
  }
  if (ok) {
    memcpy(policy, tensors[TENSOR_POLICY], tensor_size(net, TENSOR_POLICY) * sizeof(double));
    *value = tensors[TENSOR_VALUE][0];
  }
  for (int t = 0; t < TENSOR_COUNT; ++t) free(tensors[t]);
  return ok;
}
