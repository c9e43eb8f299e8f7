// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_LAYERS_TARGETS_HPP
#define WINOGRAD_BENCH_LAYERS_TARGETS_HPP

#include <string_view>

#include "winograd/conv2d.hpp"

namespace winograd::bench {

/// x FMA peak that one thread must reach in NHWC on this layer of the list "targets", or 0 if there
/// is no target for this accuracy. Sets that have no targets of their own are held to those of
/// AVX2. Throws std::invalid_argument for any other layer.
double target_x_peak(const Conv2dDesc& desc, Isa isa, Accuracy accuracy);

/// What NCHW must reach of it.
inline constexpr double kNchwShare = 0.95;
/// Speed-up of two threads on layers longer than this on one.
inline constexpr double kTwoThreadSpeedup = 1.85;
inline constexpr double kTwoThreadSeconds = 0.5e-3;

/// What --network must reach with one thread, standard accuracy and automatic choice: how many
/// times as fast as `peer`, or as the best of the peers for each layer or network where it is null.
/// 0: no target.
struct NetworkTarget {
  const char* list;
  const char* peer;
  double total;           ///< of all layers together
  double every_layer;     ///< of the layer that fares worst
  double geometric_mean;  ///< of the layers
};
/// Null if the list has none.
const NetworkTarget* network_target(std::string_view list);

/// RMS error that `Accuracy::standard` may have on any layer: that of a sequential fp32 convolution
/// of 256 channels. Layers on which a sequential convolution is worse may be as bad as it.
inline constexpr double kStandardRmsError = 8.6e-7;
/// The same for `Accuracy::relaxed`.
inline constexpr double kRelaxedRmsError = 4.5e-6;

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_LAYERS_TARGETS_HPP
