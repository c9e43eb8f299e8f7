// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What packed weights are packed for: the algorithm, and the shape that follows from it.
#ifndef WINOGRAD_SRC_WEIGHTS_PACKED_SHAPE_HPP
#define WINOGRAD_SRC_WEIGHTS_PACKED_SHAPE_HPP

#include <cstddef>
#include <cstdint>

#include "kernels/contract/kernel_set.hpp"
#include "kernels/transforms/axis_family.hpp"
#include "src/runtime/arithmetic.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::detail {

/// What the packed numbers mean; also the header of the serialized form.
struct PackedShape {
  Algorithm algorithm = Algorithm::direct;
  AxisFamily family_h = AxisFamily::identity;  ///< winograd only
  AxisFamily family_w = AxisFamily::identity;
  bool depthwise = false;
  int groups = 1;
  int group_c = 0;  ///< input channels of a group
  int group_k = 0;  ///< output channels of a group
  int kernel_h = 0;
  int kernel_w = 0;
  DataType type = DataType::f32;  ///< of the weights, f32 or f16; the bias is f32
  /// What kernels compute with, f32 or f16: then weights are f16, of Winograd, and times
  /// 2^-half_shift().
  DataType arithmetic = DataType::f32;

  friend bool operator==(const PackedShape&, const PackedShape&) = default;

  bool is_winograd() const { return algorithm != Algorithm::direct; }
  /// See half_axis_shift; below 0 if there is no arithmetic on f16.
  int half_shift() const {
    const int h = half_axis_shift(family_h), w = half_axis_shift(family_w);
    return !is_winograd() || h < 0 || w < 0 ? -1 : h + w;
  }
  /// Panels of a group (depthwise: lane blocks of the whole layer).
  int panels() const { return ceil_div(depthwise ? groups : group_k, kPanel); }
  /// Output channels of a group, with padding.
  int padded_k() const { return round_up(depthwise ? groups : group_k, depthwise ? kPanel : 8); }
  /// Width of a panel: 16 or 8.
  int panel_width(int panel) const {
    return panel + 1 < panels() ? kPanel : padded_k() - panel * kPanel;
  }
  /// Products that one output sums, in one frequency or in one group.
  std::ptrdiff_t depth() const {
    return is_winograd() ? group_c : std::ptrdiff_t{group_c} * kernel_h * kernel_w;
  }
  int frequencies() const {
    return axis_family_info(family_h).alpha * axis_family_info(family_w).alpha;
  }
  /// Matrices [depth][padded_k], one after another: frequencies, or groups.
  int matrices() const { return is_winograd() ? frequencies() : depthwise ? 1 : groups; }
  std::ptrdiff_t matrix_size() const { return round_up(depth() * padded_k(), std::ptrdiff_t{16}); }
  std::ptrdiff_t weights_size() const { return matrices() * matrix_size(); }
  /// Floats that take as much memory as the weights.
  std::ptrdiff_t weights_floats() const {
    return type == DataType::f16 ? weights_size() / 2 : weights_size();
  }
  int group_bias_size() const { return panels() * kPanel; }
  std::ptrdiff_t bias_size() const {
    return std::ptrdiff_t{depthwise ? 1 : groups} * group_bias_size();
  }
  /// Floats, or as many bytes, of weights and bias. The sizes above are those of a shape where this
  /// is at most kMaxFloats; this one is right for any numbers that validate() accepts, or the
  /// largest integer.
  std::int64_t float_count() const noexcept;
};

inline constexpr Algorithm kAlgorithms[] = {Algorithm::direct, Algorithm::winograd_f2,
                                            Algorithm::winograd_f3, Algorithm::winograd_f4,
                                            Algorithm::winograd_f6};

/// True for the numbers of kAlgorithms.
bool is_algorithm(unsigned value) noexcept;

/// Outputs of a whole tile along an axis with a transform; 0 for direct.
int tile_of(Algorithm algorithm) noexcept;

/// Fills the shape for an algorithm by name, or says why it cannot compute the layer.
Status shape_for(const Conv2dDesc& desc, Algorithm algorithm, PackedShape* shape) noexcept;
/// The same with weights of the type, and the arithmetic, that `accuracy` asks for and `kernels`
/// have. Weights of depthwise layers, which are few, are always f32.
Status shape_for(const Conv2dDesc& desc, Algorithm algorithm, Accuracy accuracy,
                 const KernelSet& kernels, PackedShape* shape) noexcept;

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_WEIGHTS_PACKED_SHAPE_HPP
