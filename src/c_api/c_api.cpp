// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The C interface on top of the C++ one: conversions and null checks, nothing else.
#include <algorithm>
#include <new>
#include <utility>

#include "src/c_api/c_api_convert.hpp"
#include "winograd/conv2d.hpp"
#include "winograd/winograd.h"

struct winograd_packed_weights {
  winograd::PackedWeights value;
};

struct winograd_conv2d_plan {
  winograd::Conv2dPlan value;
};

namespace {

using winograd::Status;
using winograd::StatusCode;
using namespace winograd::c_api;  // NOLINT: conversions, which this file is about

// The numbers of the C enumerations are promised to callers; the C++ ones are checked against them.
// (Those of instruction sets: src/runtime/kernel_sets.cpp.)
template <class T>
constexpr bool same(T value, std::int32_t number) {
  return static_cast<std::int32_t>(value) == number;
}
static_assert(same(StatusCode::ok, WINOGRAD_OK) &&
              same(StatusCode::invalid_argument, WINOGRAD_INVALID_ARGUMENT) &&
              same(StatusCode::unsupported, WINOGRAD_UNSUPPORTED) &&
              same(StatusCode::workspace, WINOGRAD_WORKSPACE) &&
              same(StatusCode::bad_packed_data, WINOGRAD_BAD_PACKED_DATA) &&
              same(StatusCode::out_of_memory, WINOGRAD_OUT_OF_MEMORY));
static_assert(same(winograd::DataType::f32, WINOGRAD_DATA_TYPE_F32) &&
              same(winograd::DataType::f16, WINOGRAD_DATA_TYPE_F16) &&
              same(winograd::DataType::bf16, WINOGRAD_DATA_TYPE_BF16));
static_assert(same(winograd::Layout::nchw, WINOGRAD_LAYOUT_NCHW) &&
              same(winograd::Layout::nhwc, WINOGRAD_LAYOUT_NHWC) &&
              same(winograd::WeightLayout::oihw, WINOGRAD_WEIGHT_LAYOUT_OIHW) &&
              same(winograd::WeightLayout::hwio, WINOGRAD_WEIGHT_LAYOUT_HWIO));
static_assert(same(winograd::Activation::none, WINOGRAD_ACTIVATION_NONE) &&
              same(winograd::Activation::relu, WINOGRAD_ACTIVATION_RELU) &&
              same(winograd::Activation::relu6, WINOGRAD_ACTIVATION_RELU6) &&
              same(winograd::Activation::clamp, WINOGRAD_ACTIVATION_CLAMP) &&
              same(winograd::Activation::leaky_relu, WINOGRAD_ACTIVATION_LEAKY_RELU) &&
              same(winograd::Activation::sigmoid, WINOGRAD_ACTIVATION_SIGMOID) &&
              same(winograd::Activation::tanh, WINOGRAD_ACTIVATION_TANH) &&
              same(winograd::Activation::silu, WINOGRAD_ACTIVATION_SILU) &&
              same(winograd::Activation::hard_sigmoid, WINOGRAD_ACTIVATION_HARD_SIGMOID) &&
              same(winograd::Activation::hard_swish, WINOGRAD_ACTIVATION_HARD_SWISH) &&
              same(winograd::Activation::mish, WINOGRAD_ACTIVATION_MISH) &&
              same(winograd::Activation::gelu_tanh, WINOGRAD_ACTIVATION_GELU_TANH) &&
              same(winograd::Activation::prelu, WINOGRAD_ACTIVATION_PRELU));
static_assert(same(winograd::Algorithm::automatic, WINOGRAD_ALGORITHM_AUTOMATIC) &&
              same(winograd::Algorithm::direct, WINOGRAD_ALGORITHM_DIRECT) &&
              same(winograd::Algorithm::winograd_f2, WINOGRAD_ALGORITHM_F2) &&
              same(winograd::Algorithm::winograd_f3, WINOGRAD_ALGORITHM_F3) &&
              same(winograd::Algorithm::winograd_f4, WINOGRAD_ALGORITHM_F4) &&
              same(winograd::Algorithm::winograd_f6, WINOGRAD_ALGORITHM_F6));
static_assert(same(winograd::Accuracy::strict, WINOGRAD_ACCURACY_STRICT) &&
              same(winograd::Accuracy::standard, WINOGRAD_ACCURACY_STANDARD) &&
              same(winograd::Accuracy::relaxed, WINOGRAD_ACCURACY_RELAXED) &&
              same(winograd::Accuracy::half, WINOGRAD_ACCURACY_HALF));
static_assert(Status::message_capacity == WINOGRAD_MESSAGE_CAPACITY);
static_assert(winograd::Conv2dDesc::kMaxExtent == WINOGRAD_MAX_EXTENT);

/// Description and options of the functions that create something.
struct Request {
  winograd::Conv2dDesc desc;
  winograd::PlanOptions options;

