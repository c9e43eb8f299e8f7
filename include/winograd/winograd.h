/* Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
 *
 * The C interface: all that winograd/conv2d.hpp offers, for C and for other languages' foreign
 * function calls. What the numbers and buffers mean is said there and in docs/api.md; this header
 * says what is particular to C. It compiles in any standard since C90 and C++98, so that it is the
 * way, too, for projects whose C++ is older than the C++17 of the other headers.
 *
 *   winograd_conv2d_desc desc;
 *   winograd_conv2d_desc_init(&desc, sizeof desc);
 *   desc.in_channels = desc.out_channels = 64;
 *   desc.height = desc.width = 56;
 *   desc.pad_top = desc.pad_left = desc.pad_bottom = desc.pad_right = 1;
 *   winograd_conv2d_plan* plan = NULL;
 *   winograd_status status = winograd_conv2d_plan_create(&desc, NULL, weights, NULL, &plan);
 *   if (status.code != WINOGRAD_OK) { puts(status.message); return; }
 *   run:  status = winograd_conv2d_plan_run(plan, src, dst, workspace, NULL, NULL);
 *   end:  winograd_conv2d_plan_destroy(plan);
 *
 * Structures that may grow in later versions begin with `struct_size`, the size of the structure in
 * the caller's eyes: what an older caller does not know has its default, and what a newer caller
 * set to non-zero beyond what this library knows is refused as `unsupported`. No version's
 * structure will have more than WINOGRAD_MAX_STRUCT_SIZE bytes: more is `invalid_argument`, for it
 * is most likely a structure that was never initialised.
 *
 * Functions that can fail return a winograd_status, and leave their outputs alone when they fail.
 * Null where it is not allowed is `invalid_argument`. No function throws. All are thread-safe; an
 * object must only not be in use while it is destroyed.
 */
#ifndef WINOGRAD_WINOGRAD_H
#define WINOGRAD_WINOGRAD_H

#include <stddef.h>
#include <stdint.h>

#include "winograd/export.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- enumerations: int32_t, so that their size does not depend on the compiler ----------------
 */

typedef int32_t winograd_status_code;
enum {
  WINOGRAD_OK = 0,
  WINOGRAD_INVALID_ARGUMENT = 1,
  WINOGRAD_UNSUPPORTED = 2,
  WINOGRAD_WORKSPACE = 3,
  WINOGRAD_BAD_PACKED_DATA = 4,
  WINOGRAD_OUT_OF_MEMORY = 5
};

typedef int32_t winograd_data_type;
enum { WINOGRAD_DATA_TYPE_F32 = 0, WINOGRAD_DATA_TYPE_F16 = 1, WINOGRAD_DATA_TYPE_BF16 = 2 };

typedef int32_t winograd_layout;
enum { WINOGRAD_LAYOUT_NCHW = 0, WINOGRAD_LAYOUT_NHWC = 1 };

typedef int32_t winograd_weight_layout;
enum { WINOGRAD_WEIGHT_LAYOUT_OIHW = 0, WINOGRAD_WEIGHT_LAYOUT_HWIO = 1 };

typedef int32_t winograd_activation;
enum {
  WINOGRAD_ACTIVATION_NONE = 0,
  WINOGRAD_ACTIVATION_RELU = 1,
  WINOGRAD_ACTIVATION_RELU6 = 2,
  WINOGRAD_ACTIVATION_CLAMP = 3,
  WINOGRAD_ACTIVATION_LEAKY_RELU = 4,
  WINOGRAD_ACTIVATION_SIGMOID = 5,
  WINOGRAD_ACTIVATION_TANH = 6,
  WINOGRAD_ACTIVATION_SILU = 7,
  WINOGRAD_ACTIVATION_HARD_SIGMOID = 8,
  WINOGRAD_ACTIVATION_HARD_SWISH = 9,
  WINOGRAD_ACTIVATION_MISH = 10,
  WINOGRAD_ACTIVATION_GELU_TANH = 11,
  WINOGRAD_ACTIVATION_PRELU = 12
};

