// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_ONNXRUNTIME_SRC_PROVIDER_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_PROVIDER_HPP

#include <map>
#include <memory>
#include <string>

#include "api.hpp"
#include "choice.hpp"
#include "options.hpp"
#include "packed_store.hpp"
#include "report.hpp"
#include "session_state.hpp"

namespace winograd::ort {

/// The execution provider of one session.
class Provider : public OrtEp {
 public:
  /// `store` must outlive this.
  Provider(const Options& options, const OrtLogger* logger, PackedStore& store);

 private:
  void mark_layers(Ort::ConstGraph graph, OrtEpGraphSupportInfo* support);
  std::unique_ptr<OrtNodeComputeInfo> compile(Ort::ConstGraph graph, Ort::ConstNode fused_node);

  Options options_;
  PackedStore& store_;
  std::shared_ptr<SessionState> session_;
  Report report_;
  /// By the name of the layer's output: what is to be compiled, and how.
  std::map<std::string, Choice> chosen_;
};

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_PROVIDER_HPP
