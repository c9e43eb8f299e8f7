/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * Every function of the C interface, from C99. */
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "tests/c_api/check.h"
#include "tests/c_api/conv2d_naive.h"
#include "winograd/winograd.h"
#ifdef TEST_OPENMP
#include "winograd/openmp.h"
#endif

/* ---- a layer with data ----------------------------------------------------------------------- */

typedef struct layer {
  winograd_conv2d_desc desc;
  winograd_conv2d_sizes sizes;
  float *src, *weights, *bias, *residual, *dst;
  double* want;
} layer;

static float* random_floats(int64_t count) {
  static uint32_t state = 1;
  float* values = malloc((size_t)count * sizeof(float));
  for (int64_t i = 0; i < count; ++i) {
    state = state * 1664525U + 1013904223U;
    values[i] = (float)(state >> 8) / (float)(1U << 23) - 1;
  }
  return values;
}

static layer make_layer(int residual) {
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

static void free_layer(layer* l) {
  free(l->src);
  free(l->weights);
  free(l->bias);
  free(l->residual);
  free(l->dst);
  free(l->want);
}

/* Compares dst with the naive result, and spoils dst for the next run. */
static int dst_is_right(layer* l) {
  int right = 1;
  for (int64_t i = 0; i < l->sizes.dst; ++i) {
    right = right && fabs(l->dst[i] - l->want[i]) < 1e-4;
    l->dst[i] = -1;
  }
  return right;
}

/* Runs a plan with a workspace of its own. */
static winograd_status run(const winograd_conv2d_plan* plan, layer* l,
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

/* ---- names, defaults, versions of structures ------------------------------------------------- */

/* What max_isa gives below all others. */
#ifdef __wasm__
#define WEAKEST_ISA WINOGRAD_ISA_WASM_SIMD128
#else
#define WEAKEST_ISA WINOGRAD_ISA_SCALAR
#endif

static void test_names(void) {
  CHECK(strcmp(winograd_status_code_name(WINOGRAD_BAD_PACKED_DATA), "bad_packed_data") == 0);
  CHECK(strcmp(winograd_layout_name(WINOGRAD_LAYOUT_NHWC), "nhwc") == 0);
  CHECK(strcmp(winograd_activation_name(WINOGRAD_ACTIVATION_LEAKY_RELU), "leaky_relu") == 0);
  CHECK(strcmp(winograd_algorithm_name(WINOGRAD_ALGORITHM_F4), "winograd_f4") == 0);
  CHECK(strcmp(winograd_accuracy_name(WINOGRAD_ACCURACY_RELAXED), "relaxed") == 0);
  CHECK(strcmp(winograd_isa_name(WINOGRAD_ISA_SCALAR), "scalar") == 0);
  /* 256 must not be taken for 0, nor -1 for 255. */
  CHECK(strcmp(winograd_layout_name(256), "unknown") == 0);
  CHECK(strcmp(winograd_isa_name(-1), "unknown") == 0);
  CHECK(winograd_isa_available(WEAKEST_ISA) == 1);
  CHECK(winograd_isa_available(256) == 0);
}

static void test_defaults(void) {
  winograd_conv2d_desc desc;
  memset(&desc, 0xff, sizeof desc);
  winograd_conv2d_desc_init(&desc, sizeof desc);
  CHECK(desc.struct_size == sizeof desc);
  CHECK(desc.batch == 1 && desc.kernel_h == 3 && desc.kernel_w == 3 && desc.groups == 1);
  CHECK(desc.in_channels == 0 && desc.residual == 0 && desc.pad_right == 0);
  CHECK(desc.layout == WINOGRAD_LAYOUT_NCHW && desc.activation == WINOGRAD_ACTIVATION_NONE);

  winograd_plan_options options;
  memset(&options, 0xff, sizeof options);
  winograd_plan_options_init(&options, sizeof options);
  CHECK(options.struct_size == sizeof options);
  CHECK(options.algorithm == WINOGRAD_ALGORITHM_AUTOMATIC);
  CHECK(options.accuracy == WINOGRAD_ACCURACY_STANDARD);
  CHECK(options.max_isa == WINOGRAD_ISA_BEST && options.workspace_limit_bytes == 0);
}

static void test_struct_size(void) {
  struct {
    winograd_conv2d_desc desc;
    int64_t later;
  } newer;
  newer.later = -1;
  winograd_conv2d_desc_init(&newer.desc, sizeof newer);
  CHECK(newer.later == 0);
  newer.desc.in_channels = newer.desc.out_channels = 1;
  newer.desc.height = newer.desc.width = 3;
  CHECK_OK(winograd_conv2d_validate(&newer.desc));
  newer.later = 1;
  CHECK_FAILS(winograd_conv2d_validate(&newer.desc), WINOGRAD_UNSUPPORTED, "desc");
  newer.desc.struct_size = sizeof newer.desc;
  CHECK_OK(winograd_conv2d_validate(&newer.desc));
  /* The first version ended before data_type. */
  newer.desc.struct_size = offsetof(winograd_conv2d_desc, data_type) - 1;
  CHECK_FAILS(winograd_conv2d_validate(&newer.desc), WINOGRAD_INVALID_ARGUMENT, "struct_size");
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void test_bad_values(void) {
  layer l = make_layer(0);
  winograd_conv2d_plan* plan = NULL;
  winograd_plan_options options;
  winograd_plan_options_init(&options, sizeof options);

  winograd_conv2d_desc bad = l.desc;
  bad.in_channels = 0;
  CHECK_FAILS(winograd_conv2d_validate(&bad), WINOGRAD_INVALID_ARGUMENT, "in_channels");
  bad = l.desc;
  bad.layout = 256;
  CHECK_FAILS(winograd_conv2d_validate(&bad), WINOGRAD_INVALID_ARGUMENT, "layout");
  bad = l.desc;
  bad.activation = -1;
  CHECK_FAILS(winograd_conv2d_validate(&bad), WINOGRAD_INVALID_ARGUMENT, "activation");
  bad = l.desc;
  bad.residual = 2;
  CHECK_FAILS(winograd_conv2d_validate(&bad), WINOGRAD_INVALID_ARGUMENT, "residual");

  options.algorithm = 256;
  CHECK_FAILS(winograd_conv2d_plan_create(&l.desc, &options, l.weights, l.bias, &plan),
              WINOGRAD_INVALID_ARGUMENT, "algorithm");
  winograd_plan_options_init(&options, sizeof options);
  options.accuracy = 4;
  CHECK_FAILS(winograd_conv2d_plan_create(&l.desc, &options, l.weights, l.bias, &plan),
              WINOGRAD_INVALID_ARGUMENT, "accuracy");
  winograd_plan_options_init(&options, sizeof options);
  options.max_isa = 77;
  CHECK_FAILS(winograd_conv2d_plan_create(&l.desc, &options, l.weights, l.bias, &plan),
              WINOGRAD_INVALID_ARGUMENT, "isa");
  winograd_plan_options_init(&options, sizeof options);
  options.weight_layout = 2;
  CHECK_FAILS(winograd_conv2d_plan_create(&l.desc, &options, l.weights, l.bias, &plan),
              WINOGRAD_INVALID_ARGUMENT, "layout");
  /* A stride of 3 has no Winograd form: asked for by name, it is refused. */
  winograd_plan_options_init(&options, sizeof options);
  options.algorithm = WINOGRAD_ALGORITHM_F4;
  bad = l.desc;
  bad.stride_h = bad.stride_w = 3;
  CHECK_FAILS(winograd_conv2d_plan_create(&bad, &options, l.weights, l.bias, &plan),
              WINOGRAD_UNSUPPORTED, "");
  CHECK(plan == NULL);
  free_layer(&l);
}

static void test_null(void) {
  layer l = make_layer(0);
  winograd_conv2d_plan* plan = NULL;
  winograd_packed_weights* packed = NULL;
  const winograd_workspace none = {NULL, 0};

  CHECK_FAILS(winograd_conv2d_validate(NULL), WINOGRAD_INVALID_ARGUMENT, "desc");
  CHECK_FAILS(winograd_conv2d_get_sizes(&l.desc, NULL), WINOGRAD_INVALID_ARGUMENT, "sizes");
  CHECK_FAILS(winograd_conv2d_plan_create(NULL, NULL, l.weights, NULL, &plan),
              WINOGRAD_INVALID_ARGUMENT, "desc");
  CHECK_FAILS(winograd_conv2d_plan_create(&l.desc, NULL, NULL, NULL, &plan),
              WINOGRAD_INVALID_ARGUMENT, "weights");
  CHECK_FAILS(winograd_conv2d_plan_create(&l.desc, NULL, l.weights, NULL, NULL),
              WINOGRAD_INVALID_ARGUMENT, "result");
  CHECK_FAILS(winograd_conv2d_plan_create_packed(&l.desc, NULL, NULL, &plan),
              WINOGRAD_INVALID_ARGUMENT, "weights");
  CHECK_FAILS(winograd_conv2d_plan_reshaped(NULL, 1, 8, 8, &plan), WINOGRAD_INVALID_ARGUMENT,
              "plan");
  CHECK_FAILS(winograd_conv2d_plan_run(NULL, l.src, l.dst, none, NULL, NULL),
              WINOGRAD_INVALID_ARGUMENT, "plan");
  CHECK_FAILS(winograd_conv2d_plan_get_desc(NULL, &l.desc), WINOGRAD_INVALID_ARGUMENT, "plan");
  CHECK_FAILS(winograd_conv2d_plan_get_info(NULL, NULL), WINOGRAD_INVALID_ARGUMENT, "plan");
  CHECK_FAILS(winograd_conv2d_plan_get_weights(NULL, &packed), WINOGRAD_INVALID_ARGUMENT, "plan");
  CHECK(winograd_conv2d_plan_workspace(NULL, 1).size_bytes == 0);
  CHECK_FAILS(winograd_packed_weights_create(NULL, NULL, l.weights, NULL, &packed),
              WINOGRAD_INVALID_ARGUMENT, "desc");
  CHECK_FAILS(winograd_packed_weights_load(NULL, 8, &packed), WINOGRAD_INVALID_ARGUMENT, "buffer");
  CHECK_FAILS(winograd_packed_weights_save(NULL, l.dst, 8), WINOGRAD_INVALID_ARGUMENT, "weights");
  CHECK(winograd_packed_weights_size_bytes(NULL) == 0);
  CHECK(winograd_packed_weights_serialized_size_bytes(NULL) == 0);
  CHECK(winograd_packed_weights_algorithm(NULL) == WINOGRAD_ALGORITHM_AUTOMATIC);
  CHECK(winograd_packed_weights_isa(NULL) == WINOGRAD_ISA_SCALAR);
  CHECK_FAILS(winograd_conv2d(NULL, l.src, l.weights, NULL, l.dst, NULL, NULL, NULL),
              WINOGRAD_INVALID_ARGUMENT, "desc");
  CHECK(plan == NULL && packed == NULL);
  winograd_conv2d_plan_destroy(NULL);
  winograd_packed_weights_destroy(NULL);
  free_layer(&l);
}

/* ---- plans ----------------------------------------------------------------------------------- */

static void test_plan(int residual) {
  layer l = make_layer(residual);
  winograd_conv2d_plan* plan = NULL;
  if (!CHECK_OK(winograd_conv2d_plan_create(&l.desc, NULL, l.weights, l.bias, &plan))) return;
  CHECK_OK(run(plan, &l, NULL));
  CHECK(dst_is_right(&l));

  winograd_conv2d_desc desc;
  desc.struct_size = sizeof desc;
  CHECK_OK(winograd_conv2d_plan_get_desc(plan, &desc));
  CHECK(desc.struct_size == sizeof desc && desc.batch == l.desc.batch);
  CHECK(desc.in_channels == l.desc.in_channels && desc.out_channels == l.desc.out_channels);
  CHECK(desc.height == l.desc.height && desc.width == l.desc.width);
  CHECK(desc.pad_top == 1 && desc.pad_left == 1 && desc.pad_bottom == 0 && desc.pad_right == 1);
  CHECK(desc.residual == residual && desc.activation == WINOGRAD_ACTIVATION_RELU);

  winograd_plan_info info;
  info.struct_size = sizeof info;
  CHECK_OK(winograd_conv2d_plan_get_info(plan, &info));
  CHECK(info.algorithm != WINOGRAD_ALGORITHM_AUTOMATIC && winograd_isa_available(info.isa) == 1);
  CHECK(strlen(info.kernel) > 0 && strlen(info.reason) > 0);
  CHECK(info.expected_rms_error > 0 && info.packed_bytes > 0);
  info.struct_size = 8;
  CHECK_FAILS(winograd_conv2d_plan_get_info(plan, &info), WINOGRAD_INVALID_ARGUMENT, "info");

  const winograd_workspace none = {NULL, 0};
  if (winograd_conv2d_plan_workspace(plan, 1).size_bytes > 0) {
    CHECK_FAILS(winograd_conv2d_plan_run(plan, l.src, l.dst, none, NULL, l.residual),
                WINOGRAD_WORKSPACE, "workspace");
  }
  winograd_conv2d_plan_destroy(plan);

  CHECK_OK(winograd_conv2d(&l.desc, l.src, l.weights, l.bias, l.dst, l.residual, NULL, NULL));
  CHECK(dst_is_right(&l));
  free_layer(&l);
}

/* src as two parts along its channels. */
static void test_parts(void) {
  winograd_conv2d_desc desc;
  winograd_conv2d_desc_init(&desc, sizeof desc);
  desc.in_channels = 20;
  desc.out_channels = 1;
  desc.height = desc.width = 3;
  float weights[20 * 9], first[16 * 9], second[4 * 9], dst[1] = {0};
  for (int i = 0; i < 20 * 9; ++i) weights[i] = 1;
  for (int i = 0; i < 16 * 9; ++i) first[i] = 2;
  for (int i = 0; i < 4 * 9; ++i) second[i] = 3;
  winograd_plan_options options;
  winograd_plan_options_init(&options, sizeof options);
  options.algorithm = WINOGRAD_ALGORITHM_DIRECT;
  winograd_conv2d_plan* plan = NULL;
  if (!CHECK_OK(winograd_conv2d_plan_create(&desc, &options, weights, NULL, &plan))) return;
  const winograd_workspace_requirement need = winograd_conv2d_plan_workspace(plan, 1);
  char* memory = malloc(need.size_bytes + 64);
  winograd_workspace workspace;
  workspace.data = memory + (64 - (uintptr_t)memory % 64) % 64;
  workspace.size_bytes = need.size_bytes;
  const winograd_source_part parts[2] = {{first, 16}, {second, 4}};
  CHECK_OK(winograd_conv2d_plan_run_parts(plan, parts, 2, dst, workspace, NULL, NULL));
  CHECK(dst[0] == 16 * 9 * 2 + 4 * 9 * 3);
  CHECK_FAILS(winograd_conv2d_plan_run_parts(plan, parts, 1, dst, workspace, NULL, NULL),
              WINOGRAD_INVALID_ARGUMENT, "channels");
  CHECK_FAILS(winograd_conv2d_plan_run_parts(plan, NULL, 2, dst, workspace, NULL, NULL),
              WINOGRAD_INVALID_ARGUMENT, "parts");
  CHECK_FAILS(winograd_conv2d_plan_run_parts(NULL, parts, 2, dst, workspace, NULL, NULL),
              WINOGRAD_INVALID_ARGUMENT, "plan");
  free(memory);
  winograd_conv2d_plan_destroy(plan);
}

/* Ones and twos in f16 and bf16: sums of 20 * 9 twos. */
static void test_data_types(void) {
  static const struct {
    winograd_data_type type;
    uint16_t one, two, sum;
  } rows[] = {{WINOGRAD_DATA_TYPE_F16, 0x3c00, 0x4000, 0x5da0},
              {WINOGRAD_DATA_TYPE_BF16, 0x3f80, 0x4000, 0x43b4}};
  CHECK(strcmp(winograd_data_type_name(WINOGRAD_DATA_TYPE_BF16), "bf16") == 0);
  for (int row = 0; row < 2; ++row) {
    const winograd_data_type type = rows[row].type;
    winograd_conv2d_desc desc;
    winograd_conv2d_desc_init(&desc, sizeof desc);
    desc.in_channels = 20;
    desc.out_channels = 1;
    desc.height = desc.width = 3;
    desc.data_type = type;
    uint16_t weights[20 * 9], src[20 * 9], dst[1] = {0};
    for (int i = 0; i < 20 * 9; ++i) weights[i] = rows[row].one;
    for (int i = 0; i < 20 * 9; ++i) src[i] = rows[row].two;
    CHECK_OK(winograd_conv2d_typed(&desc, type, src, weights, NULL, dst, NULL, NULL, NULL));
    CHECK(dst[0] == rows[row].sum);
    winograd_conv2d_plan* plan = NULL;
    if (!CHECK_OK(winograd_conv2d_plan_create_typed(&desc, NULL, type, weights, NULL, &plan))) {
      return;
    }
    const winograd_workspace_requirement need = winograd_conv2d_plan_workspace(plan, 1);
    char* memory = malloc(need.size_bytes + 64);
    winograd_workspace workspace;
    workspace.data = memory + (64 - (uintptr_t)memory % 64) % 64;
    workspace.size_bytes = need.size_bytes;
    const winograd_source_part parts[2] = {{src, 16}, {src + 16 * 9, 4}};
    dst[0] = 0;
    CHECK_OK(
        winograd_conv2d_plan_run_parts_typed(plan, type, parts, 2, dst, workspace, NULL, NULL));
    CHECK(dst[0] == rows[row].sum);
    dst[0] = 0;
    CHECK_OK(winograd_conv2d_plan_run_typed(plan, type, src, dst, workspace, NULL, NULL));
    CHECK(dst[0] == rows[row].sum);
    float floats[20 * 9] = {0}, result[1];
    CHECK_FAILS(winograd_conv2d_plan_run(plan, floats, result, workspace, NULL, NULL),
                WINOGRAD_INVALID_ARGUMENT, "data_type");
    CHECK_FAILS(winograd_conv2d_plan_run_typed(plan, 9, src, dst, workspace, NULL, NULL),
                WINOGRAD_INVALID_ARGUMENT, "unknown");
    winograd_packed_weights* packed = NULL;
    CHECK_FAILS(winograd_packed_weights_create_typed(&desc, NULL, 9, weights, NULL, &packed),
                WINOGRAD_INVALID_ARGUMENT, "weights_type");
    CHECK_OK(winograd_packed_weights_create_typed(&desc, NULL, type, weights, NULL, &packed));
    winograd_packed_weights_destroy(packed);
    free(memory);
    winograd_conv2d_plan_destroy(plan);
  }
}

static void test_reshaped(void) {
  layer l = make_layer(0);
  winograd_conv2d_desc small = l.desc;
  small.batch = 1;
  small.height = small.width = 7;
  winograd_conv2d_plan* plan = NULL;
  winograd_conv2d_plan* larger = NULL;
  CHECK_OK(winograd_conv2d_plan_create(&small, NULL, l.weights, l.bias, &plan));
  CHECK_FAILS(winograd_conv2d_plan_reshaped(plan, 1, 0, 7, &larger), WINOGRAD_INVALID_ARGUMENT,
              "height");
  CHECK_OK(winograd_conv2d_plan_reshaped(plan, l.desc.batch, l.desc.height, l.desc.width, &larger));
  winograd_conv2d_plan_destroy(plan);
  CHECK_OK(run(larger, &l, NULL));
  CHECK(dst_is_right(&l));
  winograd_conv2d_plan_destroy(larger);
  free_layer(&l);
}

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
  CHECK_OK(run(plan, &l, NULL));
  CHECK(dst_is_right(&l));

  winograd_packed_weights* again = NULL;
  CHECK_OK(winograd_conv2d_plan_get_weights(plan, &again));
  winograd_conv2d_plan_destroy(plan);
  CHECK(winograd_packed_weights_algorithm(again) == WINOGRAD_ALGORITHM_F2);
  winograd_packed_weights_destroy(again);
  free_layer(&l);
}

/* ---- executors ------------------------------------------------------------------------------- */

/* Runs tasks backwards, and counts them in `context`. */
static void backwards(void* context, int count, winograd_task task, void* argument) {
  for (int i = count - 1; i >= 0; --i) task(argument, i);
  *(int*)context += count;
}

static void test_executor(void) {
  layer l = make_layer(1);
  winograd_conv2d_plan* plan = NULL;
  if (!CHECK_OK(winograd_conv2d_plan_create(&l.desc, NULL, l.weights, l.bias, &plan))) return;

  int tasks = 0;
  winograd_executor executor;
  memset(&executor, 0, sizeof executor);
  executor.struct_size = sizeof executor;
  executor.parallel_for = backwards;
  executor.context = &tasks;
  executor.concurrency = 3;
  CHECK_OK(run(plan, &l, &executor));
  CHECK(dst_is_right(&l));
  CHECK(tasks > 1);

  tasks = 0;
  CHECK_OK(winograd_conv2d(&l.desc, l.src, l.weights, l.bias, l.dst, l.residual, NULL, &executor));
  CHECK(dst_is_right(&l));
  CHECK(tasks > 1);

  executor.struct_size = 1;
  CHECK_FAILS(run(plan, &l, &executor), WINOGRAD_INVALID_ARGUMENT, "executor");
#ifdef TEST_OPENMP
  memset(&executor, 0, sizeof executor);
  CHECK_FAILS(winograd_openmp_executor(2, &executor), WINOGRAD_INVALID_ARGUMENT, "struct_size");
  executor.struct_size = sizeof executor;
  CHECK_OK(winograd_openmp_executor(2, &executor));
  CHECK(executor.concurrency == 2 && executor.parallel_for != NULL);
  CHECK_OK(run(plan, &l, &executor));
  CHECK(dst_is_right(&l));
#endif
  winograd_conv2d_plan_destroy(plan);
  free_layer(&l);
}

/* ---- tuning ---------------------------------------------------------------------------------- */

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
  CHECK_OK(run(plan, &l, NULL));
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

int main(void) {
  test_names();
  test_defaults();
  test_struct_size();
  test_bad_values();
  test_null();
  test_plan(0);
  test_plan(1);
  test_parts();
  test_data_types();
  test_reshaped();
  test_packed_weights();
  test_executor();
  test_tuning();
  return check_result();
}
