// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Test suites that run once for each kernel set that the machine can run: those of its instruction
// sets, and those that only tests have.
#ifndef WINOGRAD_TESTS_KERNELS_ISA_PARAM_HPP
#define WINOGRAD_TESTS_KERNELS_ISA_PARAM_HPP

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "kernels/contract/kernel_set.hpp"
#include "tests/reference/op_case.hpp"

namespace winograd::test {

struct TestedSet {
  std::string name;
  const detail::KernelSet* set;
};
void PrintTo(const TestedSet& tested, std::ostream* stream);

/// The first call says on stdout which are skipped.
const std::vector<TestedSet>& tested_sets();

class KernelSetTest : public ::testing::TestWithParam<TestedSet> {
 protected:
  const detail::KernelSet& kernels() const { return *GetParam().set; }
};

inline std::string set_name(const ::testing::TestParamInfo<TestedSet>& info) {
  return info.param.name;
}

}  // namespace winograd::test

/// Instantiates `suite`, a KernelSetTest.
#define WINOGRAD_FOR_EACH_ISA(suite)                                       \
  INSTANTIATE_TEST_SUITE_P(Isa, suite, ::testing::ValuesIn(tested_sets()), \
                           ::winograd::test::set_name)

#endif  // WINOGRAD_TESTS_KERNELS_ISA_PARAM_HPP
