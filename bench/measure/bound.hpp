// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_MEASURE_BOUND_HPP
#define WINOGRAD_BENCH_MEASURE_BOUND_HPP

#include <cstdint>

#include "winograd/conv2d.hpp"

namespace winograd::bench {

/// How far `algorithm` could get if every instruction were a full multiply-add of the product or an
/// operation of a transform, all at the FMA peak and with nothing to wait for: direct-equivalent
/// FLOP/s over the peak. 3.6 for F(4,3) of 64 -> 64 channels. Outputs that do not fill the last
/// tile of an axis are charged as a smaller tile.
double arithmetic_bound(const Conv2dDesc& desc, Algorithm algorithm);

/// Floating-point operations of the matrix products that `algorithm` makes of the layer.
double gemm_flops(const Conv2dDesc& desc, Algorithm algorithm);

/// Additions and multiply-adds of one 1-D transform of an input tile of `alpha` elements, and to an
/// output tile of `m`: those of F(2,3), F(4,3) and F(6,3) as generated; others are interpolated.
double input_operations(std::int64_t alpha);
double output_operations(std::int64_t m);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MEASURE_BOUND_HPP
