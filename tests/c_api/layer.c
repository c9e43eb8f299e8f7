/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0 */
#include "tests/c_api/layer.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tests/c_api/check.h"
#include "tests/c_api/conv2d_naive.h"

static float* random_floats(int64_t count) {
  static uint32_t state = 1;
  float* values = malloc((size_t)count * sizeof(float));
  for (int64_t i = 0; i < count; ++i) {
    state = state * 1664525U + 1013904223U;
    values[i] = (float)(state >> 8) / (float)(1U << 23) - 1;
  }
  return values;
}

layer make_layer(int residual) {
  layer l;
  memset(&l, 0, sizeof l);
  winograd_conv2d_desc_init(&l.desc, sizeof l.desc);
  l.desc.batch = 2;
  l.desc.in_channels = 5;
  l.desc.out_channels = 19;
  l.desc.height = 13;
  l.desc.width = 10;
  l.desc.pad_top = l.desc.pad_left = l.desc.pad_right = 1;
  l.desc.residual = residual;
  l.desc.activation = WINOGRAD_ACTIVATION_RELU;
  l.sizes.struct_size = sizeof l.sizes;
  CHECK_OK(winograd_conv2d_get_sizes(&l.desc, &l.sizes));
  l.src = random_floats(l.sizes.src);
  l.weights = random_floats(l.sizes.weights);
  l.bias = random_floats(l.desc.out_channels);
  l.residual = residual ? random_floats(l.sizes.dst) : NULL;
  l.dst = random_floats(l.sizes.dst);
  l.want = malloc((size_t)l.sizes.dst * sizeof(double));
  conv2d_naive(&l.desc, l.src, l.weights, l.bias, l.residual, l.want);
  return l;
}

void free_layer(layer* l) {
  free(l->src);
  free(l->weights);
  free(l->bias);
  free(l->residual);
  free(l->dst);
  free(l->want);
}

int dst_is_right(layer* l) {
  int right = 1;
  for (int64_t i = 0; i < l->sizes.dst; ++i) {
    right = right && fabs(l->dst[i] - l->want[i]) < 1e-4;
    l->dst[i] = -1;
  }
  return right;
}

winograd_status run_plan(const winograd_conv2d_plan* plan, layer* l,
                         const winograd_executor* executor) {
  const int threads = executor == NULL ? 1 : executor->concurrency;
  const winograd_workspace_requirement need = winograd_conv2d_plan_workspace(plan, threads);
  char* memory = malloc(need.size_bytes + need.alignment_bytes);
  const size_t skew = (uintptr_t)memory % need.alignment_bytes;
  winograd_workspace workspace;
  workspace.data = memory + (skew == 0 ? 0 : need.alignment_bytes - skew);
  workspace.size_bytes = need.size_bytes;
  const winograd_status status =
      winograd_conv2d_plan_run(plan, l->src, l->dst, workspace, executor, l->residual);
  free(memory);
  return status;
}
