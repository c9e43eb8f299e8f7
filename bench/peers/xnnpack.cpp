// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// XNNPACK: NHWC only; ReLU and ReLU6 are its output range.
#include <fmt/format.h>
#include <pthreadpool.h>
#include <xnnpack.h>

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "bench/peers/contender.hpp"
#include "bench/peers/layouts.hpp"

namespace winograd::bench {
namespace {

void check(xnn_status status, const char* call) {
  if (status == xnn_status_success) return;
  const std::string message = fmt::format("{} returned {}", call, static_cast<int>(status));
  if (status == xnn_status_unsupported_parameter) throw Unsupported(message);
  throw std::runtime_error(message);
}

class XnnpackContender final : public Contender {
 public:
  explicit XnnpackContender(const Problem& problem)
      : p_(problem), d_(p_.desc),
        // Its kernels read on past the end.
        src_(d_.src_size() + static_cast<std::int64_t>(XNN_EXTRA_BYTES / sizeof(float))),
        dst_(d_.dst_size()) {
    check(xnn_initialize(nullptr), "xnn_initialize");
    convert_src(d_, p_.src, Layout::nhwc, src_.data());
    // OIHW -> OHWI.
    Buffer weights(d_.weights_size());
    transpose(d_.out_channels, d_.in_channels / d_.groups, d_.kernel_h * d_.kernel_w, p_.weights,
              weights.data());
    const auto u32 = [](std::int64_t value) { return static_cast<std::uint32_t>(value); };
    const auto size = [](std::int64_t value) { return static_cast<std::size_t>(value); };
    xnn_operator_t made = nullptr;
    check(xnn_create_convolution2d_nhwc_f32(
              u32(d_.pad_top), u32(d_.pad_right), u32(d_.pad_bottom), u32(d_.pad_left),
              u32(d_.kernel_h), u32(d_.kernel_w), u32(d_.stride_h), u32(d_.stride_w),
              u32(d_.dilation_h), u32(d_.dilation_w), u32(d_.groups),
              size(d_.in_channels / d_.groups), size(d_.out_channels / d_.groups),
              size(d_.in_channels), size(d_.out_channels), weights.data(), p_.bias, low(), high(),
              0, &made),
          "xnn_create_convolution2d_nhwc_f32");
    operator_.reset(made);
    // Without a pool it works on the calling thread.
    if (p_.threads > 1) pool_.reset(pthreadpool_create(size(p_.threads)));
    check(xnn_setup_convolution2d_nhwc_f32(operator_.get(), size(d_.batch), size(d_.height),
                                           size(d_.width), src_.data(), dst_.data(), pool_.get()),
          "xnn_setup_convolution2d_nhwc_f32");
  }

  void run() override { check(xnn_run_operator(operator_.get(), pool_.get()), "xnn_run_operator"); }
  void read_output(float* dst) const override { convert_dst(d_, Layout::nhwc, dst_.data(), dst); }
  std::string label() const override { return "xnnpack"; }

 private:
  // It fuses a range only; in a network other activations are operators of their own.
  float low() const {
    switch (d_.activation) {
      case Activation::none: return -std::numeric_limits<float>::infinity();
      case Activation::relu:
      case Activation::relu6: return 0.0F;
      default: refuse_activation("XNNPACK", d_.activation);
    }
  }
  float high() const {
    return d_.activation == Activation::relu6 ? 6.0F : std::numeric_limits<float>::infinity();
  }

  struct Delete {
    void operator()(xnn_operator_t made) const { xnn_delete_operator(made); }
    void operator()(pthreadpool_t pool) const { pthreadpool_destroy(pool); }
  };

  Problem p_;
  const Conv2dDesc& d_;
  Buffer src_;
  Buffer dst_;
  std::unique_ptr<pthreadpool, Delete> pool_;
  std::unique_ptr<xnn_operator, Delete> operator_;
};

}  // namespace

extern const Peer kPeer_xnnpack;
const Peer kPeer_xnnpack = {"xnnpack", "nhwc",
                            [] { return std::string("XNNPACK (of Debian 12's interface)"); },
                            [](const Problem& problem) -> std::unique_ptr<Contender> {
                              return std::make_unique<XnnpackContender>(problem);
                            }};

}  // namespace winograd::bench
