// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// All geometries of a list that covers what goes wrong easily, on every instruction set with every
// algorithm. Takes long, so it is not among the tests that run by default: scripts/test.sh
// --thorough.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <vector>

#include "tests/reference/corner_geometry.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/subset.hpp"
#include "tests/reference/sweep_case.hpp"

namespace winograd::test {
namespace {

std::int64_t extent_h(const Conv2dDesc& d) { return (d.kernel_h - 1) * d.dilation_h + 1; }
std::int64_t extent_w(const Conv2dDesc& d) { return (d.kernel_w - 1) * d.dilation_w + 1; }

bool is_prime(std::int64_t n) {
  for (std::int64_t i = 2; i * i <= n; ++i) {
    if (n % i == 0) return false;
  }
  return n > 1;
}

TEST(CornerGeometries, AreManyAndCoverTheCorners) {
  const std::vector<Conv2dDesc> descs = corner_geometries();
  EXPECT_GE(descs.size(), 3000U);
  const auto count = [&](const std::function<bool(const Conv2dDesc&)>& is) {
    return std::count_if(descs.begin(), descs.end(), is);
  };
  constexpr std::ptrdiff_t kEnough = 200;
  EXPECT_GE(count([](const auto& d) { return d.out_height() == 1 && d.out_width() == 1; }),
            kEnough);
  EXPECT_GE(count([](const auto& d) { return d.height < extent_h(d) || d.width < extent_w(d); }),
            kEnough);
  EXPECT_GE(
      count([](const auto& d) { return d.stride_h > extent_h(d) && d.stride_w > extent_w(d); }),
      kEnough);
  EXPECT_GE(count([](const auto& d) { return is_prime(d.height) && is_prime(d.width); }), kEnough);
  EXPECT_GE(
      count([](const auto& d) { return is_prime(d.in_channels) && is_prime(d.out_channels); }),
      kEnough);
  EXPECT_GE(count([](const auto& d) { return d.pad_top >= extent_h(d); }), kEnough);
  EXPECT_GE(count([](const auto& d) { return d.dilation_h > 1 || d.dilation_w > 1; }), kEnough);
  EXPECT_GE(count([](const auto& d) { return d.groups > 1 && d.groups == d.in_channels; }),
            kEnough);
  EXPECT_GE(count([](const auto& d) { return d.groups > 1 && d.groups < d.in_channels; }), kEnough);
  EXPECT_GE(count([](const auto& d) { return algorithm_applies(d, Algorithm::winograd_f4); }),
            kEnough);
}

constexpr int kShards = 8;

class Thorough : public ::testing::TestWithParam<int> {};

TEST_P(Thorough, AgreesWithTheReference) {
  const std::vector<Conv2dDesc> descs = corner_geometries();
  Subset subset("thorough");
  std::uint64_t geometries = 0;
  for (auto i = static_cast<std::size_t>(GetParam()); i < descs.size(); i += kShards) {
    if (!subset.takes()) continue;
    Rng rng(mix_seed(22, i));
    OpCase op;
    op.desc = descs[i];
    op.bias = rng.chance(80);
    op.data_seed = rng.bits();
    const OpData data = make_data(op);
    ASSERT_TRUE(oracles_agree(op, data));
    for (const Isa isa : test_isas()) {
      op.options.max_isa = isa;
      for (const Algorithm algorithm : kAllAlgorithms) {
        op.options.algorithm = algorithm;
        draw_run(rng, op);
        check_op(op, data);
      }
    }
    ++geometries;
    if (HasFailure()) break;
  }
  std::printf("[ THOROUGH ] %llu geometries\n", static_cast<unsigned long long>(geometries));
}

INSTANTIATE_TEST_SUITE_P(Shards, Thorough, ::testing::Range(0, kShards));

}  // namespace
}  // namespace winograd::test
