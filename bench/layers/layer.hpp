// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// One layer of a network, and the short text that names a geometry everywhere in this benchmark:
//
//   n1c64h56w56k64r3s1p1      batch, in channels, height, width, out channels, kernel, stride, pad
//   c32h20w20k32r1x3p0x1      kernel, stride, padding and dilation may differ by axis: HxW
//   c8h9w9k8r2p0x0x1x1        padding may also be given per side: TOPxLEFTxBOTTOMxRIGHT
//   c32h56w56k32g32d2         groups, dilation
//
// c, h, w and k are required; the others default to n1 r3 s1 p0 d1 g1. Any order is read.
#ifndef WINOGRAD_BENCH_LAYERS_LAYER_HPP
#define WINOGRAD_BENCH_LAYERS_LAYER_HPP

#include <string>
#include <string_view>

#include "winograd/conv2d.hpp"

namespace winograd::bench {

struct Layer {
  Conv2dDesc desc;
  /// How often the network has it.
  int count = 1;
  /// Its name in the network's literature.
  std::string where;
};

/// Throws std::invalid_argument with the reason. The result passes winograd::validate.
Conv2dDesc parse_geometry(std::string_view text);

/// The canonical text: in the order above, without defaults of d and g.
std::string geometry_name(const Conv2dDesc& desc);

/// The same with the activation behind it where that is not a ReLU: "n1c...p1-silu".
std::string layer_name(const Conv2dDesc& desc);

/// Floating-point operations of the convolution by its definition, two for each product. All
/// GFLOP/s of this benchmark are these divided by time, whatever the algorithm computes.
double direct_flops(const Conv2dDesc& desc);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_LAYERS_LAYER_HPP
