// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "provider.hpp"

#include <cstdio>
#include <utility>
#include <vector>

#include "convolution.hpp"

namespace winograd::ort {
namespace {

/// "Conv+Add+Relu"
std::string operators(const Match& match) {
  std::string text;
  for (const Ort::ConstNode& node : match.nodes) {
    if (!text.empty()) text += '+';
    text += node.GetOperatorType();
  }
  return text;
}

/// What was predicted, in millions of cycles.
std::string prediction(const Choice& choice) {
  char text[96];
  std::snprintf(text, sizeof text, " (predicted: winograd %.2f, ONNX Runtime %.2f million cycles)",
                choice.cycles * 1e-6, choice.engine * 1e-6);
  return text;
}

}  // namespace

Provider::Provider(const Options& options, const OrtLogger* logger, PackedStore& store)
    : OrtEp{}, options_(options), store_(store),
      session_(std::make_shared<SessionState>(options.threads)), report_(options.report, logger) {
  ort_version_supported = ORT_API_VERSION;
  GetName = [](const OrtEp*) noexcept { return kProviderName; };
  GetCapability = [](OrtEp* self, const OrtGraph* graph,
                     OrtEpGraphSupportInfo* support) noexcept -> OrtStatus* {
    return guarded(
        [&] { static_cast<Provider*>(self)->mark_layers(Ort::ConstGraph(graph), support); });
  };
  Compile = [](OrtEp* self, const OrtGraph** graphs, const OrtNode** fused_nodes, std::size_t count,
               OrtNodeComputeInfo** infos, OrtNode**) noexcept -> OrtStatus* {
    return guarded([&] {
      std::vector<std::unique_ptr<OrtNodeComputeInfo>> made;
      for (std::size_t i = 0; i < count; ++i) {
        made.push_back(static_cast<Provider*>(self)->compile(Ort::ConstGraph(graphs[i]),
                                                             Ort::ConstNode(fused_nodes[i])));
      }
      for (std::size_t i = 0; i < count; ++i) infos[i] = made[i].release();
    });
  };
  ReleaseNodeComputeInfos = [](OrtEp*, OrtNodeComputeInfo** infos, std::size_t count) noexcept {
    for (std::size_t i = 0; i < count; ++i) delete static_cast<Convolution*>(infos[i]);
  };
}

void Provider::mark_layers(Ort::ConstGraph graph, OrtEpGraphSupportInfo* support) {
  OrtNodeFusionOptions fusion{};
  fusion.ort_version_supported = ORT_API_VERSION;
  // The weights are packed when the layer is compiled: ONNX Runtime may then free its own.
  fusion.drop_constant_initializers = true;
  Choices choices = choose(graph, options_);
  for (const Refusal& refusal : choices.refused) {
    report_.add(refusal.name, "ONNX Runtime: " + refusal.reason);
  }
  for (Choice& choice : choices.layers) {
    if (!choice.taken) {
      report_.add(choice.match.name, "ONNX Runtime: " + choice.reason + prediction(choice));
      continue;
    }
    std::vector<const OrtNode*> nodes(choice.match.nodes.begin(), choice.match.nodes.end());
    Ort::ThrowOnError(Ort::GetEpApi().EpGraphSupportInfo_AddNodesToFuse(support, nodes.data(),
                                                                        nodes.size(), &fusion));
    std::string dst = choice.match.dst;
    chosen_.insert_or_assign(std::move(dst), std::move(choice));
  }
}

std::unique_ptr<OrtNodeComputeInfo> Provider::compile(Ort::ConstGraph graph,
                                                      Ort::ConstNode fused_node) {
  // The nodes are now in a graph of their own, so they are matched once more. What was chosen for
  // them is found by their output.
  const std::vector<Ort::ConstNode> nodes = graph.GetNodes();
  for (const Ort::ConstNode& node : nodes) {
    std::string reason;
    const std::optional<Match> found = match(node, {}, reason);
    if (!found) continue;
    const auto chosen = chosen_.find(found->dst);
    if (chosen == chosen_.end() || found->nodes.size() != nodes.size()) break;
    const Choice& choice = chosen->second;
    PlanOptions options = plan_options(options_);
    options.algorithm = choice.algorithm;
    auto made = std::make_unique<Convolution>(*found, choice.nominal, options, fused_node, store_,
                                              session_);
    const PlanInfo info = made->plan().info();
    report_.add(found->name, "winograd: " + operators(*found) + " by " + info.kernel + ", " +
                                 std::to_string(info.packed_bytes) + " bytes packed" +
                                 (made->shared() ? ", shared" : "") + prediction(choice));
    return made;
  }
  throw Ort::Exception("winograd: nodes to be compiled are not those that were asked for",
                       ORT_FAIL);
}

}  // namespace winograd::ort
