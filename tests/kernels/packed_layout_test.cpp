// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Where packed weights put what. U is compared with G g Gᵀ by definition, in fp64.
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/planning/selection.hpp"
#include "src/runtime/kernel_sets.hpp"
#include "src/weights/packed_weights.hpp"
#include "tests/kernels/axis_tiles.hpp"
#include "tests/reference/random.hpp"
#include "winograd/workspace_buffer.hpp"

namespace winograd::test {
namespace {

using detail::PackedShape;
using detail::PackedWeightsData;

Conv2dDesc desc_of(int in_channels, int out_channels, int kernel_h, int kernel_w, int groups = 1,
                   int stride = 1) {
  Conv2dDesc desc;
  desc.in_channels = in_channels;
  desc.out_channels = out_channels;
  desc.height = desc.width = 16;
  desc.kernel_h = kernel_h;
  desc.kernel_w = kernel_w;
  desc.groups = groups;
  desc.stride_h = kernel_h > 1 ? stride : 1;
  desc.stride_w = kernel_w > 1 ? stride : 1;
  return desc;
}

struct Weights {
  Weights(Rng& rng, const Conv2dDesc& d)
      : desc(d), oihw(uniform_data(rng, d.weights_size(), -1.0F, 1.0F)),
        bias(uniform_data(rng, d.out_channels, -1.0F, 1.0F)) {}

  /// k counts over all groups, c within one.
  float at(std::int64_t k, std::int64_t c, std::int64_t y, std::int64_t x) const {
    const std::int64_t group_c = desc.in_channels / desc.groups;
    return oihw[static_cast<std::size_t>(((k * group_c + c) * desc.kernel_h + y) * desc.kernel_w +
                                         x)];
  }
  std::vector<float> hwio() const {
    std::vector<float> result;
    for (std::int64_t y = 0; y < desc.kernel_h; ++y) {
      for (std::int64_t x = 0; x < desc.kernel_w; ++x) {
        for (std::int64_t c = 0; c < desc.in_channels / desc.groups; ++c) {
          for (std::int64_t k = 0; k < desc.out_channels; ++k) result.push_back(at(k, c, y, x));
        }
      }
    }
    return result;
  }

