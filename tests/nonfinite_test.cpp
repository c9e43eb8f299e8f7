// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// NaN and infinity: what they must reach, and what they must not.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/sixteen_bits.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

constexpr const char* kLines[] = {
    "n=2 c=18 h=15 w=17 k=20 pt=1 pl=1 pb=1 pr=1",
    "c=5 h=13 w=14 k=7 kh=5 kw=5 pt=2 pl=2 pb=2 pr=2",
    "c=17 h=9 w=21 k=16 kh=1 kw=3 pl=1 pr=1",
    "c=9 h=15 w=23 k=17 sh=2 sw=2 pt=1 pl=1 pb=1 pr=1",
    "c=16 h=9 w=11 k=32 groups=4 pt=1 pl=1 pb=1 pr=1",
    "c=16 h=13 w=12 k=24 kh=2 kw=3 sh=2 sw=1 dw=2 pt=1 pl=1 pb=1 pr=1",
    "n=2 c=12 h=10 w=11 k=9 groups=3 pt=1 pl=1 pb=1 pr=1",
    "n=2 c=20 h=10 w=11 k=20 groups=20 pt=1 pl=1 pb=1 pr=1",
    "c=20 h=7 w=8 k=20 kh=1 kw=1",
    "c=20 h=16 w=17 k=20 kh=1 kw=1",
};

/// Outputs per tile and axis: how far a bad value may spread beyond its receptive field.
std::int64_t tile_of(Algorithm algorithm, std::int64_t kernel) {
  if (kernel == 1) return 1;
  switch (algorithm) {
    case Algorithm::winograd_f2: return 2;
    case Algorithm::winograd_f3: return 3;
    case Algorithm::winograd_f4: return 4;
    case Algorithm::winograd_f6: return 6;
    default: return 1;
  }
}

/// Calls visit(op, data) for each layout, type, instruction set and algorithm that applies; of
/// these for the types of 16 bits, where kernels see the same floats, direct and one other.
template <class Visit>
void for_each_plan(const char* line, Visit visit) {
  std::optional<OpCase> op = parse_line(line);
  ASSERT_TRUE(op.has_value());
  for (const Layout layout : kLayouts) {
    for (const DataType type : kDataTypes) {
      op->desc.layout = layout;
      op->desc.data_type = op->weights_type = type;
      const OpData data = make_data(*op);
      for (const Isa isa : test_isas()) {
        op->options.max_isa = isa;
        for (const Algorithm algorithm : kAllAlgorithms) {
          if (algorithm == Algorithm::automatic || !algorithm_applies(op->desc, algorithm)) {
            continue;
          }
          if (type != DataType::f32 && algorithm != Algorithm::direct &&
              algorithm != Algorithm::winograd_f4) {
            continue;
          }
          op->options.algorithm = algorithm;
          SCOPED_TRACE(to_line(*op));
          visit(*op, data);
        }
      }
    }
  }
}

std::vector<float> result_of(const OpCase& op, const OpData& data) {
  const Result<Conv2dPlan> plan = make_plan(op, data);
  if (!plan.ok()) {
    ADD_FAILURE() << plan.status().message();
    return {};
  }
  return run_plan(*plan, op, data);
}

/// True if inputs of one group may reach outputs of another: for Winograd, narrow groups are packed
/// as one, with zeros between them, and zero times NaN is NaN.
bool may_meet(const OpCase& op, std::int64_t group_of_output, std::int64_t group_of_input) {
  const Conv2dDesc& d = op.desc;
  if (d.groups == 1 || op.options.algorithm == Algorithm::direct) {
    return group_of_output == group_of_input;
  }
  std::int64_t merged = 1;
  while (merged * (d.in_channels / d.groups) % 16 != 0 ||
         merged * (d.out_channels / d.groups) % 16 != 0) {
    merged *= 2;
  }
  return group_of_output / merged == group_of_input / merged;
}

