// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "choice.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "engine_model.hpp"
#include "graph_cost.hpp"

namespace winograd::ort {
namespace {

/// A graph is left alone if it would not gain this share: predictions are not that exact.
constexpr double kLeastGain = 0.03;

Conv2dDesc nominal_of(const Match& match) {
  Conv2dDesc desc = match.desc;
  if (desc.batch == 0) desc.batch = 1;
  if (desc.height == 0) desc.height = kOpenSize;
  if (desc.width == 0) desc.width = kOpenSize;
  resolve_padding(match.auto_pad, desc);
  return desc;
}

/// Never less than the library needs: no instruction set pads the channels of a group further than
/// to 32, and the bias and some alignment come on top.
double packed_bytes(const Choice& choice, Accuracy accuracy) {
  const Conv2dDesc& d = choice.nominal;
  const std::int64_t m = choice.algorithm == Algorithm::winograd_f2   ? 2
                         : choice.algorithm == Algorithm::winograd_f3 ? 3
                         : choice.algorithm == Algorithm::winograd_f4 ? 4
                         : choice.algorithm == Algorithm::winograd_f6 ? 6
                                                                      : 1;
  const auto frequencies = [m](std::int64_t taps, std::int64_t stride) -> std::int64_t {
    if (taps == 1) return 1;
    return stride == 2 ? 2 * m + taps - 2 : m + taps - 1;
  };
  const std::int64_t k = (d.out_channels / d.groups + 31) / 32 * 32 * d.groups;
  const std::int64_t weights = frequencies(d.kernel_h, d.stride_h) *
                               frequencies(d.kernel_w, d.stride_w) *
                               (d.in_channels / d.groups * k + 16);
  return static_cast<double>(weights * (accuracy == Accuracy::half ? 2 : 4) + 4 * k + 256);
}

/// Starts from `taken` and changes one layer after another while that saves cycles. Layers that are
/// not in `candidates` stay as they are.
double improve(const GraphCost& cost, const std::vector<bool>& candidates,
               std::vector<bool>& taken) {
  double best = cost.cycles(taken);
  constexpr int kMostPasses = 8;
  for (int pass = 0; pass < kMostPasses; ++pass) {
    bool better = false;
    for (std::size_t i = 0; i < taken.size(); ++i) {
      if (!candidates[i]) continue;
      taken[i] = !taken[i];
      const double cycles = cost.cycles(taken);
      if (cycles < best) {
        best = cycles;
        better = true;
      } else {
        taken[i] = !taken[i];
      }
    }
    if (!better) break;
  }
  return best;
}

void take_where_it_gains(Ort::ConstGraph graph, std::vector<Choice>& layers) {
  const GraphCost cost(graph, layers);
  // Those that are faster here by themselves. Others might be, for the changes of order that they
  // save; but whether ONNX Runtime makes those is a guess.
  std::vector<bool> candidates;
  for (const Choice& layer : layers) candidates.push_back(layer.cycles < layer.engine);
  std::vector<bool> from_none(layers.size(), false), from_all = candidates;
  const double without = cost.cycles(from_none);
  const double first = improve(cost, candidates, from_none);
  const double second = improve(cost, candidates, from_all);
  std::vector<bool>& taken = first <= second ? from_none : from_all;
  const bool gains = std::min(first, second) < (1 - kLeastGain) * without;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    layers[i].taken = gains && taken[i];
    layers[i].reason = !candidates[i] ? "its own kernel is predicted to be faster"
                       : gains ? "changing the order of its tensors would cost more than it gains"
                               : "too little to gain in this graph";
  }
}

/// Gives back layers until the limit holds, those first that gain the least for a byte.
void keep_limit(std::vector<Choice>& layers, const Options& options) {
  if (options.packed_limit_bytes == 0) return;
  std::vector<std::pair<double, Choice*>> order;
  double total = 0;
  for (Choice& layer : layers) {
    if (!layer.taken) continue;
    const double bytes = packed_bytes(layer, options.accuracy);
    order.emplace_back((layer.engine - layer.cycles) / bytes, &layer);
    total += bytes;
  }
  std::sort(order.begin(), order.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [gain, layer] : order) {
    if (total <= static_cast<double>(options.packed_limit_bytes)) return;
    total -= packed_bytes(*layer, options.accuracy);
    layer->taken = false;
    layer->reason = "packed_limit_bytes leaves no room for its weights";
  }
}

/// A residual belongs to the first layer that could add it. If that one is not taken, another may.
void match_again(std::vector<Choice>& layers) {
  std::set<std::size_t> used;
  for (Choice& layer : layers) {
    if (!layer.taken) continue;
    std::string reason;
    std::optional<Match> found = match(layer.match.nodes.front(), used, reason);
    layer.match = std::move(*found);  // it matched before
    layer.nominal = nominal_of(layer.match);
    for (const Ort::ConstNode& node : layer.match.nodes) used.insert(node.GetId());
  }
}

}  // namespace

PlanOptions plan_options(const Options& options) {
  PlanOptions plan;
  plan.accuracy = options.accuracy;
  return plan;
}

Choices choose(Ort::ConstGraph graph, const Options& options) {
  Choices choices;
  std::set<std::size_t> used;
  for (const Ort::ConstNode& node : graph.GetNodes()) {
    std::string reason;
    std::optional<Match> found = match(node, used, reason);
    if (!found) {
      if (!reason.empty()) choices.refused.push_back({node.GetName(), reason});
      continue;
    }
    Choice choice;
    choice.nominal = nominal_of(*found);
    const auto cost = predict(choice.nominal, plan_options(options), &choice.algorithm);
    if (!cost) {
      choices.refused.push_back({found->name, cost.status().message()});
      continue;
    }
    for (const Ort::ConstNode& one : found->nodes) used.insert(one.GetId());
    choice.cycles = cost->cycles + kCallCycles;
    choice.engine = engine_cycles(choice.nominal);
    choice.taken = true;
    choice.match = std::move(*found);
    choices.layers.push_back(std::move(choice));
  }
  if (!options.all_layers && !choices.layers.empty()) take_where_it_gains(graph, choices.layers);
  keep_limit(choices.layers, options);
  match_again(choices.layers);
  return choices;
}

}  // namespace winograd::ort
