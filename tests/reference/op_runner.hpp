// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Runs one OpCase with guard pages around every buffer and compares with the reference.
#ifndef WINOGRAD_TESTS_REFERENCE_OP_RUNNER_HPP
#define WINOGRAD_TESTS_REFERENCE_OP_RUNNER_HPP

#include <gtest/gtest.h>

#include <vector>

#include "tests/reference/error_bounds.hpp"
#include "tests/reference/op_case.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::test {

/// What makes the plans of a test, as Conv2dPlan::create does, and the test program for a case of
/// it.
struct Planner {
  Result<Conv2dPlan> (*create)(const Conv2dDesc& desc, const PlanOptions& options,
                               const float* weights, const float* bias) = &Conv2dPlan::create;
  /// For weights of other types; null if there is none.
  Result<Conv2dPlan> (*create_typed)(const Conv2dDesc& desc, const PlanOptions& options,
                                     DataType weights_type, const void* weights,
                                     const float* bias) = &Conv2dPlan::create;
  const char* program = "tests/winograd_sweep_test";
};

/// Plans the case, with its weights and bias in guarded memory that is gone when this returns: a
/// plan holds copies.
Result<Conv2dPlan> make_plan(const OpCase& op, const OpData& data, const Planner& planner = {});

/// Runs the plan as the case says: every buffer guarded, the inputs read-only, the workspace of
/// exactly the required size, dst and workspace full of NaNs before. Returns dst; on failure adds a
/// gtest failure and returns nothing.
std::vector<float> run_plan(const Conv2dPlan& plan, const OpCase& op, const OpData& data);

/// make_plan, run_plan, compare; with several threads also that one gives the same bits. A case
/// whose algorithm does not apply must give `unsupported`. Adds gtest failures, with the line of
/// the case; returns how near the error bounds it came.
Comparison check_op(const OpCase& op, const OpData& data, const Planner& planner = {});

/// The two oracles give the same sums.
::testing::AssertionResult oracles_agree(const OpCase& op, const OpData& data);

/// Equal in every bit: also the sign of a zero and the payload of a NaN.
::testing::AssertionResult same_bits(const std::vector<float>& a, const std::vector<float>& b);

/// Worst ratios to the error bounds, for the record.
struct WorstRatios {
  double element = 0.0;
  double rms = 0.0;
  void add(const Comparison& comparison);
};

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_OP_RUNNER_HPP
