// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// 2-D convolution (cross-correlation, as neural networks mean it) in fp32, of tensors in f32, f16
// or bf16 (in f16 where Accuracy::half allows it):
//
//   dst[n,k,y,x] = act( bias[k] + residual[n,k,y,x]
//                  + sum over c,i,j of weights[k,c,i,j]
//                    * src[n, c, y*stride_h + i*dilation_h - pad_top,
//                                x*stride_w + j*dilation_w - pad_left] )
//
// Describe -> plan -> run. A plan is made once and run many times; run() allocates nothing.
//
//   winograd::Conv2dDesc desc;
//   desc.in_channels = 64;  desc.out_channels = 64;  desc.height = desc.width = 56;
//   desc.set_padding(1);
//   auto plan = winograd::Conv2dPlan::create(desc, {}, weights, nullptr);
//   if (!plan) return plan.status();
//   winograd::WorkspaceBuffer workspace;  // winograd/workspace_buffer.hpp
//   if (auto status = workspace.reserve(*plan, 1); !status) return status;
//   run: plan->run(src, dst, workspace);
//
// All sizes are element counts unless a name ends in `_bytes`.
#ifndef WINOGRAD_CONV2D_HPP
#define WINOGRAD_CONV2D_HPP

#include <cstddef>
#include <cstdint>
#include <memory>

#include "winograd/executor.hpp"
#include "winograd/export.h"
#include "winograd/status.hpp"

// X11 has a macro of this name.
#pragma push_macro("Status")
#undef Status

namespace winograd {

/// Type of elements in memory. The types of 16 bits only store: their numbers are widened, exactly,
/// as they are read, all arithmetic is fp32, and results are rounded to the nearest (ties to even)
/// as they are written; those beyond the type's range become infinite. For f16 Accuracy::half
/// allows more.
enum class DataType : std::uint8_t {
  f32,
  f16,   ///< IEEE 754 binary16: 11 significant bits, up to 65504
  bf16,  ///< the upper half of an f32: 8 significant bits, the range of f32
};

/// Memory order of src, dst and residual; dense, no strides between rows.
enum class Layout : std::uint8_t {
  nchw,  ///< [batch][channels][height][width]
  nhwc,  ///< [batch][height][width][channels]
};

/// Memory order of the weights handed in; C is in_channels / groups.
enum class WeightLayout : std::uint8_t {
  oihw,  ///< [out_channels][C][kernel_h][kernel_w]
  hwio,  ///< [kernel_h][kernel_w][C][out_channels]
};

/// Fused into the store of dst. A NaN passes through every one of them.
enum class Activation : std::uint8_t {
  none,
  relu,        ///< max(x, 0)
  relu6,       ///< min(max(x, 0), 6)
  clamp,       ///< min(max(x, activation_min), activation_max)
  leaky_relu,  ///< x >= 0 ? x : x * leaky_slope
  // Within 2 units in the last place of the function of the float that goes in; of infinity they
  // are the limit.
  sigmoid,       ///< 1 / (1 + exp(-x))
  tanh,          ///< (exp(2x) - 1) / (exp(2x) + 1)
  silu,          ///< x * sigmoid(x); also called Swish
  hard_sigmoid,  ///< min(max(x + 3, 0), 6) / 6
  hard_swish,    ///< x * hard_sigmoid(x)
  mish,          ///< x * tanh(ln(1 + exp(x)))
  gelu_tanh,     ///< x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3)))
  prelu,         ///< x >= 0 ? x : x * PlanOptions::prelu_slopes[channel]
};

/// What to compute with. `winograd_fM` means F(M, r) along every axis whose kernel is r > 1.
enum class Algorithm : std::uint8_t {
  automatic,    ///< The cost model chooses, within `PlanOptions::accuracy`.
  direct,       ///< Implicit GEMM (depthwise: its own kernel); takes every geometry.
  winograd_f2,  ///< F(2,3), F(2,5), F(2,7); with stride 2 kernels of 3 and 5
  winograd_f3,  ///< F(3,3)
  winograd_f4,  ///< F(4,3), F(4,5); also with stride 2
  winograd_f6,  ///< F(6,3)
};

/// Upper bound of the rounding error, in RMS(error) / RMS(output) for zero-mean weights.
/// docs/accuracy.md has the measured table; `PlanInfo::expected_rms_error` the estimate for a plan.
enum class Accuracy : std::uint8_t {
  strict,  ///< Shortest chains of products: well below a sequential fp32 direct convolution.
  /// At most the error of a sequential fp32 direct convolution: from 256 channels on for input of
  /// mean zero, from 512 on behind a ReLU; about twice that at 64. The default.
  standard,
  relaxed,  ///< A few times that: allows F(6,3), F(4,5), F(2,7), long chains.
  /// About 1e-3: packs weights as f16, in half the memory. What is computed with them is fp32, by
  /// the algorithms of `standard`. But tensors in f16, on a CPU that computes with them
  /// (Isa::neon_fp16), minimal filtering computes in f16: at most the error of a sequential f16
  /// direct convolution, 3.5e-3 at 64 channels, unless the algorithm is asked for by name; inputs
  /// must stay within +-2^11. What direct convolution does is fp32 there, too.
  half,
};

/// Instruction sets, weakest first within an architecture.
enum class Isa : std::uint8_t {
  scalar,
  sse2,
  avx2,  ///< AVX2, FMA and F16C
  avx512,
  neon_armv7,
  neon_armv7_fma,
  neon,          ///< AArch64
  wasm_simd128,  ///< WebAssembly
  neon_fp16,     ///< AArch64 with FEAT_FP16: `neon`, and arithmetic on f16
  best = 255,
};

WINOGRAD_API const char* to_string(DataType type) noexcept;
WINOGRAD_API const char* to_string(Layout layout) noexcept;
WINOGRAD_API const char* to_string(Activation activation) noexcept;
WINOGRAD_API const char* to_string(Algorithm algorithm) noexcept;
WINOGRAD_API const char* to_string(Accuracy accuracy) noexcept;
WINOGRAD_API const char* to_string(Isa isa) noexcept;

/// True if this build has kernels for `isa` and this CPU can run them.
WINOGRAD_API bool isa_available(Isa isa) noexcept;

/// One convolution, without its data.
struct Conv2dDesc {
  /// No field below may be larger, nor an image with its padding higher or wider: the library
  /// counts rows, columns and channels in 32 bits. Tensors may have more elements.
  static constexpr std::int64_t kMaxExtent = std::int64_t{1} << 28;

