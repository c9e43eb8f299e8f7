/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * Structures of other versions, and those that were never initialised; what came after the first
 * version. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "tests/c_api/check.h"
#include "winograd/winograd.h"

static float weights[9], bias[1], src[25], dst[9];

static winograd_conv2d_desc make_desc(void) {
  winograd_conv2d_desc desc;
  winograd_conv2d_desc_init(&desc, sizeof desc);
  desc.in_channels = desc.out_channels = 1;
  desc.height = desc.width = 5;
  return desc;
}

/* Most likely never set: nothing behind the structure may be looked at, let alone written. */
static void test_absurd_struct_size(void) {
  static const size_t sizes[] = {WINOGRAD_MAX_STRUCT_SIZE + 1, 0x1000, 0xaaaaaaaau, (size_t)-1};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    const winograd_conv2d_desc good = make_desc();
    winograd_conv2d_plan* plan = NULL;
    if (!CHECK_OK(winograd_conv2d_plan_create(&good, NULL, weights, bias, &plan))) return;

    winograd_conv2d_desc desc = good;
    desc.struct_size = sizes[i];
    CHECK_FAILS(winograd_conv2d_validate(&desc), WINOGRAD_INVALID_ARGUMENT, "struct_size");
    winograd_plan_options options;
    winograd_plan_options_init(&options, sizeof options);
    options.struct_size = sizes[i];
    winograd_conv2d_plan* none = NULL;
    CHECK_FAILS(winograd_conv2d_plan_create(&good, &options, weights, NULL, &none),
                WINOGRAD_INVALID_ARGUMENT, "struct_size");
    CHECK(none == NULL);
    winograd_executor executor;
    memset(&executor, 0, sizeof executor);
    executor.struct_size = sizes[i];
    const winograd_workspace workspace = {NULL, 0};
    CHECK_FAILS(winograd_conv2d_plan_run(plan, src, dst, workspace, &executor, NULL),
                WINOGRAD_INVALID_ARGUMENT, "struct_size");

    /* Outputs are left alone. */
    struct {
      winograd_plan_info info;
      unsigned char behind[64];
    } out, as_it_was;
    memset(&out, 0x5a, sizeof out);
    out.info.struct_size = sizes[i];
    as_it_was = out;
    CHECK_FAILS(winograd_conv2d_plan_get_info(plan, &out.info), WINOGRAD_INVALID_ARGUMENT, "info");
    CHECK(memcmp(&out, &as_it_was, sizeof out) == 0);
    struct {
      winograd_conv2d_desc desc;
      unsigned char behind[64];
    } given, same;
    memset(&given, 0x5a, sizeof given);
    same = given;
    winograd_conv2d_desc_init(&given.desc, sizes[i]);
    CHECK(memcmp(&given, &same, sizeof given) == 0);
    winograd_conv2d_plan_destroy(plan);
  }
}

/* The options of a caller that was compiled before they had flush_subnormal_weights. */
static void test_older_options(void) {
  struct {
    winograd_plan_options options;
  } mine, as_it_was;
  const size_t older = offsetof(winograd_plan_options, flush_subnormal_weights);
  memset(&mine, 0x5a, sizeof mine);
  as_it_was = mine;
  winograd_plan_options_init(&mine.options, older);
  CHECK(mine.options.struct_size == older && mine.options.tuning == NULL);
  CHECK(memcmp((char*)&mine + older, (char*)&as_it_was + older, sizeof mine - older) == 0);
  const winograd_conv2d_desc desc = make_desc();
  winograd_conv2d_plan* plan = NULL;
  CHECK_OK(winograd_conv2d_plan_create(&desc, &mine.options, weights, bias, &plan));
  winograd_conv2d_plan_destroy(plan);
  plan = NULL;
  mine.options.struct_size = older - 1;
  CHECK_FAILS(winograd_conv2d_plan_create(&desc, &mine.options, weights, bias, &plan),
              WINOGRAD_INVALID_ARGUMENT, "struct_size");

  winograd_plan_options_init(&mine.options, sizeof mine.options);
  CHECK(mine.options.flush_subnormal_weights == 0 && mine.options.reserved == 0);
  mine.options.flush_subnormal_weights = 2;
  CHECK_FAILS(winograd_conv2d_plan_create(&desc, &mine.options, weights, bias, &plan),
              WINOGRAD_INVALID_ARGUMENT, "flush_subnormal_weights");
  mine.options.flush_subnormal_weights = 1;
  mine.options.reserved = 1;
  CHECK_FAILS(winograd_conv2d_plan_create(&desc, &mine.options, weights, bias, &plan),
              WINOGRAD_UNSUPPORTED, "options");
  CHECK(plan == NULL);
}

