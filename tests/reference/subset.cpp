// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/subset.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace winograd::test {

std::uint64_t environment_number(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 0);
}

std::uint64_t test_every() {
#ifdef WINOGRAD_TEST_CROSS_BUILD
  constexpr std::uint64_t kDefault = 11;
#else
  constexpr std::uint64_t kDefault = 1;
#endif
  return std::max<std::uint64_t>(environment_number("WINOGRAD_TEST_EVERY", kDefault), 1);
}

Subset::~Subset() {
  if (taken_ == seen_) return;
  std::printf("[ SUBSET   ] %s: %llu of %llu cases (WINOGRAD_TEST_EVERY=%llu)\n", name_,
              static_cast<unsigned long long>(taken_), static_cast<unsigned long long>(seen_),
              static_cast<unsigned long long>(every_));
}

}  // namespace winograd::test
