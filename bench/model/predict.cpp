// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/model/predict.hpp"

#include <stdexcept>

namespace winograd::bench {

Prediction predict_layer(const Conv2dDesc& desc, const PlanOptions& options) {
  Prediction prediction;
  PlanOptions only_direct = options;
  only_direct.algorithm = Algorithm::direct;
  const Result<Cost> chosen = predict(desc, options, &prediction.algorithm);
  const Result<Cost> direct = predict(desc, only_direct);
  if (!chosen.ok()) throw std::runtime_error(chosen.status().message());
  if (!direct.ok()) throw std::runtime_error(direct.status().message());
  prediction.seconds = chosen->seconds;
  prediction.direct_seconds = direct->seconds;
  return prediction;
}

}  // namespace winograd::bench
