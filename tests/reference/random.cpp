// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/random.hpp"

#include <cmath>

namespace winograd::test {

std::uint64_t mix_seed(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

double Rng::unit() { return static_cast<double>(bits() >> 11U) * 0x1p-53; }

float Rng::uniform(float low, float high) {
  // The span is split off so that no fused multiply-add can change the result's last bit.
  const double span = static_cast<double>(high) - static_cast<double>(low);
  const double offset = unit() * span;
  return static_cast<float>(static_cast<float>(offset) + low);
}

double Rng::normal() {
  constexpr double kTwoPi = 6.283185307179586;
  const double radius = std::sqrt(-2.0 * std::log(1.0 - unit()));
  return radius * std::cos(kTwoPi * unit());
}

std::int64_t Rng::integer(std::int64_t low, std::int64_t high) {
  const auto span = static_cast<std::uint64_t>(high - low) + 1;
  return low + static_cast<std::int64_t>(bits() % span);
}

std::vector<float> uniform_data(Rng& rng, std::int64_t count, float low, float high) {
  std::vector<float> data(static_cast<std::size_t>(count));
  for (float& value : data) value = rng.uniform(low, high);
  return data;
}

std::vector<float> he_normal_weights(Rng& rng, std::int64_t count, std::int64_t fan_in) {
  const double deviation = std::sqrt(2.0 / static_cast<double>(fan_in));
  std::vector<float> data(static_cast<std::size_t>(count));
  for (float& value : data) value = static_cast<float>(deviation * rng.normal());
  return data;
}

std::vector<float> integer_data(Rng& rng, std::int64_t count, int low, int high, int factor) {
  std::vector<float> data(static_cast<std::size_t>(count));
  for (float& value : data) value = static_cast<float>(rng.integer(low, high) * factor);
  return data;
}

}  // namespace winograd::test
