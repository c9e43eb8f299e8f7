// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The same network twice: its convolutions run by winograd, and by OpenCV.
#ifndef WINOGRAD_TESTS_INTEGRATION_NETWORK_PAIR_HPP
#define WINOGRAD_TESTS_INTEGRATION_NETWORK_PAIR_HPP

#include <functional>
#include <opencv2/dnn/dnn.hpp>
#include <string>
#include <vector>
#include <winograd/opencv.hpp>

#include "tests/reference/random.hpp"

namespace winograd::test {

/// Installs for as long as it lives.
class Installed {
 public:
  explicit Installed(const opencv::Options& options = {}) { opencv::install(options); }
  ~Installed() { opencv::uninstall(); }
  Installed(const Installed&) = delete;
  Installed& operator=(const Installed&) = delete;
};

/// Random floats of a shape.
cv::Mat random_blob(Rng& rng, const std::vector<int>& shape, float low = -1, float high = 1);

/// A convolution for addLayer. Weights and bias are random.
struct ConvolutionParams {
  int in_channels = 16;
  int out_channels = 16;
  int kernel_h = 3, kernel_w = 3;
  int stride = 1;
  int dilation = 1;
  int groups = 1;
  int pad_h = 1, pad_w = 1;
  const char* pad_mode = "";  ///< instead of pad_h and pad_w
  bool bias = true;

  cv::dnn::LayerParams make(Rng& rng) const;
};

/// A layer behind the one added last.
void add(cv::dnn::Net& net, const std::string& name, const std::string& type,
         cv::dnn::LayerParams params = {});

struct NetworkPair {
  /// `build` makes the network from a generator that is in the same state both times.
  explicit NetworkPair(const std::function<void(cv::dnn::Net&, Rng&)>& build,
                       const opencv::Options& options = {});
  /// `read` makes the network, the same both times.
  explicit NetworkPair(const std::function<cv::dnn::Net()>& read,
                       const opencv::Options& options = {});

  /// Runs both on the same input; checks that the results agree to `tolerance` of the largest
  /// value, and returns ours.
  cv::Mat run_and_compare(const cv::Mat& input, double tolerance = 1e-5);

  cv::dnn::Net ours, theirs;
};

/// The largest difference, in parts of the largest value of `expected`. Infinite if the shapes
/// differ or a result is not finite.
double relative_difference(const cv::Mat& actual, const cv::Mat& expected);

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_INTEGRATION_NETWORK_PAIR_HPP