  std::int64_t batch = 1;         ///< N; 0 for an empty run, which does nothing and succeeds
  std::int64_t in_channels = 0;   ///< C, all groups together
  std::int64_t out_channels = 0;  ///< K, all groups together
  std::int64_t height = 0;        ///< H of src
  std::int64_t width = 0;         ///< W of src
  std::int64_t kernel_h = 3;
  std::int64_t kernel_w = 3;
  std::int64_t stride_h = 1;
  std::int64_t stride_w = 1;
  std::int64_t dilation_h = 1;
  std::int64_t dilation_w = 1;
  std::int64_t pad_top = 0;  ///< rows of zeros above; likewise the other three
  std::int64_t pad_left = 0;
  std::int64_t pad_bottom = 0;
  std::int64_t pad_right = 0;
  std::int64_t groups = 1;  ///< divides C and K; == C for a depthwise convolution
  Layout layout = Layout::nchw;
  bool residual = false;  ///< a tensor of dst's shape is added before the activation
  Activation activation = Activation::none;
  float activation_min = 0.0F;         ///< for Activation::clamp
  float activation_max = 0.0F;         ///< for Activation::clamp
  float leaky_slope = 0.01F;           ///< for Activation::leaky_relu
  DataType data_type = DataType::f32;  ///< of src, dst and residual