typedef int32_t winograd_algorithm;
enum {
  WINOGRAD_ALGORITHM_AUTOMATIC = 0,
  WINOGRAD_ALGORITHM_DIRECT = 1,
  WINOGRAD_ALGORITHM_F2 = 2,
  WINOGRAD_ALGORITHM_F3 = 3,
  WINOGRAD_ALGORITHM_F4 = 4,
  WINOGRAD_ALGORITHM_F6 = 5
};

typedef int32_t winograd_accuracy;
enum {
  WINOGRAD_ACCURACY_STRICT = 0,
  WINOGRAD_ACCURACY_STANDARD = 1,
  WINOGRAD_ACCURACY_RELAXED = 2,
  WINOGRAD_ACCURACY_HALF = 3
};

typedef int32_t winograd_isa;
enum {
  WINOGRAD_ISA_SCALAR = 0,
  WINOGRAD_ISA_SSE2 = 1,
  WINOGRAD_ISA_AVX2 = 2,
  WINOGRAD_ISA_AVX512 = 3,
  WINOGRAD_ISA_NEON_ARMV7 = 4,
  WINOGRAD_ISA_NEON_ARMV7_FMA = 5,
  WINOGRAD_ISA_NEON = 6,
  WINOGRAD_ISA_WASM_SIMD128 = 7,
  WINOGRAD_ISA_NEON_FP16 = 8,
  WINOGRAD_ISA_BEST = 255
};

/* Names, e.g. "nhwc"; "unknown" for what is none. Static storage. */
WINOGRAD_API const char* winograd_status_code_name(winograd_status_code code);
WINOGRAD_API const char* winograd_data_type_name(winograd_data_type type);
WINOGRAD_API const char* winograd_layout_name(winograd_layout layout);
WINOGRAD_API const char* winograd_activation_name(winograd_activation activation);
WINOGRAD_API const char* winograd_algorithm_name(winograd_algorithm algorithm);
WINOGRAD_API const char* winograd_accuracy_name(winograd_accuracy accuracy);
WINOGRAD_API const char* winograd_isa_name(winograd_isa isa);

/* 1 if this build has kernels for `isa` and this CPU can run them, otherwise 0. */
WINOGRAD_API int winograd_isa_available(winograd_isa isa);

/* ---- plain structures ------------------------------------------------------------------------ */

#define WINOGRAD_MESSAGE_CAPACITY 240
#define WINOGRAD_MAX_STRUCT_SIZE 512

/* The outcome of a call. `message` is zero-terminated, and empty for WINOGRAD_OK. */
typedef struct winograd_status {
  winograd_status_code code;
  char message[WINOGRAD_MESSAGE_CAPACITY];
} winograd_status;

/* Of each extent in a description, padded height and width included. */
#define WINOGRAD_MAX_EXTENT ((int64_t)1 << 28)

/* winograd::Conv2dDesc. */
typedef struct winograd_conv2d_desc {
  size_t struct_size;
  int64_t batch;
  int64_t in_channels;
  int64_t out_channels;
  int64_t height;
  int64_t width;
  int64_t kernel_h;
  int64_t kernel_w;
  int64_t stride_h;
  int64_t stride_w;
  int64_t dilation_h;
  int64_t dilation_w;
  int64_t pad_top;
  int64_t pad_left;
  int64_t pad_bottom;
  int64_t pad_right;
  int64_t groups;
  winograd_layout layout;
  int32_t residual; /* 0 or 1 */
  winograd_activation activation;
  float activation_min;
  float activation_max;
  float leaky_slope;
  winograd_data_type data_type; /* of src, dst and residual */
  int32_t reserved;             /* 0 */
} winograd_conv2d_desc;

/* winograd::PlanOptions. Wherever options are asked for, null means the defaults. */
typedef struct winograd_tuning_cache winograd_tuning_cache;

