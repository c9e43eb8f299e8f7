// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What concerns a whole network: the report and the cap.
#include <memory>

#include "convolution.hpp"
#include "geometry.hpp"
#include "winograd/opencv.hpp"

namespace winograd::opencv {
namespace {

/// Calls f(layer) for each convolution of a network, ours or not.
template <class F>
void for_each_convolution(cv::dnn::Net& net, F f) {
  for (const cv::String& name : net.getLayerNames()) {
    const cv::Ptr<cv::dnn::Layer> layer = net.getLayer(net.getLayerId(name));
    if (layer->type == "Convolution") f(layer);
  }
}

LayerReport report_builtin(const cv::dnn::Layer& layer) {
  LayerReport report;
  report.name = layer.name;
  const auto* convolution = dynamic_cast<const cv::dnn::BaseConvolutionLayer*>(&layer);
  const char* why = convolution == nullptr ? nullptr : refusal(*convolution);
  report.reason = why == nullptr ? "it was made while winograd was not installed" : why;
  return report;
}

}  // namespace

std::vector<LayerReport> report(cv::dnn::Net& net) {
  std::vector<LayerReport> reports;
  for_each_convolution(net, [&](const cv::Ptr<cv::dnn::Layer>& layer) {
    const cv::Ptr<Convolution> ours = layer.dynamicCast<Convolution>();
    reports.push_back(ours ? ours->report() : report_builtin(*layer));
  });
  return reports;
}

void limit_packed_bytes(cv::dnn::Net& net, std::size_t bytes) {
  const auto budget = bytes == kNoLimit ? nullptr : std::make_shared<NetworkBudget>(bytes);
  for_each_convolution(net, [&](const cv::Ptr<cv::dnn::Layer>& layer) {
    const cv::Ptr<Convolution> ours = layer.dynamicCast<Convolution>();
    if (!ours) return;
    if (budget) budget->add(ours);
    ours->set_budget(budget);
  });
}

}  // namespace winograd::opencv
