// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/views/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace winograd::bench {

std::string progress_text(std::size_t done, std::size_t steps, const std::string& what) {
  constexpr std::size_t kWidth = 24;
  const std::size_t filled = steps == 0 ? kWidth : kWidth * done / steps;
  return fmt::format("[{}{}] {} of {}{}{}", std::string(filled, '#'),
                     std::string(kWidth - filled, '.'), done, steps, what.empty() ? "" : ", ",
                     what);
}

Progress::Progress(std::size_t steps) : steps_(steps), terminal_(isatty(STDERR_FILENO) == 1) {}

void Progress::show(std::size_t done, const std::string& what) {
  if (!terminal_) return;
  // Back to the start of the line, and away with what stood there.
  fmt::print(stderr, "\r\033[K{}", progress_text(done, steps_, what));
  std::fflush(stderr);
  shown_ = true;
}

void Progress::clear() {
  if (!shown_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
  shown_ = false;
}

}  // namespace winograd::bench
