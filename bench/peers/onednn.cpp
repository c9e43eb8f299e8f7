// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// oneDNN, as its authors want it used: memory formats left to it (`any`), src, weights and dst in
// those formats before the clock starts, bias and activation fused.
#include <fmt/format.h>

#if defined(_OPENMP)
#include <omp.h>
#endif

#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

#include "bench/peers/contender.hpp"

namespace winograd::bench {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

void limit_isa(Isa max_isa) {
  // Only the first call of a process counts, and only before any primitive was made.
  static const bool done = [max_isa] {
    if (max_isa == Isa::sse2) dnnl::set_max_cpu_isa(dnnl::cpu_isa::sse41);
    if (max_isa == Isa::avx2) dnnl::set_max_cpu_isa(dnnl::cpu_isa::avx2);
    return true;
  }();
  static_cast<void>(done);
}

void append_eltwise(dnnl::post_ops& ops, dnnl::algorithm function, float alpha, float beta) {
#if DNNL_VERSION_MAJOR >= 3
  ops.append_eltwise(function, alpha, beta);
#else
  ops.append_eltwise(1.0F, function, alpha, beta);
#endif
}

void append_activation(dnnl::post_ops& ops, const Conv2dDesc& d) {
  using dnnl::algorithm;
  switch (d.activation) {
    case Activation::none: return;
    case Activation::relu: return append_eltwise(ops, algorithm::eltwise_relu, 0.0F, 0.0F);
    case Activation::relu6: return append_eltwise(ops, algorithm::eltwise_clip, 0.0F, 6.0F);
    case Activation::leaky_relu:
      return append_eltwise(ops, algorithm::eltwise_relu, d.leaky_slope, 0.0F);
    case Activation::sigmoid: return append_eltwise(ops, algorithm::eltwise_logistic, 0.0F, 0.0F);
    case Activation::silu: return append_eltwise(ops, algorithm::eltwise_swish, 1.0F, 0.0F);
    default: refuse_activation("oneDNN", d.activation);
  }
}

class OnednnContender final : public Contender {
 public:
  explicit OnednnContender(const Problem& problem)
      : p_(problem), d_(p_.desc), stream_(cpu()), primitive_desc_(make_primitive_desc()),
        convolution_(primitive_desc_) {
    const Tag data_tag = d_.layout == Layout::nhwc ? Tag::nhwc : Tag::nchw;
    const Tag weights_tag = d_.groups == 1 ? Tag::oihw : Tag::goihw;
    src_ = reorder_from({src_dims(), memory::data_type::f32, data_tag}, p_.src,
                        primitive_desc_.src_desc());
    weights_ = reorder_from({weights_dims(), memory::data_type::f32, weights_tag}, p_.weights,
                            primitive_desc_.weights_desc());
    bias_ = reorder_from({{d_.out_channels}, memory::data_type::f32, Tag::x}, p_.bias,
                         primitive_desc_.bias_desc());
    dst_ = memory(primitive_desc_.dst_desc(), cpu());
    p_.scratch->reserve(workspace_bytes());
    arguments_ = {{DNNL_ARG_SRC, src_},
                  {DNNL_ARG_WEIGHTS, weights_},
                  {DNNL_ARG_BIAS, bias_},
                  {DNNL_ARG_DST, dst_},
                  {DNNL_ARG_SCRATCHPAD,
                   memory(primitive_desc_.scratchpad_desc(), cpu(), p_.scratch->data())}};
  }

  void prepare() override { set_threads(p_.threads); }
  void run() override {
    arguments_[DNNL_ARG_SCRATCHPAD].set_data_handle(p_.scratch->data());
    convolution_.execute(stream_, arguments_);
    stream_.wait();
  }
  void read_output(float* dst) const override {
    memory plain(
        {dst_dims(), memory::data_type::f32, d_.layout == Layout::nhwc ? Tag::nhwc : Tag::nchw},
        cpu(), dst);
    memory source = dst_;
    dnnl::stream stream(cpu());
    dnnl::reorder(source, plain).execute(stream, source, plain);
    stream.wait();
  }
  std::string label() const override { return primitive_desc_.impl_info_str(); }
  std::size_t workspace_bytes() const override {
    return primitive_desc_.scratchpad_desc().get_size();
  }
  std::size_t packed_bytes() const override { return primitive_desc_.weights_desc().get_size(); }

 private:
  static void set_threads(int threads) {
#if defined(_OPENMP)
    omp_set_num_threads(threads);
#else
    static_cast<void>(threads);
#endif
  }

  memory::dims src_dims() const { return {d_.batch, d_.in_channels, d_.height, d_.width}; }
  memory::dims dst_dims() const {
    return {d_.batch, d_.out_channels, d_.out_height(), d_.out_width()};
  }
  memory::dims weights_dims() const {
    if (d_.groups == 1) return {d_.out_channels, d_.in_channels, d_.kernel_h, d_.kernel_w};
    return {d_.groups, d_.out_channels / d_.groups, d_.in_channels / d_.groups, d_.kernel_h,
            d_.kernel_w};
  }

  dnnl::convolution_forward::primitive_desc make_primitive_desc() {
    limit_isa(p_.max_isa);
    // The partition of the work is fixed here.
    set_threads(p_.threads);
    const auto any = [](const memory::dims& dims) {
      return memory::desc(dims, memory::data_type::f32, Tag::any);
    };
    dnnl::post_ops post_ops;
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    const memory::dims strides = {d_.stride_h, d_.stride_w};
    const memory::dims dilations = {d_.dilation_h - 1, d_.dilation_w - 1};
    const memory::dims before = {d_.pad_top, d_.pad_left};
    const memory::dims after = {d_.pad_bottom, d_.pad_right};
    const auto kind = dnnl::prop_kind::forward_inference;
    const auto algorithm = dnnl::algorithm::convolution_auto;
#if DNNL_VERSION_MAJOR >= 3
    append_activation(post_ops, d_);
    attributes.set_post_ops(post_ops);
    return {cpu(),
            kind,
            algorithm,
            any(src_dims()),
            any(weights_dims()),
            any({d_.out_channels}),
            any(dst_dims()),
            strides,
            dilations,
            before,
            after,
            attributes};
#else
    append_activation(post_ops, d_);
    attributes.set_post_ops(post_ops);
    return {{kind, algorithm, any(src_dims()), any(weights_dims()), any({d_.out_channels}),
             any(dst_dims()), strides, dilations, before, after},
            attributes,
            cpu()};
#endif
  }

  memory reorder_from(const memory::desc& from, const float* data, const memory::desc& to) {
    memory source(from, cpu(), const_cast<float*>(data));
    memory target(to, cpu());
    dnnl::reorder(source, target).execute(stream_, source, target);
    stream_.wait();
    return target;
  }

  Problem p_;
  const Conv2dDesc& d_;
  dnnl::stream stream_;
  dnnl::convolution_forward::primitive_desc primitive_desc_;
  dnnl::convolution_forward convolution_;
  memory src_, weights_, bias_, dst_;
  std::unordered_map<int, memory> arguments_;
};

}  // namespace

extern const Peer kPeer_onednn;
const Peer kPeer_onednn = {"onednn", "any",
                           [] {
                             const dnnl_version_t* version = dnnl::version();
                             return fmt::format("oneDNN {}.{}.{}", version->major, version->minor,
                                                version->patch);
                           },
                           [](const Problem& problem) -> std::unique_ptr<Contender> {
                             return std::make_unique<OnednnContender>(problem);
                           }};

}  // namespace winograd::bench
