/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0 */
#include "tower.h"

#include <stdlib.h>
#include <string.h>

static winograd_status no_memory(void) {
  winograd_status status;
  memset(&status, 0, sizeof status);
  status.code = WINOGRAD_OUT_OF_MEMORY;
  strcpy(status.message, "no memory for the tower's own buffers");
  return status;
}

static winograd_conv2d_desc describe(const step* s, int batch) {
  winograd_conv2d_desc desc;
  winograd_conv2d_desc_init(&desc, sizeof desc);
  desc.batch = batch;
  desc.in_channels = s->in_channels;
  desc.out_channels = s->out_channels;
  desc.height = desc.width = s->size;
  desc.kernel_h = desc.kernel_w = s->kernel;
  desc.pad_top = desc.pad_left = desc.pad_bottom = desc.pad_right = s->kernel / 2;
  desc.residual = s->residual;
  desc.activation = s->relu ? WINOGRAD_ACTIVATION_RELU : WINOGRAD_ACTIVATION_NONE;
  return desc;
}

/* Layer by layer: read, pack, forget. So no more than one layer's weights are ever there twice; to
 * read the whole file first would need as much again as all of it. The batch normalisation goes in
 * on the way, as a scale and a shift. */
winograd_status tower_weights_load(tower_weights* weights, const network* net, int largest_batch) {
  winograd_status status = {0};
  size_t floats = 0;
  for (int i = 0; i < net->count; ++i) {
    const size_t own = step_weights_size(&net->steps[i]) + 2 * (size_t)net->steps[i].out_channels;
    if (own > floats) floats = own;
  }
  float* const buffer = malloc(floats * sizeof(float)); /* for any one layer */
  if (buffer == NULL) return no_memory();
  weights->net = net;
  for (int i = 0; i < net->count && status.code == WINOGRAD_OK; ++i) {
    const step* const s = &net->steps[i];
    float* const scale = buffer + step_weights_size(s);
    float* const shift = scale + s->out_channels;
    step_weights(net, i, buffer, scale, shift);

    winograd_plan_options options;
    winograd_plan_options_init(&options, sizeof options);
    options.output_scale = scale;
    options.output_shift = shift;
    /* The algorithm is chosen here, for the batch that matters most, and serves all others. */
    const winograd_conv2d_desc desc = describe(s, largest_batch);
    status = winograd_packed_weights_create(&desc, &options, buffer, NULL, &weights->packed[i]);
  }
  free(buffer);
  return status;
}

/* A multiple of the alignment, as aligned_alloc wants it. */
static size_t round_up(size_t bytes, size_t alignment) {
  return (bytes + alignment - 1) / alignment * alignment;
}

winograd_status tower_create(tower* t, const tower_weights* weights, int batch, pool* threads) {
  t->net = weights->net;
  t->batch = batch;
  t->threads = threads;
  size_t alignment = 64;
  for (int i = 0; i < t->net->count; ++i) {
    const winograd_conv2d_desc desc = describe(&t->net->steps[i], batch);
    const winograd_status status =
        winograd_conv2d_plan_create_packed(&desc, NULL, weights->packed[i], &t->plans[i]);
    if (status.code != WINOGRAD_OK) return status;
    /* One workspace for all layers, as large as the hungriest wants it. */
    const winograd_workspace_requirement need =
        winograd_conv2d_plan_workspace(t->plans[i], threads == NULL ? 1 : pool_threads(threads));
    if (need.size_bytes > t->workspace.size_bytes) t->workspace.size_bytes = need.size_bytes;
    if (need.alignment_bytes > alignment) alignment = need.alignment_bytes;
  }
  t->workspace.size_bytes = round_up(t->workspace.size_bytes, alignment);
  t->workspace.data = aligned_alloc(alignment, t->workspace.size_bytes);
  int ok = t->workspace.data != NULL;
  for (int i = 0; i < TENSOR_COUNT; ++i) {
    t->tensors[i] = malloc(tensor_size(t->net, (tensor_name)i) * (size_t)batch * sizeof(float));
    ok = ok && t->tensors[i] != NULL;
  }
  if (!ok) return no_memory();
  const winograd_status success = {0};
  return success;
}

winograd_status tower_run(const tower* t) {
  /* The engine's own pool, by three fields. */
  winograd_executor executor;
  executor.struct_size = sizeof executor;
  executor.parallel_for = pool_parallel_for;
  executor.context = t->threads;
  executor.concurrency = t->threads == NULL ? 1 : pool_threads(t->threads);
  winograd_status status = {0};
  for (int i = 0; i < t->net->count && status.code == WINOGRAD_OK; ++i) {
    const step* const s = &t->net->steps[i];
    float* const dst = t->tensors[s->dst];
    status = winograd_conv2d_plan_run(t->plans[i], t->tensors[s->src], dst, t->workspace,
                                      t->threads == NULL ? NULL : &executor,
                                      s->residual ? dst : NULL); /* added in place */
  }
  return status;
}

void tower_destroy(tower* t) {
  for (int i = 0; i < MAX_STEPS; ++i) winograd_conv2d_plan_destroy(t->plans[i]);
  for (int i = 0; i < TENSOR_COUNT; ++i) free(t->tensors[i]);
  free(t->workspace.data);
  memset(t, 0, sizeof *t);
}

void tower_weights_destroy(tower_weights* weights) {
  for (int i = 0; i < MAX_STEPS; ++i) winograd_packed_weights_destroy(weights->packed[i]);
  memset(weights, 0, sizeof *weights);
}
