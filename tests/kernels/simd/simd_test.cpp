// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Simd<V> for every vector type of the instruction sets that run here: what kernels/simd/simd.hpp
// promises, lane by lane, on memory that ends at a page that cannot be touched.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <ostream>
#include <string>
#include <vector>

#include "tests/kernels/simd/simd_calls.hpp"
#include "tests/reference/guarded_buffer.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/random.hpp"

namespace winograd::test {

// CMake lists the instruction sets of the target.
#define X(isa) const SimdCalls* simd_calls_##isa();
WINOGRAD_KERNEL_SETS_BUILT
#undef X

void PrintTo(const SimdCalls& calls, std::ostream* stream) { *stream << calls.name; }

namespace {

using Vector = std::vector<float>;

/// Those of instruction sets that are not skipped, which test_isas() says.
std::vector<SimdCalls> vector_types() {
  std::vector<SimdCalls> types;
  const auto add = [&](Isa isa, const SimdCalls* calls) {
    if (std::count(test_isas().begin(), test_isas().end(), isa) == 0) return;
    for (; calls->name != nullptr; ++calls) types.push_back(*calls);
  };
#define X(isa) add(Isa::isa, simd_calls_##isa());
  WINOGRAD_KERNEL_SETS_BUILT
#undef X
  return types;
}

class SimdVector : public ::testing::TestWithParam<SimdCalls> {
 protected:
  using Binary = void (*)(const float* a, const float* b, float* out);

  const SimdCalls& calls() const { return GetParam(); }
  std::size_t lanes() const { return static_cast<std::size_t>(GetParam().lanes); }

  Vector random_vector(Rng& rng) const { return uniform_data(rng, GetParam().lanes, -4.0F, 4.0F); }
  Vector same(float value) const { return Vector(lanes(), value); }

  Vector apply(Binary operation, const Vector& a, const Vector& b) const {
    Vector out = same(-1.0F);
    operation(a.data(), b.data(), out.data());
    return out;
  }
  Vector fma(const Vector& a, const Vector& b, const Vector& c) const {
    Vector out = same(-1.0F);
    calls().fma(a.data(), b.data(), c.data(), out.data());
    return out;
  }
};

std::string type_name(const ::testing::TestParamInfo<SimdCalls>& info) { return info.param.name; }

TEST_P(SimdVector, LoadsAndStoresAtPages) {
  Rng rng(111);
  const std::size_t bytes = lanes() * sizeof(float);
  for (const Placement placement : {Placement::at_start, Placement::at_end}) {
    for (std::size_t shift = 0; shift < lanes(); ++shift) {
      const Vector value = random_vector(rng);
      const GuardedInput from(value, placement, shift);
      const GuardedBuffer to(bytes, placement, shift * sizeof(float));
      calls().copy(from.data(), to.floats());
      EXPECT_EQ(Vector(to.floats(), to.floats() + lanes()), value);
      EXPECT_TRUE(to.intact());
    }
  }
}

TEST_P(SimdVector, Broadcasts) {
  Vector out = same(-1.0F);
  calls().broadcast(2.5F, out.data());
  EXPECT_EQ(out, same(2.5F));
}

TEST_P(SimdVector, AddsSubtractsAndMultiplies) {
  Rng rng(112);
  for (int repeat = 0; repeat < 100; ++repeat) {
    const Vector a = random_vector(rng), b = random_vector(rng);
    const Vector sum = apply(calls().add, a, b), difference = apply(calls().subtract, a, b),
                 product = apply(calls().multiply, a, b);
    for (std::size_t i = 0; i < lanes(); ++i) {
      EXPECT_EQ(sum[i], a[i] + b[i]);
      EXPECT_EQ(difference[i], a[i] - b[i]);
      EXPECT_EQ(product[i], a[i] * b[i]);
    }
  }
}

// In each lane numbers with which one rounding and two give different results.
TEST_P(SimdVector, FmaRoundsAsOftenAsItSays) {
  Rng rng(113);
  for (int repeat = 0; repeat < 100; ++repeat) {
    Vector a = same(0.0F), b = a, c = a, once = a, twice = a;
    for (std::size_t i = 0; i < lanes(); ++i) {
      do {
        a[i] = rng.uniform(1.0F, 2.0F);
        b[i] = rng.uniform(-2.0F, -1.0F);
        // Through double, which holds the product exactly: so nothing here is fused.
        const auto product =
            static_cast<float>(static_cast<double>(a[i]) * static_cast<double>(b[i]));
        c[i] = rng.chance(50) ? -product : rng.uniform(-4.0F, 4.0F);
        once[i] = std::fma(a[i], b[i], c[i]);
        twice[i] = static_cast<float>(static_cast<double>(product) + static_cast<double>(c[i]));
      } while (once[i] == twice[i]);
    }
    EXPECT_EQ(fma(a, b, c), calls().fused ? once : twice);
  }
}

TEST_P(SimdVector, MinAndMaxOrder) {
  Rng rng(114);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  for (std::size_t repeat = 0; repeat < 100; ++repeat) {
    Vector a = random_vector(rng), b = random_vector(rng);
    a[repeat % lanes()] = rng.chance(50) ? kInfinity : -kInfinity;
    b[(repeat + 1) % lanes()] = rng.chance(50) ? kInfinity : -kInfinity;
    const Vector least = apply(calls().min, a, b), most = apply(calls().max, a, b);
    for (std::size_t i = 0; i < lanes(); ++i) {
      EXPECT_EQ(least[i], std::min(a[i], b[i]));
      EXPECT_EQ(most[i], std::max(a[i], b[i]));
    }
  }
}

// Activations pass a NaN as the second operand. What comes of a first one is each set's own, and
// written down here.
TEST_P(SimdVector, MinAndMaxOfNan) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const auto operation : {calls().min, calls().max}) {
    for (std::size_t lane = 0; lane < lanes(); ++lane) {
      Vector first = same(1.0F), second = first;
      first[lane] = nan;
      const Vector of_second = apply(operation, second, first);
      const Vector of_first = apply(operation, first, second);
      for (std::size_t i = 0; i < lanes(); ++i) {
        EXPECT_EQ(std::isnan(of_second[i]), i == lane);
        EXPECT_EQ(std::isnan(of_first[i]), i == lane && calls().nan_first == NanFirst::nan);
        EXPECT_TRUE(of_second[i] == 1.0F || std::isnan(of_second[i]));
        EXPECT_TRUE(of_first[i] == 1.0F || std::isnan(of_first[i]));
      }
      EXPECT_TRUE(std::isnan(apply(operation, first, first)[lane]));
    }
  }
}

