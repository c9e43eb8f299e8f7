// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Memory of the layers of real networks: within the default, or the limit that was asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "bench/layers/layer.hpp"
#include "bench/layers/lists.hpp"
#include "src/planning/plan_data.hpp"
#include "src/planning/selection.hpp"
#include "src/runtime/kernel_sets.hpp"

namespace winograd::test {
namespace {

using detail::PackedShape;
using detail::PackedWeightsData;
using detail::PlanData;

constexpr int kThreads[] = {1, 2, 3, 8, 64};

/// A plan without weights: enough to ask for its workspace, and made at once.
PlanData plan_without_weights(const Conv2dDesc& desc, const PackedShape& shape,
                              std::size_t limit_bytes = 0) {
  const auto weights = std::make_shared<PackedWeightsData>();
  weights->shape = shape;
  weights->kernels = detail::best_kernel_set(Isa::best);
  PlanOptions options;
  options.workspace_limit_bytes = limit_bytes;
  return PlanData(desc, options, weights);
}

std::size_t workspace_bytes(const PlanData& plan, int threads) {
  return detail::pipeline_of(plan).workspace_bytes(plan, threads);
}

PackedShape automatic_shape(const Conv2dDesc& desc) {
  char reason[200];
  const Result<PackedShape> shape =
      detail::estimated_shape(desc, {}, *detail::best_kernel_set(Isa::best), reason, sizeof reason);
  EXPECT_TRUE(shape.ok()) << shape.status().message();
  return *shape;
}

/// Of every algorithm that takes the layer.
std::vector<PackedShape> shapes_of(const Conv2dDesc& desc) {
  std::vector<PackedShape> shapes;
  for (const Algorithm algorithm : detail::kAlgorithms) {
    PackedShape shape;
    if (detail::shape_for(desc, algorithm, &shape).ok()) shapes.push_back(shape);
  }
  return shapes;
}

/// visit(layer, name) for every layer of every list, in both layouts.
template <class Visit>
void for_each_layer(Visit visit) {
  for (const bench::LayerList& list : bench::layer_lists()) {
    for (bench::Layer layer : list.layers()) {
      for (const Layout layout : {Layout::nchw, Layout::nhwc}) {
        layer.desc.layout = layout;
        visit(layer.desc, std::string(list.name) + "/" + bench::geometry_name(layer.desc));
      }
    }
  }
}

TEST(Workspace, OfRealLayersStaysWithinTheDefault) {
  std::printf("  KiB for 1 and for 2 threads, as chosen automatically\n");
  for_each_layer([](const Conv2dDesc& desc, const std::string& name) {
    SCOPED_TRACE(name);
    const PackedShape chosen = automatic_shape(desc);
    if (desc.layout == Layout::nchw) {
      const PlanData plan = plan_without_weights(desc, chosen);
      std::printf("  %-52s %-12s %6zu %6zu\n", name.c_str(), to_string(chosen.algorithm),
                  workspace_bytes(plan, 1) / 1024, workspace_bytes(plan, 2) / 1024);
    }
    for (const PackedShape& shape : shapes_of(desc)) {
      const PlanData plan = plan_without_weights(desc, shape);
      for (const int threads : kThreads) {
        EXPECT_LE(workspace_bytes(plan, threads),
                  static_cast<std::size_t>(threads) * detail::kDefaultWorkspaceBytes)
            << to_string(shape.algorithm) << ", " << threads << " threads";
      }
    }
  });
}

// The least is for a plan with a limit of one byte; a plan with that as its limit must not need
// more.
TEST(Workspace, TheLeastIsEnough) {
  for (const Layout layout : {Layout::nchw, Layout::nhwc}) {
    for (int channels = 16; channels <= 6000; channels += channels / 3 + 5) {
      Conv2dDesc desc;
      desc.layout = layout;
      desc.in_channels = desc.out_channels = channels;
      desc.height = desc.width = 30;
      desc.set_padding(1);
      for (const PackedShape& shape : shapes_of(desc)) {
        const std::size_t least = workspace_bytes(plan_without_weights(desc, shape, 1), 1);
        EXPECT_LE(workspace_bytes(plan_without_weights(desc, shape, least), 1), least)
            << to_string(shape.algorithm) << ", " << channels << " channels";
      }
    }
  }
}

// A limit below the least is refused when the plan is made; that is tested with the interface.
TEST(Workspace, KeepsEveryLimitThatCanBeKept) {
  int kept = 0;
  for_each_layer([&](const Conv2dDesc& desc, const std::string& name) {
    SCOPED_TRACE(name);
    for (const PackedShape& shape : shapes_of(desc)) {
      const std::size_t least = workspace_bytes(plan_without_weights(desc, shape, 1), 1);
      for (const std::size_t limit :
           {least, least + 64, least * 2, std::size_t{64} << 10, std::size_t{256} << 10,
            std::size_t{1} << 20, std::size_t{4} << 20}) {
        if (limit < least) continue;
        ++kept;
        const PlanData plan = plan_without_weights(desc, shape, limit);
        for (const int threads : kThreads) {
          EXPECT_LE(workspace_bytes(plan, threads), static_cast<std::size_t>(threads) * limit)
              << to_string(shape.algorithm) << ", " << threads << " threads, limit " << limit;
        }
      }
    }
  });
  EXPECT_GT(kept, 1000);
}

}  // namespace
}  // namespace winograd::test
