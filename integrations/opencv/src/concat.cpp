// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "concat.hpp"

#include <algorithm>
#include <utility>

namespace winograd::opencv {
namespace {

bool overlap(const cv::Mat& a, const cv::Mat& b) {
  return a.data < b.dataend && b.data < a.dataend;
}

}  // namespace

Concat::Concat(const cv::dnn::LayerParams& params, cv::Ptr<cv::dnn::ConcatLayer> builtin)
    : builtin_(std::move(builtin)) {
  setParamsFrom(params);
  axis = builtin_->axis;
  padding = builtin_->padding;
  paddingValue = builtin_->paddingValue;
}

bool Concat::supportBackend(int backend) { return backend == cv::dnn::DNN_BACKEND_OPENCV; }

bool Concat::getMemoryShapes(const std::vector<cv::dnn::MatShape>& inputs, int required_outputs,
                             std::vector<cv::dnn::MatShape>& outputs,
                             std::vector<cv::dnn::MatShape>& internals) const {
  return builtin_->getMemoryShapes(inputs, required_outputs, outputs, internals);
}

void Concat::finalize(cv::InputArrayOfArrays inputs, cv::OutputArrayOfArrays outputs) {
  parts_.clear();
  kept_.clear();
  blob_.release();
  builtin_->preferableTarget = preferableTarget;
  builtin_->finalize(inputs, outputs);
}

void Concat::forward(cv::InputArrayOfArrays inputs_arr, cv::OutputArrayOfArrays outputs_arr,
                     cv::OutputArrayOfArrays internals_arr) {
  parts_.clear();
  const bool elide = elided_ && preferableTarget == cv::dnn::DNN_TARGET_CPU;
  std::vector<cv::Mat> inputs, outputs;
  if (elide || !sources_.empty()) inputs_arr.getMatVector(inputs);
  for (const cv::Mat& input : inputs) {
    cv::Ptr<Concat> source;  // of this input
    for (const auto& weak : sources_) {
      const cv::Ptr<Concat> candidate = weak.lock();
      if (candidate && candidate->pending(input)) source = candidate;
    }
    if (source && !elide) source->fill();
    if (source && elide) {
      parts_.insert(parts_.end(), source->parts_.begin(), source->parts_.end());
    } else if (elide) {
      parts_.push_back(input);
    }
  }
  if (elide) {
    outputs_arr.getMatVector(outputs);
    blob_ = outputs.at(0);
    return;
  }
  builtin_->preferableTarget = preferableTarget;
  builtin_->forward(inputs_arr, outputs_arr, internals_arr);
}

bool Concat::tryQuantize(const std::vector<std::vector<float>>& scales,
                         const std::vector<std::vector<int>>& zeropoints,
                         cv::dnn::LayerParams& params) {
  if (elided_) {
    CV_Error(cv::Error::StsError, name +
                                      ": call elide_concats(net, false) before Net::quantize, "
                                      "which needs the concatenation's values");
  }
  return builtin_->tryQuantize(scales, zeropoints, params);
}

void Concat::keep(std::size_t index) {
  kept_.resize(parts_.size());
  parts_[index].copyTo(kept_[index]);
  parts_[index] = kept_[index];
}

void Concat::move_parts_away_from(const cv::Mat& output) {
  float* place = blob_.ptr<float>();  // each part has one of its own in the blob
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    cv::Mat room(parts_[i].dims, parts_[i].size.p, CV_32F, place);
    place += parts_[i].total();
    if (!overlap(parts_[i], output)) continue;
    const bool taken = std::any_of(parts_.begin(), parts_.end(),
                                   [&](const cv::Mat& part) { return overlap(part, room); });
    if (taken) {
      keep(i);
    } else {
      parts_[i].copyTo(room);
      parts_[i] = room;
    }
  }
}

void Concat::fill() {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (overlap(parts_[i], blob_)) keep(i);
  }
  std::vector<cv::Range> place(static_cast<std::size_t>(blob_.dims), cv::Range::all());
  place[1] = {0, 0};
  for (const cv::Mat& part : parts_) {
    place[1] = {place[1].end, place[1].end + part.size[1]};
    part.copyTo(blob_(place));
  }
  parts_ = {blob_};
}

}  // namespace winograd::opencv