bool same_value(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

/// One bad pixel: with `clean` the result without it, `dirty` with it.
void check_spread(const OpCase& op, const std::vector<float>& clean,
                  const std::vector<float>& dirty, std::int64_t bad_n, std::int64_t bad_c,
                  std::int64_t bad_y, std::int64_t bad_x) {
  const Conv2dDesc& d = op.desc;
  ASSERT_EQ(clean.size(), dirty.size());
  const std::int64_t tile_h = tile_of(op.options.algorithm, d.kernel_h);
  const std::int64_t tile_w = tile_of(op.options.algorithm, d.kernel_w);
  const std::int64_t group_in = d.in_channels / d.groups;
  const std::int64_t group_out = d.out_channels / d.groups;
  for (std::int64_t n = 0; n < d.batch; ++n)
    for (std::int64_t k = 0; k < d.out_channels; ++k)
      for (std::int64_t y = 0; y < d.out_height(); ++y)
        for (std::int64_t x = 0; x < d.out_width(); ++x) {
          const std::size_t at = dst_index(d, n, k, y, x);
          // Position of the bad pixel in the window of this output.
          const std::int64_t i = bad_y + d.pad_top - y * d.stride_h;
          const std::int64_t j = bad_x + d.pad_left - x * d.stride_w;
          const std::int64_t extent_h = (d.kernel_h - 1) * d.dilation_h;
          const std::int64_t extent_w = (d.kernel_w - 1) * d.dilation_w;
          const bool same_group = n == bad_n && k / group_out == bad_c / group_in;
          const bool must = same_group && i >= 0 && i <= extent_h && i % d.dilation_h == 0 &&
                            j >= 0 && j <= extent_w && j % d.dilation_w == 0;
          // Of the other outputs of a tile, and of groups that are packed as one.
          const std::int64_t reach_h = (tile_h - 1) * d.stride_h;
          const std::int64_t reach_w = (tile_w - 1) * d.stride_w;
          const bool may = n == bad_n && may_meet(op, k / group_out, bad_c / group_in) &&
                           i >= -reach_h && i <= extent_h + reach_h && j >= -reach_w &&
                           j <= extent_w + reach_w;
          if (must) {
            ASSERT_FALSE(std::isfinite(dirty[at]))
                << "n=" << n << " k=" << k << " y=" << y << " x=" << x << " is " << dirty[at];
          } else if (op.options.algorithm == Algorithm::direct || !may) {
            ASSERT_TRUE(same_value(clean[at], dirty[at]))
                << "n=" << n << " k=" << k << " y=" << y << " x=" << x << " was " << clean[at]
                << ", is " << dirty[at];
          }
        }
}

class NonFinite : public ::testing::TestWithParam<const char*> {};

TEST_P(NonFinite, PixelReachesItsOutputsAndNoOtherTile) {
  static Subset subset("bad pixels");
  for_each_plan(GetParam(), [](const OpCase& op, const OpData& data) {
    const Conv2dDesc& d = op.desc;
    const std::vector<float> clean = result_of(op, data);
    const struct {
      std::int64_t n, c, y, x;
    } places[] = {{0, 0, 0, 0},
                  {d.batch - 1, d.in_channels - 1, d.height - 1, d.width - 1},
                  {0, d.in_channels / 2, d.height / 2, d.width / 2},
                  {d.batch - 1, d.in_channels / 3, 4, 5}};
    for (const float bad : {kNan, kInfinity, -kInfinity}) {
      for (const auto& place : places) {
        if (!subset.takes()) continue;
        OpData dirty = data;
        dirty.src[src_index(d, place.n, place.c, place.y, place.x)] = bad;
        check_spread(op, clean, result_of(op, dirty), place.n, place.c, place.y, place.x);
        if (::testing::Test::HasFailure()) return;
      }
    }
  });
}

TEST_P(NonFinite, InfinityInTheDirectPathIsThatOfTheDefinition) {
  for_each_plan(GetParam(), [](const OpCase& op, const OpData& data) {
    if (op.options.algorithm != Algorithm::direct) return;
    OpData dirty = data;
    const Conv2dDesc& d = op.desc;
    dirty.src[src_index(d, 0, 1, 3, 4)] = kInfinity;
    dirty.src[src_index(d, 0, 1, 4, 4)] = -kInfinity;
    dirty.reference =
        naive_conv2d(d, data.weights.data(), data.bias.data(), dirty.src.data(), nullptr);
    const std::vector<float> dst = result_of(op, dirty);
    ASSERT_EQ(dst.size(), dirty.reference.value.size());
    for (std::size_t i = 0; i < dst.size(); ++i) {
      const auto expected = static_cast<float>(dirty.reference.value[i]);
      ASSERT_TRUE(std::isfinite(expected) ? std::isfinite(dst[i]) : same_value(dst[i], expected))
          << i;
    }
  });
}

TEST_P(NonFinite, WeightStaysInItsChannel) {
  for_each_plan(GetParam(), [](const OpCase& op, const OpData& data) {
    const Conv2dDesc& d = op.desc;
    const std::vector<float> clean = result_of(op, data);
    const std::int64_t bad = d.out_channels / 2;
    const std::int64_t filter_size = d.in_channels / d.groups * d.kernel_h * d.kernel_w;
    OpData dirty = data;
    dirty.weights[static_cast<std::size_t>(bad * filter_size)] = kNan;
    const std::vector<float> dst = result_of(op, dirty);
    ASSERT_EQ(dst.size(), clean.size());
    for (std::int64_t n = 0; n < d.batch; ++n)
      for (std::int64_t k = 0; k < d.out_channels; ++k)
        for (std::int64_t y = 0; y < d.out_height(); ++y)
          for (std::int64_t x = 0; x < d.out_width(); ++x) {
            const std::size_t at = dst_index(d, n, k, y, x);
            // The bad tap is (0, 0); over the padding it may or may not count.
            const bool inside = y * d.stride_h >= d.pad_top && x * d.stride_w >= d.pad_left;
            if (k != bad) {
              ASSERT_EQ(dst[at], clean[at]) << k;
            } else if (inside) {
              ASSERT_TRUE(std::isnan(dst[at])) << y << ' ' << x;
            }
          }
  });
}

TEST_P(NonFinite, BiasAndResidualPassEveryActivation) {
  static Subset subset("activations");
  const std::string line = GetParam();
  for (const char* activation : {"", " act=relu", " act=relu6", " act=clamp min=-1 max=1",
                                 " act=leaky_relu", " act=prelu", " act=silu", " act=mish"}) {
    for_each_plan(
        (line + " residual=1" + activation).c_str(), [](const OpCase& op, const OpData& data) {
          if (!subset.takes()) return;
          const Conv2dDesc& d = op.desc;
          const std::vector<float> clean = result_of(op, data);
          const std::int64_t bad = d.out_channels - 1;
          OpData dirty = data;
          dirty.bias[static_cast<std::size_t>(bad)] = kNan;
          dirty.residual[dst_index(d, 0, 0, 2, 3)] = kNan;
          const std::vector<float> dst = result_of(op, dirty);
          ASSERT_EQ(dst.size(), clean.size());
          for (std::int64_t n = 0; n < d.batch; ++n)
            for (std::int64_t k = 0; k < d.out_channels; ++k)
              for (std::int64_t y = 0; y < d.out_height(); ++y)
                for (std::int64_t x = 0; x < d.out_width(); ++x) {
                  const std::size_t at = dst_index(d, n, k, y, x);
                  const bool expect_nan = k == bad || (n == 0 && k == 0 && y == 2 && x == 3);
                  ASSERT_TRUE(expect_nan ? std::isnan(dst[at]) : dst[at] == clean[at])
                      << "n=" << n << " k=" << k << " y=" << y << " x=" << x << " is " << dst[at];
                }
        });
  }
}

INSTANTIATE_TEST_SUITE_P(Lines, NonFinite, ::testing::ValuesIn(kLines));

// ---- large weights ------------------------------------------------------------------------------

/// How many times the largest weight a packed weight may be: the largest sum of |entries| in a row
/// of G, squared for a square kernel; docs/accuracy.md.
double growth_of(Algorithm algorithm, std::int64_t kernel) {
  switch (algorithm) {
    case Algorithm::winograd_f2: return kernel == 3 ? 2.25 : 12.6;
    case Algorithm::winograd_f3: return 14.7;
    case Algorithm::winograd_f4: return kernel == 3 ? 1.64 : 1.9;
    case Algorithm::winograd_f6: return 1.55;
    default: return 1.0;
  }
}

TEST(LargeWeights, StayFiniteBelowTheLimitOfTheTransform) {
  for (const char* line : {"c=2 h=12 w=12 k=512 bias=0", "c=2 h=12 w=12 k=512 kh=5 kw=5 bias=0"}) {
    OpCase op = parse_line(line).value();
    OpData data = make_data(op);
    for (float& value : data.src) value *= 1e-6F;
    const std::vector<float> drawn = data.weights;
    for (const Isa isa : test_isas()) {
      op.options.max_isa = isa;
      for (const Algorithm algorithm : kAllAlgorithms) {
        if (algorithm == Algorithm::automatic || !algorithm_applies(op.desc, algorithm)) continue;
        op.options.algorithm = algorithm;
        SCOPED_TRACE(to_line(op));
        const double growth = growth_of(algorithm, op.desc.kernel_h);
        const auto largest = static_cast<float>(0.999 * std::numeric_limits<float>::max() / growth);
        const auto finite = [&](float weight) {
          for (std::size_t i = 0; i < drawn.size(); ++i) {
            data.weights[i] = std::copysign(weight, drawn[i]);
          }
          for (const float value : result_of(op, data)) {
            if (!std::isfinite(value)) return false;
          }
          return true;
        };
        EXPECT_TRUE(finite(largest));
        // All patterns of signs are among so many filters (of 3 x 3), so the limit is no smaller.
        if (growth > 1.0 && op.desc.kernel_h == 3) {
          EXPECT_FALSE(finite(largest * 1.02F));
        }
      }
    }
  }
}

}  // namespace
}  // namespace winograd::test