typedef struct winograd_plan_options {
  size_t struct_size;
  winograd_algorithm algorithm;
  winograd_accuracy accuracy;
  winograd_isa max_isa;
  winograd_weight_layout weight_layout;
  size_t workspace_limit_bytes;
  size_t packed_limit_bytes;
  winograd_tuning_cache* tuning;   /* or null; must outlive the calls that pack weights with it */
  int32_t flush_subnormal_weights; /* 0 or 1 */
  int32_t reserved;                /* 0 */
  const float* output_scale;       /* or null; folded into the weights and the bias at packing */
  const float* output_shift;       /* or null; folded into the bias at packing */
  const float* prelu_slopes;       /* of WINOGRAD_ACTIVATION_PRELU: [out_channels] */
  double seconds_per_cycle;        /* winograd::Calibration, or 0 */
} winograd_plan_options;

/* Set every field to its default and struct_size to `struct_size`, which is sizeof of the caller's
 * structure. Do nothing if it is less than the first version's, more than WINOGRAD_MAX_STRUCT_SIZE,
 * or the pointer is null. */
WINOGRAD_API void winograd_conv2d_desc_init(winograd_conv2d_desc* desc, size_t struct_size);
WINOGRAD_API void winograd_plan_options_init(winograd_plan_options* options, size_t struct_size);

/* Sizes that follow from a description, in elements. */
typedef struct winograd_conv2d_sizes {
  size_t struct_size;
  int64_t out_height;
  int64_t out_width;
  int64_t src;
  int64_t dst;
  int64_t weights;
} winograd_conv2d_sizes;

/* winograd::PlanInfo. The strings are valid as long as the plan. */
typedef struct winograd_plan_info {
  size_t struct_size;
  winograd_algorithm algorithm;
  winograd_isa isa;
  const char* kernel;
  const char* reason;
  double expected_rms_error;
  size_t packed_bytes;
  double estimated_products; /* the four of winograd::Cost */
  double estimated_bytes_moved;
  double estimated_cycles;
  double estimated_seconds;
} winograd_plan_info;

/* Caller-owned scratch memory. */
typedef struct winograd_workspace {
  void* data;
  size_t size_bytes;
} winograd_workspace;

typedef struct winograd_workspace_requirement {
  size_t size_bytes;
  size_t alignment_bytes;
} winograd_workspace_requirement;

/* winograd::SourcePart. */
typedef struct winograd_source_part {
  const void* data;
  int64_t channels;
} winograd_source_part;

typedef void (*winograd_task)(void* argument, int index);

/* Must call task(argument, i) once for each i in [0, count), in any order, on any threads, and
 * return when all have returned. */
typedef void (*winograd_parallel_for)(void* context, int count, winograd_task task, void* argument);

/* winograd::Executor. Wherever one is asked for, null means serial execution on the calling thread,
 * and so does a null parallel_for. */
typedef struct winograd_executor {
  size_t struct_size;
  winograd_parallel_for parallel_for;
  void* context;
  int32_t concurrency;
} winograd_executor;

/* ---- descriptions ---------------------------------------------------------------------------- */

WINOGRAD_API winograd_status winograd_conv2d_validate(const winograd_conv2d_desc* desc);

/* Validates, then fills `sizes`, whose struct_size the caller has set. */
WINOGRAD_API winograd_status winograd_conv2d_get_sizes(const winograd_conv2d_desc* desc,
                                                       winograd_conv2d_sizes* sizes);

/* ---- prediction without running
 * ------------------------------------------------------------------
 */

/* winograd::Cost, and the algorithm that a plan would have. */
typedef struct winograd_cost {
  size_t struct_size;
  winograd_algorithm algorithm;
  double products;
  double bytes_moved;
  double cycles;
  double seconds;
} winograd_cost;

/* Fills `cost`, whose struct_size the caller has set. `options` may be null. */
WINOGRAD_API winograd_status winograd_conv2d_predict(const winograd_conv2d_desc* desc,
                                                     const winograd_plan_options* options,
                                                     winograd_cost* cost);

