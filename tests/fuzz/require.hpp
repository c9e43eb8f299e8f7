// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What the fuzzing programs check.
#ifndef WINOGRAD_TESTS_FUZZ_REQUIRE_HPP
#define WINOGRAD_TESTS_FUZZ_REQUIRE_HPP

#include <cstdio>
#include <cstdlib>

namespace winograd::test {

/// Ends the program if `holds` is false; libFuzzer then keeps the input.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_FUZZ_REQUIRE_HPP
