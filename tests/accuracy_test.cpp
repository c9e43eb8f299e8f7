// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// RMS(error) / RMS(output) on He-normal weights and uniform input, with the bounds that the
// documentation promises. Prints what it measures.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <tuple>
#include <vector>

#include "tests/reference/error_bounds.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"

namespace winograd::test {
namespace {

OpCase layer_of(std::int64_t channels, std::int64_t kernel) {
  OpCase op;
  op.bias = false;
  op.desc.in_channels = channels;
  op.desc.out_channels = 24;
  op.desc.height = 14;
  op.desc.width = 14;
  op.desc.kernel_h = op.desc.kernel_w = kernel;
  op.desc.set_padding(kernel / 2);
  op.data_seed = 77;
  return op;
}

struct AccuracyRow {
  Algorithm algorithm;
  Accuracy accuracy;
  std::int64_t kernel;  ///< both sides
  double bound;         ///< up to 256 channels; grows with the root of the channels beyond
};

constexpr AccuracyRow kRows[] = {
    {Algorithm::direct, Accuracy::standard, 3, 8.6e-7},
    {Algorithm::direct, Accuracy::strict, 3, 8.6e-7},
    {Algorithm::winograd_f2, Accuracy::standard, 3, 4.9e-7},
    {Algorithm::winograd_f2, Accuracy::strict, 3, 4.9e-7},
    {Algorithm::winograd_f3, Accuracy::standard, 3, 8.6e-7},
    {Algorithm::winograd_f3, Accuracy::strict, 3, 7.5e-7},
    {Algorithm::winograd_f4, Accuracy::standard, 3, 8.0e-7},
    {Algorithm::winograd_f4, Accuracy::strict, 3, 6.5e-7},
    {Algorithm::winograd_f6, Accuracy::relaxed, 3, 6.1e-6},
    {Algorithm::direct, Accuracy::standard, 5, 8.6e-7},
    {Algorithm::winograd_f2, Accuracy::standard, 5, 1.1e-6},
    {Algorithm::winograd_f2, Accuracy::strict, 5, 1.0e-6},
    {Algorithm::winograd_f4, Accuracy::relaxed, 5, 6.1e-6},
};

/// How much larger than a plain loop's the error may be from 256 channels on. The 32-bit ARM sets
/// round products apart from the sums, as others do; but with neon_armv7_fma's transforms F(3,3) is
/// 1 % above the plain loop on this data, and the scatter between seeds is 2 or 3 %.
double tolerance_of(Isa isa) {
  return isa == Isa::neon_armv7 || isa == Isa::neon_armv7_fma ? 1.05 : 1.0;
}

/// Channels and kernel.
class AccuracyOf : public ::testing::TestWithParam<std::tuple<std::int64_t, std::int64_t>> {};

TEST_P(AccuracyOf, IsAsPromised) {
  const auto [channels, kernel] = GetParam();
  OpCase op = layer_of(channels, kernel);
  const OpData data = make_data(op);
  const std::vector<float> plain = sequential_conv2d(op.desc, data.weights.data(), data.src.data());
  const double sequential = relative_rms_error(data.reference, plain.data());
  std::printf("RMS(error) / RMS(output), C = %d, kernel %dx%d\n", static_cast<int>(channels),
              static_cast<int>(kernel), static_cast<int>(kernel));
  std::printf("  %-12s %-15s %.2e\n", "plain loop", "sequential sum", sequential);
  for (const Isa isa : test_isas()) {
    op.options.max_isa = isa;
    for (const AccuracyRow& row : kRows) {
      if (row.kernel != kernel) continue;
      op.options.algorithm = row.algorithm;
      op.options.accuracy = row.accuracy;
      SCOPED_TRACE(to_line(op));
      const Result<Conv2dPlan> plan = make_plan(op, data);
      ASSERT_TRUE(plan.ok()) << plan.status().message();
      const std::vector<float> dst = run_plan(*plan, op, data);
      ASSERT_FALSE(dst.empty());
      const double error = relative_rms_error(data.reference, dst.data());
      const double growth = std::sqrt(std::max(1.0, static_cast<double>(channels) / 256.0));
      const double bound = row.bound * growth;
      const double expected = plan->info().expected_rms_error;
      std::printf("  %-12s %-9s %-15s %.2e  bound %.2e  expected %.2e\n", to_string(row.algorithm),
                  to_string(row.accuracy), to_string(isa), error, bound, expected);
      EXPECT_LE(error, bound);
      // The transforms have errors of their own, which a plain loop over few channels has not.
      if (row.accuracy != Accuracy::relaxed && channels >= 256) {
        EXPECT_LE(error, sequential * tolerance_of(isa)) << "a plain loop is more exact";
      }
      // The estimate is one: half to twice the truth.
      EXPECT_LE(error, 2.0 * expected);
      EXPECT_GE(error, 0.5 * expected);
    }
  }
}

/// Behind a ReLU half of the input is zeros, so that a plain loop adds up half as much and is more
/// exact; transforms fill the zeros. The promise holds from 512 channels on.
TEST(AccuracyBehindAReLU, From512ChannelsOnNoPlainLoopIsMoreExact) {
  for (const std::int64_t channels : {512, 768}) {
    for (const std::int64_t kernel : {3, 5}) {
      OpCase op = layer_of(channels, kernel);
      OpData data = make_data(op);
      for (float& value : data.src) value = std::max(value, 0.0F);
      data.reference =
          naive_conv2d(op.desc, data.weights.data(), nullptr, data.src.data(), nullptr);
      const std::vector<float> plain =
          sequential_conv2d(op.desc, data.weights.data(), data.src.data());
      const double sequential = relative_rms_error(data.reference, plain.data());
      for (const Isa isa : test_isas()) {
        op.options.max_isa = isa;
        for (const AccuracyRow& row : kRows) {
          if (row.kernel != kernel || row.accuracy == Accuracy::relaxed) continue;
          op.options.algorithm = row.algorithm;
          op.options.accuracy = row.accuracy;
          SCOPED_TRACE(to_line(op));
          const Result<Conv2dPlan> plan = make_plan(op, data);
          ASSERT_TRUE(plan.ok()) << plan.status().message();
          const std::vector<float> dst = run_plan(*plan, op, data);
          ASSERT_FALSE(dst.empty());
          const double error = relative_rms_error(data.reference, dst.data());
          std::printf("  C = %d, %dx%d: %-12s %-9s %-15s %.2f times the plain loop's %.2e\n",
                      static_cast<int>(channels), static_cast<int>(kernel),
                      static_cast<int>(kernel), to_string(row.algorithm), to_string(row.accuracy),
                      to_string(isa), error / sequential, sequential);
          EXPECT_LE(error, sequential * tolerance_of(isa)) << "a plain loop is more exact";
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Layers, AccuracyOf,
                         ::testing::Combine(::testing::Values(64, 256, 512),
                                            ::testing::Values(3, 5)));

}  // namespace
}  // namespace winograd::test
