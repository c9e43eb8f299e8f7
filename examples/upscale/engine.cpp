// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "engine.hpp"

#include <chrono>

namespace winograd::upscale {
namespace {

cv::dnn::Net load(Engine::Kind kind, const Model& model, opencv::Options options) {
  if (kind == Engine::Kind::opencv) return cv::dnn::readNetFromONNX(model.file.string());
  if (kind == Engine::Kind::half) options.weights = opencv::Weights::half;
  opencv::install(options);
  struct Uninstall {
    ~Uninstall() { opencv::uninstall(); }
  } at_end;
  return cv::dnn::readNetFromONNX(model.file.string());
}

}  // namespace

Engine::Engine(Kind kind, const Model& model, const opencv::Options& options,
               std::size_t packed_limit_bytes)
    : kind_(kind), net_(load(kind, model, options)) {
  opencv::elide_concats(net_);
  opencv::limit_packed_bytes(net_, packed_limit_bytes);
}

const char* Engine::name() const {
  switch (kind_) {
    case Kind::winograd: return "winograd";
    case Kind::half: return "half";
    case Kind::opencv: return "opencv";
  }
  return "";
}

cv::Mat Engine::run(const cv::Mat& blob) {
  using Clock = std::chrono::steady_clock;
  net_.setInput(blob);
  const auto begin = Clock::now();
  cv::Mat result = net_.forward();
  times_.push_back(std::chrono::duration<double>(Clock::now() - begin).count());
  return result;
}

}  // namespace winograd::upscale
