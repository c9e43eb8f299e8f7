/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * Plans: made, asked, run in every way. */
#include <stdlib.h>
#include <string.h>

#include "tests/c_api/check.h"
#include "tests/c_api/layer.h"
#include "tests/c_api/tests.h"
#ifdef TEST_OPENMP
#include "winograd/openmp.h"
#endif

static void test_plan(int residual) {
  layer l = make_layer(residual);
  winograd_conv2d_plan* plan = NULL;
  if (!CHECK_OK(winograd_conv2d_plan_create(&l.desc, NULL, l.weights, l.bias, &plan))) return;
  CHECK_OK(run_plan(plan, &l, NULL));
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
  CHECK_OK(run_plan(larger, &l, NULL));
  CHECK(dst_is_right(&l));
  winograd_conv2d_plan_destroy(larger);
  free_layer(&l);
}

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
  CHECK_OK(run_plan(plan, &l, &executor));
  CHECK(dst_is_right(&l));
  CHECK(tasks > 1);

  tasks = 0;
  CHECK_OK(winograd_conv2d(&l.desc, l.src, l.weights, l.bias, l.dst, l.residual, NULL, &executor));
  CHECK(dst_is_right(&l));
  CHECK(tasks > 1);

  executor.struct_size = 1;
  CHECK_FAILS(run_plan(plan, &l, &executor), WINOGRAD_INVALID_ARGUMENT, "executor");
#ifdef TEST_OPENMP
  memset(&executor, 0, sizeof executor);
  CHECK_FAILS(winograd_openmp_executor(2, &executor), WINOGRAD_INVALID_ARGUMENT, "struct_size");
  executor.struct_size = sizeof executor;
  CHECK_OK(winograd_openmp_executor(2, &executor));
  CHECK(executor.concurrency == 2 && executor.parallel_for != NULL);
  CHECK_OK(run_plan(plan, &l, &executor));
  CHECK(dst_is_right(&l));
#endif
  winograd_conv2d_plan_destroy(plan);
  free_layer(&l);
}

void test_plans(void) {
  test_plan(0);
  test_plan(1);
  test_parts();
  test_data_types();
  test_reshaped();
  test_executor();
}
