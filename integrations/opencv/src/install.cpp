// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <mutex>
#include <opencv2/dnn/layer.hpp>
#include <utility>

#include "convolution.hpp"
#include "geometry.hpp"
#include "winograd/opencv.hpp"

namespace winograd::opencv {
namespace {

constexpr const char* kConvolution = "Convolution";
constexpr const char* kConcat = "Concat";

/// What install() sets and the factory's calls read.
struct State {
  std::mutex mutex;
  int installs = 0;
  Options options;
  /// Of all layers alive. They own it, so that the last one takes the memory with it.
  std::weak_ptr<WorkspacePool> workspaces;
};

State& state() {
  static State instance;
  return instance;
}

/// Called with the factory's lock held, so it may take ours but we must not take both in the other
/// order: hence `installing`.
cv::Ptr<cv::dnn::Layer> make_convolution(cv::dnn::LayerParams& params) {
  cv::Ptr<cv::dnn::BaseConvolutionLayer> builtin = cv::dnn::ConvolutionLayer::create(params);
  if (refusal(*builtin) != nullptr) return builtin;

  Options options;
  std::shared_ptr<WorkspacePool> workspaces;
  {
    const std::lock_guard lock(state().mutex);
    options = state().options;
    workspaces = state().workspaces.lock();
    if (!workspaces) {
      workspaces = std::make_shared<WorkspacePool>();
      state().workspaces = workspaces;
    }
  }
  return cv::makePtr<Convolution>(params, std::move(builtin), options, std::move(workspaces));
}

/// Concatenations of other kinds than elide_concats takes stay OpenCV's.
cv::Ptr<cv::dnn::Layer> make_concat(cv::dnn::LayerParams& params) {
  cv::Ptr<cv::dnn::ConcatLayer> builtin = cv::dnn::ConcatLayer::create(params);
  if (builtin->axis != 1 || builtin->padding) return builtin;
  return cv::makePtr<Concat>(params, std::move(builtin));
}

/// One install() or uninstall() at a time, held across the calls of the factory.
std::mutex& installing() {
  static std::mutex instance;
  return instance;
}

}  // namespace

void install(const Options& options) {
  const std::lock_guard one_at_a_time(installing());
  bool first;
  {
    const std::lock_guard lock(state().mutex);
    state().options = options;
    first = state().installs++ == 0;
  }
  if (first) {
    cv::dnn::LayerFactory::registerLayer(kConvolution, make_convolution);
    cv::dnn::LayerFactory::registerLayer(kConcat, make_concat);
  }
}

bool uninstall() {
  const std::lock_guard one_at_a_time(installing());
  bool last;
  {
    const std::lock_guard lock(state().mutex);
    if (state().installs == 0) return false;
    last = --state().installs == 0;
  }
  if (last) {
    cv::dnn::LayerFactory::unregisterLayer(kConvolution);
    cv::dnn::LayerFactory::unregisterLayer(kConcat);
  }
  return true;
}

bool installed() {
  const std::lock_guard lock(state().mutex);
  return state().installs > 0;
}

}  // namespace winograd::opencv
