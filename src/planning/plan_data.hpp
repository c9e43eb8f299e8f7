// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What a Conv2dPlan holds.
#ifndef WINOGRAD_SRC_PLANNING_PLAN_DATA_HPP
#define WINOGRAD_SRC_PLANNING_PLAN_DATA_HPP

#include <algorithm>
#include <cstdint>
#include <memory>

#include "src/planning/layer.hpp"
#include "src/planning/tiling.hpp"
#include "src/weights/packed_weights.hpp"

namespace winograd::detail {

struct PlanData {
  PlanData(const Conv2dDesc& d, const PlanOptions& o,
           std::shared_ptr<const PackedWeightsData> w) noexcept;

  Conv2dDesc desc;
  PlanOptions options;
  std::shared_ptr<const PackedWeightsData> weights;
  Layer layer;
  Tiling tiling;  ///< winograd only
  int chain;      ///< products in a chain of the sum
  double expected_rms_error;
  char kernel_name[64];
  /// Of leaky and parametric ReLU, in the order of the packed bias; null for other activations.
  std::shared_ptr<const float[]> slopes;

  const KernelSet& kernels() const { return *weights->kernels; }
  const PackedShape& shape() const { return weights->shape; }
  /// True if the channels of a pixel lie side by side in src and dst.
  bool adjacent() const { return kernels().edges(layer.layout).in_place; }
  /// True if kernels may read src and write dst themselves, where whole lane blocks are
  /// adjacent; otherwise rows go through staging (image_rows.hpp).
  bool in_place() const { return layer.type == shape().arithmetic && adjacent(); }
  /// Of the channels from `channel` of a group on.
  Epilogue epilogue(int group, std::ptrdiff_t channel) const noexcept {
    Epilogue result = layer.epilogue;
    result.bias = weights->bias(group);
    if (shape().arithmetic == DataType::f16) {
      result.scale = static_cast<float>(1 << shape().half_shift());
    }
    if (slopes != nullptr) {
      result.slopes = slopes.get() + std::ptrdiff_t{group} * shape().group_bias_size();
    }
    result.advance(channel);
    return result;
  }
};

/// Bytes of workspace for a thread if the caller sets no limit.
inline constexpr std::size_t kDefaultWorkspaceBytes = std::size_t{2} << 20;

/// The limit of a plan's schedules. More than a quarter of the address space is none.
constexpr std::size_t workspace_limit(const PlanOptions& options) noexcept {
  return options.workspace_limit_bytes == 0 ? kDefaultWorkspaceBytes
                                            : std::min(options.workspace_limit_bytes, SIZE_MAX / 4);
}

/// Workspace of `threads` threads, or SIZE_MAX if no machine has so much.
constexpr std::size_t workspace_of(int threads, std::uint64_t thread_bytes) noexcept {
  std::uint64_t bytes = 0;
  return __builtin_mul_overflow(thread_bytes, static_cast<unsigned>(threads), &bytes) ||
                 bytes > SIZE_MAX
             ? SIZE_MAX
             : static_cast<std::size_t>(bytes);
}

/// Products of a chain in planes, at most.
inline constexpr int kMaxPlaneProducts = 160;
/// True if direct convolution stays in planes, see planes_pipeline.cpp: in NCHW, few channels or a
/// kernel of 1 x 1.
bool in_planes(const Layer& layer, const KernelSet& kernels, int chain) noexcept;

/// The same for depthwise convolution, see depthwise_planes.cpp.
bool depthwise_in_planes(const Layer& layer) noexcept;
/// True if the kernel set has depthwise convolution of f16 tensors, which takes clamps alone.
bool depthwise_in_halves(const Layer& layer, const KernelSet& kernels) noexcept;

/// The ways to run a plan with at least one image. `workspace_bytes` is for an executor of
/// `threads`; with a limit that cannot be met it is the least that would do.
struct Pipeline {
  std::size_t (*workspace_bytes)(const PlanData& plan, int threads) noexcept;
  void (*run)(const PlanData& plan, const Tensors& tensors, void* workspace,
              const Executor& executor) noexcept;
};
extern const Pipeline kWinogradPipeline;
extern const Pipeline kDirectPipeline;
extern const Pipeline kPlanesPipeline;
extern const Pipeline kDepthwiseInPlace;
extern const Pipeline kDepthwisePlanes;
extern const Pipeline kDepthwiseStaged;
extern const Pipeline kSmallGroups;

const Pipeline& pipeline_of(const PlanData& plan) noexcept;

/// Every option has a value that means something.
Status check_options(const PlanOptions& options) noexcept;

/// True if a plan in this shape keeps options.workspace_limit_bytes.
bool fits_workspace_limit(const Conv2dDesc& desc, const PlanOptions& options,
                          const PackedShape& shape, const KernelSet& kernels) noexcept;

/// PackedWeights::create for a kernel set that was chosen before: for algorithms that compete on
/// the same one, and for tests of sets that the library does not have.
Result<PackedWeights> pack_for(const KernelSet& kernels, const Conv2dDesc& desc,
                               const PlanOptions& options, const float* weights,
                               const float* bias) noexcept;

/// What a run with an executor of just this concurrency needs.
std::size_t needed_workspace(const PlanData& plan, int threads) noexcept;

/// Calls body(index) for each index in [0, count) on the executor; after each, its streaming stores
/// are in order before whatever the executor does to signal its end.
template <class Body>
void parallel_for(const Executor& executor, int count, const PlanData& plan,
                  const Body& body) noexcept {
  struct Call {
    const Body& body;
    void (*fence)();
  };
  Call call{body, plan.kernels().stream_fence};
  executor.parallel_for(
      count,
      [](void* argument, int index) {
        const Call& c = *static_cast<const Call*>(argument);
        c.body(index);
        if (c.fence != nullptr) c.fence();
      },
      &call);
}

/// Cuts a workspace into pieces on cache-line boundaries; given null it only adds up sizes.
class Arena {
 public:
  explicit Arena(void* base) noexcept : base_(static_cast<char*>(base)) {}
  template <class E = float>
  E* take(std::ptrdiff_t elements) noexcept {
    return reinterpret_cast<E*>(take_bytes(elements * std::ptrdiff_t{sizeof(E)}));
  }
  char* take_bytes(std::int64_t bytes) noexcept {
    char* piece = base_ == nullptr ? nullptr : base_ + used_;
    used_ += static_cast<std::size_t>(
        round_up<std::uint64_t>(static_cast<std::uint64_t>(bytes), kLineBytes));
    return piece;
  }
  std::size_t used() const noexcept { return used_; }

  /// Bytes that a piece takes.
  static std::uint64_t bytes_of(std::int64_t floats) noexcept {
    return round_up<std::uint64_t>(static_cast<std::uint64_t>(floats) * sizeof(float), kLineBytes);
  }

 private:
  char* base_;
  std::size_t used_ = 0;
};

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_PLANNING_PLAN_DATA_HPP
