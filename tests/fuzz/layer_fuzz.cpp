// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The C++ interface from description to run. The input is the line of an OpCase, so what is found
// is also run by WINOGRAD_TEST_CASE='<line>' tests/winograd_sweep_test. Layers that fit into little
// memory run between guard pages and are compared with the reference; others are planned.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "tests/fuzz/line_mutator.hpp"
#include "tests/fuzz/require.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace winograd::test {
namespace {

constexpr std::int64_t kMaxFloats = 1 << 16;
constexpr double kMaxProducts = 3e5;

bool is_small(const Conv2dDesc& d) {
  return d.src_size() <= kMaxFloats && d.dst_size() <= kMaxFloats &&
         d.weights_size() <= kMaxFloats &&
         static_cast<double>(d.dst_size()) * static_cast<double>(d.in_channels / d.groups) *
                 static_cast<double>(d.kernel_h * d.kernel_w) <=
             kMaxProducts;
}

/// What concerns the test alone, and not the library, is brought into its bounds.
void make_runnable(OpCase& op) {
  op.threads = std::clamp(op.threads, 1, 4);
  op.shift = std::clamp(op.shift, 0, 15);
  const std::int64_t c = op.desc.in_channels;
  if (op.part <= 0 || op.part % 16 != 0 || op.part >= c || c / op.part >= 64) op.part = 0;
  if (op.options.max_isa != Isa::best && !isa_available(op.options.max_isa)) {
    op.options.max_isa = Isa::best;
  }
  if (!executor_available(op.executor)) op.executor = ExecutorKind::serial;
  // A slope beyond 1 enlarges errors, too, which the bounds do not know.
  if (std::fabs(op.desc.leaky_slope) > 1.0F) op.desc.leaky_slope = 1.0F;
}

/// A cap may be too low for a layer, and then that is the answer.
void run(OpCase op) {
  constexpr std::int64_t kMostPixels = 1 << 20;  // of an image that the oracle pads in a copy
  const Conv2dDesc& desc = op.desc;
  if ((desc.height + desc.pad_top + desc.pad_bottom) *
          (desc.width + desc.pad_left + desc.pad_right) >
      kMostPixels) {
    return;
  }
  make_runnable(op);
  const OpData data = make_data(op);
  if (op.options.workspace_limit_bytes != 0) {
    const Result<Conv2dPlan> plan = make_plan(op, data);
    if (!plan && plan.status().code() == StatusCode::workspace) return;
    if (plan) {
      require(plan->workspace(1).size_bytes <= op.options.workspace_limit_bytes,
              "the workspace is within its cap");
    }
  }
  EXPECT_TRUE(oracles_agree(op, data));
  check_op(op, data);
}

/// Layers of any size: only their weights are there.
void plan(const OpCase& op) {
  if (op.desc.weights_size() > kMaxFloats || op.desc.out_channels > kMaxFloats) return;
  const std::vector<float> weights(static_cast<std::size_t>(op.desc.weights_size()), 0.5F);
  const std::vector<float> slopes(static_cast<std::size_t>(op.desc.out_channels), 0.25F);
  PlanOptions options = op.options;
  options.prelu_slopes = slopes.data();
  const Result<Conv2dPlan> plan = Conv2dPlan::create(op.desc, options, weights.data(), nullptr);
  if (!plan) {
    require(plan.status().message()[0] != '\0', "a failure has a message");
    return;
  }
  const std::size_t one = plan->workspace(1).size_bytes;
  const std::size_t some = plan->workspace(op.threads).size_bytes;
  const std::size_t most = plan->workspace(std::numeric_limits<int>::max()).size_bytes;
  require(one <= some && some <= most, "more threads need no less");
  const Result<Conv2dPlan> other =
      plan->reshaped(op.desc.batch / 2 + 1, op.desc.width, op.desc.height);
  if (other) {
    require(validate(other->desc()).ok(), "a plan has a valid description");
    require(other->weights() == plan->weights(), "reshaping packs nothing");
    require(other->workspace(op.threads).alignment_bytes > 0, "there is an alignment");
  }
}

void check(const std::string& text) {
  std::optional<OpCase> op = parse_line(text);
  if (!op) return;
  const std::string line = to_line(*op);
  const std::optional<OpCase> again = parse_line(line);
  require(again.has_value() && to_line(*again) == line, "a line is read as it was written");
  const Conv2dDesc& d = op->desc;
  if (!validate(d)) {
    const float nothing = 0;
    require(!Conv2dPlan::create(d, op->options, &nothing, nullptr).ok(),
            "what is not valid makes no plan");
    return;
  }
  require(d.out_height() > 0 && d.out_width() > 0 && d.src_size() >= 0 && d.dst_size() >= 0 &&
              d.weights_size() > 0,
          "sizes of a valid description");
  if (d.batch > 0 && is_small(d)) {
    run(*op);
  } else {
    plan(*op);
  }
}

}  // namespace
}  // namespace winograd::test

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  // A failed expectation ends the program, by an exception that nobody catches.
  GTEST_FLAG_SET(throw_on_failure, true);
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  winograd::test::Rng rng(seed);
  if (rng.chance(5)) return LLVMFuzzerMutate(data, size, max_size);
  const std::string line =
      winograd::test::mutated_line({reinterpret_cast<const char*>(data), size}, rng);
  if (line.size() > max_size) return size;
  std::memcpy(data, line.data(), line.size());
  return line.size();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  winograd::test::check({reinterpret_cast<const char*>(data), size});
  return 0;
}
