// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "choice.hpp"

#include <set>
#include <utility>

namespace winograd::ort {
namespace {

constexpr std::int64_t kOpenSize = 64;

Conv2dDesc nominal_of(const Match& match) {
  Conv2dDesc desc = match.desc;
  if (desc.batch == 0) desc.batch = 1;
  if (desc.height == 0) desc.height = kOpenSize;
  if (desc.width == 0) desc.width = kOpenSize;
  resolve_padding(match.auto_pad, desc);
  return desc;
}

}  // namespace

PlanOptions plan_options(const Options& options) {
  PlanOptions plan;
  plan.accuracy = options.accuracy;
  return plan;
}

Choices choose(Ort::ConstGraph graph, const Options& options) {
  Choices choices;
  std::set<std::size_t> taken;
  for (const Ort::ConstNode& node : graph.GetNodes()) {
    std::string reason;
    std::optional<Match> found = match(node, taken, reason);
    if (!found) {
      if (!reason.empty()) choices.refused.push_back({node.GetName(), reason});
      continue;
    }
    for (const Ort::ConstNode& one : found->nodes) taken.insert(one.GetId());
    Choice choice;
    choice.nominal = nominal_of(*found);
    const auto cost = predict(choice.nominal, plan_options(options), &choice.algorithm);
    if (!cost) {
      choices.refused.push_back({found->name, cost.status().message()});
      continue;
    }
    choice.cycles = cost->cycles;
    choice.taken = true;
    choice.match = std::move(*found);
    choices.layers.push_back(std::move(choice));
  }
  return choices;
}

}  // namespace winograd::ort
