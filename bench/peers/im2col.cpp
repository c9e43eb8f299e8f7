// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The baseline that everybody knows: patches gathered into a matrix, one matrix product (Eigen).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "bench/measure/eigen_gemm.hpp"
#include "bench/measure/patches.hpp"
#include "bench/peers/contender.hpp"
#include "bench/peers/threads.hpp"

namespace winograd::bench {
namespace {

class Im2colContender final : public Contender {
 public:
  explicit Im2colContender(const Problem& problem)
      : p_(problem), d_(p_.desc), gemm_(eigen_gemm(problem.max_isa)),
        executor_(executor_for(problem.threads)), depth_(patch_size(d_)),
        outputs_(d_.out_channels / d_.groups), pixels_(d_.out_height() * d_.out_width()),
        pointwise_(is_pointwise(d_)), dst_(d_.dst_size()) {
    // Blocks of patches that stay in the outer caches while they are multiplied.
    constexpr std::int64_t kBlockFloats = std::int64_t{1} << 19;
    block_ = std::clamp<std::int64_t>(kBlockFloats / depth_, 64, pixels_ < 64 ? 64 : pixels_);
    if (!pointwise_) p_.scratch->reserve(workspace_bytes());
    if (d_.layout == Layout::nhwc) pack_weights();
  }

  void run() override {
    executor_.parallel_for(
        p_.threads, [](void* self, int t) { static_cast<Im2colContender*>(self)->work(t); }, this);
  }
  void read_output(float* dst) const override { std::copy_n(dst_.data(), d_.dst_size(), dst); }
  std::string label() const override { return fmt::format("eigen_{}", gemm_.isa); }
  std::size_t workspace_bytes() const override {
    if (pointwise_) return 0;
    return static_cast<std::size_t>(p_.threads * block_ * depth_) * sizeof(float);
  }
  std::size_t packed_bytes() const override { return packed_.size_bytes(); }

 private:
  static bool is_pointwise(const Conv2dDesc& d) {
    return d.kernel_h == 1 && d.kernel_w == 1 && d.stride_h == 1 && d.stride_w == 1 &&
           d.pad_top + d.pad_left + d.pad_bottom + d.pad_right == 0;
  }

  /// OIHW -> [group][kernel_h][kernel_w][C][K].
  void pack_weights() {
    packed_ = Buffer(d_.weights_size());
    const std::int64_t channels = d_.in_channels / d_.groups;
    const std::int64_t taps = d_.kernel_h * d_.kernel_w;
    for (std::int64_t g = 0; g < d_.groups; ++g)
      for (std::int64_t k = 0; k < outputs_; ++k)
        for (std::int64_t c = 0; c < channels; ++c)
          for (std::int64_t t = 0; t < taps; ++t)
            packed_.data()[((g * taps + t) * channels + c) * outputs_ + k] =
                p_.weights[((g * outputs_ + k) * channels + c) * taps + t];
  }

  void work(int thread) {
    const std::int64_t blocks = (pixels_ + block_ - 1) / block_;
    for (std::int64_t item = thread; item < d_.batch * blocks; item += p_.threads) {
      const std::int64_t n = item / blocks;
      const std::int64_t begin = item % blocks * block_;
      const std::int64_t end = std::min(begin + block_, pixels_);
      float* patches = p_.scratch->data() + thread * block_ * depth_;
      for (std::int64_t g = 0; g < d_.groups; ++g) {
        if (d_.layout == Layout::nhwc)
          multiply_nhwc(n, g, begin, end, patches);
        else
          multiply_nchw(n, g, begin, end, patches);
      }
      if (d_.layout == Layout::nhwc)
        finish_nhwc(n, begin, end);
      else
        finish_nchw(n, begin, end);
    }
  }

  const float* image(std::int64_t n) const {
    return p_.src + n * d_.in_channels * d_.height * d_.width;
  }
  float* output(std::int64_t n) { return dst_.data() + n * d_.out_channels * pixels_; }

  void multiply_nhwc(std::int64_t n, std::int64_t g, std::int64_t begin, std::int64_t end,
                     float* patches) {
    const float* a = patches;
    std::int64_t lda = depth_;
    if (pointwise_) {
      a = image(n) + begin * d_.in_channels + g * depth_;
      lda = d_.in_channels;
    } else {
      gather_patches_nhwc(d_, image(n), g, begin, end, patches);
    }
    gemm_.f32(end - begin, outputs_, depth_, a, lda, packed_.data() + g * depth_ * outputs_,
              outputs_, output(n) + begin * d_.out_channels + g * outputs_, d_.out_channels);
  }

  void multiply_nchw(std::int64_t n, std::int64_t g, std::int64_t begin, std::int64_t end,
                     float* patches) {
    const float* b = patches;
    std::int64_t ldb = end - begin;
    if (pointwise_) {
      b = image(n) + g * depth_ * pixels_ + begin;
      ldb = pixels_;
    } else {
      gather_patches_nchw(d_, image(n), g, begin, end, patches);
    }
    gemm_.f32(outputs_, end - begin, depth_, p_.weights + g * outputs_ * depth_, depth_, b, ldb,
              output(n) + g * outputs_ * pixels_ + begin, pixels_);
  }

  void activate(float* values, std::int64_t count) const {
    const auto each = [&](auto function) {
      for (std::int64_t i = 0; i < count; ++i) values[i] = function(values[i]);
    };
    switch (d_.activation) {
      case Activation::none: return;
      case Activation::relu: return each([](float x) { return std::max(x, 0.0F); });
      case Activation::relu6:
        return each([](float x) { return std::min(std::max(x, 0.0F), 6.0F); });
      case Activation::leaky_relu:
        return each([s = d_.leaky_slope](float x) { return x < 0.0F ? x * s : x; });
      case Activation::sigmoid: return each([](float x) { return 1.0F / (1.0F + std::exp(-x)); });
      case Activation::silu: return each([](float x) { return x / (1.0F + std::exp(-x)); });
      default: refuse_activation("im2col", d_.activation);
    }
  }

  void finish_nhwc(std::int64_t n, std::int64_t begin, std::int64_t end) {
    for (std::int64_t pixel = begin; pixel < end; ++pixel) {
      float* to = output(n) + pixel * d_.out_channels;
      for (std::int64_t k = 0; k < d_.out_channels; ++k) to[k] += p_.bias[k];
      activate(to, d_.out_channels);
    }
  }
  void finish_nchw(std::int64_t n, std::int64_t begin, std::int64_t end) {
    for (std::int64_t k = 0; k < d_.out_channels; ++k) {
      float* to = output(n) + k * pixels_;
      for (std::int64_t pixel = begin; pixel < end; ++pixel) to[pixel] += p_.bias[k];
      activate(to + begin, end - begin);
    }
  }

  Problem p_;
  const Conv2dDesc& d_;
  const EigenGemm& gemm_;
  Executor executor_;
  std::int64_t depth_;    ///< products of one output
  std::int64_t outputs_;  ///< output channels of a group
  std::int64_t pixels_;   ///< of one output image
  bool pointwise_;        ///< the input is the matrix of patches
  std::int64_t block_ = 0;
  Buffer dst_;
  Buffer packed_;
};

}  // namespace

extern const Peer kPeer_im2col;
const Peer kPeer_im2col = {"im2col", "eigen",
                           [] { return std::string(eigen_gemm(Isa::best).version); },
                           [](const Problem& problem) -> std::unique_ptr<Contender> {
                             return std::make_unique<Im2colContender>(problem);
                           }};

}  // namespace winograd::bench
