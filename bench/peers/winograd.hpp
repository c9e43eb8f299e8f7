// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_PEERS_WINOGRAD_HPP
#define WINOGRAD_BENCH_PEERS_WINOGRAD_HPP

#include <memory>

#include "bench/peers/contender.hpp"

namespace winograd::bench {

/// This library. Throws Unsupported where the library says so, std::runtime_error for any other
/// failure.
std::unique_ptr<Contender> create_winograd(const Problem& problem, Algorithm algorithm,
                                           Accuracy accuracy);

/// What the library's cost model needs to know of this machine; measured once for each instruction
/// set, at the first call.
Calibration machine_calibration(Isa max_isa);

/// Where the time of one run goes.
struct StageProfile {
  double input_seconds = 0.0;   ///< input transform; of a direct convolution: gathering the input
  double gemm_seconds = 0.0;    ///< matrix products
  double output_seconds = 0.0;  ///< output transform, bias, activation
  double total_seconds = 0.0;
  double gemm_flops = 0.0;
};

/// Runs what create_winograd made, for one thread, with the library's stage clock on.
StageProfile profile_stages(Contender& contender);

/// The instruction set that the library chooses within `max_isa` (and WINOGRAD_MAX_ISA).
Isa chosen_isa(Isa max_isa);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_PEERS_WINOGRAD_HPP
