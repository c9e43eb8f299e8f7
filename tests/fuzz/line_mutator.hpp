// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Changes to the line of an OpCase that leave it a line.
#ifndef WINOGRAD_TESTS_FUZZ_LINE_MUTATOR_HPP
#define WINOGRAD_TESTS_FUZZ_LINE_MUTATOR_HPP

#include <string>

#include "tests/reference/random.hpp"

namespace winograd::test {

/// `line` with one to four fields changed: to small values, to neighbours of what they are, towards
/// the limits; or several together that belong together. A line that is none begins anew.
std::string mutated_line(const std::string& line, Rng& rng);

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_FUZZ_LINE_MUTATOR_HPP