TEST_P(SimdVector, LoadsTheFirstLanesAndNoOthers) {
  Rng rng(115);
  for (std::size_t count = 1; count < lanes(); ++count) {
    for (const Placement placement : {Placement::at_start, Placement::at_end}) {
      Vector value = random_vector(rng);
      value.resize(count);
      const GuardedInput from(value, placement);
      Vector out = same(-1.0F);
      calls().load_first(from.data(), static_cast<int>(count), out.data());
      value.resize(lanes(), 0.0F);
      EXPECT_EQ(out, value) << count << " lanes";
    }
  }
}

TEST_P(SimdVector, StoresTheFirstLanesAndNoOthers) {
  Rng rng(116);
  for (std::size_t count = 1; count < lanes(); ++count) {
    // Up to a page that cannot be touched, and with room behind that must keep its pattern.
    for (const std::size_t room : {std::size_t{0}, lanes()}) {
      const Vector value = random_vector(rng);
      const GuardedBuffer to(count * sizeof(float), Placement::at_end, room * sizeof(float));
      calls().store_first(value.data(), static_cast<int>(count), to.floats());
      EXPECT_TRUE(std::equal(to.floats(), to.floats() + count, value.begin())) << count << " lanes";
      EXPECT_TRUE(to.intact()) << count << " lanes";
    }
  }
}

TEST_P(SimdVector, LoadsTransposed) {
  Rng rng(117);
  for (std::ptrdiff_t stride = 1; stride <= 2 * calls().lanes + 1; ++stride) {
    for (const Placement placement : {Placement::at_start, Placement::at_end}) {
      const std::ptrdiff_t size = (calls().lanes - 1) * stride + calls().lanes;
      const Vector value = uniform_data(rng, size, -4.0F, 4.0F);
      const GuardedInput from(value, placement, static_cast<std::size_t>(rng.integer(0, 3)));
      Vector out(lanes() * lanes(), -1.0F);
      calls().load_transposed(from.data(), stride, out.data());
      for (std::ptrdiff_t j = 0; j < calls().lanes; ++j) {
        for (std::ptrdiff_t i = 0; i < calls().lanes; ++i) {
          ASSERT_EQ(out[static_cast<std::size_t>(j * calls().lanes + i)],
                    value[static_cast<std::size_t>(i * stride + j)])
              << "column " << j << " lane " << i << " stride " << stride;
        }
      }
    }
  }
}

TEST_P(SimdVector, SpreadsAChannelOverItsGroup) {
  Rng rng(119);
  for (const int group : {4, 8}) {
    if (group >= calls().lanes) continue;
    for (int c = 0; c < group; ++c) {
      const Vector value = random_vector(rng);
      Vector out = same(-9.0F);
      calls().spread(group, value.data(), c, out.data());
      for (int lane = 0; lane < calls().lanes; ++lane) {
        ASSERT_EQ(out[static_cast<std::size_t>(lane)],
                  value[static_cast<std::size_t>(lane / group * group + c)])
            << "lane " << lane << " group " << group << " channel " << c;
      }
    }
  }
}

TEST_P(SimdVector, Streams) {
  Rng rng(118);
  constexpr std::size_t kVectors = 5;
  for (const Placement placement : {Placement::at_start, Placement::at_end}) {
    // A whole number of vectors, so that it is aligned at either end of a page.
    const GuardedBuffer to(kVectors * lanes() * sizeof(float), placement);
    Vector expected;
    for (std::size_t at = 0; at < kVectors; ++at) {
      const Vector value = random_vector(rng);
      calls().stream(value.data(), to.floats() + at * lanes());
      expected.insert(expected.end(), value.begin(), value.end());
    }
    EXPECT_EQ(Vector(to.floats(), to.floats() + kVectors * lanes()), expected);
    EXPECT_TRUE(to.intact());
  }
}

INSTANTIATE_TEST_SUITE_P(Types, SimdVector, ::testing::ValuesIn(vector_types()), type_name);

}  // namespace
}  // namespace winograd::test
