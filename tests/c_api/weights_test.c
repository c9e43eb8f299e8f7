/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * What is kept from one plan to the next: packed weights, and the results of tuning. */
#include <stdlib.h>
#include <string.h>

#include "tests/c_api/check.h"
#include "tests/c_api/layer.h"
#include "tests/c_api/tests.h"

static void test_packed_weights(void) {
  layer l = make_layer(0);
  winograd_plan_options options;
  winograd_plan_options_init(&options, sizeof options);
  options.algorithm = WINOGRAD_ALGORITHM_F2;
  options.max_isa = WINOGRAD_ISA_SCALAR;
  winograd_packed_weights* packed = NULL;
  if (!CHECK_OK(winograd_packed_weights_create(&l.desc, &options, l.weights, l.bias, &packed))) {
    return;
  }
  CHECK(winograd_packed_weights_algorithm(packed) == WINOGRAD_ALGORITHM_F2);
  CHECK(winograd_packed_weights_isa(packed) == WEAKEST_ISA);
  CHECK(winograd_packed_weights_size_bytes(packed) >= (size_t)l.sizes.weights * sizeof(float));

  const size_t size = winograd_packed_weights_serialized_size_bytes(packed);
  unsigned char* blob = malloc(size);
  CHECK(winograd_packed_weights_save(packed, blob, size - 1).code != WINOGRAD_OK);
  CHECK_OK(winograd_packed_weights_save(packed, blob, size));
  winograd_packed_weights_destroy(packed);

  winograd_packed_weights* loaded = NULL;
  blob[size / 2] ^= 1;
  CHECK_FAILS(winograd_packed_weights_load(blob, size, &loaded), WINOGRAD_BAD_PACKED_DATA, "");
  CHECK(loaded == NULL);
  blob[size / 2] ^= 1;
  CHECK_OK(winograd_packed_weights_load(blob, size, &loaded));
  free(blob);

  winograd_conv2d_plan* plan = NULL;
  CHECK_OK(winograd_conv2d_plan_create_packed(&l.desc, NULL, loaded, &plan));
  winograd_packed_weights_destroy(loaded);
  CHECK_OK(run_plan(plan, &l, NULL));
  CHECK(dst_is_right(&l));

  winograd_packed_weights* again = NULL;
  CHECK_OK(winograd_conv2d_plan_get_weights(plan, &again));
  winograd_conv2d_plan_destroy(plan);
  CHECK(winograd_packed_weights_algorithm(again) == WINOGRAD_ALGORITHM_F2);
  winograd_packed_weights_destroy(again);
  free_layer(&l);
}

static void test_tuning(void) {
  layer l = make_layer(1);
  winograd_tuning_cache* cache = NULL;
  winograd_tuning_cache* copy = NULL;
  winograd_conv2d_plan* plan = NULL;
  winograd_plan_options options;
  char text[1024];
  size_t needed = 0;
  winograd_plan_options_init(&options, sizeof options);
  CHECK_FAILS(winograd_tuning_cache_create(NULL), WINOGRAD_INVALID_ARGUMENT, "result");
  if (!CHECK_OK(winograd_tuning_cache_create(&cache))) return;
  if (!CHECK_OK(winograd_tuning_cache_create(&copy))) return;
  CHECK(winograd_tuning_cache_size(cache) == 0);
  options.tuning = cache;
  if (!CHECK_OK(winograd_conv2d_plan_create(&l.desc, &options, l.weights, l.bias, &plan))) return;
  CHECK(winograd_tuning_cache_size(cache) == 1);
  CHECK_OK(run_plan(plan, &l, NULL));
  CHECK(dst_is_right(&l));
  winograd_conv2d_plan_destroy(plan);

  CHECK_OK(winograd_tuning_cache_save(cache, NULL, 0, &needed));
  CHECK(needed > 1 && needed <= sizeof text);
  CHECK_FAILS(winograd_tuning_cache_save(cache, text, 1, NULL), WINOGRAD_INVALID_ARGUMENT,
              "buffer");
  CHECK_OK(winograd_tuning_cache_save(cache, text, sizeof text, NULL));
  CHECK(strlen(text) + 1 == needed);
  CHECK_OK(winograd_tuning_cache_load(copy, text, strlen(text)));
  CHECK(winograd_tuning_cache_size(copy) == 1);
  CHECK_FAILS(winograd_tuning_cache_load(copy, "nonsense", 8), WINOGRAD_BAD_PACKED_DATA, "line 1");
  CHECK_FAILS(winograd_tuning_cache_load(NULL, text, 1), WINOGRAD_INVALID_ARGUMENT, "cache");

  options.tuning = NULL;
  options.packed_limit_bytes = 16;
  CHECK_FAILS(winograd_conv2d_plan_create(&l.desc, &options, l.weights, l.bias, &plan),
              WINOGRAD_UNSUPPORTED, "packed_limit_bytes");
  winograd_tuning_cache_destroy(copy);
  winograd_tuning_cache_destroy(cache);
  winograd_tuning_cache_destroy(NULL);
  free_layer(&l);
}

void test_weights(void) {
  test_packed_weights();
  test_tuning();
}
