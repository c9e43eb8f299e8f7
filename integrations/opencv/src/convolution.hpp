// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_OPENCV_SRC_CONVOLUTION_HPP
#define WINOGRAD_OPENCV_SRC_CONVOLUTION_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <opencv2/dnn/all_layers.hpp>
#include <optional>
#include <string>
#include <vector>

#include "concat.hpp"
#include "fusion.hpp"
#include "packed_budget.hpp"
#include "winograd/opencv.hpp"
#include "workspace_pool.hpp"

namespace winograd::opencv {

class NetworkBudget;

/// The layer that cv::dnn::Net holds in place of OpenCV's. It holds OpenCV's as well, which reads
/// the parameters, computes the shapes, and runs the shapes and types that turn out not to be ours.
///
/// OpenCV calls getMemoryShapes and finalize for all layers of a network, again for each new input
/// shape, then tryFuse and setActivation, then forward. So what to run is known in forward only;
/// weights are packed there the first time, and kept as long as they and what was fused into them
/// stay the same. Net::getParam gives away the matrix itself, so whether they do is seen by
/// looking.
class Convolution final : public cv::dnn::ConvolutionLayer {
 public:
  /// `builtin`: made by cv::dnn::ConvolutionLayer::create(params), and not refused.
  Convolution(const cv::dnn::LayerParams& params, cv::Ptr<cv::dnn::BaseConvolutionLayer> builtin,
              const Options& options, std::shared_ptr<WorkspacePool> workspaces);

  using cv::dnn::ConvolutionLayer::finalize;
  using cv::dnn::ConvolutionLayer::forward;

  bool supportBackend(int backend) override;
  bool getMemoryShapes(const std::vector<cv::dnn::MatShape>& inputs, int required_outputs,
                       std::vector<cv::dnn::MatShape>& outputs,
                       std::vector<cv::dnn::MatShape>& internals) const override;
  int64 getFLOPS(const std::vector<cv::dnn::MatShape>& inputs,
                 const std::vector<cv::dnn::MatShape>& outputs) const override;
  void finalize(cv::InputArrayOfArrays inputs, cv::OutputArrayOfArrays outputs) override;
  bool tryFuse(cv::Ptr<cv::dnn::Layer>& top) override;
  bool setActivation(const cv::Ptr<cv::dnn::ActivationLayer>& activation) override;
  void forward(cv::InputArrayOfArrays inputs, cv::OutputArrayOfArrays outputs,
               cv::OutputArrayOfArrays internals) override;
  /// OpenCV's layer does it, so that Net::quantize makes the int8 layers it makes without us.
  bool tryQuantize(const std::vector<std::vector<float>>& scales,
                   const std::vector<std::vector<int>>& zeropoints,
                   cv::dnn::LayerParams& params) override;

  LayerReport report() const;
  const Options& options() const { return options_; }
  const std::optional<PackedWeights>& packed_weights() const { return packed_; }

  /// Reads the parts of an elided concatenation, which is the layer in front. Null: none.
  /// `activations` run between us and another reader of the parts. If they are not fused into us,
  /// they may write where a part lies.
  void set_concat(const cv::Ptr<Concat>& concat, int activations) {
    concat_ = concat;
    activations_ = activations;
  }

  /// The geometry, if it is one of ours and known.
  const std::optional<Conv2dDesc>& desc() const { return desc_; }
  /// Joins a network's budget; packs anew when it runs next. Null: no cap.
  void set_budget(std::shared_ptr<NetworkBudget> budget);
  /// What that budget decided.
  void set_choice(Choice choice);

 private:
  /// What packed weights were made from.
  struct Source {
    std::uint64_t blobs = 0;  ///< their fingerprint
    std::vector<float> scale, shift;
    friend bool operator==(const Source&, const Source&) = default;
  };

  void run(const std::vector<cv::Mat>& parts, cv::Mat& output);
  /// Decides, packs and plans, or hands the layer to OpenCV's own.
  void prepare(cv::InputArrayOfArrays inputs, cv::OutputArrayOfArrays outputs);
  Status make_plan(const Choice& choice);
  /// Whether weights or bias are others than those that were prepared. See Options::watch_weights.
  bool weights_changed() const;
  /// Whether a matrix of weights or bias has owners besides us and the network.
  bool held_by_others() const;
  /// Throws if Net::setParam has brought weights of another shape or type since finalize.
  void check_blobs() const;
  Result<PackedWeights> pack(const PlanOptions& options) const;
  void hand_over(cv::InputArrayOfArrays inputs, cv::OutputArrayOfArrays outputs);
  void forget_plan();

  const cv::Ptr<cv::dnn::BaseConvolutionLayer> builtin_;
  /// The matrices that we were made with: the network keeps them in the layer's parameters.
  std::vector<const cv::UMatData*> made_with_;
  const Options options_;
  const std::shared_ptr<WorkspacePool> workspaces_;
  std::shared_ptr<NetworkBudget> budget_;
  std::optional<Choice> choice_;
  std::weak_ptr<Concat> concat_;
  int activations_ = 0;

  Fusion fusion_;                   ///< since the last finalize
  std::optional<Conv2dDesc> desc_;  ///< without what is fused
  std::string not_ours_;            ///< why not, if it is not
  bool handed_over_ = false;        ///< builtin_ is set up for the present shape and fusion
  /// Fingerprints of weights and bias when they were prepared; builtin_ has the same matrices then.
  std::uint64_t blobs_ = 0, places_ = 0;

  std::optional<PackedWeights> packed_;
  Source packed_from_;
  std::optional<Conv2dPlan> plan_;
  int source_parts_ = 1;     ///< of the last forward
  double milliseconds_ = 0;  ///< of the last forward
};

/// The cap that the layers of a network share.
class NetworkBudget {
 public:
  explicit NetworkBudget(std::size_t limit_bytes) : limit_bytes_(limit_bytes) {}
  void add(const cv::Ptr<Convolution>& layer) { layers_.push_back(layer); }
  /// Gives each layer a choice. All of them must know their geometry, as they do in forward.
  void choose();

 private:
  const std::size_t limit_bytes_;
  std::vector<std::weak_ptr<Convolution>> layers_;
};

}  // namespace winograd::opencv

#endif  // WINOGRAD_OPENCV_SRC_CONVOLUTION_HPP