  void set_padding(std::int64_t all_sides) noexcept {
    pad_top = pad_left = pad_bottom = pad_right = all_sides;
  }
  /// Height / width of dst; only meaningful for a description that `validate` accepts.
  std::int64_t out_height() const noexcept {
    return (height + pad_top + pad_bottom - (kernel_h - 1) * dilation_h - 1) / stride_h + 1;
  }
  std::int64_t out_width() const noexcept {
    return (width + pad_left + pad_right - (kernel_w - 1) * dilation_w - 1) / stride_w + 1;
  }
  std::int64_t src_size() const noexcept { return batch * in_channels * height * width; }
  std::int64_t dst_size() const noexcept {
    return batch * out_channels * out_height() * out_width();
  }
  std::int64_t weights_size() const noexcept {
    return out_channels * (in_channels / (groups > 0 ? groups : 1)) * kernel_h * kernel_w;
  }
};

/// Checks every field, every combination and every size for overflow.
WINOGRAD_API Status validate(const Conv2dDesc& desc) noexcept;

class TuningCache;  // winograd/tuning_cache.hpp

/// How fast this machine runs what the cost model estimates, on one thread; 0: not known.
/// calibrate() measures it. A plain number, to be kept with the caller's settings.
struct Calibration {
  double seconds_per_cycle = 0.0;
};

/// How a plan is to be made. The defaults suit most callers.
struct PlanOptions {
  Algorithm algorithm = Algorithm::automatic;
  Accuracy accuracy = Accuracy::standard;
  /// Use no wider instructions than this. The environment variable WINOGRAD_MAX_ISA (the names of
  /// to_string(Isa)) lowers it further, read once per process.
  Isa max_isa = Isa::best;
  /// Cap of the workspace, in bytes for each thread; 0: the default of 2 MiB, which is exceeded
  /// only when a layer cannot work in less. With an explicit cap creation fails instead, and the
  /// message says what would be enough.
  std::size_t workspace_limit_bytes = 0;
  /// Cap of the packed weights, in bytes; 0: none. `automatic` then passes over algorithms that
  /// need more, and PlanInfo::reason tells what was given up; one asked for by name fails instead.
  std::size_t packed_limit_bytes = 0;
  /// If set, `automatic` is decided by measuring instead of estimating; see TuningCache. Used only
  /// during the call that packs weights.
  TuningCache* tuning = nullptr;
  WeightLayout weight_layout = WeightLayout::oihw;
  /// Make zeros of packed weights that are subnormal, |w| < 2^-126, which many CPUs multiply
  /// slowly. Such weights do not matter beside others, but a layer of nothing else then gives its
  /// bias.
  bool flush_subnormal_weights = false;
  /// If not null, [out_channels] each: the layer computes scale[k] * (sum + bias[k]) + shift[k]
  /// before residual and activation. They are folded into weights and bias as these are packed,
  /// in double precision and rounded once, so a batch normalisation costs nothing in a run, and no
  /// copy of the weights: scale = gamma / sqrt(variance + epsilon), shift = beta - mean * scale.
  /// Read only during the call that packs weights; what is planned from PackedWeights has theirs.
  const float* output_scale = nullptr;
  const float* output_shift = nullptr;
  /// The slopes of Activation::prelu: [out_channels], finite. A plan copies them when it is made;
  /// packed weights do without, and other activations do not look at them.
  const float* prelu_slopes = nullptr;
  /// Turns estimated cycles into estimated seconds; changes nothing else.
  Calibration calibration = {};
};

/// Caller-owned scratch memory. Contents need not be kept between runs and are undefined after.
/// WorkspaceBuffer (winograd/workspace_buffer.hpp) is one that owns its memory.
struct Workspace {
  void* data = nullptr;
  std::size_t size_bytes = 0;
};

struct WorkspaceRequirement {
  std::size_t size_bytes = 0;
  std::size_t alignment_bytes = 64;
};

namespace detail {
struct Access;
struct PackedWeightsData;
struct PlanData;
}  // namespace detail

/// What of a Conv2dDesc packed weights are for, with the same names and meanings.
struct WeightsShape {
  std::int64_t in_channels = 0;
  std::int64_t out_channels = 0;
  std::int64_t kernel_h = 0;
  std::int64_t kernel_w = 0;
  std::int64_t groups = 0;
};

/// Weights and bias in the order the kernels want. Immutable, cheap to copy (shared ownership),
/// safe to share between plans and threads. Depends on the layer's channels, kernel, groups,
/// algorithm and instruction set; not on height, width, batch, padding, layout or thread count.
class WINOGRAD_API PackedWeights {
 public:
  /// Packs `weights` ([desc.weights_size()], in options.weight_layout) and `bias`
  /// ([desc.out_channels], or null for none). Both are copied. An algorithm of `automatic` is
  /// decided here, for the spatial size in `desc`.
  static Result<PackedWeights> create(const Conv2dDesc& desc, const PlanOptions& options,
                                      const float* weights, const float* bias) noexcept;
  /// The same for weights of any type, whatever desc.data_type is. The bias is always float.
  static Result<PackedWeights> create(const Conv2dDesc& desc, const PlanOptions& options,
                                      DataType weights_type, const void* weights,
                                      const float* bias) noexcept;