  Status read(const winograd_conv2d_desc* given_desc,
              const winograd_plan_options* given_options) noexcept {
    if (Status status = read_desc(given_desc, desc); !status) return status;
    return read_options(given_options, options);
  }
};

/// Puts what `created` holds on the heap, as the C handle `Handle`.
template <class Handle, class T>
winograd_status hand_out(winograd::Result<T> created, Handle** result) noexcept {
  if (!created) return to_c(created.status());
  auto* handle = new (std::nothrow) Handle{std::move(created).value()};
  if (handle == nullptr) {
    return to_c(Status::failure(StatusCode::out_of_memory, "no memory for a handle of %zu bytes",
                                sizeof(Handle)));
  }
  *result = handle;
  return to_c(Status());
}

template <class Enum>
const char* name_of(std::int32_t number) noexcept {
  return winograd::to_string(to_enum<Enum>(number));
}

}  // namespace

// ---- names and availability ---------------------------------------------------------------------

const char* winograd_status_code_name(winograd_status_code code) {
  return name_of<StatusCode>(code);
}
const char* winograd_data_type_name(winograd_data_type type) {
  return name_of<winograd::DataType>(type);
}
const char* winograd_layout_name(winograd_layout layout) {
  return name_of<winograd::Layout>(layout);
}
const char* winograd_activation_name(winograd_activation activation) {
  return name_of<winograd::Activation>(activation);
}
const char* winograd_algorithm_name(winograd_algorithm algorithm) {
  return name_of<winograd::Algorithm>(algorithm);
}
const char* winograd_accuracy_name(winograd_accuracy accuracy) {
  return name_of<winograd::Accuracy>(accuracy);
}
const char* winograd_isa_name(winograd_isa isa) { return name_of<winograd::Isa>(isa); }

int winograd_isa_available(winograd_isa isa) {
  return winograd::isa_available(to_enum<winograd::Isa>(isa)) ? 1 : 0;
}

// ---- descriptions -------------------------------------------------------------------------------

void winograd_conv2d_desc_init(winograd_conv2d_desc* desc, size_t struct_size) {
  if (desc == nullptr || !check_struct_size<winograd_conv2d_desc>("desc", struct_size)) return;
  desc->struct_size = struct_size;
  (void)write_struct("desc", to_c(winograd::Conv2dDesc()), desc);
}

void winograd_plan_options_init(winograd_plan_options* options, size_t struct_size) {
  if (options == nullptr || !check_struct_size<winograd_plan_options>("options", struct_size))
    return;
  options->struct_size = struct_size;
  (void)write_struct("options", to_c(winograd::PlanOptions()), options);
}

winograd_status winograd_conv2d_validate(const winograd_conv2d_desc* desc) {
  winograd::Conv2dDesc d;
  if (const Status status = read_desc(desc, d); !status) return to_c(status);
  return to_c(winograd::validate(d));
}

