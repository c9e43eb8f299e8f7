// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "winograd/opencv.hpp"

#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <vector>

int main() {
  winograd::opencv::install();
  cv::dnn::LayerParams params;
  params.set("kernel_size", 3);
  params.set("num_output", 8);
  params.set("bias_term", false);
  params.blobs = {cv::Mat(std::vector<int>{8, 8, 3, 3}, CV_32F, cv::Scalar(0.125))};
  cv::dnn::Net net;
  net.addLayerToPrev("conv", "Convolution", params);
  net.setInput(cv::Mat(std::vector<int>{1, 8, 5, 5}, CV_32F, cv::Scalar(1)));
  const cv::Mat result = net.forward();
  const std::vector<winograd::opencv::LayerReport> report = winograd::opencv::report(net);
  const bool right = result.total() == 8 * 3 * 3 && result.ptr<float>()[4] == 9 &&
                     report.size() == 1 && report[0].ours && winograd::opencv::uninstall();
  return right ? 0 : 1;
}
