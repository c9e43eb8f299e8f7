// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/runtime/stage_clock.hpp"

namespace winograd::detail {

StageTimes*& stage_times() noexcept {
#ifdef __EMSCRIPTEN__
  // Compiled for threads and linked without, a module has no place for variables of a thread, and
  // finds them at address 0. Nobody measures stages there.
  static StageTimes* times = nullptr;
#else
  thread_local StageTimes* times = nullptr;
#endif
  return times;
}

}  // namespace winograd::detail
