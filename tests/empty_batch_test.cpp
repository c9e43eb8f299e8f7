// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A batch of no images is an empty run that succeeds; other extents of 0 are mistakes.
#include <gtest/gtest.h>

#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "winograd/conv2d.hpp"
#include "winograd/tuning_cache.hpp"

namespace winograd::test {
namespace {

constexpr const char* kLayers[] = {
    "c=20 h=15 w=14 k=24 pt=1 pl=1 pb=1 pr=1 residual=1",
    "c=3 h=15 w=14 k=24",
    "c=20 h=15 w=14 k=20 groups=20",
    "c=20 h=15 w=14 k=20 groups=2 sh=2 sw=3",
    "c=20 h=15 w=14 k=20 kh=1 kw=1",
};

class EmptyBatch : public ::testing::TestWithParam<const char*> {
 protected:
  OpCase op_ = parse_line(GetParam()).value();
  OpData data_ = make_data(op_);
  Result<Conv2dPlan> plan() const {
    return Conv2dPlan::create(op_.desc, op_.options, data_.weights.data(), data_.bias.data());
  }
};

TEST_P(EmptyBatch, RunsAndTouchesNothing) {
  for (const Layout layout : kLayouts) {
    op_.desc.layout = layout;
    for (const Algorithm algorithm : kAllAlgorithms) {
      if (!algorithm_applies(op_.desc, algorithm)) continue;
      op_.options.algorithm = algorithm;
      op_.desc.batch = 1;
      const auto full = plan();
      ASSERT_TRUE(full.ok()) << full.status().message();
      const OpCase image = op_;
      op_.desc.batch = 0;
      const auto empty = plan();
      ASSERT_TRUE(empty.ok()) << empty.status().message();
      EXPECT_EQ(empty->info().algorithm, full->info().algorithm) << "for the batches that follow";
      const auto reshaped = full->reshaped(0, op_.desc.height, op_.desc.width);
      ASSERT_TRUE(reshaped.ok()) << reshaped.status().message();
      for (const Conv2dPlan& none : {*empty, *reshaped}) {
        EXPECT_EQ(none.desc().src_size(), 0);
        EXPECT_EQ(none.desc().dst_size(), 0);
        EXPECT_EQ(none.workspace(3).size_bytes, 0U);
        // An empty tensor often has no address.
        EXPECT_TRUE(none.run(static_cast<const float*>(nullptr), nullptr, {}).ok());
        EXPECT_TRUE(none.run(static_cast<const SourcePart*>(nullptr), 1, nullptr, {}).ok());
        float dst = 42.0F;
        EXPECT_TRUE(none.run(&dst, &dst, {}).ok());
        EXPECT_EQ(dst, 42.0F);
        // And back again.
        const auto again = none.reshaped(1, op_.desc.height, op_.desc.width);
        ASSERT_TRUE(again.ok());
        EXPECT_EQ(run_plan(*again, image, data_), run_plan(*full, image, data_));
      }
      EXPECT_TRUE(
          conv2d(op_.desc, nullptr, data_.weights.data(), nullptr, nullptr, nullptr, op_.options)
              .ok());
    }
  }
}

TEST_P(EmptyBatch, IsMeasuredAsOneImage) {
  TuningCache cache;
  op_.options.tuning = &cache;
  op_.desc.batch = 0;
  ASSERT_TRUE(plan().ok());
  op_.desc.batch = 1;
  ASSERT_TRUE(plan().ok());
  EXPECT_EQ(cache.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Layers, EmptyBatch, ::testing::ValuesIn(kLayers));

}  // namespace
}  // namespace winograd::test
