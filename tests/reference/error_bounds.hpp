// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// How far a result in fp32 may be from the reference.
//
// Two bounds, both for data of random sign, whose rounding errors are as good as random too. A
// worst-case bound would be a hundred times wider and hide real mistakes.
//
//  - of each element: |error| <= eps * element * A, where A is the sum of |weight * src|, |bias|
//    and |residual| of that output; for Winograd the largest A of its plane, because an output
//    shares the rounding errors of its whole tile, but no less than half of the norms' product. A
//    grows with n, the products of an output; the error does not grow faster.
//  - of all together: RMS(error) <= eps * rms * (4 + sqrt(n)) * S, where S is the RMS of the
//    output, computed so that it cannot cancel (Reference::square_sum).
//
// eps = 2^-24. `element` and `rms` belong to the algorithm and the kernel: about twice the largest
// that 7,200 random geometries met on the scalar, SSE2 and AVX2 kernels. reference_test.cpp proves
// that a single missing tap in a single output breaks the bounds.
#ifndef WINOGRAD_TESTS_REFERENCE_ERROR_BOUNDS_HPP
#define WINOGRAD_TESTS_REFERENCE_ERROR_BOUNDS_HPP

#include <string>
#include <vector>

#include "tests/reference/naive_conv2d.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::test {

struct ErrorConstants {
  double element;
  double rms;
};

/// `algorithm` is what ran, so not `automatic`.
ErrorConstants error_constants(const Conv2dDesc& desc, Algorithm algorithm);

struct Comparison {
  /// Largest |error| / bound of an element, and RMS(error) / bound: each at most 1 to pass.
  double element_ratio = 0.0;
  double rms_ratio = 0.0;
  /// What is wrong, if something is.
  std::string failure;

  bool ok() const { return failure.empty(); }
};

/// What is f16 of how a plan computes.
enum class Halves : unsigned char { none, weights, arithmetic };
Halves halves_of(const PlanInfo& info, const PlanOptions& options);

/// Compares dst with the reference. A NaN fails.
Comparison compare(const Conv2dDesc& desc, Algorithm algorithm, const Reference& reference,
                   const float* dst, Halves halves = Halves::none);

/// RMS(error) / RMS(output), of the values after the activation.
double relative_rms_error(const Reference& reference, const float* dst);

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_ERROR_BOUNDS_HPP
