// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The text of a tuning cache: all or nothing of it is read, what was read is written again, and it
// chooses among nothing but what the options allow.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/fuzz/require.hpp"
#include "tests/fuzz/tuning_layers.hpp"

namespace winograd::test {
namespace {

void check(const std::vector<char>& text) {
  TuningCache cache;
  const Status status = cache.load(text.data() == nullptr ? "" : text.data(), text.size());
  if (!status) {
    require(status.code() == StatusCode::bad_packed_data, "the code of a failure");
    require(cache.size() == 0, "of a bad text nothing is kept");
    return;
  }
  const Result<std::string> saved = cache.save();
  require(saved.ok(), "what was loaded can be saved");
  TuningCache again;
  require(again.load(saved->data(), saved->size()).ok() && again.size() == cache.size() &&
              *again.save() == *saved,
          "a saved text gives the same cache");

  static const std::vector<TunedLayer> layers = tuned_layers();
  for (const TunedLayer& layer : layers) {
    // Only what is in the text: measuring takes long.
    if (('\n' + *saved).find('\n' + layer.key + ' ') == std::string::npos) continue;
    const Result<Conv2dPlan> plan = layer.plan(cache);
    require(plan.ok(), "a text does not make a layer fail");
    const PlanInfo info = plan->info();
    require(info.algorithm != Algorithm::winograd_f6 || layer.options.accuracy == Accuracy::relaxed,
            "F(6,3) is for relaxed accuracy");
    require(layer.options.packed_limit_bytes == 0 ||
                info.packed_bytes <= layer.options.packed_limit_bytes,
            "packed weights are within their cap");
    require(layer.options.workspace_limit_bytes == 0 ||
                plan->workspace(1).size_bytes <= layer.options.workspace_limit_bytes,
            "the workspace is within its cap");
  }
}

}  // namespace
}  // namespace winograd::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  winograd::test::check({data, data + size});
  return 0;
}
