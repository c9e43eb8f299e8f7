// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/measure/bound.hpp"

#include "bench/layers/layer.hpp"

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

/// What all tiles of an axis add up to.
struct Axis {
  double frequencies = 0.0;       ///< alpha
  double values = 0.0;            ///< the same, of both phases of stride 2
  double input_operations = 0.0;  ///< of one transform for each tile
  double output_operations = 0.0;
  double outputs = 0.0;
};

Axis tile_axis(std::int64_t outputs, std::int64_t taps, std::int64_t stride, int m) {
  Axis axis;
  axis.outputs = static_cast<double>(outputs);
  if (taps == 1) {  // not transformed along this axis
    axis.frequencies = axis.values = axis.outputs;
    return axis;
  }
  for (std::int64_t done = 0; done < outputs; done += m) {
    const std::int64_t tile = outputs - done < m ? outputs - done : m;
    const std::int64_t alpha = tile + (stride == 2 ? (taps + 1) / 2 : taps) - 1;
    axis.frequencies += static_cast<double>(alpha);
    axis.values += static_cast<double>(alpha);
    axis.input_operations += input_operations(alpha);
    if (stride == 2) {  // odd inputs, with a tap less
      axis.values += static_cast<double>(alpha - 1);
      axis.input_operations += input_operations(alpha - 1);
    }
    axis.output_operations += output_operations(tile);
  }
  return axis;
}

/// Multiply-adds of the products.
double product_operations(const Conv2dDesc& d, const Axis& h, const Axis& w) {
  return static_cast<double>(d.batch) * h.values * w.values *
         static_cast<double>(d.in_channels / d.groups * d.out_channels);
}

}  // namespace

double input_operations(std::int64_t alpha) {
  constexpr double kByAlpha[] = {0, 0, 1, 2, 4, 8, 12, 18, 24};
  return kByAlpha[alpha];
}

double output_operations(std::int64_t m) {
  constexpr double kByOutputs[] = {0, 2, 4, 7, 10, 15, 20};
  return kByOutputs[m];
}

double arithmetic_bound(const Conv2dDesc& d, Algorithm algorithm) {
  const int m = tile_outputs(algorithm);
  if (m == 0) return 1.0;
  const Axis h = tile_axis(d.out_height(), d.kernel_h, d.stride_h, m);
  const Axis w = tile_axis(d.out_width(), d.kernel_w, d.stride_w, m);
  // Input: columns first (one transform for each input column), then rows of frequencies. Output:
  // rows of frequencies first, then columns of outputs.
  const double input = (h.input_operations * w.values + h.values * w.input_operations) *
                       static_cast<double>(d.batch * d.in_channels);
  const double output = (h.frequencies * w.output_operations + h.output_operations * w.outputs) *
                        static_cast<double>(d.batch * d.out_channels);
  return 0.5 * direct_flops(d) / (product_operations(d, h, w) + input + output);
}

double gemm_flops(const Conv2dDesc& d, Algorithm algorithm) {
  const int m = tile_outputs(algorithm);
  if (m == 0) return direct_flops(d);
  return 2.0 * product_operations(d, tile_axis(d.out_height(), d.kernel_h, d.stride_h, m),
                                  tile_axis(d.out_width(), d.kernel_w, d.stride_w, m));
}

}  // namespace winograd::bench
