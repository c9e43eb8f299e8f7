// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What every implementation is checked against before it is timed: the same convolution in double.
#ifndef WINOGRAD_BENCH_MEASURE_REFERENCE_HPP
#define WINOGRAD_BENCH_MEASURE_REFERENCE_HPP

#include <vector>

#include "winograd/conv2d.hpp"

namespace winograd::bench {

/// Random data of one layer: input uniform in [-1, 1), weights as He et al. initialise them.
struct LayerData {
  explicit LayerData(const Conv2dDesc& desc);

  const float* src(Layout layout) const {
    return (layout == Layout::nhwc ? src_nhwc : src_nchw).data();
  }

  Conv2dDesc desc;  ///< its layout says nothing about this data
  std::vector<float> src_nhwc;
  std::vector<float> src_nchw;
  std::vector<float> weights;  ///< OIHW
  std::vector<float> bias;
};

struct Reference {
  std::vector<double> value;  ///< NHWC, after bias and activation
  double rms = 0.0;           ///< of value
};

/// All outputs in double (im2col and Eigen). A sample of them is computed again by the definition;
/// throws std::logic_error if they differ.
Reference compute_reference(const LayerData& data);

/// Both relative to the RMS of the reference.
struct Error {
  double rms = 0.0;
  double max = 0.0;
};

/// Error of all of `dst`, which is in `layout`. NaN in dst gives NaN.
Error measure_error(const LayerData& data, const Reference& reference, Layout layout,
                    const float* dst);

/// RMS error of the plain fp32 loop over channels, kernel rows and kernel columns with one
/// accumulator: the accuracy that `Accuracy::standard` promises to keep. From an even sample.
double sequential_rms_error(const LayerData& data, const Reference& reference);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MEASURE_REFERENCE_HPP
