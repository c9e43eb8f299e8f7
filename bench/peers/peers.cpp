// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/peers/contender.hpp"

namespace winograd::bench {

// WINOGRAD_BENCH_PEERS is a list made by CMake: X(name) for each peers/<name>.cpp that is built;
// WINOGRAD_BENCH_LEFT_OUT_PEERS the same for those that are not.
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

const std::vector<std::string>& left_out_peers() {
  static const std::vector<std::string> all = {
#define X(name) #name,
      WINOGRAD_BENCH_LEFT_OUT_PEERS
#undef X
  };
  return all;
}

}  // namespace winograd::bench
