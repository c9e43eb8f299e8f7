// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// RMS(error) / RMS(output) on He-normal weights and uniform input, with the bounds that the
// documentation promises. Prints what it measures.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "reference/error_bounds.hpp"
#include "reference/op_case.hpp"
#include "reference/op_runner.hpp"

namespace winograd::test {
namespace {

OpCase layer_of(std::int64_t channels) {
  OpCase op;
  op.bias = false;
  op.desc.in_channels = channels;
  op.desc.out_channels = 32;
  op.desc.height = 14;
  op.desc.width = 14;
  op.desc.set_padding(1);
  op.data_seed = 77;
  return op;
}

/// The yardstick: a plain loop over channels and taps, summed in float one after another.
double sequential_error(const OpCase& op, const OpData& data) {
  const Conv2dDesc& d = op.desc;
  std::vector<float> dst(static_cast<std::size_t>(d.dst_size()));
  for (std::int64_t k = 0; k < d.out_channels; ++k) {
    auto tap = static_cast<std::size_t>(k * d.in_channels * 9);
    for (std::int64_t c = 0; c < d.in_channels; ++c)
      for (std::int64_t i = 0; i < 3; ++i)
        for (std::int64_t j = 0; j < 3; ++j, ++tap)
          for (std::int64_t oy = 0; oy < d.out_height(); ++oy)
            for (std::int64_t ox = 0; ox < d.out_width(); ++ox) {
              const std::int64_t y = oy + i - 1;
              const std::int64_t x = ox + j - 1;
              if (y < 0 || y >= d.height || x < 0 || x >= d.width) continue;
              dst[dst_index(d, 0, k, oy, ox)] +=
                  data.weights[tap] * data.src[src_index(d, 0, c, y, x)];
            }
  }
  return relative_rms_error(data.reference, dst.data());
}

struct AccuracyRow {
  Algorithm algorithm;
  Accuracy accuracy;
  double bound;  ///< at 256 channels and fewer; grows with the root of the channels beyond
};

constexpr AccuracyRow kRows[] = {
    {Algorithm::direct, Accuracy::standard, 8.6e-7},
    {Algorithm::direct, Accuracy::strict, 8.6e-7},
    {Algorithm::winograd_f2, Accuracy::standard, 8.6e-7},
    {Algorithm::winograd_f2, Accuracy::strict, 6.5e-7},
    {Algorithm::winograd_f3, Accuracy::standard, 8.6e-7},
    {Algorithm::winograd_f3, Accuracy::strict, 6.5e-7},
    {Algorithm::winograd_f4, Accuracy::standard, 8.0e-7},
    {Algorithm::winograd_f4, Accuracy::strict, 6.5e-7},
    {Algorithm::winograd_f6, Accuracy::relaxed, 6.1e-6},
};

class AccuracyAt : public ::testing::TestWithParam<std::int64_t> {};

TEST_P(AccuracyAt, IsAsPromised) {
  OpCase op = layer_of(GetParam());
  const OpData data = make_data(op);
  const double sequential = sequential_error(op, data);
  std::printf("RMS(error) / RMS(output), C = %lld\n", static_cast<long long>(GetParam()));
  std::printf("  %-12s %-9s %-15s %.2e\n", "direct", "", "sequential sum", sequential);
  for (const Isa isa : test_isas()) {
    op.options.max_isa = isa;
    for (const AccuracyRow& row : kRows) {
      op.options.algorithm = row.algorithm;
      op.options.accuracy = row.accuracy;
      SCOPED_TRACE(to_line(op));
      const Result<Conv2dPlan> plan = make_plan(op, data);
      ASSERT_TRUE(plan.ok()) << plan.status().message();
      const std::vector<float> dst = run_plan(*plan, op, data);
      ASSERT_FALSE(dst.empty());
      const double error = relative_rms_error(data.reference, dst.data());
      const double growth = std::sqrt(std::max(1.0, static_cast<double>(GetParam()) / 256.0));
      const double bound = row.bound * growth;
      const double expected = plan->info().expected_rms_error;
      std::printf("  %-12s %-9s %-15s %.2e  bound %.2e  expected %.2e\n", to_string(row.algorithm),
                  to_string(row.accuracy), to_string(isa), error, bound, expected);
      EXPECT_LE(error, bound);
      if (row.accuracy != Accuracy::relaxed) {
        EXPECT_LE(error, sequential) << "a plain loop is more exact";
      }
      // The estimate is one: half to twice the truth.
      EXPECT_LE(error, 2.0 * expected);
      EXPECT_GE(error, 0.5 * expected);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Channels, AccuracyAt, ::testing::Values(64, 256, 512),
                         ::testing::PrintToStringParamName());

}  // namespace
}  // namespace winograd::test
