// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "convolution.hpp"

#include <algorithm>
#include <utility>

#include "graph_reading.hpp"

namespace winograd::ort {
namespace {

/// A session whose input has another size each time keeps no more plans than this for each layer.
constexpr std::size_t kMostPlans = 16;

[[noreturn]] void fail(const std::string& name, const char* what) {
  throw Ort::Exception("winograd: " + name + ": " + what, ORT_INVALID_ARGUMENT);
}

std::size_t input_index(const Ort::ConstNode& node, const std::string& name) {
  const auto inputs = node.GetInputs();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!is_null(inputs[i]) && inputs[i].GetName() == name) return i;
  }
  throw Ort::Exception("winograd: the fused node has no input " + name, ORT_FAIL);
}

}  // namespace

Convolution::Convolution(const Match& match, const Conv2dDesc& nominal, const PlanOptions& options,
                         const Ort::ConstNode& fused_node, PackedStore& store,
                         std::shared_ptr<SessionState> session)
    : OrtNodeComputeInfo{}, name_(match.name), desc_(match.desc), auto_pad_(match.auto_pad),
      options_(options), session_(std::move(session)) {
  ort_version_supported = ORT_API_VERSION;
  CreateState = [](OrtNodeComputeInfo* self, OrtNodeComputeContext*, void** state) -> OrtStatus* {
    *state = self;  // there is none beside
    return nullptr;
  };
  Compute = [](OrtNodeComputeInfo* self, void*, OrtKernelContext* context) -> OrtStatus* {
    return guarded([&] {
      Ort::KernelContext wrapped(context);
      static_cast<Convolution*>(self)->compute(wrapped);
    });
  };
  ReleaseState = [](OrtNodeComputeInfo*, void*) {};

  src_input_ = input_index(fused_node, match.src);
  if (desc_.residual) residual_input_ = input_index(fused_node, match.residual);
  const float* const bias =
      is_null(match.bias) ? nullptr : constant_floats(match.bias, desc_.out_channels);
  weights_ = store.get(nominal, options_, constant_floats(match.weights, desc_.weights_size()),
                       bias, shared_);
  if (!is_null(match.slopes)) {
    const float* const slopes = constant_floats(match.slopes, desc_.out_channels);
    slopes_.assign(slopes, slopes + desc_.out_channels);
    options_.prelu_slopes = slopes_.data();
  }
  options_.algorithm = Algorithm::automatic;  // that of the weights
  options_.packed_limit_bytes = 0;
  auto plan = Conv2dPlan::create(nominal, options_, *weights_);
  if (!plan) fail(name_, plan.status().message());
  nominal_ = std::make_unique<Conv2dPlan>(std::move(*plan));
}

Conv2dPlan Convolution::plan_for(const Size& size) {
  const std::lock_guard lock(mutex_);
  const auto found = plans_.find(size);
  if (found != plans_.end()) return found->second;
  Conv2dDesc desc = desc_;
  desc.batch = size[0];
  desc.height = size[1];
  desc.width = size[2];
  resolve_padding(auto_pad_, desc);
  auto plan = Conv2dPlan::create(desc, options_, *weights_);
  if (!plan) fail(name_, plan.status().message());
  if (plans_.size() >= kMostPlans) plans_.clear();
  return plans_.emplace(size, std::move(*plan)).first->second;
}

void Convolution::compute(Ort::KernelContext& context) {
  const Ort::ConstValue src = context.GetInput(src_input_);
  const std::vector<std::int64_t> shape = src.GetTensorTypeAndShapeInfo().GetShape();
  if (shape.size() != 4) fail(name_, "its input does not have four dimensions");
  if (shape[1] != desc_.in_channels) fail(name_, "its input has another number of channels");
  const Conv2dPlan plan = plan_for({shape[0], shape[2], shape[3]});
  const Conv2dDesc& desc = plan.desc();
  const std::vector<std::int64_t> dst_shape = {desc.batch, desc.out_channels, desc.out_height(),
                                               desc.out_width()};
  const float* residual = nullptr;
  if (desc.residual) {
    const Ort::ConstValue value = context.GetInput(residual_input_);
    if (value.GetTensorTypeAndShapeInfo().GetShape() != dst_shape) {
      fail(name_, "what is added to it has another shape");
    }
    residual = value.GetTensorData<float>();
  }
  auto dst = context.GetOutput(0, dst_shape);
  const int threads = session_->threads(context);
  SessionState::Lease lease(*session_);
  Status status = lease.buffer().reserve(plan, threads);
  if (status) {
    status = plan.run(src.GetTensorData<float>(), dst.GetTensorMutableData<float>(), lease.buffer(),
                      pool_of(context, threads), residual);
  }
  if (!status) fail(name_, status.message());
}

}  // namespace winograd::ort
