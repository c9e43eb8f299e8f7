// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/kernels/emulated/emulated_sets.hpp"

#include <algorithm>

#include "tests/reference/op_case.hpp"

namespace winograd {
namespace detail {

const KernelSet* kernel_set_avx512_emulated() noexcept;

}  // namespace detail

namespace test {

bool EmulatedSet::runs() const {
  return std::count(test_isas().begin(), test_isas().end(), made_of) != 0;
}

const std::vector<EmulatedSet>& emulated_sets() {
  static const std::vector<EmulatedSet> sets = {
#ifdef WINOGRAD_TEST_EMULATED_AVX512
      {"avx512_emulated", detail::kernel_set_avx512_emulated(), Isa::avx2},
#endif
  };
  return sets;
}

}  // namespace test
}  // namespace winograd
