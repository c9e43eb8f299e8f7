// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Tests of thousands of cases, cut where they would take too long.
#ifndef WINOGRAD_TESTS_REFERENCE_SUBSET_HPP
#define WINOGRAD_TESTS_REFERENCE_SUBSET_HPP

#include <cstdint>

namespace winograd::test {

/// The number in an environment variable, or `otherwise` if it is not set.
std::uint64_t environment_number(const char* name, std::uint64_t otherwise);

/// WINOGRAD_TEST_EVERY: of every so many cases one is run. By default all are, but in a cross build
/// every 11th: its tests run under an emulator.
std::uint64_t test_every();

/// Chooses the cases, the first and then every test_every()th. A prime number falls out of step
/// with the loops of a test, so that values of inner loops are met in turn.
///
/// Says on stdout when it is destroyed how many it took, unless that is all.
class Subset {
 public:
  explicit Subset(const char* name) : name_(name), every_(test_every()) {}
  ~Subset();
  Subset(const Subset&) = delete;
  Subset& operator=(const Subset&) = delete;

  /// To be asked once for each case: whether to run it.
  bool takes() {
    const bool taken = seen_++ % every_ == 0;
    taken_ += taken ? 1 : 0;
    return taken;
  }

 private:
  const char* name_;
  std::uint64_t every_;
  std::uint64_t seen_ = 0;
  std::uint64_t taken_ = 0;
};

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_SUBSET_HPP
