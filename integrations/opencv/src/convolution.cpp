// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "convolution.hpp"

#include <atomic>
#include <cstdint>
#include <utility>

#include "fingerprint.hpp"
#include "geometry.hpp"
#include "parallel.hpp"

namespace winograd::opencv {
namespace {

using cv::dnn::MatShape;

// Since 4.7, OpenCV marks a convolution to which it has fused an addition: the summand then lies in
// the output when forward is called. These are what it needs, where the members exist.

template <class Layer>
bool adds_to_output(const Layer& layer) {
  if constexpr (requires { layer.fusedAdd; }) {
    return layer.fusedAdd;
  } else {
    return false;
  }
}

template <class Layer>
void set_fused(Layer& layer, bool activation, bool add) {
  if constexpr (requires { layer.fusedAdd; }) {
    layer.fusedActivation = activation;
    layer.fusedAdd = add;
  }
}

/// What Conv2dPlan::run asks of the parts of its source.
bool can_run_parts(const std::vector<cv::Mat>& parts) {
  if (parts.size() > static_cast<std::size_t>(Conv2dPlan::kMaxSourceParts)) return false;
  for (const cv::Mat& part : parts) {
    if (part.dims != 4 || !floats_in_order(part)) return false;
    if (&part != &parts.back() && part.size[1] % 16 != 0) return false;
  }
  return true;
}

}  // namespace

Convolution::Convolution(const cv::dnn::LayerParams& params,
                         cv::Ptr<cv::dnn::BaseConvolutionLayer> builtin, const Options& options,
                         std::shared_ptr<WorkspacePool> workspaces)
    : builtin_(std::move(builtin)), options_(options), workspaces_(std::move(workspaces)) {
  setParamsFrom(params);
  for (const cv::Mat& blob : params.blobs) made_with_.push_back(blob.u);
  // What others may look at. The older members for two dimensions have become deprecated.
  kernel_size = builtin_->kernel_size;
  strides = builtin_->strides;
  dilations = builtin_->dilations;
  pads_begin = builtin_->pads_begin;
  pads_end = builtin_->pads_end;
  adjust_pads = builtin_->adjust_pads;
  padMode = builtin_->padMode;
  numOutput = builtin_->numOutput;
  set_fused(static_cast<cv::dnn::ConvolutionLayer&>(*this), false, false);
}

bool Convolution::supportBackend(int backend) { return backend == cv::dnn::DNN_BACKEND_OPENCV; }

bool Convolution::getMemoryShapes(const std::vector<MatShape>& inputs, int required_outputs,
                                  std::vector<MatShape>& outputs,
                                  std::vector<MatShape>& internals) const {
  return builtin_->getMemoryShapes(inputs, required_outputs, outputs, internals);
}

int64 Convolution::getFLOPS(const std::vector<MatShape>& inputs,
                            const std::vector<MatShape>& outputs) const {
  return builtin_->getFLOPS(inputs, outputs);
}

void Convolution::finalize(cv::InputArrayOfArrays inputs_arr, cv::OutputArrayOfArrays outputs_arr) {
  std::vector<cv::Mat> inputs, outputs;
  inputs_arr.getMatVector(inputs);
  outputs_arr.getMatVector(outputs);

  fusion_ = {};
  source_parts_ = 1;
  set_fused(static_cast<cv::dnn::ConvolutionLayer&>(*this), false, false);
  plan_.reset();
  desc_.reset();
  handed_over_ = false;
  not_ours_.clear();

  if (const char* why = refusal(*this); why != nullptr) {
    not_ours_ = why;
  } else if (inputs.size() != 1 || outputs.size() != 1) {
    not_ours_ = "it has several inputs";
  } else if (inputs[0].dims != 4 || inputs[0].type() != CV_32F) {
    not_ours_ = "its input is not 4-D fp32";
  }
  if (!not_ours_.empty()) return;

  desc_ = describe(*this, inputs[0], outputs[0]);
}

bool Convolution::tryFuse(cv::Ptr<cv::dnn::Layer>& top) {
  const bool fused = fusion_.add(top, blobs[0].size[0]);
  if (fused) plan_.reset();
  return fused;
}

bool Convolution::setActivation(const cv::Ptr<cv::dnn::ActivationLayer>& activation) {
  const bool fused = fusion_.set_activation(activation, blobs[0].size[0]);
  if (fused) {
    plan_.reset();
    set_fused(static_cast<cv::dnn::ConvolutionLayer&>(*this), !activation.empty(),
              adds_to_output(static_cast<const cv::dnn::ConvolutionLayer&>(*this)));
  }
  return fused;
}

bool Convolution::held_by_others() const {
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    if (blobs[i].empty()) continue;
    if (blobs[i].u == nullptr) return true;  // memory of somebody's own
    const int ours = 2;                      // in `blobs`, in builtin_->blobs
    const int theirs = i < made_with_.size() && made_with_[i] == blobs[i].u ? 1 : 0;
    if (std::atomic_ref(blobs[i].u->refcount).load() > ours + theirs) return true;
  }
  return false;
}