/* The description of a caller that was compiled before tensors had types. */
static void test_older_desc(void) {
  winograd_conv2d_desc desc = make_desc();
  CHECK(desc.data_type == WINOGRAD_DATA_TYPE_F32 && desc.reserved == 0);
  desc.reserved = 1;
  CHECK_FAILS(winograd_conv2d_validate(&desc), WINOGRAD_UNSUPPORTED, "desc");
  desc.struct_size = offsetof(winograd_conv2d_desc, data_type);
  desc.data_type = 77; /* nobody looks there */
  CHECK_OK(winograd_conv2d_validate(&desc));
  winograd_conv2d_plan* plan = NULL;
  if (!CHECK_OK(winograd_conv2d_plan_create(&desc, NULL, weights, bias, &plan))) return;
  CHECK_OK(winograd_conv2d_plan_get_desc(plan, &desc));
  CHECK(desc.data_type == 77);
  winograd_conv2d_plan_destroy(plan);
  desc.struct_size -= 1;
  CHECK_FAILS(winograd_conv2d_validate(&desc), WINOGRAD_INVALID_ARGUMENT, "struct_size");
  desc = make_desc();
  desc.data_type = 3;
  CHECK_FAILS(winograd_conv2d_validate(&desc), WINOGRAD_INVALID_ARGUMENT, "data_type");
}

static void test_flush_subnormal_weights(void) {
  const winograd_conv2d_desc desc = make_desc();
  for (int i = 0; i < 9; ++i) weights[i] = 1e-39f;
  winograd_plan_options options;
  winograd_plan_options_init(&options, sizeof options);
  options.flush_subnormal_weights = 1;
  winograd_packed_weights *flushed = NULL, *zeros = NULL;
  CHECK_OK(winograd_packed_weights_create(&desc, &options, weights, bias, &flushed));
  memset(weights, 0, sizeof weights);
  CHECK_OK(winograd_packed_weights_create(&desc, NULL, weights, bias, &zeros));
  static char a[1 << 16], b[1 << 16];
  if (CHECK_OK(winograd_packed_weights_save(flushed, a, sizeof a)) &&
      CHECK_OK(winograd_packed_weights_save(zeros, b, sizeof b))) {
    CHECK(memcmp(a, b, winograd_packed_weights_serialized_size_bytes(zeros)) == 0);
  }
  winograd_packed_weights_destroy(flushed);
  winograd_packed_weights_destroy(zeros);
}

/* Zero weights, so that the bias is all there is: 2 * 3 - 1. */
static void test_output_scale(void) {
  const winograd_conv2d_desc desc = make_desc();
  static const float zeros[9];
  const float three[1] = {3.0f}, scale[1] = {2.0f}, shift[1] = {-1.0f}, five[1] = {5.0f};
  winograd_plan_options options;
  winograd_plan_options_init(&options, sizeof options);
  CHECK(options.output_scale == NULL && options.output_shift == NULL);
  options.output_scale = scale;
  options.output_shift = shift;
  winograd_packed_weights *scaled = NULL, *plain = NULL;
  CHECK_OK(winograd_packed_weights_create(&desc, &options, zeros, three, &scaled));
  CHECK_OK(winograd_packed_weights_create(&desc, NULL, zeros, five, &plain));
  static char a[1 << 16], b[1 << 16];
  if (CHECK_OK(winograd_packed_weights_save(scaled, a, sizeof a)) &&
      CHECK_OK(winograd_packed_weights_save(plain, b, sizeof b))) {
    CHECK(memcmp(a, b, winograd_packed_weights_serialized_size_bytes(plain)) == 0);
  }
  winograd_weights_shape shape;
  memset(&shape, 0x5a, sizeof shape);
  CHECK_FAILS(winograd_packed_weights_get_shape(scaled, &shape), WINOGRAD_INVALID_ARGUMENT,
              "struct_size");
  shape.struct_size = sizeof shape;
  CHECK_OK(winograd_packed_weights_get_shape(scaled, &shape));
  CHECK(shape.in_channels == 1 && shape.out_channels == 1 && shape.groups == 1);
  CHECK(shape.kernel_h == 3 && shape.kernel_w == 3);
  winograd_packed_weights_destroy(scaled);
  winograd_packed_weights_destroy(plain);
}

