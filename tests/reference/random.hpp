// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Seeded test data, the same on every compiler, flag and machine. The standard distributions are
// not used: their results differ between libraries and even between values of -march.
#ifndef WINOGRAD_TESTS_REFERENCE_RANDOM_HPP
#define WINOGRAD_TESTS_REFERENCE_RANDOM_HPP

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace winograd::test {

/// A seed for item `index` of a series, unrelated to its neighbours' (splitmix64).
std::uint64_t mix_seed(std::uint64_t seed, std::uint64_t index);

/// Explicit mappings of the bits of std::mt19937_64, whose sequence the standard fixes.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) : bits_(seed) {}

  std::uint64_t bits() { return bits_(); }
  /// In [0, 1), a multiple of 2^-53.
  double unit();
  /// In [low, high), rounded to float.
  float uniform(float low, float high);
  /// Standard normal (Box-Muller, one value per call).
  double normal();
  /// In [low, high], both ends included.
  std::int64_t integer(std::int64_t low, std::int64_t high);
  /// The same for strides and offsets, which are narrower on 32-bit machines.
  std::ptrdiff_t offset(std::ptrdiff_t low, std::ptrdiff_t high) {
    return static_cast<std::ptrdiff_t>(integer(low, high));
  }
  /// True in `percent` of 100 calls.
  bool chance(int percent) { return integer(1, 100) <= percent; }
  template <class T, std::size_t n>
  const T& pick(const T (&choices)[n]) {
    return choices[static_cast<std::size_t>(integer(0, static_cast<std::int64_t>(n) - 1))];
  }

 private:
  std::mt19937_64 bits_;
};

/// `count` values, uniform in [low, high).
std::vector<float> uniform_data(Rng& rng, std::int64_t count, float low, float high);
/// `count` weights of He et al.: normal with variance 2 / fan_in.
std::vector<float> he_normal_weights(Rng& rng, std::int64_t count, std::int64_t fan_in);
/// `count` integers in [low, high], times `factor`.
std::vector<float> integer_data(Rng& rng, std::int64_t count, int low, int high, int factor = 1);

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_RANDOM_HPP
