// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/error_bounds.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "tests/reference/sixteen_bits.hpp"

namespace winograd::test {
namespace {

constexpr double kEpsilon = 0x1p-24;

struct Row {
  Algorithm algorithm;
  std::int64_t shorter, longer;  ///< sides of the kernel
  ErrorConstants constants;
};

constexpr Row kRows[] = {
    {Algorithm::winograd_f2, 1, 3, {12, 0.45}}, {Algorithm::winograd_f2, 3, 3, {20, 0.65}},
    {Algorithm::winograd_f2, 1, 5, {18, 0.9}},  {Algorithm::winograd_f2, 3, 5, {18, 0.9}},
    {Algorithm::winograd_f2, 1, 7, {110, 2.2}}, {Algorithm::winograd_f2, 3, 7, {110, 3.0}},
    {Algorithm::winograd_f2, 5, 7, {220, 5.5}}, {Algorithm::winograd_f2, 7, 7, {600, 12}},
    {Algorithm::winograd_f2, 5, 5, {32, 1.5}},  {Algorithm::winograd_f3, 1, 3, {30, 0.8}},
    {Algorithm::winograd_f3, 3, 3, {70, 1.9}},  {Algorithm::winograd_f4, 1, 3, {24, 0.8}},
    {Algorithm::winograd_f4, 3, 3, {50, 1.6}},  {Algorithm::winograd_f4, 1, 5, {40, 1.7}},
    {Algorithm::winograd_f4, 3, 5, {90, 2.8}},  {Algorithm::winograd_f4, 5, 5, {130, 5.0}},
    {Algorithm::winograd_f6, 1, 3, {50, 1.7}},  {Algorithm::winograd_f6, 3, 3, {500, 6.2}},
};

constexpr ErrorConstants kDirect = {11, 0.5};

/// Largest absolute sum of the plane of each element, and at least half of the norm product: about
/// what the absolute sum is on average, if there are enough terms.
std::vector<double> plane_maxima(const Conv2dDesc& d, const Reference& reference) {
  const std::vector<double>& absolute_sum = reference.absolute_sum;
  std::vector<double> maxima(absolute_sum.size());
  for (std::int64_t n = 0; n < d.batch; ++n) {
    for (std::int64_t k = 0; k < d.out_channels; ++k) {
      double largest = reference.norm_product[static_cast<std::size_t>(n * d.out_channels + k)] / 2;
      for (std::int64_t y = 0; y < d.out_height(); ++y)
        for (std::int64_t x = 0; x < d.out_width(); ++x)
          largest = std::max(largest, absolute_sum[dst_index(d, n, k, y, x)]);
      for (std::int64_t y = 0; y < d.out_height(); ++y)
        for (std::int64_t x = 0; x < d.out_width(); ++x) maxima[dst_index(d, n, k, y, x)] = largest;
    }
  }
  return maxima;
}

/// What rounding a value to the type of dst may add, where sums are not stored as they are.
double rounding_bound(DataType type, double magnitude) {
  if (type == DataType::f32) return 0.0;
  return std::max(unit_of(type) * magnitude, smallest_error_of(type));
}

std::string describe_element(const Conv2dDesc& d, std::size_t at, double expected, double actual,
                             double bound) {
  const auto position = static_cast<std::int64_t>(at);
  const std::int64_t pixels = d.out_height() * d.out_width();
  const std::int64_t in_image = position % (d.out_channels * pixels);
  const bool planar = d.layout == Layout::nchw;
  const std::int64_t k = planar ? in_image / pixels : in_image % d.out_channels;
  const std::int64_t pixel = planar ? in_image % pixels : in_image / d.out_channels;
  char text[200];
  std::snprintf(text, sizeof text,
                "dst[n=%lld k=%lld y=%lld x=%lld] is %.9g, expected %.9g, error %.3g > bound %.3g",
                static_cast<long long>(position / (d.out_channels * pixels)),
                static_cast<long long>(k), static_cast<long long>(pixel / d.out_width()),
                static_cast<long long>(pixel % d.out_width()), actual, expected,
                std::fabs(actual - expected), bound);
  return text;
}

/// How much errors of the sum grow in the activation at most, and its own, in halves of a unit in
/// the last place at 1: functions are promised within 2 units, everything else rounds once.
struct ActivationError {
  double steepness, own;
};
ActivationError activation_error(Activation activation) {
  switch (activation) {
    case Activation::sigmoid:
    case Activation::tanh:
    case Activation::hard_sigmoid: return {1.0, 4.0};
    case Activation::hard_swish: return {1.5, 4.0};
    case Activation::silu:
    case Activation::mish:
    case Activation::gelu_tanh: return {1.13, 4.0};
    default: return {1.0, 1.0};
  }
}

}  // namespace

ErrorConstants error_constants(const Conv2dDesc& desc, Algorithm algorithm) {
  const std::int64_t shorter = std::min(desc.kernel_h, desc.kernel_w);
  const std::int64_t longer = std::max(desc.kernel_h, desc.kernel_w);
  for (const Row& row : kRows) {
    if (row.algorithm == algorithm && row.shorter == shorter && row.longer == longer) {
      return row.constants;
    }
  }
  return kDirect;
}

Halves halves_of(const PlanInfo& info, const PlanOptions& options) {
  // Only the kernels that compute with f16 have it in their name.
  if (std::strstr(info.kernel, "_neon_fp16") != nullptr && info.algorithm != Algorithm::direct) {
    return Halves::arithmetic;
  }
  return options.accuracy == Accuracy::half ? Halves::weights : Halves::none;
}

Comparison compare(const Conv2dDesc& desc, Algorithm algorithm, const Reference& reference,
                   const float* dst, Halves halves) {
  const ErrorConstants constants = error_constants(desc, algorithm);
  const double products =
      static_cast<double>(desc.in_channels / desc.groups * desc.kernel_h * desc.kernel_w);
  const std::vector<double> magnitude =
      algorithm == Algorithm::direct ? reference.absolute_sum : plane_maxima(desc, reference);
  const bool half_weights = halves == Halves::weights, half = halves == Halves::arithmetic;
  const double epsilon = half ? unit_of(DataType::f16) : kEpsilon;
  // Of f16 sums that are stored scaled by up to 2^-4, near zero.
  const double least = half ? 64 * smallest_error_of(DataType::f16) : 0.0;
  // The same amplification, of errors that do not grow with the number of products.
  const double half_element = half_weights ? unit_of(DataType::f16) / 4 : 0.0;
  const double half_rms = half_weights ? unit_of(DataType::f16) * 2 : 0.0;
  const ActivationError activation = activation_error(desc.activation);
  Comparison result;
  double error_squares = 0.0;
  double magnitude_squares = 0.0;
  double rounding_squares = 0.0;
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < magnitude.size(); ++i) {
    const double actual = static_cast<double>(dst[i]);
    const double expected = reference.value[i];
    const double sum_bound =
        (epsilon + half_element) * constants.element * magnitude[i] * activation.steepness +
        epsilon * activation.own * std::fabs(expected) + least;
    const double rounding = rounding_bound(desc.data_type, std::fabs(expected) + sum_bound);
    const double bound = sum_bound + rounding;
    const double error = std::fabs(actual - expected);
    if (!(error <= bound)) {  // also true for NaN
      if (wrong++ == 0) result.failure = describe_element(desc, i, expected, actual, bound);
    }
    if (bound > 0.0) result.element_ratio = std::max(result.element_ratio, error / bound);
    error_squares += error * error;
    rounding_squares += rounding * rounding;
    magnitude_squares += reference.square_sum[i];
  }
  if (wrong > 1) result.failure += " (and " + std::to_string(wrong - 1) + " more elements)";

  const double count = static_cast<double>(magnitude.size());
  // An RMS of few elements scatters; the factor goes to 1 with their number.
  const double scatter = 1.0 + 3.0 / std::sqrt(count);
  const double rms_bound = constants.rms * scatter *
                               (epsilon * (4.0 + std::sqrt(products)) + half_rms) *
                               std::sqrt(magnitude_squares / count) +
                           least + std::min(scatter, 2.0) * std::sqrt(rounding_squares / 3 / count);
  const double rms = std::sqrt(error_squares / count);
  if (rms_bound > 0.0) result.rms_ratio = rms / rms_bound;
  if (result.failure.empty() && !(rms <= rms_bound)) {
    char text[100];
    std::snprintf(text, sizeof text, "RMS(error) is %.3g > bound %.3g", rms, rms_bound);
    result.failure = text;
  }
  return result;
}

double relative_rms_error(const Reference& reference, const float* dst) {
  double error_squares = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < reference.value.size(); ++i) {
    const double error = static_cast<double>(dst[i]) - reference.value[i];
    error_squares += error * error;
    squares += reference.value[i] * reference.value[i];
  }
  return std::sqrt(error_squares / squares);
}

}  // namespace winograd::test
