// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "measure/bound.hpp"

#include <cstdint>

namespace winograd::bench {
namespace {

/// Outputs of a tile along one axis; 0 for a direct convolution.
int tile_outputs(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::winograd_f2: return 2;
    case Algorithm::winograd_f3: return 3;
    case Algorithm::winograd_f4: return 4;
    case Algorithm::winograd_f6: return 6;
    default: return 0;
  }
}

/// Additions and multiply-adds of one 1-D transform, by its inputs `alpha` or outputs `m`: those of
/// F(2,3), F(4,3) and F(6,3) as generated; what lies between them is interpolated.
double input_operations(std::int64_t alpha) {
  constexpr double kByAlpha[] = {0, 0, 1, 2, 4, 8, 12, 18, 24};
  return kByAlpha[alpha];
}
double output_operations(std::int64_t m) {
  constexpr double kByOutputs[] = {0, 2, 4, 7, 10, 15, 20};
  return kByOutputs[m];
}

/// What all tiles of an axis add up to.
struct Axis {
  double frequencies = 0.0;       ///< alpha
  double input_operations = 0.0;  ///< of one transform for each tile
  double output_operations = 0.0;
  double outputs = 0.0;
};

Axis tile_axis(std::int64_t outputs, std::int64_t taps, int m) {
  Axis axis;
  axis.outputs = static_cast<double>(outputs);
  if (taps == 1) {  // not transformed along this axis
    axis.frequencies = axis.outputs;
    return axis;
  }
  for (std::int64_t done = 0; done < outputs; done += m) {
    const std::int64_t tile = outputs - done < m ? outputs - done : m;
    const std::int64_t alpha = tile + taps - 1;
    axis.frequencies += static_cast<double>(alpha);
    axis.input_operations += input_operations(alpha);
    axis.output_operations += output_operations(tile);
  }
  return axis;
}

}  // namespace

double arithmetic_bound(const Conv2dDesc& d, Algorithm algorithm) {
  const int m = tile_outputs(algorithm);
  if (m == 0) return 1.0;
  const Axis h = tile_axis(d.out_height(), d.kernel_h, m);
  const Axis w = tile_axis(d.out_width(), d.kernel_w, m);
  const auto c = static_cast<double>(d.in_channels);
  const auto k = static_cast<double>(d.out_channels);
  const double pairs = c * k / static_cast<double>(d.groups);
  // Input: columns first (one transform for each input column), then rows of frequencies. Output:
  // rows of frequencies first, then columns of outputs.
  const double product = h.frequencies * w.frequencies * pairs;
  const double input =
      (h.input_operations * w.frequencies + h.frequencies * w.input_operations) * c;
  const double output = (h.frequencies * w.output_operations + h.output_operations * w.outputs) * k;
  const double direct =
      h.outputs * w.outputs * pairs * static_cast<double>(d.kernel_h * d.kernel_w);
  return direct / (product + input + output);
}

}  // namespace winograd::bench
