/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * A C program that needs most of the library: an error, a plan, a run, a tuning cache. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "winograd/winograd.h"

enum { kChannels = 16, kSide = 12, kPlane = kSide * kSide };

static int failed(const char* what, const char* message) {
  fprintf(stderr, "%s: %s\n", what, message);
  return 1;
}

int main(void) {
  winograd_conv2d_desc desc;
  winograd_conv2d_plan* plan = NULL;
  winograd_tuning_cache* cache = NULL;
  winograd_plan_options options;
  winograd_status status;
  winograd_workspace_requirement need;
  winograd_workspace workspace;
  static float src[kChannels * kPlane];
  static float dst[kChannels * kPlane];
  static float weights[kChannels * kChannels * 9];
  char* memory;
  int i;

  winograd_conv2d_desc_init(&desc, sizeof desc);
  status = winograd_conv2d_validate(&desc);
  if (status.code != WINOGRAD_INVALID_ARGUMENT) return failed("an empty description", "accepted");

  desc.in_channels = desc.out_channels = kChannels;
  desc.height = desc.width = kSide;
  desc.pad_top = desc.pad_left = desc.pad_bottom = desc.pad_right = 1;
  for (i = 0; i < kChannels * kPlane; ++i) src[i] = 1.0F;
  for (i = 0; i < kChannels * kChannels * 9; ++i) weights[i] = 0.25F;

  status = winograd_tuning_cache_create(&cache);
  if (status.code != WINOGRAD_OK) return failed("tuning cache", status.message);
  winograd_plan_options_init(&options, sizeof options);
  options.tuning = cache;
  status = winograd_conv2d_plan_create(&desc, &options, weights, NULL, &plan);
  if (status.code != WINOGRAD_OK) return failed("plan", status.message);

  need = winograd_conv2d_plan_workspace(plan, 1);
  memory = malloc(need.size_bytes + need.alignment_bytes);
  if (memory == NULL) return failed("memory", "none");
  workspace.data = memory + (need.alignment_bytes - (uintptr_t)memory % need.alignment_bytes);
  workspace.size_bytes = need.size_bytes;
  status = winograd_conv2d_plan_run(plan, src, dst, workspace, NULL, NULL);
  if (status.code != WINOGRAD_OK) return failed("run", status.message);

  /* 16 channels of nine taps of a quarter: away from the borders, and in a corner. */
  if (dst[kSide + 1] < 35.99F || dst[kSide + 1] > 36.01F) return failed("result", "inside");
  if (dst[0] < 15.99F || dst[0] > 16.01F) return failed("result", "corner");

  free(memory);
  winograd_conv2d_plan_destroy(plan);
  winograd_tuning_cache_destroy(cache);
  return 0;
}