winograd_status winograd_conv2d_get_sizes(const winograd_conv2d_desc* desc,
                                          winograd_conv2d_sizes* sizes) {
  winograd::Conv2dDesc d;
  if (const Status status = read_desc(desc, d); !status) return to_c(status);
  if (const Status status = winograd::validate(d); !status) return to_c(status);
  winograd_conv2d_sizes s{};
  s.out_height = d.out_height();
  s.out_width = d.out_width();
  s.src = d.src_size();
  s.dst = d.dst_size();
  s.weights = d.weights_size();
  return to_c(write_struct("sizes", s, sizes));
}

// ---- prediction without running -----------------------------------------------------------------

winograd_status winograd_conv2d_predict(const winograd_conv2d_desc* desc,
                                        const winograd_plan_options* options, winograd_cost* cost) {
  Request request;
  if (const Status status = request.read(desc, options); !status) return to_c(status);
  winograd::Algorithm algorithm{};
  const auto from = winograd::predict(request.desc, request.options, &algorithm);
  if (!from) return to_c(from.status());
  winograd_cost to{};
  to.algorithm = static_cast<winograd_algorithm>(algorithm);
  to.products = from->products;
  to.bytes_moved = from->bytes_moved;
  to.cycles = from->cycles;
  to.seconds = from->seconds;
  return to_c(write_struct("cost", to, cost));
}

winograd_status winograd_calibrate(const winograd_plan_options* options,
                                   double* seconds_per_cycle) {
  if (seconds_per_cycle == nullptr) return to_c(null_argument("seconds_per_cycle"));
  winograd::PlanOptions given;
  if (const Status status = read_options(options, given); !status) return to_c(status);
  const auto calibration = winograd::calibrate(given);
  if (!calibration) return to_c(calibration.status());
  *seconds_per_cycle = calibration->seconds_per_cycle;
  return to_c(Status());
}

// ---- packed weights -----------------------------------------------------------------------------

winograd_status winograd_packed_weights_create(const winograd_conv2d_desc* desc,
                                               const winograd_plan_options* options,
                                               const float* weights, const float* bias,
                                               winograd_packed_weights** result) {
  return winograd_packed_weights_create_typed(desc, options, WINOGRAD_DATA_TYPE_F32, weights, bias,
                                              result);
}

winograd_status winograd_packed_weights_create_typed(const winograd_conv2d_desc* desc,
                                                     const winograd_plan_options* options,
                                                     winograd_data_type weights_type,
                                                     const void* weights, const float* bias,
                                                     winograd_packed_weights** result) {
  if (result == nullptr) return to_c(null_argument("result"));
  Request request;
  if (const Status status = request.read(desc, options); !status) return to_c(status);
  return hand_out(
      winograd::PackedWeights::create(request.desc, request.options,
                                      to_enum<winograd::DataType>(weights_type), weights, bias),
      result);
}

winograd_status winograd_packed_weights_load(const void* buffer, size_t size_bytes,
                                             winograd_packed_weights** result) {
  if (result == nullptr) return to_c(null_argument("result"));
  return hand_out(winograd::PackedWeights::load(buffer, size_bytes), result);
}

winograd_status winograd_packed_weights_save(const winograd_packed_weights* weights, void* buffer,
                                             size_t size_bytes) {
  if (weights == nullptr) return to_c(null_argument("weights"));
  return to_c(weights->value.save(buffer, size_bytes));
}

size_t winograd_packed_weights_serialized_size_bytes(const winograd_packed_weights* weights) {
  return weights == nullptr ? 0 : weights->value.serialized_size_bytes();
}

size_t winograd_packed_weights_size_bytes(const winograd_packed_weights* weights) {
  return weights == nullptr ? 0 : weights->value.size_bytes();
}

winograd_algorithm winograd_packed_weights_algorithm(const winograd_packed_weights* weights) {
  return weights == nullptr ? WINOGRAD_ALGORITHM_AUTOMATIC
                            : static_cast<winograd_algorithm>(weights->value.algorithm());
}

winograd_isa winograd_packed_weights_isa(const winograd_packed_weights* weights) {
  return weights == nullptr ? WINOGRAD_ISA_SCALAR : static_cast<winograd_isa>(weights->value.isa());
}

