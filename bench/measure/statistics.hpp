// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_MEASURE_STATISTICS_HPP
#define WINOGRAD_BENCH_MEASURE_STATISTICS_HPP

#include <vector>

namespace winograd::bench {

/// Linear interpolation between order statistics; `fraction` in [0, 1]; NaN for no values.
double quantile(std::vector<double> values, double fraction);
double median(const std::vector<double>& values);
/// Interquartile range over the median: how far the rounds disagree.
double spread(const std::vector<double>& values);
/// NaN for no values.
double geometric_mean(const std::vector<double>& values);
/// Median of numerator[i] / denominator[i]: both were measured in the same round i, so what
/// disturbed the machine in it disturbed both.
double paired_ratio(const std::vector<double>& numerator, const std::vector<double>& denominator);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MEASURE_STATISTICS_HPP
