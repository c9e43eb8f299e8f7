// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The layer that the texts of tuning caches are tried with.
#ifndef WINOGRAD_TESTS_FUZZ_TUNING_LAYERS_HPP
#define WINOGRAD_TESTS_FUZZ_TUNING_LAYERS_HPP

#include <string>
#include <vector>

#include "winograd/conv2d.hpp"
#include "winograd/tuning_cache.hpp"

namespace winograd::test {

struct TunedLayer {
  Conv2dDesc desc;
  PlanOptions options;
  std::string key;  ///< what the layer is called in the text of a cache

  Result<Conv2dPlan> plan(TuningCache& cache) const {
    const std::vector<float> weights(static_cast<std::size_t>(desc.weights_size()), 0.5F);
    PlanOptions with = options;
    with.tuning = &cache;
    return Conv2dPlan::create(desc, with, weights.data(), nullptr);
  }
};

/// One layer with several sets of options: all accuracies, with and without caps.
inline std::vector<TunedLayer> tuned_layers() {
  std::vector<TunedLayer> layers;
  for (const Accuracy accuracy : {Accuracy::strict, Accuracy::standard, Accuracy::relaxed}) {
    for (const bool capped : {false, true}) {
      TunedLayer layer;
      layer.desc.in_channels = layer.desc.out_channels = 8;
      layer.desc.height = layer.desc.width = 8;
      layer.options.accuracy = accuracy;
      if (capped) {
        layer.options.packed_limit_bytes = 8 * 16 * 16 * sizeof(float);
        layer.options.workspace_limit_bytes = 1 << 17;
      }
      TuningCache cache;
      if (layer.plan(cache)) {
        layer.key = *cache.save();
        layer.key.resize(layer.key.find(' '));
        layers.push_back(layer);
      }
    }
  }
  return layers;
}

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_FUZZ_TUNING_LAYERS_HPP
