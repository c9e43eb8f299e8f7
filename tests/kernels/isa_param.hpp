// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Test suites that run once for each instruction set of the machine.
#ifndef WINOGRAD_TESTS_KERNELS_ISA_PARAM_HPP
#define WINOGRAD_TESTS_KERNELS_ISA_PARAM_HPP

#include <gtest/gtest.h>

#include <string>

#include "src/runtime/kernel_sets.hpp"
#include "tests/reference/op_case.hpp"

namespace winograd::test {

class KernelSetTest : public ::testing::TestWithParam<Isa> {
 protected:
  const detail::KernelSet& kernels() const { return *detail::find_kernel_set(GetParam()); }
};

inline std::string isa_name(const ::testing::TestParamInfo<Isa>& info) {
  return to_string(info.param);
}

}  // namespace winograd::test

/// Instantiates `suite`, a KernelSetTest.
#define WINOGRAD_FOR_EACH_ISA(suite) \
  INSTANTIATE_TEST_SUITE_P(Isa, suite, ::testing::ValuesIn(test_isas()), ::winograd::test::isa_name)

#endif  // WINOGRAD_TESTS_KERNELS_ISA_PARAM_HPP
