// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Costs without running, and the one measurement that turns them into seconds.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <new>
#include <vector>

#include "src/planning/cost.hpp"
#include "src/planning/plan_data.hpp"
#include "src/planning/selection.hpp"
#include "src/runtime/exceptions.hpp"
#include "src/runtime/kernel_sets.hpp"
#include "src/weights/packed_weights.hpp"

namespace winograd {
namespace detail {
namespace {

/// A small layer, ready to run. All of them together stand for what the cost model knows.
class Probe {
 public:
  Probe(const Conv2dDesc& desc, const PlanOptions& options) : desc_(desc) {
    std::uint32_t state = 1;  // numbers of both signs; zeros might be multiplied faster
    const auto fill = [&state](std::int64_t count) {
      std::vector<float> values(static_cast<std::size_t>(count));
      for (float& value : values) {
        state = state * 1664525U + 1013904223U;
        value = static_cast<float>(static_cast<std::int32_t>(state)) * 0x1p-31F;
      }
      return values;
    };
    src_ = fill(desc.src_size());
    dst_ = fill(desc.dst_size());
    plan_ = std::make_unique<Result<Conv2dPlan>>(
        Conv2dPlan::create(desc, options, fill(desc.weights_size()).data(), nullptr));
    if (!*plan_) return;
    bytes_ = (*plan_)->workspace(1).size_bytes;
    workspace_ = AlignedFloats(bytes_ / sizeof(float) + 1);
  }

  bool ok() const { return plan_->ok() && workspace_.get() != nullptr; }
  /// The least of all calls counts: noise only ever adds.
  void time() {
    using Clock = std::chrono::steady_clock;
    const auto start = Clock::now();
    (void)(*plan_)->run(src_.data(), dst_.data(), {workspace_.get(), bytes_});
    const std::chrono::duration<double> elapsed = Clock::now() - start;
    seconds_ = std::min(seconds_, elapsed.count());
  }
  double seconds_per_cycle() const { return seconds_ / (*plan_)->info().estimated.cycles; }

 private:
  Conv2dDesc desc_;
  std::vector<float> src_, dst_;
  std::unique_ptr<Result<Conv2dPlan>> plan_;
  std::size_t bytes_ = 0;
  AlignedFloats workspace_;
  double seconds_ = std::numeric_limits<double>::infinity();
};

Conv2dDesc square(std::int64_t channels, std::int64_t size, std::int64_t kernel,
                  std::int64_t stride, Layout layout) {
  Conv2dDesc desc;
  desc.in_channels = desc.out_channels = channels;
  desc.height = desc.width = size;
  desc.kernel_h = desc.kernel_w = kernel;
  desc.stride_h = desc.stride_w = stride;
  desc.set_padding(kernel / 2);
  desc.layout = layout;
  return desc;
}

Result<Calibration> measure(const PlanOptions& options) {
  PlanOptions plain;
  plain.max_isa = options.max_isa;
  // Two that minimal filtering takes, two that it does not.
  const Conv2dDesc descs[] = {
      square(64, 28, 3, 1, Layout::nhwc), square(48, 28, 3, 1, Layout::nchw),
      square(128, 14, 1, 1, Layout::nhwc), square(64, 28, 3, 2, Layout::nhwc)};
  std::vector<Probe> probes;
  for (const Conv2dDesc& desc : descs) {
    probes.emplace_back(desc, plain);
    if (!probes.back().ok()) return out_of_memory("a measurement");
  }
  // Slow kernels (scalar, emulated CPUs) get fewer rounds.
  using Clock = std::chrono::steady_clock;
  constexpr int kRounds = 9, kLeastRounds = 2;
  constexpr std::chrono::milliseconds kLongest(20);
  const auto start = Clock::now();
  for (int round = 0; round < kRounds; ++round) {
    if (round >= kLeastRounds && Clock::now() - start > kLongest) break;
    for (Probe& probe : probes) probe.time();
  }
  std::vector<double> ratios;
  for (const Probe& probe : probes) ratios.push_back(probe.seconds_per_cycle());
  std::sort(ratios.begin(), ratios.end());
  return Calibration{(ratios[1] + ratios[2]) / 2};
}

}  // namespace
}  // namespace detail

using namespace detail;  // NOLINT: implementation file

Result<Cost> predict(const Conv2dDesc& desc, const PlanOptions& options,
                     Algorithm* algorithm) noexcept {
  if (Status s = validate(desc); !s) return s;
  if (Status s = check_options(options); !s) return s;
  const KernelSet& kernels = *best_kernel_set(options.max_isa);
  PackedShape shape;
  if (options.algorithm == Algorithm::automatic) {
    Conv2dDesc image = desc;  // as pack_for does
    image.batch = std::max<std::int64_t>(desc.batch, 1);
    char reason[sizeof PackedWeightsData::reason];
    const auto estimated = estimated_shape(image, options, kernels, reason, sizeof reason);
    if (!estimated) return estimated.status();
    shape = *estimated;
  } else if (Status s = shape_for(desc, options.algorithm, options.accuracy, kernels, &shape); !s) {
    return s;
  }
  if (algorithm != nullptr) *algorithm = shape.algorithm;
  return cost_of(desc, Layer(desc), shape, kernels, options);
}

Result<Calibration> calibrate(const PlanOptions& options) noexcept {
  if (Status s = check_options(options); !s) return s;
  WINOGRAD_TRY { return measure(options); }
  WINOGRAD_CATCH_BAD_ALLOC { return out_of_memory("a measurement"); }
}

}  // namespace winograd
