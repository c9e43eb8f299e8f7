/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * What is taken and what is refused: names, defaults, versions of structures, wrong values, null.
 */
#include <stddef.h>
#include <string.h>

#include "tests/c_api/check.h"
#include "tests/c_api/layer.h"
#include "tests/c_api/tests.h"

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

void test_arguments(void) {
  test_names();
  test_defaults();
  test_struct_size();
  test_bad_values();
  test_null();
}
