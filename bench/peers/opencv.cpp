// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// OpenCV's DNN module: a network of one Convolution layer and one activation, which it fuses
// where it can. It knows
// NCHW only, and keeps its memory to itself.
#include <fmt/format.h>

#include <algorithm>
#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>

#include "bench/peers/contender.hpp"
#include "bench/peers/layouts.hpp"

namespace winograd::bench {
namespace {

class OpencvContender final : public Contender {
 public:
  explicit OpencvContender(const Problem& problem) : p_(problem), d_(p_.desc) {
    if (d_.pad_top != d_.pad_bottom || d_.pad_left != d_.pad_right)
      throw Unsupported("OpenCV: asymmetric padding");
    cv::dnn::LayerParams convolution;
    convolution.set("kernel_h", static_cast<int>(d_.kernel_h));
    convolution.set("kernel_w", static_cast<int>(d_.kernel_w));
    convolution.set("stride_h", static_cast<int>(d_.stride_h));
    convolution.set("stride_w", static_cast<int>(d_.stride_w));
    convolution.set("dilation_h", static_cast<int>(d_.dilation_h));
    convolution.set("dilation_w", static_cast<int>(d_.dilation_w));
    convolution.set("pad_t", static_cast<int>(d_.pad_top));
    convolution.set("pad_l", static_cast<int>(d_.pad_left));
    convolution.set("pad_b", static_cast<int>(d_.pad_bottom));
    convolution.set("pad_r", static_cast<int>(d_.pad_right));
    convolution.set("num_output", static_cast<int>(d_.out_channels));
    convolution.set("group", static_cast<int>(d_.groups));
    convolution.set("bias_term", true);
    convolution.blobs.push_back(copy_of(
        {d_.out_channels, d_.in_channels / d_.groups, d_.kernel_h, d_.kernel_w}, p_.weights));
    convolution.blobs.push_back(copy_of({1, d_.out_channels}, p_.bias));
    net_.addLayerToPrev("convolution", "Convolution", convolution);
    add_activation();
    net_.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
    net_.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);

    std::vector<float> planar(static_cast<std::size_t>(d_.src_size()));
    convert_src(d_, p_.src, Layout::nchw, planar.data());
    net_.setInput(copy_of({d_.batch, d_.in_channels, d_.height, d_.width}, planar.data()));
  }

  void prepare() override { cv::setNumThreads(p_.threads); }
  void run() override { dst_ = net_.forward(); }
  void read_output(float* dst) const override {
    convert_dst(d_, Layout::nchw, dst_.ptr<float>(), dst);
  }
  std::string label() const override { return "opencv"; }

 private:
  void add_activation() {
    cv::dnn::LayerParams params;
    const char* type = "ReLU";
    switch (d_.activation) {
      case Activation::none: return;
      case Activation::relu: break;
      case Activation::relu6: type = "ReLU6"; break;
      case Activation::leaky_relu: params.set("negative_slope", d_.leaky_slope); break;
      case Activation::sigmoid: type = "Sigmoid"; break;
      case Activation::silu: type = "Swish"; break;
      default: refuse_activation("OpenCV", d_.activation);
    }
    net_.addLayerToPrev("activation", type, params);
  }

  static cv::Mat copy_of(std::initializer_list<std::int64_t> sizes, const float* data) {
    std::vector<int> dims;
    for (const std::int64_t size : sizes) dims.push_back(static_cast<int>(size));
    cv::Mat mat(dims, CV_32F);
    std::copy_n(data, mat.total(), mat.ptr<float>());
    return mat;
  }

  Problem p_;
  const Conv2dDesc& d_;
  cv::dnn::Net net_;
  cv::Mat dst_;
};

}  // namespace

extern const Peer kPeer_opencv;
const Peer kPeer_opencv = {"opencv", "dnn",
                           [] { return fmt::format("OpenCV {}", cv::getVersionString()); },
                           [](const Problem& problem) -> std::unique_ptr<Contender> {
                             return std::make_unique<OpencvContender>(problem);
                           }};

}  // namespace winograd::bench
