// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_MEASURE_BOUND_HPP
#define WINOGRAD_BENCH_MEASURE_BOUND_HPP

#include "winograd/conv2d.hpp"

namespace winograd::bench {

/// How far `algorithm` could get if every instruction were a full multiply-add of the product or an
/// operation of a transform, all at the FMA peak and with nothing to wait for: direct-equivalent
/// FLOP/s over the peak. 3.6 for F(4,3) of 64 -> 64 channels. Outputs that do not fill the last
/// tile of an axis are charged as a smaller tile.
double arithmetic_bound(const Conv2dDesc& desc, Algorithm algorithm);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MEASURE_BOUND_HPP