  Conv2dDesc desc;
  std::vector<float> oihw, bias;
};

std::shared_ptr<const PackedWeightsData> pack(const Weights& weights, Algorithm algorithm,
                                              bool hwio = false) {
  PlanOptions options;
  options.algorithm = algorithm;
  options.weight_layout = hwio ? WeightLayout::hwio : WeightLayout::oihw;
  const Result<PackedWeights> packed = PackedWeights::create(
      weights.desc, options, hwio ? weights.hwio().data() : weights.oihw.data(),
      weights.bias.data());
  EXPECT_TRUE(packed.ok()) << packed.status().message();
  return packed.ok() ? detail::Access::data(*packed) : nullptr;
}

/// Panels of 16, the last 8 if 8 are enough; each on its own 32-byte boundary, none overlapping.
void expect_panels(const PackedWeightsData& packed, int out_channels_of_group) {
  const PackedShape& shape = packed.shape;
  ASSERT_EQ(shape.panels(), (out_channels_of_group + 15) / 16);
  const float* end = packed.floats.get();
  for (int matrix = 0; matrix < shape.matrices(); ++matrix) {
    for (int panel = 0; panel < shape.panels(); ++panel) {
      const int left = out_channels_of_group - panel * 16;
      EXPECT_EQ(shape.panel_width(panel), left > 8 ? 16 : 8);
      const float* const start = packed.panel(matrix, panel);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(start) % (panel == 0 ? 64 : 32), 0U);
      EXPECT_GE(start, end);
      end = start + shape.depth(matrix) * shape.panel_width(panel);
    }
  }
  EXPECT_GE(packed.bias(0), end);
}

void expect_bias(const PackedWeightsData& packed, const Weights& weights, int groups) {
  const int of_group = static_cast<int>(weights.desc.out_channels) / groups;
  for (int g = 0; g < groups; ++g) {
    const float* const bias = packed.bias(g);
    for (int k = 0; k < (of_group + 15) / 16 * 16; ++k) {
      EXPECT_EQ(bias[k],
                k < of_group ? weights.bias[static_cast<std::size_t>(g * of_group + k)] : 0.0F);
    }
  }
}

const AxisTile& full_tile(detail::AxisFamily family) {
  for (const AxisTile& tile : axis_tiles()) {
    if (tile.family == family && tile.m == tile.family_m) return tile;
  }
  throw std::logic_error("no such family");
}

/// U of output k and input `in` of the merged groups in frequency (i, j), by definition, and the
/// sum of its terms without their signs: of the taps y, y + stride_h, ... by x, x + stride_w, ...
std::pair<double, double> u_of(const Weights& weights, const AxisTile& v, const AxisTile& h,
                               std::size_t i, std::size_t j, int y, int x, int k, int in,
                               const PackedShape& shape) {
  if (in / shape.group_c != k / shape.group_k % shape.merged) return {0.0, 0.0};
  std::pair<double, double> sum{0.0, 0.0};
  for (int row = y; row < shape.kernel_h; row += v.stride) {
    for (int col = x; col < shape.kernel_w; col += h.stride) {
      const double term = v.g[i][static_cast<std::size_t>(row / v.stride)].to_double() *
                          h.g[j][static_cast<std::size_t>(col / h.stride)].to_double() *
                          static_cast<double>(weights.at(k, in % shape.group_c, row, col));
      sum.first += term;
      sum.second += std::abs(term);
    }
  }
  return sum;
}

void expect_winograd(const Weights& weights, Algorithm algorithm) {
  const auto packed = pack(weights, algorithm);
  ASSERT_NE(packed, nullptr);
  const PackedShape& shape = packed->shape;
  const int in = shape.group_c * shape.merged;
  const int out = static_cast<int>(weights.desc.out_channels);
  const AxisTile& v = full_tile(shape.family_h);
  const AxisTile& h = full_tile(shape.family_w);
  ASSERT_EQ(v.stride, weights.desc.stride_h);
  ASSERT_EQ(h.stride, weights.desc.stride_w);
  ASSERT_EQ(shape.matrices(), v.alpha * h.alpha);
  ASSERT_EQ(shape.depth(), in * v.stride * h.stride);
  expect_panels(*packed, out);
  expect_bias(*packed, weights, 1);
  for (std::size_t i = 0; i < v.g.size(); ++i) {
    for (std::size_t j = 0; j < h.g.size(); ++j) {
      const int xi = static_cast<int>(i) * h.alpha + static_cast<int>(j);
      // The last frequency of a strided axis has the even taps only.
      const int phases_h = i + 1 < v.g.size() ? v.stride : 1;
      const int phases_w = j + 1 < h.g.size() ? h.stride : 1;
      ASSERT_EQ(shape.depth(xi), in * phases_h * phases_w);
      for (int panel = 0; panel < shape.panels(); ++panel) {
        const int n = shape.panel_width(panel);
        const float* u = packed->panel(xi, panel);
        for (int row = 0; row < phases_h * phases_w * in; ++row) {
          const int phase = row / in, c = row % in;
          for (int column = 0; column < n; ++column, ++u) {
            const int k = panel * 16 + column;
            if (k >= out) {
              ASSERT_EQ(*u, 0.0F) << "xi " << xi << " row " << row << " k " << k;
              continue;
            }
            const auto [sum, magnitude] =
                u_of(weights, v, h, i, j, phase / phases_w, phase % phases_w, k, c, shape);
            // Rounded once: half a unit in the last place, and what fp64 leaves open.
            ASSERT_NEAR(static_cast<double>(*u), sum,
                        0x1p-24 * std::abs(sum) * 1.000001 + 1e-14 * magnitude)
                << "xi " << xi << " row " << row << " k " << k;
          }
        }
      }
    }
  }
}

TEST(PackedLayout, WinogradIsUByDefinition) {
  Rng rng(111);
  const struct {
    int kernel_h, kernel_w;
    std::vector<Algorithm> algorithms;
    int stride = 1;
  } kernels[] = {
      {3,
       3,
       {Algorithm::winograd_f2, Algorithm::winograd_f3, Algorithm::winograd_f4,
        Algorithm::winograd_f6}},
      {5, 5, {Algorithm::winograd_f2, Algorithm::winograd_f4}},
      {1, 3, {Algorithm::winograd_f4}},
      {5, 1, {Algorithm::winograd_f4}},
      {3, 5, {Algorithm::winograd_f2}},
      {1, 7, {Algorithm::winograd_f2}},
      {3, 3, {Algorithm::winograd_f2, Algorithm::winograd_f4}, 2},
      {5, 3, {Algorithm::winograd_f2, Algorithm::winograd_f4}, 2},
  };
  for (const auto& kernel : kernels) {
    for (const Algorithm algorithm : kernel.algorithms) {
      for (const int out : {1, 7, 8, 9, 15, 16, 17, 24, 25, 32, 40}) {
        const int in = static_cast<int>(rng.integer(1, 20));
        SCOPED_TRACE(std::string(to_string(algorithm)) + " " + std::to_string(kernel.kernel_h) +
                     "x" + std::to_string(kernel.kernel_w) + " C=" + std::to_string(in) +
                     " K=" + std::to_string(out));
        expect_winograd(
            Weights(rng, desc_of(in, out, kernel.kernel_h, kernel.kernel_w, 1, kernel.stride)),
            algorithm);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(PackedLayout, WinogradMergesNarrowGroups) {
  Rng rng(115);
  const struct {
    int groups, group_c, group_k, merged;
  } rows[] = {{8, 4, 4, 4},   {4, 8, 8, 2}, {3, 16, 16, 1},
              {2, 32, 48, 1}, {8, 4, 8, 4}, {4, 24, 8, 2}};
  for (const auto& row : rows) {
    for (const int stride : {1, 2}) {
      SCOPED_TRACE(std::to_string(row.groups) + " groups of " + std::to_string(row.group_c) +
                   " and " + std::to_string(row.group_k) + ", stride " + std::to_string(stride));
      const Weights weights(rng, desc_of(row.groups * row.group_c, row.groups * row.group_k, 3, 3,
                                         row.groups, stride));
      const auto packed = pack(weights, Algorithm::winograd_f4);
      ASSERT_NE(packed, nullptr);
      EXPECT_EQ(packed->shape.merged, row.merged);
      expect_winograd(weights, Algorithm::winograd_f4);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(PackedLayout, DirectIsTapsThenChannels) {
  Rng rng(112);
  for (const int groups : {1, 3}) {
    for (const int group_k : {1, 7, 8, 9, 16, 17, 24, 25}) {
      int group_c = static_cast<int>(rng.integer(2, 9));
      if (group_c == group_k) ++group_c;  // or groups would be small
      SCOPED_TRACE("groups=" + std::to_string(groups) + " C=" + std::to_string(group_c) +
                   " K=" + std::to_string(group_k));
      const Weights weights(rng, desc_of(groups * group_c, groups * group_k, 3, 2, groups));
      const auto packed = pack(weights, Algorithm::direct);
      ASSERT_NE(packed, nullptr);
      ASSERT_EQ(packed->shape.matrices(), groups);
      ASSERT_EQ(packed->shape.depth(), 3 * 2 * group_c);
      expect_panels(*packed, group_k);
      expect_bias(*packed, weights, groups);
      for (int g = 0; g < groups; ++g) {
        for (int panel = 0; panel < packed->shape.panels(); ++panel) {
          const float* b = packed->panel(g, panel);
          for (int y = 0; y < 3; ++y) {
            for (int x = 0; x < 2; ++x) {
              for (int c = 0; c < group_c; ++c) {
                for (int column = 0; column < packed->shape.panel_width(panel); ++column, ++b) {
                  const int k = panel * 16 + column;
                  ASSERT_EQ(*b, k < group_k ? weights.at(g * group_k + k, c, y, x) : 0.0F);
                }
              }
            }
          }
        }
      }
    }
  }
}

TEST(PackedLayout, DepthwiseIsGroupsOf16Channels) {
  Rng rng(113);
  for (const int channels : {2, 15, 16, 17, 40}) {
    SCOPED_TRACE(channels);
    const Weights weights(rng, desc_of(channels, channels, 3, 5, channels));
    const auto packed = pack(weights, Algorithm::direct);
    ASSERT_NE(packed, nullptr);
    ASSERT_TRUE(packed->shape.depthwise());
    expect_bias(*packed, weights, 1);
    for (int group = 0; group < packed->shape.panels(); ++group) {
      const float* w = packed->panel(0, group);
      EXPECT_EQ(reinterpret_cast<std::uintptr_t>(w) % 64, 0U);
      for (int y = 0; y < 3; ++y) {
        for (int x = 0; x < 5; ++x) {
          for (int lane = 0; lane < 16; ++lane, ++w) {
            const int channel = group * 16 + lane;
            ASSERT_EQ(*w, channel < channels ? weights.at(channel, 0, y, x) : 0.0F);
          }
        }
      }
    }
  }
}

TEST(PackedLayout, SmallGroupsAreLaneBlocks) {
  Rng rng(117);
  for (const int group : {4, 8, 16}) {
    if (group > detail::best_kernel_set(Isa::best)->largest_group) continue;
    for (const int channels : {2 * group, 3 * group, 48}) {
      SCOPED_TRACE("C=" + std::to_string(channels) + " in groups of " + std::to_string(group));
      const Weights weights(rng, desc_of(channels, channels, 3, 5, channels / group));
      const auto packed = pack(weights, Algorithm::direct);
      ASSERT_NE(packed, nullptr);
      ASSERT_TRUE(packed->shape.small_groups);
      ASSERT_FALSE(packed->shape.depthwise());
      expect_bias(*packed, weights, 1);
      for (int block = 0; block < packed->shape.panels(); ++block) {
        const float* w = packed->panel(0, block);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(w) % 64, 0U);
        for (int y = 0; y < 3; ++y) {
          for (int x = 0; x < 5; ++x) {
            for (int c = 0; c < group; ++c) {
              for (int lane = 0; lane < 16; ++lane, ++w) {
                const int k = block * 16 + lane;
                ASSERT_EQ(*w, k < channels ? weights.at(k, c, y, x) : 0.0F);
              }
            }
          }
        }
      }
    }
  }
}

// As versions did that had no kernel for small groups.
TEST(PackedLayout, GroupsInPanelsLoadAndRun) {
  Rng rng(120);
  for (const int group : {4, 8, 16}) {
    SCOPED_TRACE(group);
    const Conv2dDesc desc = desc_of(48, 48, 3, 3, 48 / group);
    const auto small = [&](std::int64_t count) { return integer_data(rng, count, -5, 5); };
    const std::vector<float> weights = small(desc.weights_size()), bias = small(48);
    PlanOptions options;
    options.algorithm = Algorithm::direct;
    const auto data = detail::new_packed_weights();
    data->kernels = detail::best_kernel_set(Isa::best);
    ASSERT_TRUE(detail::shape_for(desc, Algorithm::direct, &data->shape).ok());
    data->shape.small_groups = false;
    ASSERT_TRUE(detail::allocate_floats(*data));
    detail::pack_weights(*data, options, weights.data(), bias.data());
    const PackedWeights panels = detail::Access::handle(data);
    std::vector<unsigned char> blob(panels.serialized_size_bytes());
    ASSERT_TRUE(panels.save(blob.data(), blob.size()).ok());
    const Result<PackedWeights> loaded = PackedWeights::load(blob.data(), blob.size());
    ASSERT_TRUE(loaded.ok()) << loaded.status().message();

    const std::vector<float> src = small(desc.src_size());
    const auto run = [&](const Result<Conv2dPlan>& plan) {
      EXPECT_TRUE(plan.ok()) << plan.status().message();
      std::vector<float> dst(static_cast<std::size_t>(desc.dst_size()));
      WorkspaceBuffer buffer;
      EXPECT_TRUE(buffer.reserve(*plan, 1).ok());
      EXPECT_TRUE(plan->run(src.data(), dst.data(), buffer).ok());
      return dst;
    };
    EXPECT_EQ(run(Conv2dPlan::create(desc, options, *loaded)),
              run(Conv2dPlan::create(desc, options, weights.data(), bias.data())));
  }
}

TEST(PackedLayout, LongSumsAndUnequalGroupsHavePanels) {
  Rng rng(118);
  const Conv2dDesc cases[] = {desc_of(32, 32, 3, 7, 2), desc_of(16, 32, 3, 3, 4),
                              desc_of(12, 12, 3, 3, 2), desc_of(8, 8, 3, 3, 1)};
  for (const Conv2dDesc& desc : cases) {
    const auto packed = pack(Weights(rng, desc), Algorithm::direct);
    ASSERT_NE(packed, nullptr);
    EXPECT_FALSE(packed->shape.small_groups);
  }
}

TEST(PackedLayout, HwioGivesTheSame) {
  Rng rng(114);
  const struct {
    Conv2dDesc desc;
    Algorithm algorithm;
  } cases[] = {
      {desc_of(7, 19, 3, 3), Algorithm::winograd_f4}, {desc_of(5, 9, 5, 3), Algorithm::winograd_f2},
      {desc_of(6, 21, 3, 2), Algorithm::direct},      {desc_of(6, 27, 3, 2, 3), Algorithm::direct},
      {desc_of(19, 19, 3, 5, 19), Algorithm::direct}, {desc_of(24, 24, 3, 5, 3), Algorithm::direct},
  };
  for (const auto& one : cases) {
    const Weights weights(rng, one.desc);
    const auto expected = pack(weights, one.algorithm);
    const auto got = pack(weights, one.algorithm, true);
    ASSERT_TRUE(expected != nullptr && got != nullptr);
    ASSERT_EQ(got->float_count(), expected->float_count());
    for (std::size_t i = 0; i < got->float_count(); ++i) {
      ASSERT_EQ(got->floats.get()[i], expected->floats.get()[i]) << "float " << i;
    }
  }
}

// Only sizes are looked at: such weights fill an address space, or a 32-bit one at least.
TEST(PackedLayout, WhatCannotBeAddressedIsLeftOut) {
  const detail::KernelSet& kernels = *detail::best_kernel_set(Isa::best);
  const struct {
    std::int64_t filters;  ///< C * K
    const char* largest;   ///< the last algorithm that fits
  } rows[] = {{detail::kMaxFloats / 9 + 1, nullptr},    {detail::kMaxFloats / 16 + 1, "direct"},
              {detail::kMaxFloats / 20, "winograd_f2"}, {detail::kMaxFloats / 30, "winograd_f3"},
              {detail::kMaxFloats / 50, "winograd_f4"}, {detail::kMaxFloats / 70, "winograd_f6"}};
  for (const auto& row : rows) {
    Conv2dDesc desc;
    desc.in_channels = std::int64_t{1} << (sizeof(void*) > 4 ? 24 : 11);
    // Whole panels, so that nothing but the tile decides.
    desc.out_channels = detail::round_up<std::int64_t>(row.filters / desc.in_channels, 16);
    desc.height = desc.width = 4;
    SCOPED_TRACE("K = " + std::to_string(desc.out_channels));
    const Status valid = validate(desc);
    if (row.largest == nullptr) {
      EXPECT_STREQ(to_string(valid.code()), to_string(StatusCode::invalid_argument));
      EXPECT_NE(std::string(valid.message()).find("direct packs"), std::string::npos)
          << valid.message();
      continue;
    }
    ASSERT_TRUE(valid.ok()) << valid.message();
    bool fits = true;
    for (const Algorithm algorithm : detail::kAlgorithms) {
      PackedShape shape;
      const Status status = detail::shape_for(desc, algorithm, &shape);
      EXPECT_EQ(status.ok(), fits) << to_string(algorithm) << ": " << status.message();
      if (!fits) {
        EXPECT_STREQ(to_string(status.code()), to_string(StatusCode::unsupported));
        EXPECT_NE(std::string(status.message()).find(std::to_string(detail::kMaxFloats)),
                  std::string::npos)
            << status.message();
      }
      if (to_string(algorithm) == std::string(row.largest)) fits = false;
    }
    PlanOptions options;
    options.accuracy = Accuracy::relaxed;
    char reason[200];
    const Result<PackedShape> chosen =
        detail::estimated_shape(desc, options, kernels, reason, sizeof reason);
    ASSERT_TRUE(chosen.ok()) << chosen.status().message();
    EXPECT_LE(chosen->float_count(), detail::kMaxFloats) << reason;
  }
}

TEST(PackedLayout, FloatCountIsTheSumOfItsParts) {
  const Conv2dDesc descs[] = {desc_of(5, 7, 3, 3),         desc_of(3, 17, 5, 5),
                              desc_of(12, 30, 3, 1, 6),    desc_of(19, 19, 3, 3, 19),
                              desc_of(13, 21, 5, 3, 1, 2), desc_of(32, 64, 3, 3, 8)};
  for (const Conv2dDesc& desc : descs) {
    for (const Algorithm algorithm : detail::kAlgorithms) {
      PackedShape shape;
      if (!detail::shape_for(desc, algorithm, &shape)) continue;
      EXPECT_EQ(shape.float_count(), shape.weights_size() + shape.bias_size());
    }
  }
}

}  // namespace
}  // namespace winograd::test
