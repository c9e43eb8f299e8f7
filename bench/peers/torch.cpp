// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// libtorch, eager: what conv2d and an activation in place cost in PyTorch, in the channels-last
// memory format.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/version.h>

#include "bench/peers/contender.hpp"
#include "bench/peers/layouts.hpp"

namespace winograd::bench {
namespace {

class TorchContender final : public Contender {
 public:
  explicit TorchContender(const Problem& problem) : p_(problem), d_(p_.desc) {
    if (d_.pad_top != d_.pad_bottom || d_.pad_left != d_.pad_right)
      throw Unsupported("torch: asymmetric padding");
    const auto last = at::MemoryFormat::ChannelsLast;
    src_ = at::empty({d_.batch, d_.in_channels, d_.height, d_.width}, at::kFloat, last);
    convert_src(d_, p_.src, Layout::nhwc, src_.data_ptr<float>());
    weights_ =
        copy_of({d_.out_channels, d_.in_channels / d_.groups, d_.kernel_h, d_.kernel_w}, p_.weights)
            .contiguous(last);
    bias_ = copy_of({d_.out_channels}, p_.bias);
  }

  void prepare() override { at::set_num_threads(p_.threads); }
  void run() override {
    const c10::InferenceMode inference;
    dst_ = at::conv2d(src_, weights_, bias_, {d_.stride_h, d_.stride_w}, {d_.pad_top, d_.pad_left},
                      {d_.dilation_h, d_.dilation_w}, d_.groups);
    switch (d_.activation) {
      case Activation::none: break;
      case Activation::relu: dst_.relu_(); break;
      case Activation::relu6: at::relu6_(dst_); break;
      case Activation::leaky_relu:
        at::leaky_relu_(dst_, static_cast<double>(d_.leaky_slope));
        break;
      case Activation::sigmoid: dst_.sigmoid_(); break;
      case Activation::silu: at::silu_(dst_); break;
      default: refuse_activation("libtorch", d_.activation);
    }
  }
  void read_output(float* dst) const override {
    const at::Tensor nhwc = dst_.contiguous(at::MemoryFormat::ChannelsLast);
    convert_dst(d_, Layout::nhwc, nhwc.data_ptr<float>(), dst);
  }
  std::string label() const override { return "eager"; }

 private:
  static at::Tensor copy_of(at::IntArrayRef sizes, const float* data) {
    return at::from_blob(const_cast<float*>(data), sizes, at::kFloat).clone();
  }

  Problem p_;
  const Conv2dDesc& d_;
  at::Tensor src_, weights_, bias_, dst_;
};

}  // namespace

extern const Peer kPeer_torch;
const Peer kPeer_torch = {"torch", "eager", [] { return std::string("libtorch " TORCH_VERSION); },
                          [](const Problem& problem) -> std::unique_ptr<Contender> {
                            return std::make_unique<TorchContender>(problem);
                          }};

}  // namespace winograd::bench
