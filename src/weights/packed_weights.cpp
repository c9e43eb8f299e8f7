// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/weights/packed_weights.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#if defined(__linux__)
#include <sys/mman.h>
#endif

#include "src/runtime/exceptions.hpp"

namespace winograd::detail {
namespace {

/// The user's weights, in either layout, times the scale of their output channel.
class WeightReader {
 public:
  WeightReader(const PackedShape& shape, WeightLayout layout, const float* weights,
               const float* scale) noexcept
      : weights_(weights), scale_(scale) {
    const std::ptrdiff_t taps = std::ptrdiff_t{shape.kernel_h} * shape.kernel_w;
    if (layout == WeightLayout::oihw) {
      out_ = shape.group_c * taps;
      in_ = taps;
      tap_ = 1;
    } else {
      out_ = 1;
      in_ = std::ptrdiff_t{shape.groups} * shape.group_k;
      tap_ = in_ * shape.group_c;
    }
  }
  /// `out` counts over all groups, `in` within one, `tap` = row * kernel_w + column.
  /// The product of two floats is exact in double, so that whoever packs it rounds once.
  double operator()(std::ptrdiff_t out, std::ptrdiff_t in, std::ptrdiff_t tap) const noexcept {
    const double weight = weights_[out * out_ + in * in_ + tap * tap_];
    return scale_ == nullptr ? weight : weight * scale_[out];
  }

