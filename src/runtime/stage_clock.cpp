// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/runtime/stage_clock.hpp"

namespace winograd::detail {

StageTimes*& stage_times() noexcept {
  thread_local StageTimes* times = nullptr;
  return times;
}

}  // namespace winograd::detail
