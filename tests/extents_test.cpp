// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Extents at their limit and beyond, tensors of more than 2^31 elements, any number of threads.
// Worth running under UBSan, which sees the overflows that happen to do no harm.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <vector>

#include "tests/reference/guarded_buffer.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/sparse_floats.hpp"
#include "tests/reference/subset.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::test {
namespace {

constexpr std::int64_t kLimit = Conv2dDesc::kMaxExtent;
constexpr int kMaxInt = std::numeric_limits<int>::max();

// ---- every extent -------------------------------------------------------------------------------

/// A field, and how the others follow when it is large so that the layer stays possible.
struct Extent {
  const char* name;
  void (*set)(Conv2dDesc& d, std::int64_t value);
};
constexpr Extent kExtents[] = {
    {"batch", [](Conv2dDesc& d, std::int64_t v) { d.batch = v; }},
    {"in_channels", [](Conv2dDesc& d, std::int64_t v) { d.in_channels = v; }},
    {"out_channels", [](Conv2dDesc& d, std::int64_t v) { d.out_channels = v; }},
    {"channels and groups",
     [](Conv2dDesc& d, std::int64_t v) { d.in_channels = d.out_channels = d.groups = v; }},
    {"height", [](Conv2dDesc& d, std::int64_t v) { d.height = v - d.pad_top - d.pad_bottom; }},
    {"width", [](Conv2dDesc& d, std::int64_t v) { d.width = v - d.pad_left - d.pad_right; }},
    {"kernel_h",
     [](Conv2dDesc& d, std::int64_t v) {
       d.kernel_h = v;
       d.height = v - d.pad_top - d.pad_bottom;
     }},
    {"kernel_w",
     [](Conv2dDesc& d, std::int64_t v) {
       d.kernel_w = v;
       d.width = v - d.pad_left - d.pad_right;
     }},
    {"stride_h", [](Conv2dDesc& d, std::int64_t v) { d.stride_h = v; }},
    {"stride_w", [](Conv2dDesc& d, std::int64_t v) { d.stride_w = v; }},
    {"dilation_h",
     [](Conv2dDesc& d, std::int64_t v) {
       d.dilation_h = v;
       d.kernel_h = 1;
     }},
    {"dilation_w",
     [](Conv2dDesc& d, std::int64_t v) {
       d.dilation_w = v;
       d.kernel_w = 1;
     }},
    {"dilation of two taps",
     [](Conv2dDesc& d, std::int64_t v) {
       d.dilation_w = v - 1;
       d.kernel_w = 2;
       d.width = v - d.pad_left - d.pad_right;
     }},
    {"pad_top", [](Conv2dDesc& d, std::int64_t v) { d.pad_top = v - d.height - d.pad_bottom; }},
    {"pad_left", [](Conv2dDesc& d, std::int64_t v) { d.pad_left = v - d.width - d.pad_right; }},
    {"pad_bottom", [](Conv2dDesc& d, std::int64_t v) { d.pad_bottom = v - d.height - d.pad_top; }},
    {"pad_right", [](Conv2dDesc& d, std::int64_t v) { d.pad_right = v - d.width - d.pad_left; }},
};

constexpr std::int64_t kValues[] = {kLimit - 1,
                                    kLimit,
                                    kLimit + 1,
                                    kMaxInt - 1,
                                    kMaxInt,
                                    std::int64_t{kMaxInt} + 1,
                                    std::numeric_limits<std::int64_t>::max()};

constexpr const char* kLayers[] = {
    "c=4 h=8 w=9 k=6 pt=1 pl=1 pb=1 pr=1",   // dense, in planes if in NCHW
    "c=16 h=1 w=1 k=16 kh=1 kw=1",           // pointwise
    "c=2 h=1 w=1 k=2 kh=1 kw=1 groups=2",    // depthwise
    "c=2 h=3 w=22 k=2 groups=2",             // the same, in planes
    "c=34 h=2 w=3 k=34 kh=1 kw=3 groups=2",  // grouped
    "c=20 h=1 w=5 k=24 kh=1 kw=3",           // Winograd along one axis
};

/// Runs it if dst is small, on a src of zeros: what comes out is the bias.
bool run(const Conv2dPlan& plan) {
  constexpr std::int64_t kMostOutputs = 1 << 18;
  const Conv2dDesc& d = plan.desc();
  if (d.dst_size() > kMostOutputs) return false;
  const SparseFloats src(d.src_size(), SparseFloats::Kind::zeros);
  if (src.data() == nullptr) return false;
  std::vector<float> dst(static_cast<std::size_t>(d.dst_size()), -1.0F);
  const std::size_t bytes = plan.workspace(1).size_bytes;
  if (bytes > std::size_t{256} << 20) return false;
  const GuardedBuffer workspace(bytes, Placement::at_start);
  const Status status = plan.run(src.data(), dst.data(), {workspace.data(), bytes});
  EXPECT_TRUE(status.ok()) << status.message();
  EXPECT_TRUE(workspace.intact());
  EXPECT_EQ(std::count(dst.begin(), dst.end(), 0.5F), d.dst_size());
  return true;
}

TEST(Extents, AtTheLimitAndBeyond) {
  // Enough for whatever is not refused for its size.
  constexpr std::size_t kPackedLimit = std::size_t{1} << 20;
  const std::vector<float> weights(kPackedLimit / sizeof(float), 0.25F);
  const std::vector<float> bias(kPackedLimit / sizeof(float), 0.5F);
  Subset subset("extents");
  int plans = 0, runs = 0;
  for (const char* layer : kLayers)
    for (const Extent& extent : kExtents)
      for (const std::int64_t value : kValues)
        for (const Layout layout : kLayouts)
          for (const std::int64_t stride : {1, 1 << 20}) {
            Conv2dDesc desc = parse_line(layer).value().desc;
            desc.layout = layout;
            desc.stride_h = desc.stride_w = stride;
            extent.set(desc, value);
            SCOPED_TRACE(std::string(layer) + ", " + extent.name + " " + std::to_string(value) +
                         ", stride " + std::to_string(stride) + ", " + to_string(layout));
            const Status valid = validate(desc);
            if (value > kLimit) {
              EXPECT_STREQ(to_string(valid.code()), to_string(StatusCode::invalid_argument));
            }
            PlanOptions options;
            options.packed_limit_bytes = kPackedLimit;
            for (const Algorithm algorithm : kAllAlgorithms) {
              if (!subset.takes()) continue;
              options.algorithm = algorithm;
              const auto plan = Conv2dPlan::create(desc, options, weights.data(), bias.data());
              EXPECT_TRUE(valid.ok() || !plan.ok());
              if (!plan) continue;
              ++plans;
              const std::size_t one = plan->workspace(1).size_bytes;
              std::size_t least = one;
              for (const int threads : {2, 7, Executor::kMaxConcurrency, kMaxInt}) {
                const std::size_t more = plan->workspace(threads).size_bytes;
                EXPECT_GE(more, least);
                least = more;
              }
              runs += run(*plan) ? 1 : 0;
            }
          }
  std::printf("  %d plans, %d of them run\n", plans, runs);
}

TEST(Extents, TheMessageNamesTheLimit) {
  Conv2dDesc desc = parse_line(kLayers[0]).value().desc;
  desc.width = kLimit + 1;
  EXPECT_NE(std::string(validate(desc).message()).find(std::to_string(kLimit)), std::string::npos);
  desc.width = kLimit - 1;  // and 2 of padding
  EXPECT_NE(std::string(validate(desc).message()).find(std::to_string(kLimit)), std::string::npos);
}

TEST(Extents, AnImageWithItsPaddingIsASizeToo) {
  Conv2dDesc desc;
  desc.in_channels = sizeof(void*) > 4 ? kLimit : kLimit / 32;  // 32 bits address fewer elements
  desc.out_channels = desc.height = desc.width = 1;
  desc.kernel_h = desc.kernel_w = 1;
  desc.stride_h = desc.stride_w = kLimit;
  EXPECT_TRUE(validate(desc).ok()) << validate(desc).message();
  desc.pad_top = desc.pad_left = kLimit / 2;
  EXPECT_NE(std::string(validate(desc).message()).find("padding"), std::string::npos);
}

// ---- more than 2^31 elements --------------------------------------------------------------------

bool large_tensors_possible() {
  // Under an emulator or sanitizers they take minutes, and 32-bit machines refuse them.
  return sizeof(void*) > 4 && test_every() <= 3;
}

/// One plan's run on `src` and `dst`.
void run_large(const Conv2dDesc& desc, Algorithm algorithm, const std::vector<float>& weights,
               const float* src, float* dst) {
  PlanOptions options;
  options.algorithm = algorithm;
  const auto plan = Conv2dPlan::create(desc, options, weights.data(), nullptr);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  const GuardedBuffer workspace(plan->workspace(1).size_bytes, Placement::at_start);
  const Status status = plan->run(src, dst, {workspace.data(), workspace.size_bytes()});
  EXPECT_TRUE(status.ok()) << status.message();
}

TEST(LargeTensors, Source) {
  if (!large_tensors_possible()) GTEST_SKIP() << "needs 64 bits and no emulator";
  struct Case {
    std::int64_t batch, channels, groups, height, width;
  };
  // In one image, in the batch, in the channels.
  for (const Case& c : {Case{1, 1, 1, 40000, 60000}, Case{9, 1, 1, 16000, 16000},
                        Case{1, 40, 40, 8000, 8000}, Case{1, 40, 1, 8000, 8000}}) {
    for (const Layout layout : kLayouts) {
      Conv2dDesc desc;
      desc.layout = layout;
      desc.batch = c.batch;
      desc.in_channels = desc.out_channels = c.channels;
      desc.groups = c.groups;
      desc.height = c.height;
      desc.width = c.width;
      desc.kernel_h = desc.kernel_w = 1;
      desc.stride_h = desc.stride_w = 100;
      ASSERT_GT(desc.src_size(), std::int64_t{kMaxInt});
      const SparseFloats src(desc.src_size(), SparseFloats::Kind::zeros);
      if (src.data() == nullptr) GTEST_SKIP() << "cannot map so much";
      // The last pixel that is read, of the last image and channel.
      const std::int64_t row = (desc.out_height() - 1) * 100, col = (desc.out_width() - 1) * 100;
      const std::int64_t n = c.batch - 1, k = c.channels - 1;
      src.data()[layout == Layout::nchw ? ((n * c.channels + k) * c.height + row) * c.width + col
                                        : ((n * c.height + row) * c.width + col) * c.channels + k] =
          3.0F;
      const std::vector<float> weights(static_cast<std::size_t>(desc.weights_size()), 2.0F);
      std::vector<float> dst(static_cast<std::size_t>(desc.dst_size()), -1.0F);
      run_large(desc, Algorithm::direct, weights, src.data(), dst.data());
      EXPECT_EQ(dst.back(), 6.0F);
      const std::int64_t hit = c.groups == 1 ? c.channels : 1;  // each output channel, or its own
      EXPECT_EQ(std::count(dst.begin(), dst.end(), 6.0F), hit);
      EXPECT_EQ(std::count(dst.begin(), dst.end(), 0.0F), desc.dst_size() - hit);
    }
  }
}

TEST(LargeTensors, Destination) {
  if (!large_tensors_possible()) GTEST_SKIP() << "needs 64 bits and no emulator";
  constexpr int kChannels = 32;
  Conv2dDesc desc;
  desc.in_channels = 1;
  desc.out_channels = kChannels;
  desc.kernel_h = 1;
  desc.height = 1;
  desc.width = (std::int64_t{1} << 26) + (1 << 20) + 6;
  ASSERT_GT(desc.dst_size(), std::int64_t{kMaxInt});
  const SparseFloats src(desc.src_size(), SparseFloats::Kind::zeros);
  const SparseFloats dst(desc.dst_size(), SparseFloats::Kind::folded);
  if (src.data() == nullptr || dst.data() == nullptr) GTEST_SKIP() << "cannot map so much";
  // 1 in the last pixel but one: the last output gets the middle tap, the one before it the last.
  src.data()[desc.src_size() - 2] = 1.0F;
  std::vector<float> weights;
  for (int k = 0; k < kChannels; ++k) {
    weights.insert(weights.end(), {0.0F, 8.0F, static_cast<float>(k)});
  }
  const struct {
    Algorithm algorithm;
    Layout layout;
  } runs[] = {{Algorithm::direct, Layout::nchw}, {Algorithm::winograd_f4, Layout::nhwc}};
  for (const auto& one : runs) {
    SCOPED_TRACE(std::string(to_string(one.algorithm)) + ' ' + to_string(one.layout));
    desc.layout = one.layout;
    const std::int64_t pixel = one.layout == Layout::nchw ? 1 : kChannels;
    float* const last = dst.data() + desc.dst_size() - 1;  // of the last channel
    last[0] = last[-pixel] = last[-2 * pixel] = -1.0F;
    run_large(desc, one.algorithm, weights, src.data(), dst.data());
    EXPECT_NEAR(last[0], 8.0F, 1e-4F);
    EXPECT_NEAR(last[-pixel], kChannels - 1.0F, 1e-4F);
    EXPECT_NEAR(last[-2 * pixel], 0.0F, 1e-4F);
  }
}

// ---- threads ------------------------------------------------------------------------------------

/// One task after another, as a pool does that has fewer threads than it claims.
void serially(void*, int count, Executor::Task task, void* argument) {
  for (int i = 0; i < count; ++i) task(argument, i);
}

TEST(Threads, OfAnyNumberTakeBoundedTimeAndMemory) {
  using Clock = std::chrono::steady_clock;
  for (const char* line :
       {"c=32 h=14 w=14 k=32 pt=1 pl=1 pb=1 pr=1", "c=256 h=7 w=7 k=512 pt=1 pl=1 pb=1 pr=1",
        "c=3 h=60 w=60 k=20", "c=40 h=30 w=30 k=40 groups=40"}) {
    OpCase op = parse_line(line).value();
    const OpData data = make_data(op);
    for (const Layout layout : kLayouts) {
      for (const Algorithm algorithm : kAllAlgorithms) {
        if (!algorithm_applies(op.desc, algorithm)) continue;
        SCOPED_TRACE(std::string(line) + ' ' + to_string(algorithm) + ' ' + to_string(layout));
        op.desc.layout = layout;
        op.options.algorithm = algorithm;
        const auto plan =
            Conv2dPlan::create(op.desc, op.options, data.weights.data(), data.bias.data());
        ASSERT_TRUE(plan.ok()) << plan.status().message();
        const auto start = Clock::now();
        const std::size_t most = plan->workspace(kMaxInt).size_bytes;
        EXPECT_LT(Clock::now() - start, std::chrono::seconds(5));
        EXPECT_EQ(plan->workspace(Executor::kMaxConcurrency).size_bytes, most);
        for (const int none : {0, -1, std::numeric_limits<int>::min()}) {
          EXPECT_EQ(plan->workspace(none).size_bytes, plan->workspace(1).size_bytes);
        }
      }
      std::vector<float> one(static_cast<std::size_t>(op.desc.dst_size())), many = one;
      ASSERT_TRUE(conv2d(op.desc, data.src.data(), data.weights.data(), data.bias.data(),
                         one.data(), nullptr, op.options));
      const Executor executor(kMaxInt, &serially);
      EXPECT_EQ(executor.concurrency(), Executor::kMaxConcurrency);
      EXPECT_TRUE(conv2d(op.desc, data.src.data(), data.weights.data(), data.bias.data(),
                         many.data(), nullptr, op.options, executor));
      EXPECT_EQ(one, many);
    }
  }
}

}  // namespace
}  // namespace winograd::test