 private:
  const float* weights_;
  const float* scale_;
  std::ptrdiff_t out_, in_, tap_;
};

void pack_direct(PackedWeightsData& data, const WeightReader& weights) noexcept {
  const PackedShape& shape = data.shape;
  const int taps = shape.kernel_h * shape.kernel_w;
  for (int g = 0; g < shape.groups; ++g) {
    for (int k = 0; k < shape.group_k; ++k) {
      const int n = shape.panel_width(k / kPanel);
      float* to = const_cast<float*>(data.panel(g, k / kPanel)) + k % kPanel;
      for (int tap = 0; tap < taps; ++tap) {
        for (int c = 0; c < shape.group_c; ++c, to += n) {
          *to = static_cast<float>(weights(std::ptrdiff_t{g} * shape.group_k + k, c, tap));
        }
      }
    }
  }
}

void pack_small_groups(PackedWeightsData& data, const WeightReader& weights) noexcept {
  const PackedShape& shape = data.shape;
  const int taps = shape.kernel_h * shape.kernel_w;
  for (int k = 0; k < shape.groups * shape.group_k; ++k) {
    float* to = const_cast<float*>(data.panel(0, k / kPanel)) + k % kPanel;
    for (int tap = 0; tap < taps; ++tap) {
      for (int c = 0; c < shape.group_c; ++c, to += kPanel) {
        *to = static_cast<float>(weights(k, c, tap));
      }
    }
  }
}

/// What is added to the sums of an output channel: scale * bias + shift.
float folded_bias(const PlanOptions& options, const float* bias, std::ptrdiff_t out) noexcept {
  double value = bias == nullptr ? 0.0 : bias[out];
  if (options.output_scale != nullptr) value *= options.output_scale[out];
  if (options.output_shift != nullptr) value += options.output_shift[out];
  return static_cast<float>(value);
}

/// U = G g Gᵀ of the taps of phase (a, b), in fp64, rounded once; scaled for arithmetic on f16.
void pack_phase(PackedWeightsData& data, const WeightReader& weights, int a, int b) noexcept {
  const PackedShape& shape = data.shape;
  const AxisFamilyInfo& vertical = shape.axis_h();
  const AxisFamilyInfo& horizontal = shape.axis_w();
  const double scale =
      shape.arithmetic == DataType::f16 ? std::ldexp(1.0, -shape.half_shift()) : 1.0;
  for (int k = 0; k < shape.groups * shape.group_k; ++k) {
    const int panel = k / kPanel, n = shape.panel_width(panel);
    const int first = k / shape.group_k % shape.merged * shape.group_c;
    for (int c = 0; c < shape.group_c; ++c) {
      double rows[kMaxAlpha][kMaxTaps] = {};  // G g
      for (int i = 0; i < vertical.alpha; ++i) {
        for (int y = a; y < vertical.r; y += vertical.stride) {
          for (int x = b; x < horizontal.r; x += horizontal.stride) {
            const double tap = weights(k, c, std::ptrdiff_t{y} * shape.kernel_w + x);
            rows[i][x / horizontal.stride] += vertical.filter[i][y / vertical.stride] * tap;
          }
        }
      }
      for (int i = 0; i < vertical.alpha; ++i) {
        for (int j = 0; j < horizontal.alpha; ++j) {
          if (a >= vertical.phases(i) || b >= horizontal.phases(j)) continue;
          double sum = 0;
          for (int x = 0; x < horizontal.taps; ++x) sum += rows[i][x] * horizontal.filter[j][x];
          float* to = const_cast<float*>(data.panel(i * horizontal.alpha + j, panel));
          const std::ptrdiff_t phase = a * horizontal.phases(j) + b;
          to[(phase * shape.merged_c() + first + c) * n + k % kPanel] =
              static_cast<float>(sum * scale);
        }
      }
    }
  }
}

void pack_winograd(PackedWeightsData& data, const WeightReader& weights) noexcept {
  for (int a = 0; a < data.shape.axis_h().stride; ++a) {
    for (int b = 0; b < data.shape.axis_w().stride; ++b) pack_phase(data, weights, a, b);
  }
}

}  // namespace

AlignedFloats::AlignedFloats(std::size_t count) noexcept {
  constexpr std::size_t kHugePage = std::size_t{2} << 20;
  if (count > SIZE_MAX / sizeof(float)) return;
  const std::size_t bytes = count * sizeof(float);
  const bool huge = bytes >= kHugePage;
  const std::align_val_t alignment{huge ? kHugePage : kLineBytes};
  data_ = {static_cast<float*>(::operator new(bytes, alignment, std::nothrow)), Free{alignment}};
#if defined(__linux__)
  if (huge && data_ != nullptr) {
    // Advice only: failure changes nothing but speed.
    (void)madvise(data_.get(), bytes / kHugePage * kHugePage, MADV_HUGEPAGE);
  }
#endif
}

Status out_of_memory(const char* what) noexcept {
  return Status::failure(StatusCode::out_of_memory, "no memory for %s", what);
}

std::shared_ptr<PackedWeightsData> new_packed_weights() noexcept {
  WINOGRAD_TRY { return std::make_shared<PackedWeightsData>(); }
  WINOGRAD_CATCH_BAD_ALLOC { return nullptr; }
}

bool allocate_floats(PackedWeightsData& data) noexcept {
  data.floats = AlignedFloats(data.float_count());
  if (data.floats.get() == nullptr) return false;
  std::memset(data.floats.get(), 0, data.float_count() * sizeof(float));
  return true;
}

void pack_weights(PackedWeightsData& data, const PlanOptions& options, const float* weights,
                  const float* bias) noexcept {
  const PackedShape& shape = data.shape;
  const WeightReader reader(shape, options.weight_layout, weights, options.output_scale);
  if (shape.is_winograd()) {
    pack_winograd(data, reader);
  } else if (shape.small_groups) {
    pack_small_groups(data, reader);
  } else {
    pack_direct(data, reader);
  }
  if (bias == nullptr && options.output_shift == nullptr) return;
  const int count = shape.panel_channels();
  for (int g = 0; g < shape.panel_groups(); ++g) {
    float* const to = const_cast<float*>(data.bias(g));
    for (int k = 0; k < count; ++k) {
      to[k] = folded_bias(options, bias, std::ptrdiff_t{g} * count + k);
    }
  }
}

const float* PackedWeightsData::widened(std::ptrdiff_t place, std::ptrdiff_t count,
                                        float* scratch) const noexcept {
  if (shape.type == DataType::f32) return floats.get() + place;
  const auto* const halves = reinterpret_cast<const std::uint16_t*>(floats.get());
  kernels->storage_of(shape.type).widen({halves + place, 0, scratch, 0, 1, count});
  return scratch;
}

Status halve_weights(PackedWeightsData& data) noexcept {
  constexpr float kBeyond = 65520.0F;  // the first that f16 rounds to infinity
  const float* const weights = data.floats.get();
  const std::ptrdiff_t count = data.shape.weights_size();
  const float* const large = std::find_if(weights, weights + count, [](float weight) {
    return std::fabs(weight) >= kBeyond && std::isfinite(weight);
  });
  if (large != weights + count) {
    return Status::failure(StatusCode::unsupported,
                           "a packed weight is %g, beyond the range of accuracy half",
                           static_cast<double>(*large));
  }
  PackedShape shape = data.shape;
  shape.type = DataType::f16;
  AlignedFloats floats(static_cast<std::size_t>(shape.float_count()));
  if (floats.get() == nullptr) return out_of_memory("packed weights");
  data.kernels->storage_of(shape.type)
      .narrow({weights, 0, reinterpret_cast<std::uint16_t*>(floats.get()), 0, 1, count});
  std::memcpy(floats.get() + shape.weights_floats(), weights + count,
              static_cast<std::size_t>(shape.bias_size()) * sizeof(float));
  data.shape = shape;
  data.floats = std::move(floats);
  return {};
}

void flush_subnormal_weights(PackedWeightsData& data) noexcept {
  float* const floats = data.floats.get();
  std::replace_if(
      floats, floats + data.shape.weights_size(),
      [](float weight) { return std::fabs(weight) < std::numeric_limits<float>::min(); }, 0.0F);
}

}  // namespace winograd::detail
