// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/measure/fma_loop_neon.hpp"

namespace winograd::bench {

const FmaLoop* fma_loop_neon_armv7_fma() { return make_fma_loop<Neon>("neon fma, 4 x fp32"); }

}  // namespace winograd::bench