bool Convolution::weights_changed() const {
  if (blobs.size() != builtin_->blobs.size()) return true;
  for (std::size_t i = 0; i < blobs.size(); ++i) {
    if (blobs[i].data != builtin_->blobs[i].data) return true;
  }
  if (fingerprint_of_places(blobs) != places_) return true;
  return (options_.watch_weights || held_by_others()) && fingerprint(blobs) != blobs_;
}

void Convolution::check_blobs() const {
  const bool as_before = refusal(*this) == nullptr && blobs[0].size[0] == desc_->out_channels &&
                         blobs[0].total() == static_cast<std::size_t>(desc_->weights_size()) &&
                         blobs[0].size[2] == desc_->kernel_h &&
                         blobs[0].size[3] == desc_->kernel_w &&
                         (blobs.size() < 2 || blobs[1].empty() ||
                          blobs[1].total() == static_cast<std::size_t>(desc_->out_channels));
  if (!as_before) {
    CV_Error(cv::Error::StsUnmatchedSizes,
             name + ": its weights have become another shape or type");
  }
}

Result<PackedWeights> Convolution::pack(const PlanOptions& options) const {
  const cv::Mat& weights = blobs[0];
  const std::vector<float>&scale = packed_from_.scale, &shift = packed_from_.shift;
  const auto channels = static_cast<std::size_t>(desc_->out_channels);

  const float* values = weights.ptr<float>();
  std::vector<float> scaled;
  if (!scale.empty()) {
    scaled.assign(values, values + weights.total());
    const std::size_t per_channel = weights.total() / channels;
    for (std::size_t i = 0; i < scaled.size(); ++i) scaled[i] *= scale[i / per_channel];
    values = scaled.data();
  }

  std::vector<float> bias;
  const bool has_bias = blobs.size() > 1 && !blobs[1].empty();
  if (has_bias || !shift.empty()) {
    bias.assign(channels, 0.0F);
    for (std::size_t k = 0; k < channels; ++k) {
      if (has_bias) bias[k] = blobs[1].ptr<float>()[k];
      if (!scale.empty()) bias[k] *= scale[k];
      if (!shift.empty()) bias[k] += shift[k];
    }
  }
  return PackedWeights::create(*desc_, options, values, bias.empty() ? nullptr : bias.data());
}

Status Convolution::make_plan(const Choice& choice) {
  PlanOptions options;
  options.algorithm = choice.algorithm;
  options.accuracy = choice.accuracy;
  options.packed_limit_bytes = choice.packed_limit_bytes;

  Source source{blobs_, fusion_.scale(), fusion_.shift()};
  if (!packed_ || !(packed_from_ == source)) {
    packed_.reset();
    packed_from_ = std::move(source);
    const Result<PackedWeights> packed = pack(options);
    if (!packed) return packed.status();
    packed_ = packed.value();
  }
  Conv2dDesc desc = *desc_;
  fusion_.describe(desc, options);
  desc.residual = adds_to_output(static_cast<const cv::dnn::ConvolutionLayer&>(*this));
  const Result<Conv2dPlan> plan = Conv2dPlan::create(desc, options, *packed_);
  if (!plan) return plan.status();
  plan_ = plan.value();
  return {};
}

void Convolution::prepare(cv::InputArrayOfArrays inputs, cv::OutputArrayOfArrays outputs) {
  if (desc_) check_blobs();
  blobs_ = fingerprint(blobs);
  places_ = fingerprint_of_places(blobs);
  builtin_->blobs = blobs;
  if (not_ours_.empty()) {
    if (!choice_) {
      if (budget_) {
        budget_->choose();
      } else {
        choice_ = choice_without_cap(options_);
      }
    }
    if (!choice_->ours) {
      not_ours_ = choice_->reason;
    } else if (const Status status = make_plan(*choice_); !status) {
      if (status.code() == StatusCode::out_of_memory)
        CV_Error(cv::Error::StsNoMem, status.message());
      not_ours_ = status.message();
    }
  }
  if (!not_ours_.empty()) hand_over(inputs, outputs);
}

void Convolution::hand_over(cv::InputArrayOfArrays inputs, cv::OutputArrayOfArrays outputs) {
  packed_.reset();
  packed_from_ = {};
  builtin_->preferableTarget = preferableTarget;
  builtin_->unsetAttached();  // what was fused for an earlier shape
  builtin_->finalize(inputs, outputs);
  fusion_.replay(*builtin_);
  if (auto* layer = dynamic_cast<cv::dnn::ConvolutionLayer*>(builtin_.get()); layer != nullptr) {
    Conv2dDesc fused;
    PlanOptions unused;
    fusion_.describe(fused, unused);
    set_fused(*layer, fused.activation != Activation::none,
              adds_to_output(static_cast<const cv::dnn::ConvolutionLayer&>(*this)));
  }
  handed_over_ = true;
}