/* What came later: slopes of a parametric ReLU, and the cost of a layer. */
static void test_prelu_and_cost(void) {
  winograd_conv2d_desc desc = make_desc();
  desc.activation = WINOGRAD_ACTIVATION_PRELU;
  CHECK(strcmp(winograd_activation_name(desc.activation), "prelu") == 0);
  winograd_conv2d_plan* plan = NULL;
  CHECK_FAILS(winograd_conv2d_plan_create(&desc, NULL, weights, bias, &plan),
              WINOGRAD_INVALID_ARGUMENT, "prelu_slopes");
  const float slope = 0.25f, minus_two = -2.0f;
  winograd_plan_options options;
  winograd_plan_options_init(&options, sizeof options);
  CHECK(options.prelu_slopes == NULL && options.seconds_per_cycle == 0);
  options.prelu_slopes = &slope;
  CHECK_OK(winograd_calibrate(NULL, &options.seconds_per_cycle));
  CHECK(options.seconds_per_cycle > 0);
  winograd_cost cost;
  cost.struct_size = sizeof cost;
  CHECK_OK(winograd_conv2d_predict(&desc, &options, &cost));
  CHECK(cost.algorithm != WINOGRAD_ALGORITHM_AUTOMATIC && cost.products == 9 * 9);
  CHECK(cost.cycles > 0 && cost.seconds > 0 && cost.bytes_moved >= 4 * (25 + 9));
  memset(weights, 0, sizeof weights);
  if (!CHECK_OK(winograd_conv2d_plan_create(&desc, &options, weights, &minus_two, &plan))) return;
  winograd_plan_info info;
  info.struct_size = sizeof info;
  CHECK_OK(winograd_conv2d_plan_get_info(plan, &info));
  CHECK(info.algorithm == cost.algorithm && info.estimated_cycles == cost.cycles);
  CHECK(info.estimated_seconds == cost.seconds && info.estimated_products == cost.products);
  /* A caller that was compiled before the estimates. */
  memset(&info, 0x5a, sizeof info);
  info.struct_size = offsetof(winograd_plan_info, estimated_products);
  const winograd_plan_info as_it_was = info;
  CHECK_OK(winograd_conv2d_plan_get_info(plan, &info));
  CHECK(memcmp(&info.estimated_products, &as_it_was.estimated_products,
               sizeof info.estimated_products) == 0);
  winograd_conv2d_plan_destroy(plan);
  memset(src, 0, sizeof src);
  CHECK_OK(winograd_conv2d(&desc, src, weights, &minus_two, dst, NULL, &options, NULL));
  CHECK(dst[0] == -0.5f && dst[8] == -0.5f);
}

static void test_empty_batch(void) {
  winograd_conv2d_desc desc = make_desc();
  desc.batch = 0;
  winograd_conv2d_sizes sizes;
  sizes.struct_size = sizeof sizes;
  CHECK_OK(winograd_conv2d_get_sizes(&desc, &sizes));
  CHECK(sizes.src == 0 && sizes.dst == 0 && sizes.weights == 9);
  winograd_conv2d_plan* plan = NULL;
  if (!CHECK_OK(winograd_conv2d_plan_create(&desc, NULL, weights, bias, &plan))) return;
  CHECK(winograd_conv2d_plan_workspace(plan, 4).size_bytes == 0);
  const winograd_workspace none = {NULL, 0};
  CHECK_OK(winograd_conv2d_plan_run(plan, NULL, NULL, none, NULL, NULL));
  CHECK_OK(winograd_conv2d(&desc, NULL, weights, bias, NULL, NULL, NULL, NULL));
  winograd_conv2d_plan_destroy(plan);
}

int main(void) {
  test_absurd_struct_size();
  test_older_options();
  test_older_desc();
  test_flush_subnormal_weights();
  test_output_scale();
  test_prelu_and_cost();
  test_empty_batch();
  return check_result();
}
