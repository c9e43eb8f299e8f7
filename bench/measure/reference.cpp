// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/measure/reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>

#include "bench/measure/eigen_gemm.hpp"
#include "bench/measure/patches.hpp"
#include "tests/reference/naive_conv2d.hpp"
#include "tests/reference/random.hpp"

namespace winograd::bench {
namespace {

/// Where an output is; its index in Reference::value is `index`.
struct Output {
  Output(const Conv2dDesc& d, std::int64_t index) {
    k = index % d.out_channels;
    x = index / d.out_channels % d.out_width();
    y = index / d.out_channels / d.out_width() % d.out_height();
    n = index / d.out_channels / d.out_width() / d.out_height();
  }
  std::int64_t n, k, y, x;
};

/// One output by the definition, in T, one product after another.
template <class T>
T compute_output(const LayerData& data, const Output& out) {
  const Conv2dDesc& d = data.desc;
  const std::int64_t channels = d.in_channels / d.groups;
  const std::int64_t first = out.k / (d.out_channels / d.groups) * channels;
  const float* weight = data.weights.data() + out.k * patch_size(d);
  T sum{0};
  for (std::int64_t c = first; c < first + channels; ++c) {
    const float* plane = data.src_nchw.data() + (out.n * d.in_channels + c) * d.height * d.width;
    for (std::int64_t i = 0; i < d.kernel_h; ++i) {
      const std::int64_t y = out.y * d.stride_h + i * d.dilation_h - d.pad_top;
      for (std::int64_t j = 0; j < d.kernel_w; ++j, ++weight) {
        const std::int64_t x = out.x * d.stride_w + j * d.dilation_w - d.pad_left;
        if (y < 0 || y >= d.height || x < 0 || x >= d.width) continue;
        sum += static_cast<T>(*weight) * static_cast<T>(plane[y * d.width + x]);
      }
    }
  }
  sum += static_cast<T>(data.bias[static_cast<std::size_t>(out.k)]);
  return static_cast<T>(test::activate(d, static_cast<double>(sum)));
}

/// Weights of a group as [kernel_h * kernel_w][C][K] in double.
std::vector<double> group_weights(const LayerData& data, std::int64_t group) {
  const Conv2dDesc& d = data.desc;
  const std::int64_t channels = d.in_channels / d.groups;
  const std::int64_t outputs = d.out_channels / d.groups;
  const std::int64_t taps = d.kernel_h * d.kernel_w;
  std::vector<double> result(static_cast<std::size_t>(taps * channels * outputs));
  const float* from = data.weights.data() + group * outputs * channels * taps;
  for (std::int64_t k = 0; k < outputs; ++k)
    for (std::int64_t c = 0; c < channels; ++c)
      for (std::int64_t t = 0; t < taps; ++t)
        result[static_cast<std::size_t>((t * channels + c) * outputs + k)] =
            static_cast<double>(*from++);
  return result;
}

void check_sample(const LayerData& data, const Reference& reference) {
  constexpr std::uint64_t kSample = 64;
  test::Rng rng(5);
  const auto last = static_cast<std::int64_t>(reference.value.size()) - 1;
  for (std::uint64_t i = 0; i < kSample; ++i) {
    const std::int64_t index = rng.integer(0, last);
    const auto expected = compute_output<double>(data, Output(data.desc, index));
    const double difference = reference.value[static_cast<std::size_t>(index)] - expected;
    if (!(std::abs(difference) <= 1e-11 * (reference.rms + 1.0)))
      throw std::logic_error("the fp64 reference disagrees with the definition");
  }
}

std::vector<float> nhwc_to_nchw(const Conv2dDesc& d, const std::vector<float>& nhwc) {
  std::vector<float> nchw(nhwc.size());
  const std::int64_t pixels = d.height * d.width;
  for (std::int64_t n = 0; n < d.batch; ++n)
    for (std::int64_t c = 0; c < d.in_channels; ++c)
      for (std::int64_t p = 0; p < pixels; ++p)
        nchw[static_cast<std::size_t>((n * d.in_channels + c) * pixels + p)] =
            nhwc[static_cast<std::size_t>((n * pixels + p) * d.in_channels + c)];
  return nchw;
}

}  // namespace

LayerData::LayerData(const Conv2dDesc& description) : desc(description) {
  test::Rng rng(1);
  src_nhwc = test::uniform_data(rng, desc.src_size(), -1.0F, 1.0F);
  src_nchw = nhwc_to_nchw(desc, src_nhwc);
  weights = test::he_normal_weights(rng, desc.weights_size(), patch_size(desc));
  bias = test::uniform_data(rng, desc.out_channels, -0.1F, 0.1F);
}

Reference compute_reference(const LayerData& data) {
  const Conv2dDesc& d = data.desc;
  const std::int64_t depth = patch_size(d);
  const std::int64_t outputs = d.out_channels / d.groups;
  const std::int64_t pixels = d.out_height() * d.out_width();
  const EigenGemm& gemm = eigen_gemm(Isa::best);
  constexpr std::int64_t kBlock = 256;

  Reference reference;
  reference.value.resize(static_cast<std::size_t>(d.dst_size()));
  std::vector<double> patches(static_cast<std::size_t>(kBlock * depth));
  for (std::int64_t group = 0; group < d.groups; ++group) {
    const std::vector<double> weights = group_weights(data, group);
    for (std::int64_t n = 0; n < d.batch; ++n) {
      const float* image = data.src_nhwc.data() + n * d.height * d.width * d.in_channels;
      for (std::int64_t begin = 0; begin < pixels; begin += kBlock) {
        const std::int64_t end = std::min(begin + kBlock, pixels);
        gather_patches_nhwc(d, image, group, begin, end, patches.data());
        gemm.f64(end - begin, outputs, depth, patches.data(), depth, weights.data(), outputs,
                 reference.value.data() + (n * pixels + begin) * d.out_channels + group * outputs,
                 d.out_channels);
      }
    }
  }

  double squares = 0.0;
  for (std::size_t i = 0; i < reference.value.size(); ++i) {
    double& value = reference.value[i];
    value = test::activate(d, value + static_cast<double>(data.bias[i % data.bias.size()]));
    squares += value * value;
  }
  reference.rms = std::sqrt(squares / static_cast<double>(reference.value.size()));
  check_sample(data, reference);
  return reference;
}

Error measure_error(const LayerData& data, const Reference& reference, Layout layout,
                    const float* dst) {
  const Conv2dDesc& d = data.desc;
  const std::int64_t pixels = d.out_height() * d.out_width();
  const std::int64_t pixel_step = layout == Layout::nhwc ? d.out_channels : 1;
  const std::int64_t channel_step = layout == Layout::nhwc ? 1 : pixels;
  double squares = 0.0;
  double largest = 0.0;
  const double* expected = reference.value.data();
  for (std::int64_t n = 0; n < d.batch; ++n) {
    for (std::int64_t p = 0; p < pixels; ++p) {
      const float* actual = dst + n * pixels * d.out_channels + p * pixel_step;
      for (std::int64_t k = 0; k < d.out_channels; ++k, ++expected, actual += channel_step) {
        const double difference = std::abs(static_cast<double>(*actual) - *expected);
        squares += difference * difference;
        if (!(difference <= largest || std::isnan(largest))) largest = difference;
      }
    }
  }
  const double count = static_cast<double>(reference.value.size());
  return {std::sqrt(squares / count) / reference.rms, largest / reference.rms};
}

double sequential_rms_error(const LayerData& data, const Reference& reference) {
  constexpr std::int64_t kProducts = 50'000'000;  // about a tenth of a second
  const auto count = static_cast<std::int64_t>(reference.value.size());
  // Odd, so that it does not walk along one channel.
  const std::int64_t step =
      std::max<std::int64_t>(1, count * patch_size(data.desc) / kProducts) | 1;
  double squares = 0.0;
  std::int64_t sampled = 0;
  for (std::int64_t index = 0; index < count; index += step, ++sampled) {
    const auto actual = compute_output<float>(data, Output(data.desc, index));
    const double difference =
        static_cast<double>(actual) - reference.value[static_cast<std::size_t>(index)];
    squares += difference * difference;
  }
  return std::sqrt(squares / static_cast<double>(sampled)) / reference.rms;
}

}  // namespace winograd::bench
