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
  /// Direct: as many inputs as outputs in each group, 1 (depthwise), 4, 8 or 16, so that the inputs
  /// of a lane block of outputs are the same lane block; and KernelSet::largest_group at most.
  bool small_groups = false;
  int groups = 1;
  int group_c = 0;  ///< input channels of a group
  int group_k = 0;  ///< output channels of a group
  /// Winograd: groups that are packed as one, with zeros where an input is of another group than
  /// the output, so that each has whole lane blocks. What that wastes, the narrow panels of direct
  /// groups waste too.
  int merged = 1;
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
    return !is_winograd() || groups > 1 || h < 0 || w < 0 ? -1 : h + w;
  }
  bool depthwise() const { return small_groups && group_c == 1; }
  /// Output channels whose panels stand one after another: of the whole layer, or (direct) a group.
  int panel_channels() const { return is_winograd() || small_groups ? groups * group_k : group_k; }
  int panels() const { return ceil_div(panel_channels(), kPanel); }
  /// The same with padding.
  int padded_k() const { return round_up(panel_channels(), small_groups ? kPanel : 8); }
  /// Input and output channels of the groups that are one.
  int merged_c() const { return group_c * merged; }
  int merged_k() const { return group_k * merged; }
  /// Width of a panel: 16 or 8.
  int panel_width(int panel) const {
    return panel + 1 < panels() ? kPanel : padded_k() - panel * kPanel;
  }
  const AxisFamilyInfo& axis_h() const { return axis_family_info(family_h); }
  const AxisFamilyInfo& axis_w() const { return axis_family_info(family_w); }
  /// Products that one output sums, in one frequency or in one group: those of a strided layer are
  /// of all its phases, which are like more input channels.
  std::ptrdiff_t depth() const {
    return std::ptrdiff_t{merged_c()} *
           (is_winograd() ? axis_h().stride * axis_w().stride : kernel_h * kernel_w);
  }
  int frequencies() const { return axis_h().alpha * axis_w().alpha; }
  /// Frequency xi of a strided layer may have fewer phases along an axis.
  int phases_h(int xi) const { return axis_h().phases(xi / axis_w().alpha); }
  int phases_w(int xi) const { return axis_w().phases(xi % axis_w().alpha); }
  /// Matrices [depth][padded_k], one after another: frequencies, or groups.
  int matrices() const { return is_winograd() ? frequencies() : small_groups ? 1 : groups; }
  std::ptrdiff_t depth(int matrix) const {
    return is_winograd() ? std::ptrdiff_t{merged_c()} * phases_h(matrix) * phases_w(matrix)
                         : depth();
  }
  /// What matrices consist of: one phase of a frequency, or a group.
  std::ptrdiff_t unit_size() const {
    const std::ptrdiff_t rows = is_winograd() ? std::ptrdiff_t{merged_c()} : depth();
    return round_up(rows * padded_k(), std::ptrdiff_t{16});
  }
  int units() const {
    return is_winograd() ? axis_h().values(axis_h().alpha) * axis_w().values(axis_w().alpha)
                         : matrices();
  }
  /// Units before a matrix. Only the last row and column of frequencies have fewer phases.
  int units_before(int matrix) const {
    if (!is_winograd()) return matrix;
    const int i = matrix / axis_w().alpha, j = matrix % axis_w().alpha;
    return i * axis_h().stride * axis_w().values(axis_w().alpha) +
           phases_h(matrix) * j * axis_w().stride;
  }
  std::ptrdiff_t weights_size() const { return units() * unit_size(); }
  /// Floats that take as much memory as the weights.
  std::ptrdiff_t weights_floats() const {
    return type == DataType::f16 ? weights_size() / 2 : weights_size();
  }
  int group_bias_size() const { return panels() * kPanel; }
  /// Groups that have panels of their own.
  int panel_groups() const { return is_winograd() || small_groups ? 1 : groups; }
  std::ptrdiff_t bias_size() const { return std::ptrdiff_t{panel_groups()} * group_bias_size(); }
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

/// Fills the shape for an algorithm by name, or says why it cannot compute the layer. Groups are
/// small if they are for any kernel set.
Status shape_for(const Conv2dDesc& desc, Algorithm algorithm, PackedShape* shape) noexcept;
/// The same for `kernels`, with weights of the type, and the arithmetic, that `accuracy` asks for
/// and they have. Weights of small groups, which are few, are always f32.
Status shape_for(const Conv2dDesc& desc, Algorithm algorithm, Accuracy accuracy,
                 const KernelSet& kernels, PackedShape* shape) noexcept;

}  // namespace winograd::detail

#endif  // WINOGRAD_SRC_WEIGHTS_PACKED_SHAPE_HPP