  Algorithm algorithm() const noexcept;
  Isa isa() const noexcept;
  WeightsShape shape() const noexcept;
  /// Bytes of memory held by the packed weights and bias.
  std::size_t size_bytes() const noexcept;

  /// Bytes that save() writes.
  std::size_t serialized_size_bytes() const noexcept;
  /// Writes a self-describing blob: version, kernel layout, shape, checksum, data in native byte
  /// order. `buffer` needs no alignment.
  Status save(void* buffer, std::size_t size_bytes) const noexcept;
  /// Reads what save() wrote. A blob that is damaged, of another version, or made for kernels this
  /// machine cannot run fails with `bad_packed_data`.
  static Result<PackedWeights> load(const void* buffer, std::size_t size_bytes) noexcept;

  /// True if both handles share one copy of the numbers.
  friend bool operator==(const PackedWeights& a, const PackedWeights& b) noexcept {
    return a.data_ == b.data_;
  }
  friend bool operator!=(const PackedWeights& a, const PackedWeights& b) noexcept {
    return !(a == b);
  }

 private:
  friend struct detail::Access;
  explicit PackedWeights(std::shared_ptr<const detail::PackedWeightsData> data) noexcept;

  std::shared_ptr<const detail::PackedWeightsData> data_;
};

/// Some neighbouring channels of src, as a tensor of their own: [batch, channels, height, width] or
/// [batch, height, width, channels].
struct SourcePart {
  const void* data = nullptr;  ///< elements of the type that `run` is told
  std::int64_t channels = 0;
};

/// What one run is estimated to cost on one thread.
struct Cost {
  double products;     ///< multiplications of the definition, zeros of the padding included
  double bytes_moved;  ///< src, dst, residual and packed weights, each once
  double cycles;       ///< by the cost model, in cycles of the arithmetic units
  double seconds;      ///< by PlanOptions::calibration; 0 without
};

/// What a plan will do, and why.
struct PlanInfo {
  Algorithm algorithm;  ///< never `automatic`
  Isa isa;              ///< of the kernels
  const char* kernel;   ///< e.g. "winograd_f4_f32_6x16_avx2"; static storage
  const char* reason;   ///< why this algorithm; valid as long as the plan
  /// Bound of RMS(error) / RMS(output before the activation), for weights of mean zero and layers
  /// of at least 100 outputs: the error is below 1.25 times this in 99 of 100, and below twice in
  /// all.
  double expected_rms_error;
  std::size_t packed_bytes;  ///< of the packed weights and bias
  Cost estimated;
};

/// A validated convolution bound to its weights. Immutable and cheap to copy; any number of
/// threads may run() one plan at the same time, each with its own workspace and dst.
class WINOGRAD_API Conv2dPlan {
 public:
  /// Packs the weights (see PackedWeights::create) and plans.
  static Result<Conv2dPlan> create(const Conv2dDesc& desc, const PlanOptions& options,
                                   const float* weights, const float* bias) noexcept;
  static Result<Conv2dPlan> create(const Conv2dDesc& desc, const PlanOptions& options,
                                   DataType weights_type, const void* weights,
                                   const float* bias) noexcept;
  /// Plans with weights packed before. The algorithm and ISA are those of `weights`; asking for a
  /// different algorithm in `options` is an error.
  static Result<Conv2dPlan> create(const Conv2dDesc& desc, const PlanOptions& options,
                                   const PackedWeights& weights) noexcept;

