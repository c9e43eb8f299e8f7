// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/peers/contender.hpp"

namespace winograd::bench {

// WINOGRAD_BENCH_PEERS is a list made by CMake: X(name) for each peers/<name>.cpp that is built.
#define X(name) extern const Peer kPeer_##name;
WINOGRAD_BENCH_PEERS
#undef X

const std::vector<const Peer*>& peers() {
  static const std::vector<const Peer*> all = {
#define X(name) &kPeer_##name,
      WINOGRAD_BENCH_PEERS
#undef X
  };
  return all;
}

}  // namespace winograd::bench
