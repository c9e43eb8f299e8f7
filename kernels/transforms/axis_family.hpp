// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What the pipelines need to know about a transform along one axis.
#ifndef WINOGRAD_KERNELS_TRANSFORMS_AXIS_FAMILY_HPP
#define WINOGRAD_KERNELS_TRANSFORMS_AXIS_FAMILY_HPP

#include <cstdint>

namespace winograd::detail {

/// F(M, r) along one axis, together with its smaller tiles F(1, r) ... F(M - 1, r), which read a
/// subset of the same U. "s2" is a filter of r taps with stride 2, from the transforms of its even
/// and odd taps (kernels/transforms/polyphase.hpp). The numbers are part of the packed-weights
/// format: append, never reorder.
enum class AxisFamily : std::uint8_t {
  identity,
  f2_3,
  f3_3,
  f4_3,
  f6_3,
  f2_5,
  f4_5,
  f2_7,
  f2_3s2,
  f4_3s2,
  f2_5s2,
  f4_5s2
};

inline constexpr int kAxisFamilies = 12;
inline constexpr int kMaxTile = 6;   ///< largest M
inline constexpr int kMaxAlpha = 8;  ///< largest M + r - 1
inline constexpr int kMaxTaps = 7;   ///< largest r
inline constexpr int kMaxFrequencies = kMaxAlpha * kMaxAlpha;

struct AxisFamilyInfo {
  int m;       ///< M
  int r;       ///< taps of the filter
  int stride;  ///< of the filter, and the number of its phases: 1 or 2
  int taps;    ///< of a phase, r / stride rounded up: what the matrices are for
  int alpha;   ///< M + taps - 1
  double filter[kMaxAlpha][kMaxTaps];  ///< G, row per frequency
  /// [outputs - 1]: the variance that rounding errors of a direct sum gain on their way through
  /// these matrices, for a tile of so many outputs.
  double amplification_squared[kMaxTile];

  double max_amplification_squared() const noexcept;

  /// True of a phase that has a tap less than the first: nothing of it is in the last frequency,
  /// infinity, and a tile reads one input less of it.
  constexpr bool is_short(int phase) const { return phase + (taps - 1) * stride >= r; }
  constexpr bool has_short_phase() const { return is_short(stride - 1); }
  /// Phases that are in a frequency, the first ones.
  constexpr int phases(int frequency) const {
    return frequency == alpha - 1 && has_short_phase() ? 1 : stride;
  }
  /// Of all phases together, a tile with `alpha` inputs of the first phase has so many.
  constexpr int values(int tile_alpha) const {
    return tile_alpha * stride - (has_short_phase() ? 1 : 0);
  }
  /// Of the image, neighbours along the axis that `outputs` outputs read.
  constexpr int extent(int outputs) const { return (outputs - 1) * stride + r; }
};

const AxisFamilyInfo& axis_family_info(AxisFamily family) noexcept;

/// Finds the family of F(m, r) with a stride, or says that the table has none. An axis of one tap
/// and stride 1 needs no transform: its family is `identity` for every m.
bool axis_family_of(int m, std::int64_t r, std::int64_t stride, AxisFamily* family) noexcept;

/// Arithmetic on f16 packs U times 2^-shift, the shifts of both axes added up, and takes that back
/// at the end. So M and all behind it are no larger than the output, with a factor of at least two
/// to spare: without it they are up to 3.8 times as large with F(4,3), 5.5 after the first half of
/// the output transform, and would overflow before the output does. -1: none in f16. V, whose
/// numbers are up to 225 times the largest input with F(6,3) and F(4,5), would be infinite; layers
/// with a stride have no kernels.
constexpr int half_axis_shift(AxisFamily family) {
  switch (family) {
    case AxisFamily::identity: return 0;
    case AxisFamily::f2_3: return 1;
    case AxisFamily::f3_3:
    case AxisFamily::f4_3:
    case AxisFamily::f2_5: return 2;
    default: return -1;
  }
}

/// Inputs of a tile of m outputs.
constexpr int tile_alpha(int m, int r) { return m + r - 1; }

/// Frequency of the family that frequency `i` of a tile with `alpha` inputs is: finite points are a
/// prefix of the family's, infinity is last in both.
constexpr int family_frequency(int i, int alpha, int family_alpha) {
  return i == alpha - 1 ? family_alpha - 1 : i;
}

}  // namespace winograd::detail

#endif  // WINOGRAD_KERNELS_TRANSFORMS_AXIS_FAMILY_HPP
