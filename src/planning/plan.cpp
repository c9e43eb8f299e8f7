// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <new>

#include "src/planning/cost.hpp"
#include "src/planning/plan_data.hpp"
#include "src/planning/selection.hpp"
#include "src/planning/tuning.hpp"
#include "src/runtime/exceptions.hpp"
#include "src/runtime/kernel_sets.hpp"

namespace winograd {
namespace detail {

PlanData::PlanData(const Conv2dDesc& d, const PlanOptions& o,
                   std::shared_ptr<const PackedWeightsData> w) noexcept
    : desc(d), options(o), weights(std::move(w)), layer(d),
      tiling(layer, weights->shape.family_h, weights->shape.family_w),
      chain(chain_length(weights->shape, o.accuracy)),
      expected_rms_error(
          detail::expected_rms_error(layer, weights->shape, *weights->kernels, chain)) {
  const PackedShape& packed = weights->shape;
  const KernelSet& set = *weights->kernels;
  std::snprintf(kernel_name, sizeof kernel_name, "%s_%s_%s",
                packed.depthwise()    ? "depthwise"
                : packed.small_groups ? "groups"
                                      : to_string(packed.algorithm),
                to_string(d.data_type),
                packed.small_groups                  ? to_string(set.isa)
                : !packed.is_winograd()              ? set.direct.name
                : packed.arithmetic == DataType::f16 ? set.half->winograd.name
                                                     : set.winograd_of(packed.type).name);
}

bool in_planes(const Layer& layer, const KernelSet& kernels, int chain) noexcept {
  // Fewer pixels fill the last vectors of a plane too badly, compared with transposes: of these,
  // more outputs take less.
  const std::int64_t least_pixels = layer.k < layer.c ? 192 : 256;
  if (kernels.plane_row == nullptr || layer.layout != Layout::nchw || layer.groups != 1 ||
      layer.stride_w != 1) {
    return false;
  }
  const std::int64_t products = std::int64_t{layer.c} * layer.kernel_h * layer.kernel_w;
  if (layer.c < kLaneBlock && products <= std::min(chain, kMaxPlaneProducts)) return true;
  const std::int64_t pixels = std::int64_t{layer.out_h} * layer.out_w;
  return layer.is_pointwise() && least_pixels <= pixels && pixels <= Conv2dDesc::kMaxExtent;
}

bool depthwise_in_planes(const Layer& layer) noexcept {
  // With fewer pixels, the last vectors of a row are filled too badly.
  constexpr int kLeastColumns = 20;
  return layer.layout == Layout::nchw && layer.kernel_h == 3 && layer.kernel_w == 3 &&
         layer.stride_h == 1 && layer.stride_w == 1 && layer.out_w >= kLeastColumns;
}

bool depthwise_in_halves(const Layer& layer, const KernelSet& kernels) noexcept {
  return layer.type == DataType::f16 && kernels.depthwise_half != nullptr &&
         kernels.edges(layer.layout).in_place;
}

const Pipeline& pipeline_of(const PlanData& plan) noexcept {
  if (plan.shape().is_winograd()) return kWinogradPipeline;
  if (plan.shape().depthwise()) {
    const bool in_halves =
        depthwise_in_halves(plan.layer, plan.kernels()) && plan.epilogue(0, 0).clamps();
    if (plan.in_place() || in_halves) return kDepthwiseInPlace;
    return depthwise_in_planes(plan.layer) ? kDepthwisePlanes : kDepthwiseStaged;
  }
  if (plan.shape().small_groups) return kSmallGroups;
  return in_planes(plan.layer, plan.kernels(), plan.chain) ? kPlanesPipeline : kDirectPipeline;
}

std::size_t needed_workspace(const PlanData& plan, int threads) noexcept {
  return plan.layer.n == 0 ? 0 : pipeline_of(plan).workspace_bytes(plan, threads);
}

Status check_options(const PlanOptions& options) noexcept {
  const auto bad = [](const char* name, unsigned value) {
    return Status::failure(StatusCode::invalid_argument, "options.%s has no value %u", name, value);
  };
  const auto algorithm = static_cast<unsigned>(options.algorithm);
  if (options.algorithm != Algorithm::automatic && !is_algorithm(algorithm)) {
    return bad("algorithm", algorithm);
  }
  if (options.accuracy > Accuracy::half) {
    return bad("accuracy", static_cast<unsigned>(options.accuracy));
  }
  if (options.weight_layout > WeightLayout::hwio) {
    return bad("weight_layout", static_cast<unsigned>(options.weight_layout));
  }
  if (!is_instruction_set(options.max_isa) && options.max_isa != Isa::best) {
    return bad("max_isa", static_cast<unsigned>(options.max_isa));
  }
  if (!(options.calibration.seconds_per_cycle >= 0) ||
      !std::isfinite(options.calibration.seconds_per_cycle)) {
    return Status::failure(StatusCode::invalid_argument,
                           "options.calibration.seconds_per_cycle is %g, must be finite and not "
                           "negative",
                           options.calibration.seconds_per_cycle);
  }
  return {};
}

namespace {

/// The packed weights fit the description: same channels, groups and kernel.
Status check_weights_match(const Conv2dDesc& desc, const PlanOptions& options,
                           const PackedShape& packed) noexcept {
  if (options.algorithm != Algorithm::automatic && options.algorithm != packed.algorithm) {
    return Status::failure(StatusCode::invalid_argument,
                           "options.algorithm is %s, but the weights are packed for %s",
                           to_string(options.algorithm), to_string(packed.algorithm));
  }
  if (packed.type == DataType::f16 && options.accuracy != Accuracy::half) {
    return Status::failure(StatusCode::invalid_argument,
                           "options.accuracy is %s, but the weights are packed for half",
                           to_string(options.accuracy));
  }
  if (packed.arithmetic != DataType::f32 && packed.arithmetic != desc.data_type) {
    return Status::failure(StatusCode::invalid_argument,
                           "data_type is %s, but the weights are packed for arithmetic on %s",
                           to_string(desc.data_type), to_string(packed.arithmetic));
  }
  PackedShape wanted;
  if (Status s = shape_for(desc, packed.algorithm, &wanted); !s) return s;
  wanted.type = packed.type;  // more exact than asked for is fine
  wanted.arithmetic = packed.arithmetic;
  if (!wanted.depthwise()) wanted.small_groups &= packed.small_groups;  // as the set has it
  if (wanted.family_h != packed.family_h || wanted.family_w != packed.family_w) {
    return Status::failure(
        StatusCode::invalid_argument,
        "the weights are packed for %s with strides of %d and %d and a kernel of "
        "%dx%d, the description has strides of %" PRId64 " and %" PRId64 " and a kernel of %dx%d",
        to_string(packed.algorithm), packed.axis_h().stride, packed.axis_w().stride,
        packed.kernel_h, packed.kernel_w, desc.stride_h, desc.stride_w, wanted.kernel_h,
        wanted.kernel_w);
  }
  if (wanted != packed) {
    return Status::failure(StatusCode::invalid_argument,
                           "the weights are packed for C/groups=%d K/groups=%d groups=%d kernel "
                           "%dx%d, the description "
                           "has C/groups=%d K/groups=%d groups=%d kernel %dx%d",
                           packed.group_c, packed.group_k, packed.groups, packed.kernel_h,
                           packed.kernel_w, wanted.group_c, wanted.group_k, wanted.groups,
                           wanted.kernel_h, wanted.kernel_w);
  }
  return {};
}

Status check_workspace_limit(const PlanData& plan) noexcept {
  const std::size_t limit = plan.options.workspace_limit_bytes;
  if (limit == 0) return {};
  const std::size_t needed = needed_workspace(plan, 1);
  if (needed <= limit) return {};
  return Status::failure(StatusCode::workspace,
                         "options.workspace_limit_bytes is %zu, %s needs at least %zu here", limit,
                         to_string(plan.shape().algorithm), needed);
}

/// PlanData::slopes of a layer that has them.
Result<std::shared_ptr<const float[]>> make_slopes(const Conv2dDesc& desc,
                                                   const PlanOptions& options,
                                                   const PackedShape& shape) noexcept {
  const bool own = desc.activation == Activation::prelu;
  if (!own && desc.activation != Activation::leaky_relu) return std::shared_ptr<const float[]>();
  if (own && options.prelu_slopes == nullptr) {
    return Status::failure(StatusCode::invalid_argument,
                           "options.prelu_slopes is null, but the activation is prelu");
  }
  std::shared_ptr<float[]> slopes;  // not by make_shared, which libc++ 14 has not for arrays
  WINOGRAD_TRY { slopes.reset(new float[static_cast<std::size_t>(shape.bias_size())]()); }
  WINOGRAD_CATCH_BAD_ALLOC { return out_of_memory("the slopes"); }
  const int group_k = shape.panel_channels();
  for (int k = 0; k < static_cast<int>(desc.out_channels); ++k) {
    const float slope = own ? options.prelu_slopes[k] : desc.leaky_slope;
    if (!std::isfinite(slope)) {
      return Status::failure(StatusCode::invalid_argument,
                             "options.prelu_slopes[%d] is %g, must be finite", k,
                             static_cast<double>(slope));
    }
    const int group = k / group_k;
    slopes[std::ptrdiff_t{group} * shape.group_bias_size() + k % group_k] = slope;
  }
  return std::shared_ptr<const float[]>(std::move(slopes));
}

/// With the slopes of a plan for another size; null: those of the options.
Result<std::shared_ptr<const PlanData>> make_plan(
    const Conv2dDesc& desc, const PlanOptions& options,
    const std::shared_ptr<const PackedWeightsData>& weights, const PlanData* same_layer) noexcept {
  if (Status s = validate(desc); !s) return s;
  if (Status s = check_options(options); !s) return s;
  if (Status s = check_weights_match(desc, options, weights->shape); !s) return s;
  auto slopes = same_layer != nullptr ? Result(same_layer->slopes)
                                      : make_slopes(desc, options, weights->shape);
  if (!slopes) return slopes.status();
  std::shared_ptr<PlanData> data;
  WINOGRAD_TRY { data = std::make_shared<PlanData>(desc, options, weights); }
  WINOGRAD_CATCH_BAD_ALLOC { return out_of_memory("the plan"); }
  if (Status s = check_workspace_limit(*data); !s) return s;
  data->options.prelu_slopes = nullptr;  // of the caller, who may take them away
  data->slopes = std::move(slopes).value();
  return std::shared_ptr<const PlanData>(std::move(data));
}

}  // namespace

bool fits_workspace_limit(const Conv2dDesc& desc, const PlanOptions& options,
                          const PackedShape& shape, const KernelSet& kernels) noexcept {
  PackedWeightsData weights;  // without the numbers, which no schedule looks at
  weights.shape = shape;
  weights.kernels = &kernels;
  const std::shared_ptr<const PackedWeightsData> borrowed(std::shared_ptr<void>(), &weights);
  return check_workspace_limit(PlanData(desc, options, borrowed)).ok();
}

Result<PackedWeights> pack_for(const KernelSet& kernels, const Conv2dDesc& desc,
                               const PlanOptions& options, const float* weights,
                               const float* bias) noexcept {
  if (Status s = validate(desc); !s) return s;
  if (Status s = check_options(options); !s) return s;
  if (weights == nullptr) {
    return Status::failure(StatusCode::invalid_argument, "weights is null");
  }
  const auto data = new_packed_weights();
  if (data == nullptr) return out_of_memory("packed weights");
  PackedWeightsData& packed = *data;
  packed.kernels = &kernels;
  if (options.algorithm == Algorithm::automatic) {
    Conv2dDesc image = desc;  // an empty batch says nothing of those that may follow
    image.batch = std::max<std::int64_t>(desc.batch, 1);
    const auto shape =
        options.tuning == nullptr
            ? estimated_shape(image, options, kernels, packed.reason, sizeof packed.reason)
            : measured_shape(image, options, kernels, weights, bias, packed.reason,
                             sizeof packed.reason);
    if (!shape) return shape.status();
    packed.shape = *shape;
  } else {
    if (Status s = shape_for(desc, options.algorithm, options.accuracy, kernels, &packed.shape);
        !s) {
      return s;
    }
    const std::size_t bytes = packed_bytes(packed.shape);
    if (options.packed_limit_bytes != 0 && bytes > options.packed_limit_bytes) {
      return Status::failure(StatusCode::unsupported,
                             "options.packed_limit_bytes is %zu, %s needs %zu",
                             options.packed_limit_bytes, to_string(options.algorithm), bytes);
    }
    std::snprintf(packed.reason, sizeof packed.reason, "%s was asked for by name",
                  to_string(options.algorithm));
  }
  const DataType type = packed.shape.type;
  packed.shape.type = DataType::f32;  // as which they are packed first
  if (!allocate_floats(packed)) return out_of_memory("packed weights");
  pack_weights(packed, options, weights, bias);
  if (options.flush_subnormal_weights) flush_subnormal_weights(packed);
  if (type == DataType::f16) {
    if (Status s = halve_weights(packed); !s) return s;
  }
  return Access::handle(data);
}

}  // namespace detail

using namespace detail;  // NOLINT: implementation file

PackedWeights::PackedWeights(std::shared_ptr<const PackedWeightsData> data) noexcept
    : data_(std::move(data)) {}

Algorithm PackedWeights::algorithm() const noexcept { return data_->shape.algorithm; }

Isa PackedWeights::isa() const noexcept { return data_->kernels->isa; }

WeightsShape PackedWeights::shape() const noexcept {
  const PackedShape& shape = data_->shape;
  return {std::int64_t{shape.groups} * shape.group_c, std::int64_t{shape.groups} * shape.group_k,
          shape.kernel_h, shape.kernel_w, shape.groups};
}

std::size_t PackedWeights::size_bytes() const noexcept {
  return data_->float_count() * sizeof(float);
}

Result<PackedWeights> PackedWeights::create(const Conv2dDesc& desc, const PlanOptions& options,
                                            const float* weights, const float* bias) noexcept {
  return pack_for(*best_kernel_set(options.max_isa), desc, options, weights, bias);
}

Result<PackedWeights> PackedWeights::create(const Conv2dDesc& desc, const PlanOptions& options,
                                            DataType weights_type, const void* weights,
                                            const float* bias) noexcept {
  if (weights_type == DataType::f32 || weights == nullptr) {
    return create(desc, options, static_cast<const float*>(weights), bias);
  }
  if (Status s = validate(desc); !s) return s;
  if (weights_type > DataType::bf16) {
    return Status::failure(StatusCode::invalid_argument, "weights_type has no value %u",
                           static_cast<unsigned>(weights_type));
  }
  const auto count = static_cast<std::ptrdiff_t>(desc.weights_size());
  const AlignedFloats floats(static_cast<std::size_t>(count));
  if (floats.get() == nullptr) return out_of_memory("weights as floats");
  best_kernel_set(options.max_isa)
      ->storage_of(weights_type)
      .widen({static_cast<const std::uint16_t*>(weights), 0, floats.get(), 0, 1, count});
  return create(desc, options, floats.get(), bias);
}

Conv2dPlan::Conv2dPlan(std::shared_ptr<const PlanData> data) noexcept : data_(std::move(data)) {}

Result<Conv2dPlan> Conv2dPlan::create(const Conv2dDesc& desc, const PlanOptions& options,
                                      const float* weights, const float* bias) noexcept {
  auto packed = PackedWeights::create(desc, options, weights, bias);
  if (!packed) return packed.status();
  return create(desc, options, *packed);
}

Result<Conv2dPlan> Conv2dPlan::create(const Conv2dDesc& desc, const PlanOptions& options,
                                      DataType weights_type, const void* weights,
                                      const float* bias) noexcept {
  auto packed = PackedWeights::create(desc, options, weights_type, weights, bias);
  if (!packed) return packed.status();
  return create(desc, options, *packed);
}

Result<Conv2dPlan> Conv2dPlan::create(const Conv2dDesc& desc, const PlanOptions& options,
                                      const PackedWeights& weights) noexcept {
  auto data = make_plan(desc, options, Access::data(weights), nullptr);
  if (!data) return data.status();
  return Conv2dPlan(std::move(data).value());
}

Result<Conv2dPlan> Conv2dPlan::reshaped(std::int64_t batch, std::int64_t height,
                                        std::int64_t width) const noexcept {
  Conv2dDesc desc = data_->desc;
  desc.batch = batch;
  desc.height = height;
  desc.width = width;
  auto data = make_plan(desc, data_->options, data_->weights, data_.get());
  if (!data) return data.status();
  return Conv2dPlan(std::move(data).value());
}

WorkspaceRequirement Conv2dPlan::workspace(int threads) const noexcept {
  // A layer may need less for more threads, which divide it in another way.
  const int most = std::clamp(threads, 1, Executor::kMaxConcurrency);
  std::size_t bytes = 0;
  for (int t = 1; t <= most; ++t) bytes = std::max(bytes, needed_workspace(*data_, t));
  return {bytes, kLineBytes};
}

const Conv2dDesc& Conv2dPlan::desc() const noexcept { return data_->desc; }

PlanInfo Conv2dPlan::info() const noexcept {
  const PackedWeightsData& weights = *data_->weights;
  return {weights.shape.algorithm,
          weights.kernels->isa,
          data_->kernel_name,
          weights.reason,
          data_->expected_rms_error,
          weights.float_count() * sizeof(float),
          cost_of(data_->desc, data_->layer, weights.shape, *weights.kernels, data_->options)};
}

PackedWeights Conv2dPlan::weights() const noexcept { return Access::handle(data_->weights); }

Status conv2d(const Conv2dDesc& desc, const float* src, const float* weights, const float* bias,
              float* dst, const float* residual, const PlanOptions& options,
              const Executor& executor) noexcept {
  return conv2d(desc, DataType::f32, src, weights, bias, dst, residual, options, executor);
}

Status conv2d(const Conv2dDesc& desc, DataType type, const void* src, const void* weights,
              const float* bias, void* dst, const void* residual, const PlanOptions& options,
              const Executor& executor) noexcept {
  auto plan = Conv2dPlan::create(desc, options, type, weights, bias);
  if (!plan) return plan.status();
  const std::size_t bytes = plan->workspace(executor.concurrency()).size_bytes;
  const AlignedFloats memory(bytes / sizeof(float) + 1);
  if (memory.get() == nullptr) {
    return out_of_memory("a workspace");
  }
  return plan->run(type, src, dst, {memory.get(), bytes}, executor, residual);
}

}  // namespace winograd
