// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_UPSCALE_MODEL_HPP
#define WINOGRAD_UPSCALE_MODEL_HPP

#include <filesystem>
#include <string>

namespace winograd::upscale {

/// Every model here makes 4 pixels of one, along each axis.
inline constexpr int kScale = 4;

struct Model {
  std::filesystem::path file;
  double range;  ///< white, in the numbers that the network takes and gives
};

/// "gans" or "medium", in `folder`. Throws std::runtime_error if the file is not there.
Model find_model(const std::string& name, const std::filesystem::path& folder);

/// Where fetch_models.sh puts them.
std::filesystem::path default_model_folder();

}  // namespace winograd::upscale

#endif  // WINOGRAD_UPSCALE_MODEL_HPP