  /// The same layer for another spatial size and batch; shares the packed weights.
  Result<Conv2dPlan> reshaped(std::int64_t batch, std::int64_t height,
                              std::int64_t width) const noexcept;

  /// Memory that run() needs with an executor of up to `threads` concurrent tasks. Below 1 counts
  /// as 1, above Executor::kMaxConcurrency as that.
  WorkspaceRequirement workspace(int threads) const noexcept;

  /// Computes dst from src.
  /// With a batch of 0 nothing is looked at, and the run succeeds. Otherwise
  /// src: [desc().src_size()], dst and residual: [desc().dst_size()], in desc().layout; any
  /// alignment that the elements have. dst must not overlap src or the workspace. residual must be
  /// given exactly when the description says so; it may be dst itself (added in place), but must
  /// not overlap it otherwise. Every argument is checked before anything is written. Never
  /// allocates. The result does not depend, not even in the last bit, on the number of threads.
  Status run(const float* src, float* dst, Workspace workspace, const Executor& executor = {},
             const float* residual = nullptr) const noexcept;
  /// The same for tensors of any type: `type` is that of src, dst and residual, and must be
  /// desc().data_type. (The one above is this one with DataType::f32.)
  Status run(DataType type, const void* src, void* dst, Workspace workspace,
             const Executor& executor = {}, const void* residual = nullptr) const noexcept;

  static constexpr int kMaxSourceParts = 64;

  /// The same for a src that comes in `count` parts, concatenated along the channel axis: what a
  /// concatenation would copy into one tensor. 1 <= count <= kMaxSourceParts; all parts but the
  /// last have a multiple of 16 channels, wherever the description's groups begin. No part may
  /// overlap dst or the workspace; one part may be given twice. The result is that of the single
  /// tensor, bit by bit.
  Status run(const SourcePart* parts, int count, float* dst, Workspace workspace,
             const Executor& executor = {}, const float* residual = nullptr) const noexcept;
  Status run(DataType type, const SourcePart* parts, int count, void* dst, Workspace workspace,
             const Executor& executor = {}, const void* residual = nullptr) const noexcept;

  const Conv2dDesc& desc() const noexcept;
  PlanInfo info() const noexcept;
  PackedWeights weights() const noexcept;

 private:
  explicit Conv2dPlan(std::shared_ptr<const detail::PlanData> data) noexcept;

  std::shared_ptr<const detail::PlanData> data_;
};

/// What a plan of this layer would cost, without weights and without packing: a matter of a
/// microsecond. `algorithm` (may be null) gets the one that the plan would have. A TuningCache in
/// `options` is not asked.
WINOGRAD_API Result<Cost> predict(const Conv2dDesc& desc, const PlanOptions& options = {},
                                  Algorithm* algorithm = nullptr) noexcept;

/// Runs a few small layers, some milliseconds in all, and compares their times with the estimates.
/// Of `options` the instruction set counts. For when the machine has nothing else to do.
WINOGRAD_API Result<Calibration> calibrate(const PlanOptions& options = {}) noexcept;

/// One-shot convenience: plans, packs, allocates a workspace, runs, frees. For repeated use make a
/// Conv2dPlan. Arguments as for Conv2dPlan::create and run.
WINOGRAD_API Status conv2d(const Conv2dDesc& desc, const float* src, const float* weights,
                           const float* bias, float* dst, const float* residual = nullptr,
                           const PlanOptions& options = {}, const Executor& executor = {}) noexcept;
/// The same for src, weights, dst and residual of the type desc.data_type.
WINOGRAD_API Status conv2d(const Conv2dDesc& desc, DataType type, const void* src,
                           const void* weights, const float* bias, void* dst,
                           const void* residual = nullptr, const PlanOptions& options = {},
                           const Executor& executor = {}) noexcept;

}  // namespace winograd

#pragma pop_macro("Status")

#endif  // WINOGRAD_CONV2D_HPP
