// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_ONNXRUNTIME_SRC_CONVOLUTION_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_CONVOLUTION_HPP

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "api.hpp"
#include "match.hpp"
#include "packed_store.hpp"
#include "session_state.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::ort {

/// One layer of a session: what ONNX Runtime calls in the place of the nodes it stands for.
class Convolution : public OrtNodeComputeInfo {
 public:
  /// `fused_node`: the node that ONNX Runtime made of those in `match`; `nominal`: the layer of the
  /// size that the algorithm is chosen for. Packs the weights. Throws Ort::Exception.
  Convolution(const Match& match, const Conv2dDesc& nominal, const PlanOptions& options,
              const Ort::ConstNode& fused_node, PackedStore& store,
              std::shared_ptr<SessionState> session);

  const Conv2dPlan& plan() const { return *nominal_; }
  /// True if the packed weights were there already, made by another layer or session.
  bool shared() const { return shared_; }

 private:
  using Size = std::array<std::int64_t, 3>;  ///< batch, height, width

  void compute(Ort::KernelContext& context);
  /// For an input of this size; made at its first run.
  Conv2dPlan plan_for(const Size& size);

  std::string name_;
  Conv2dDesc desc_;
  AutoPad auto_pad_;
  PlanOptions options_;
  std::vector<float> slopes_;
  std::size_t src_input_ = 0, residual_input_ = 0;
  PackedStore::Held weights_;
  bool shared_ = false;
  std::shared_ptr<SessionState> session_;
  std::unique_ptr<Conv2dPlan> nominal_;
  std::mutex mutex_;
  std::map<Size, Conv2dPlan> plans_;
};

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_CONVOLUTION_HPP