void Convolution::forward(cv::InputArrayOfArrays inputs_arr, cv::OutputArrayOfArrays outputs_arr,
                          cv::OutputArrayOfArrays internals_arr) {
  const std::int64_t begin = cv::getTickCount();
  if (plan_ && weights_changed()) plan_.reset();
  if (!plan_ && !handed_over_) prepare(inputs_arr, outputs_arr);
  std::vector<cv::Mat> inputs, outputs;
  inputs_arr.getMatVector(inputs);
  outputs_arr.getMatVector(outputs);
  const cv::Ptr<Concat> concat = concat_.lock();
  if (concat && concat->pending(inputs.at(0))) {
    const bool all_fused =
        !handed_over_ && activations_ == (plan_->desc().activation == Activation::none ? 0 : 1);
    if (handed_over_ || !can_run_parts(concat->parts()) || (activations_ > 0 && !all_fused)) {
      concat->fill();
    } else {
      concat->move_parts_away_from(outputs.at(0));
    }
    inputs = concat->parts();
  }
  source_parts_ = static_cast<int>(inputs.size());
  if (handed_over_) {
    builtin_->forward(inputs_arr, outputs_arr, internals_arr);
  } else {
    run(inputs, outputs.at(0));
  }
  milliseconds_ = static_cast<double>(cv::getTickCount() - begin) / cv::getTickFrequency() * 1e3;
}

bool Convolution::tryQuantize(const std::vector<std::vector<float>>& scales,
                              const std::vector<std::vector<int>>& zeropoints,
                              cv::dnn::LayerParams& params) {
  if (!handed_over_) {
    if (!desc_) return false;
    // It quantises what it keeps of the weights since it was last set up, unfused.
    const auto blob = [](std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) {
      return cv::Mat(MatShape{static_cast<int>(n), static_cast<int>(c), static_cast<int>(h),
                              static_cast<int>(w)},
                     CV_32F);
    };
    const std::vector<cv::Mat> inputs = {
        blob(desc_->batch, desc_->in_channels, desc_->height, desc_->width)};
    const std::vector<cv::Mat> outputs = {
        blob(desc_->batch, desc_->out_channels, desc_->out_height(), desc_->out_width())};
    builtin_->blobs = blobs;
    builtin_->unsetAttached();
    builtin_->finalize(cv::InputArrayOfArrays(inputs), cv::OutputArrayOfArrays(outputs));
  }
  return builtin_->tryQuantize(scales, zeropoints, params);
}

void Convolution::run(const std::vector<cv::Mat>& parts, cv::Mat& output) {
  std::vector<SourcePart> source;
  for (const cv::Mat& part : parts) {
    CV_Assert(floats_in_order(part));
    source.push_back({part.ptr<float>(), part.size[1]});
  }
  CV_Assert(floats_in_order(output));
  float* const dst = output.ptr<float>();
  const Executor threads = executor();
  const WorkspacePool::Lease lease(*workspaces_, plan_->workspace(threads.concurrency()));
  const Status status =
      plan_->run(source.data(), static_cast<int>(source.size()), dst, lease.workspace(), threads,
                 plan_->desc().residual ? dst : nullptr);
  if (!status) CV_Error(cv::Error::StsInternal, name + ": " + status.message());
}

LayerReport Convolution::report() const {
  LayerReport report;
  report.name = name;
  if (desc_) report.desc = plan_ ? plan_->desc() : *desc_;
  report.reason = not_ours_;
  report.source_parts = source_parts_;
  report.milliseconds = milliseconds_;
  if (plan_) {
    const PlanInfo info = plan_->info();
    report.ours = true;
    report.algorithm = info.algorithm;
    report.kernel = info.kernel;
    report.reason = choice_->reason.empty() ? info.reason : choice_->reason;
    report.packed_bytes = info.packed_bytes;
    report.half_weights = choice_->accuracy == Accuracy::half;
  } else if (not_ours_.empty()) {
    report.reason = "it has not run yet";
  }
  return report;
}

void Convolution::set_budget(std::shared_ptr<NetworkBudget> budget) {
  budget_ = std::move(budget);
  choice_.reset();
  forget_plan();
}

void Convolution::set_choice(Choice choice) {
  if (choice_ && (choice_->ours != choice.ours || choice_->algorithm != choice.algorithm ||
                  choice_->accuracy != choice.accuracy ||
                  choice_->packed_limit_bytes != choice.packed_limit_bytes)) {
    forget_plan();
  }
  choice_ = std::move(choice);
}

void Convolution::forget_plan() {
  plan_.reset();
  packed_.reset();
  packed_from_ = {};
  // A layer that went to OpenCV with its geometry known gets another chance.
  if (desc_) {
    handed_over_ = false;
    not_ours_.clear();
  }
}

void NetworkBudget::choose() {
  std::vector<cv::Ptr<Convolution>> layers;
  std::vector<LayerRequest> requests;
  for (const auto& weak : layers_) {
    const cv::Ptr<Convolution> layer = weak.lock();
    if (!layer || !layer->desc()) continue;
    layers.push_back(layer);
    requests.push_back({*layer->desc(), layer->options()});
  }
  std::vector<Choice> choices = choose_within(requests, limit_bytes_);
  for (std::size_t i = 0; i < layers.size(); ++i) layers[i]->set_choice(std::move(choices[i]));
}

}  // namespace winograd::opencv
