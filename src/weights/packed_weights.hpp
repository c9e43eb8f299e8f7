// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Weights as the kernels read them.
//
//   winograd   U[xi][panel][phase][C][n]        xi over alpha_h x alpha_w frequencies; one phase
//                                               but for strided layers: even or odd rows by even or
//                                               odd columns, those that the frequency has;
//                                               panels of all groups, C of those that are merged
//   direct     B[group][panel][kernel_h][kernel_w][C / groups][n]
//              W[lane block][kernel_h][kernel_w][C / groups][16]    if groups are small
//
// A panel has n = 16 output channels; the last one of a group has 8 if no more are needed. Missing
// output channels are zeros. The bias follows, padded to whole panels, zeros if there is none.
#ifndef WINOGRAD_SRC_WEIGHTS_PACKED_WEIGHTS_HPP
#define WINOGRAD_SRC_WEIGHTS_PACKED_WEIGHTS_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "kernels/contract/kernel_set.hpp"
#include "src/weights/packed_shape.hpp"

namespace winograd::detail {

/// Floats on a cache-line boundary; empty if the allocation failed. Large ones ask for huge pages:
/// packed weights are streamed, and would otherwise miss the TLB every 4 KiB.
class AlignedFloats {
 public:
  AlignedFloats() noexcept = default;
  explicit AlignedFloats(std::size_t count) noexcept;
  float* get() const noexcept { return data_.get(); }

 private:
  struct Free {
    std::align_val_t alignment;
    void operator()(float* p) const noexcept { ::operator delete(p, alignment); }
  };
  std::unique_ptr<float, Free> data_{nullptr, Free{std::align_val_t{kLineBytes}}};
};

struct PackedWeightsData {
  PackedShape shape;
  const KernelSet* kernels = nullptr;
  char reason[200] = {};  ///< why this algorithm
  AlignedFloats floats;   ///< weights, then bias

  /// Where a panel begins, in numbers.
  std::ptrdiff_t place(int matrix, int panel) const {
    return shape.units_before(matrix) * shape.unit_size() + panel * (shape.depth(matrix) * kPanel);
  }
  /// Of weights in f32.
  const float* panel(int matrix, int panel) const { return floats.get() + place(matrix, panel); }
  /// The numbers from `place` on, in shape.type.
  const void* numbers(std::ptrdiff_t place) const {
    return reinterpret_cast<const char*>(floats.get()) + place * bytes_of(shape.type);
  }
  /// The `count` numbers from `place` on, of weights in any type: those themselves, or widened to
  /// `scratch`.
  const float* widened(std::ptrdiff_t place, std::ptrdiff_t count, float* scratch) const noexcept;
  const float* bias(int group) const {
    return floats.get() + shape.weights_floats() + std::ptrdiff_t{group} * shape.group_bias_size();
  }
  std::size_t float_count() const { return static_cast<std::size_t>(shape.float_count()); }
};

/// Between the handles that users hold and what they hold.
struct Access {
  static PackedWeights handle(std::shared_ptr<const PackedWeightsData> data) noexcept {
    return PackedWeights(std::move(data));
  }
  static const std::shared_ptr<const PackedWeightsData>& data(
      const PackedWeights& weights) noexcept {
    return weights.data_;
  }
};

/// Null if there is no memory.
std::shared_ptr<PackedWeightsData> new_packed_weights() noexcept;

/// Allocates and zero-fills data.floats for data.shape; false if there is no memory.
bool allocate_floats(PackedWeightsData& data) noexcept;

Status out_of_memory(const char* what) noexcept;

/// Packs into data.floats, which is allocated and zero-filled. Of the options: the layout of the
/// weights, and the scale and shift of the outputs, which are folded in.
void pack_weights(PackedWeightsData& data, const PlanOptions& options, const float* weights,
                  const float* bias) noexcept;

/// Makes f16 of packed weights in f32, in other memory. Fails if there is none, or if a finite
/// weight is beyond the range of f16.
Status halve_weights(PackedWeightsData& data) noexcept;

/// Packed weights that are subnormal become zero. After the transform, not before: what the kernels
/// multiply with counts. The bias stays, since it is only added.
void flush_subnormal_weights(PackedWeightsData& data) noexcept;

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_WEIGHTS_PACKED_WEIGHTS_HPP
