// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// 128-bit vectors by the compiler's own extension, with whatever instructions the target always
// has: SSE2 on x86-64 (multiply, then add), and the fallback everywhere.
#include "bench/measure/fma_loop.hpp"

namespace winograd::bench {
namespace {

struct Generic {
  using Vector = float __attribute__((vector_size(16)));
  static constexpr int kLanes = 4;
  static Vector broadcast(float value) { return Vector{value, value, value, value}; }
  static Vector multiply_add(Vector a, Vector b, Vector c) { return a * b + c; }
};

}  // namespace

const FmaLoop* fma_loop_generic() {
  return make_fma_loop<Generic>("generic multiply and add, 4 x fp32");
}

}  // namespace winograd::bench
