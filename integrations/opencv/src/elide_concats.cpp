// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Which concatenations of a network need not be made.
#include <algorithm>
#include <cstddef>
#include <memory>
#include <vector>

#include "concat.hpp"
#include "convolution.hpp"
#include "winograd/opencv.hpp"

namespace winograd::opencv {
namespace {

struct Node {
  cv::Ptr<cv::dnn::Layer> layer;
  std::vector<cv::Ptr<cv::dnn::Layer>> inputs;
};

/// The layers of a network in the order in which they run.
class Graph {
 public:
  explicit Graph(cv::dnn::Net& net) {
    for (const cv::String& name : net.getLayerNames()) {
      const int id = net.getLayerId(name);
      nodes_.push_back({net.getLayer(id), net.getLayerInputs(id)});
    }
  }

  std::size_t size() const { return nodes_.size(); }
  const Node& operator[](std::size_t index) const { return nodes_[index]; }

  /// Indices of the layers that read this one's output, one that reads it twice twice.
  std::vector<std::size_t> readers(std::size_t index) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      const auto& inputs = nodes_[i].inputs;
      found.insert(
          found.end(),
          static_cast<std::size_t>(std::count(inputs.begin(), inputs.end(), nodes_[index].layer)),
          i);
    }
    return found;
  }

  /// True if the layer is an activation of the one before it, which nobody else reads.
  bool may_be_fused(std::size_t index) const {
    const Node& node = nodes_[index];
    return !node.layer.dynamicCast<cv::dnn::ActivationLayer>().empty() && node.inputs.size() == 1 &&
           node.inputs[0] == nodes_[index - 1].layer && readers(index - 1).size() == 1;
  }

 private:
  std::vector<Node> nodes_;
};

/// OpenCV takes the memory of a concatenation's inputs as free once it has run. So whoever reads
/// them later must come before anything else is written: the next layer must be a convolution of
/// ours, which moves what its own output would overwrite. Then may follow, behind activations, a
/// concatenation that is elided as well; what its blob covers stays until something is written
/// there.
bool can_elide(const Graph& graph, std::size_t index) {
  if (graph[index].layer.dynamicCast<Concat>().empty()) return false;
  const std::vector<std::size_t> readers = graph.readers(index);
  if (readers.empty() || readers.size() > 2) return false;
  const std::size_t convolution = readers[0];
  if (convolution != index + 1 || graph[convolution].inputs.size() != 1 ||
      graph[convolution].layer.dynamicCast<Convolution>().empty()) {
    return false;
  }
  if (readers.size() == 1) return true;
  const cv::Ptr<Concat> concat = graph[readers[1]].layer.dynamicCast<Concat>();
  if (!concat || !concat->elided()) return false;
  for (std::size_t between = convolution + 1; between < readers[1]; ++between) {
    if (!graph.may_be_fused(between)) return false;
  }
  return true;
}

}  // namespace

std::size_t elide_concats(cv::dnn::Net& net, bool elide) {
  const Graph graph(net);
  std::size_t elided = 0;
  for (std::size_t i = graph.size(); i-- > 0;) {  // backwards: later ones are decided first
    if (const auto convolution = graph[i].layer.dynamicCast<Convolution>(); convolution) {
      convolution->set_concat(nullptr, 0);
    }
    const cv::Ptr<Concat> concat = graph[i].layer.dynamicCast<Concat>();
    if (!concat) continue;
    concat->set_elided(elide && can_elide(graph, i));
    if (!concat->elided()) continue;
    const std::vector<std::size_t> readers = graph.readers(i);
    const std::size_t activations = readers.size() == 2 ? readers[1] - readers[0] - 1 : 0;
    graph[i + 1].layer.dynamicCast<Convolution>()->set_concat(concat,
                                                              static_cast<int>(activations));
    ++elided;
  }
  for (std::size_t i = 0; i < graph.size(); ++i) {
    const cv::Ptr<Concat> concat = graph[i].layer.dynamicCast<Concat>();
    if (!concat) continue;
    std::vector<std::weak_ptr<Concat>> sources;
    for (const auto& input : graph[i].inputs) {
      const cv::Ptr<Concat> source = input.dynamicCast<Concat>();
      if (source && source->elided()) sources.push_back(source);
    }
    concat->set_sources(std::move(sources));
  }
  return elided;
}

}  // namespace winograd::opencv
