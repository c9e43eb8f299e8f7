// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_MEASURE_BANDWIDTH_HPP
#define WINOGRAD_BENCH_MEASURE_BANDWIDTH_HPP

namespace winograd::bench {

struct CopyBandwidth {
  double bytes;    ///< read and written
  double seconds;  ///< median of a few copies
};

/// Copies between arrays that are larger than any cache. For the roofline.
CopyBandwidth measure_copy_bandwidth(int threads);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MEASURE_BANDWIDTH_HPP