winograd_status winograd_packed_weights_get_shape(const winograd_packed_weights* weights,
                                                  winograd_weights_shape* shape) {
  if (weights == nullptr) return to_c(null_argument("weights"));
  const winograd::WeightsShape from = weights->value.shape();
  winograd_weights_shape to{};
  to.in_channels = from.in_channels;
  to.out_channels = from.out_channels;
  to.kernel_h = from.kernel_h;
  to.kernel_w = from.kernel_w;
  to.groups = from.groups;
  return to_c(write_struct("shape", to, shape));
}

void winograd_packed_weights_destroy(winograd_packed_weights* weights) { delete weights; }

// ---- plans --------------------------------------------------------------------------------------

winograd_status winograd_conv2d_plan_create(const winograd_conv2d_desc* desc,
                                            const winograd_plan_options* options,
                                            const float* weights, const float* bias,
                                            winograd_conv2d_plan** result) {
  return winograd_conv2d_plan_create_typed(desc, options, WINOGRAD_DATA_TYPE_F32, weights, bias,
                                           result);
}

winograd_status winograd_conv2d_plan_create_typed(const winograd_conv2d_desc* desc,
                                                  const winograd_plan_options* options,
                                                  winograd_data_type weights_type,
                                                  const void* weights, const float* bias,
                                                  winograd_conv2d_plan** result) {
  if (result == nullptr) return to_c(null_argument("result"));
  Request request;
  if (const Status status = request.read(desc, options); !status) return to_c(status);
  return hand_out(
      winograd::Conv2dPlan::create(request.desc, request.options,
                                   to_enum<winograd::DataType>(weights_type), weights, bias),
      result);
}

winograd_status winograd_conv2d_plan_create_packed(const winograd_conv2d_desc* desc,
                                                   const winograd_plan_options* options,
                                                   const winograd_packed_weights* weights,
                                                   winograd_conv2d_plan** result) {
  if (result == nullptr) return to_c(null_argument("result"));
  if (weights == nullptr) return to_c(null_argument("weights"));
  Request request;
  if (const Status status = request.read(desc, options); !status) return to_c(status);
  return hand_out(winograd::Conv2dPlan::create(request.desc, request.options, weights->value),
                  result);
}

winograd_status winograd_conv2d_plan_reshaped(const winograd_conv2d_plan* plan, int64_t batch,
                                              int64_t height, int64_t width,
                                              winograd_conv2d_plan** result) {
  if (result == nullptr) return to_c(null_argument("result"));
  if (plan == nullptr) return to_c(null_argument("plan"));
  return hand_out(plan->value.reshaped(batch, height, width), result);
}

winograd_workspace_requirement winograd_conv2d_plan_workspace(const winograd_conv2d_plan* plan,
                                                              int threads) {
  if (plan == nullptr) return {0, 0};
  const winograd::WorkspaceRequirement need = plan->value.workspace(threads);
  return {need.size_bytes, need.alignment_bytes};
}

winograd_status winograd_conv2d_plan_run(const winograd_conv2d_plan* plan, const float* src,
                                         float* dst, winograd_workspace workspace,
                                         const winograd_executor* executor, const float* residual) {
  return winograd_conv2d_plan_run_typed(plan, WINOGRAD_DATA_TYPE_F32, src, dst, workspace, executor,
                                        residual);
}

winograd_status winograd_conv2d_plan_run_typed(const winograd_conv2d_plan* plan,
                                               winograd_data_type type, const void* src, void* dst,
                                               winograd_workspace workspace,
                                               const winograd_executor* executor,
                                               const void* residual) {
  if (plan == nullptr) return to_c(null_argument("plan"));
  winograd::Executor e;
  if (const Status status = read_executor(executor, e); !status) return to_c(status);
  return to_c(plan->value.run(to_enum<winograd::DataType>(type), src, dst,
                              {workspace.data, workspace.size_bytes}, e, residual));
}

