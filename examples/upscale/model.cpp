// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "model.hpp"

#include <cstdlib>
#include <stdexcept>

namespace winograd::upscale {

Model find_model(const std::string& name, const std::filesystem::path& folder) {
  const Model model{folder / (name + ".onnx"), name == "gans" ? 1.0 : 255.0};
  if (!std::filesystem::exists(model.file)) {
    throw std::runtime_error("there is no " + model.file.string() +
                             "; examples/upscale/fetch_models.sh fetches it");
  }
  return model;
}

std::filesystem::path default_model_folder() {
  const auto variable = [](const char* name) -> std::filesystem::path {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
  };
  if (const auto models = variable("WINOGRAD_MODELS"); !models.empty()) return models;
  const auto cache = variable("XDG_CACHE_HOME");
  return (cache.empty() ? variable("HOME") / ".cache" : cache) / "winograd" / "models";
}

}  // namespace winograd::upscale
