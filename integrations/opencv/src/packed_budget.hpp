// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_OPENCV_SRC_PACKED_BUDGET_HPP
#define WINOGRAD_OPENCV_SRC_PACKED_BUDGET_HPP

#include <cstddef>
#include <string>
#include <vector>

#include "winograd/opencv.hpp"

namespace winograd::opencv {

struct LayerRequest {
  Conv2dDesc desc;
  Options options;
};

/// How a layer is to be run.
struct Choice {
  bool ours = true;
  Algorithm algorithm = Algorithm::automatic;
  Accuracy accuracy = Accuracy::standard;
  std::string reason;  ///< empty if the cap changed nothing
  /// What was reckoned with, or 0. The library may know algorithms with more than that.
  std::size_t packed_limit_bytes = 0;
};

/// How a layer with these options runs if nothing caps it.
Choice choice_without_cap(const Options& options);

/// Chooses for every layer so that the packed weights of all take at most `limit_bytes`, at the
/// least estimated time. What fits is left at choice_without_cap.
std::vector<Choice> choose_within(const std::vector<LayerRequest>& layers, std::size_t limit_bytes);

}  // namespace winograd::opencv

#endif  // WINOGRAD_OPENCV_SRC_PACKED_BUDGET_HPP