/* winograd::calibrate; for winograd_plan_options::seconds_per_cycle. `options` may be null. */
WINOGRAD_API winograd_status winograd_calibrate(const winograd_plan_options* options,
                                                double* seconds_per_cycle);

/* ---- tuning cache: measured choices of algorithm; safe to use from several threads -------------
 */

WINOGRAD_API winograd_status winograd_tuning_cache_create(winograd_tuning_cache** result);
WINOGRAD_API size_t winograd_tuning_cache_size(const winograd_tuning_cache* cache);
/* Writes the text of all entries and a terminating zero if `size_bytes` holds them, and sets
 * `needed_bytes` (may be null) in any case; a null buffer with size 0 only asks. */
WINOGRAD_API winograd_status winograd_tuning_cache_save(const winograd_tuning_cache* cache,
                                                        char* buffer, size_t size_bytes,
                                                        size_t* needed_bytes);
/* `text` has `size_bytes` characters and needs no terminating zero. */
WINOGRAD_API winograd_status winograd_tuning_cache_load(winograd_tuning_cache* cache,
                                                        const char* text, size_t size_bytes);
WINOGRAD_API void winograd_tuning_cache_destroy(winograd_tuning_cache* cache);

/* ---- packed weights: immutable; plans made from them keep what they need of them --------------
 */

typedef struct winograd_packed_weights winograd_packed_weights;

/* winograd::WeightsShape. */
typedef struct winograd_weights_shape {
  size_t struct_size;
  int64_t in_channels;
  int64_t out_channels;
  int64_t kernel_h;
  int64_t kernel_w;
  int64_t groups;
} winograd_weights_shape;

/* `bias` may be null. */
WINOGRAD_API winograd_status winograd_packed_weights_create(const winograd_conv2d_desc* desc,
                                                            const winograd_plan_options* options,
                                                            const float* weights, const float* bias,
                                                            winograd_packed_weights** result);
/* The same for weights of any type; the bias is always float. */
WINOGRAD_API winograd_status winograd_packed_weights_create_typed(
    const winograd_conv2d_desc* desc, const winograd_plan_options* options,
    winograd_data_type weights_type, const void* weights, const float* bias,
    winograd_packed_weights** result);
WINOGRAD_API winograd_status winograd_packed_weights_load(const void* buffer, size_t size_bytes,
                                                          winograd_packed_weights** result);
WINOGRAD_API winograd_status winograd_packed_weights_save(const winograd_packed_weights* weights,
                                                          void* buffer, size_t size_bytes);
/* Fills `shape`, whose struct_size the caller has set. */
WINOGRAD_API winograd_status winograd_packed_weights_get_shape(
    const winograd_packed_weights* weights, winograd_weights_shape* shape);
/* Null is allowed in these, and gives AUTOMATIC, SCALAR and 0; in destroy it does nothing. */
WINOGRAD_API size_t
winograd_packed_weights_serialized_size_bytes(const winograd_packed_weights* weights);
WINOGRAD_API size_t winograd_packed_weights_size_bytes(const winograd_packed_weights* weights);
WINOGRAD_API winograd_algorithm
winograd_packed_weights_algorithm(const winograd_packed_weights* weights);
WINOGRAD_API winograd_isa winograd_packed_weights_isa(const winograd_packed_weights* weights);
WINOGRAD_API void winograd_packed_weights_destroy(winograd_packed_weights* weights);

/* ---- plans: immutable; any number of threads may run one at the same time ---------------------
 */

typedef struct winograd_conv2d_plan winograd_conv2d_plan;

/* `bias` may be null. */
WINOGRAD_API winograd_status winograd_conv2d_plan_create(const winograd_conv2d_desc* desc,
                                                         const winograd_plan_options* options,
                                                         const float* weights, const float* bias,
                                                         winograd_conv2d_plan** result);