winograd_status winograd_conv2d_plan_run_parts(const winograd_conv2d_plan* plan,
                                               const winograd_source_part* parts, int count,
                                               float* dst, winograd_workspace workspace,
                                               const winograd_executor* executor,
                                               const float* residual) {
  return winograd_conv2d_plan_run_parts_typed(plan, WINOGRAD_DATA_TYPE_F32, parts, count, dst,
                                              workspace, executor, residual);
}

winograd_status winograd_conv2d_plan_run_parts_typed(const winograd_conv2d_plan* plan,
                                                     winograd_data_type type,
                                                     const winograd_source_part* parts, int count,
                                                     void* dst, winograd_workspace workspace,
                                                     const winograd_executor* executor,
                                                     const void* residual) {
  if (plan == nullptr) return to_c(null_argument("plan"));
  winograd::Executor e;
  if (const Status status = read_executor(executor, e); !status) return to_c(status);
  winograd::SourcePart copy[winograd::Conv2dPlan::kMaxSourceParts];
  const int readable = std::min(count, winograd::Conv2dPlan::kMaxSourceParts);
  for (int i = 0; parts != nullptr && i < readable; ++i) {
    copy[i] = {parts[i].data, parts[i].channels};
  }
  return to_c(plan->value.run(to_enum<winograd::DataType>(type), parts == nullptr ? nullptr : copy,
                              count, dst, {workspace.data, workspace.size_bytes}, e, residual));
}

winograd_status winograd_conv2d_plan_get_desc(const winograd_conv2d_plan* plan,
                                              winograd_conv2d_desc* desc) {
  if (plan == nullptr) return to_c(null_argument("plan"));
  return to_c(write_struct("desc", to_c(plan->value.desc()), desc));
}

winograd_status winograd_conv2d_plan_get_info(const winograd_conv2d_plan* plan,
                                              winograd_plan_info* info) {
  if (plan == nullptr) return to_c(null_argument("plan"));
  const winograd::PlanInfo from = plan->value.info();
  winograd_plan_info to{};
  to.algorithm = static_cast<winograd_algorithm>(from.algorithm);
  to.isa = static_cast<winograd_isa>(from.isa);
  to.kernel = from.kernel;
  to.reason = from.reason;
  to.expected_rms_error = from.expected_rms_error;
  to.packed_bytes = from.packed_bytes;
  to.estimated_products = from.estimated.products;
  to.estimated_bytes_moved = from.estimated.bytes_moved;
  to.estimated_cycles = from.estimated.cycles;
  to.estimated_seconds = from.estimated.seconds;
  return to_c(write_struct("info", to, info));
}

winograd_status winograd_conv2d_plan_get_weights(const winograd_conv2d_plan* plan,
                                                 winograd_packed_weights** result) {
  if (result == nullptr) return to_c(null_argument("result"));
  if (plan == nullptr) return to_c(null_argument("plan"));
  return hand_out(winograd::Result<winograd::PackedWeights>(plan->value.weights()), result);
}

void winograd_conv2d_plan_destroy(winograd_conv2d_plan* plan) { delete plan; }

// ---- one-shot -----------------------------------------------------------------------------------

winograd_status winograd_conv2d(const winograd_conv2d_desc* desc, const float* src,
                                const float* weights, const float* bias, float* dst,
                                const float* residual, const winograd_plan_options* options,
                                const winograd_executor* executor) {
  return winograd_conv2d_typed(desc, WINOGRAD_DATA_TYPE_F32, src, weights, bias, dst, residual,
                               options, executor);
}

winograd_status winograd_conv2d_typed(const winograd_conv2d_desc* desc, winograd_data_type type,
                                      const void* src, const void* weights, const float* bias,
                                      void* dst, const void* residual,
                                      const winograd_plan_options* options,
                                      const winograd_executor* executor) {
  Request request;
  if (const Status status = request.read(desc, options); !status) return to_c(status);
  winograd::Executor e;
  if (const Status status = read_executor(executor, e); !status) return to_c(status);
  return to_c(winograd::conv2d(request.desc, to_enum<winograd::DataType>(type), src, weights, bias,
                               dst, residual, request.options, e));
}
