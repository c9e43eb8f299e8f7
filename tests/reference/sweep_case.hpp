// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The cases of the random sweeps, and a single one from the environment:
//
//   WINOGRAD_TEST_CASE='<line>'    only this case, as a failure prints it
#ifndef WINOGRAD_TESTS_REFERENCE_SWEEP_CASE_HPP
#define WINOGRAD_TESTS_REFERENCE_SWEEP_CASE_HPP

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/random.hpp"

namespace winograd::test {

/// A random geometry, and with it all that decides the expected result.
OpCase random_layer(Rng& rng);

/// Draws the rest of a case anew: executor, accuracy, placement and what else leaves the expected
/// result as it is. Not the algorithm, nor the instruction set.
void draw_run(Rng& rng, OpCase& op);

/// True if WINOGRAD_TEST_CASE is set.
bool is_alone();
/// Checks that case.
void check_alone(const Planner& planner = {});

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_SWEEP_CASE_HPP