WINOGRAD_API winograd_status winograd_conv2d_plan_create_typed(const winograd_conv2d_desc* desc,
                                                               const winograd_plan_options* options,
                                                               winograd_data_type weights_type,
                                                               const void* weights,
                                                               const float* bias,
                                                               winograd_conv2d_plan** result);
WINOGRAD_API winograd_status winograd_conv2d_plan_create_packed(
    const winograd_conv2d_desc* desc, const winograd_plan_options* options,
    const winograd_packed_weights* weights, winograd_conv2d_plan** result);
WINOGRAD_API winograd_status winograd_conv2d_plan_reshaped(const winograd_conv2d_plan* plan,
                                                           int64_t batch, int64_t height,
                                                           int64_t width,
                                                           winograd_conv2d_plan** result);

/* Zeros for a null plan. Any number of threads is allowed; see winograd::Conv2dPlan::workspace. */
WINOGRAD_API winograd_workspace_requirement
winograd_conv2d_plan_workspace(const winograd_conv2d_plan* plan, int threads);

/* `executor` may be null; `residual` is null exactly when the description has none. */
WINOGRAD_API winograd_status winograd_conv2d_plan_run(const winograd_conv2d_plan* plan,
                                                      const float* src, float* dst,
                                                      winograd_workspace workspace,
                                                      const winograd_executor* executor,
                                                      const float* residual);

/* The same for a src in `count` parts along its channels; see winograd::Conv2dPlan::run. */
WINOGRAD_API winograd_status winograd_conv2d_plan_run_parts(
    const winograd_conv2d_plan* plan, const winograd_source_part* parts, int count, float* dst,
    winograd_workspace workspace, const winograd_executor* executor, const float* residual);

/* The same two for tensors of any type: `type` is that of src, dst and residual, and must be the
 * description's data_type. (Those above are for WINOGRAD_DATA_TYPE_F32.) */
WINOGRAD_API winograd_status winograd_conv2d_plan_run_typed(
    const winograd_conv2d_plan* plan, winograd_data_type type, const void* src, void* dst,
    winograd_workspace workspace, const winograd_executor* executor, const void* residual);
WINOGRAD_API winograd_status winograd_conv2d_plan_run_parts_typed(
    const winograd_conv2d_plan* plan, winograd_data_type type, const winograd_source_part* parts,
    int count, void* dst, winograd_workspace workspace, const winograd_executor* executor,
    const void* residual);

/* Fill `desc` or `info`, whose struct_size the caller has set. */
WINOGRAD_API winograd_status winograd_conv2d_plan_get_desc(const winograd_conv2d_plan* plan,
                                                           winograd_conv2d_desc* desc);
WINOGRAD_API winograd_status winograd_conv2d_plan_get_info(const winograd_conv2d_plan* plan,
                                                           winograd_plan_info* info);

/* The plan's packed weights, as an object of its own, to be destroyed by the caller. */
WINOGRAD_API winograd_status winograd_conv2d_plan_get_weights(const winograd_conv2d_plan* plan,
                                                              winograd_packed_weights** result);
/* Null is allowed. */
WINOGRAD_API void winograd_conv2d_plan_destroy(winograd_conv2d_plan* plan);

/* ---- one-shot -------------------------------------------------------------------------------- */

/* Plans, packs, allocates a workspace, runs, frees. */
WINOGRAD_API winograd_status winograd_conv2d(const winograd_conv2d_desc* desc, const float* src,
                                             const float* weights, const float* bias, float* dst,
                                             const float* residual,
                                             const winograd_plan_options* options,
                                             const winograd_executor* executor);

/* The same for src, weights, dst and residual of the type desc->data_type. */
WINOGRAD_API winograd_status winograd_conv2d_typed(const winograd_conv2d_desc* desc,
                                                   winograd_data_type type, const void* src,
                                                   const void* weights, const float* bias,
                                                   void* dst, const void* residual,
                                                   const winograd_plan_options* options,
                                                   const winograd_executor* executor);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* WINOGRAD_WINOGRAD_H */
