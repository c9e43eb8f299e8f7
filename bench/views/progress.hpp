// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_VIEWS_PROGRESS_HPP
#define WINOGRAD_BENCH_VIEWS_PROGRESS_HPP

#include <cstddef>
#include <string>

namespace winograd::bench {

/// A bar on stderr, if that is a terminal; otherwise nothing.
class Progress {
 public:
  explicit Progress(std::size_t steps);
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `what` is what comes next.
  void show(std::size_t done, const std::string& what);
  void clear();

 private:
  std::size_t steps_;
  bool terminal_;
  bool shown_ = false;
};

/// "[#####.....] 11 of 23, n1c64h56w56k64r3s1p1"
std::string progress_text(std::size_t done, std::size_t steps, const std::string& what);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_VIEWS_PROGRESS_HPP
