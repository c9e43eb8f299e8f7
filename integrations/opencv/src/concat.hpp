// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_OPENCV_SRC_CONCAT_HPP
#define WINOGRAD_OPENCV_SRC_CONCAT_HPP

#include <memory>
#include <opencv2/dnn/all_layers.hpp>
#include <vector>

namespace winograd::opencv {

/// OpenCV's concatenation along the channels, which can be told not to copy. Its readers, a
/// convolution and perhaps another such concatenation, then take the parts as they lie. See
/// elide_concats for when that is allowed.
class Concat final : public cv::dnn::ConcatLayer {
 public:
  /// `builtin`: made by cv::dnn::ConcatLayer::create(params).
  Concat(const cv::dnn::LayerParams& params, cv::Ptr<cv::dnn::ConcatLayer> builtin);

  using cv::dnn::ConcatLayer::finalize;
  using cv::dnn::ConcatLayer::forward;

  bool supportBackend(int backend) override;
  bool getMemoryShapes(const std::vector<cv::dnn::MatShape>& inputs, int required_outputs,
                       std::vector<cv::dnn::MatShape>& outputs,
                       std::vector<cv::dnn::MatShape>& internals) const override;
  void finalize(cv::InputArrayOfArrays inputs, cv::OutputArrayOfArrays outputs) override;
  void forward(cv::InputArrayOfArrays inputs, cv::OutputArrayOfArrays outputs,
               cv::OutputArrayOfArrays internals) override;

  /// As OpenCV's layer does it. Throws while elided: Net::quantize then took the range of values
  /// from a blob that was never filled.
  bool tryQuantize(const std::vector<std::vector<float>>& scales,
                   const std::vector<std::vector<int>>& zeropoints,
                   cv::dnn::LayerParams& params) override;

  void set_elided(bool elided) { elided_ = elided; }
  bool elided() const { return elided_; }
  /// Elided concatenations among the inputs.
  void set_sources(std::vector<std::weak_ptr<Concat>> sources) { sources_ = std::move(sources); }

  /// True if the last forward() left `blob`, its output, to be put together.
  bool pending(const cv::Mat& blob) const { return !parts_.empty() && blob_.data == blob.data; }
  /// What makes up the output, in order.
  const std::vector<cv::Mat>& parts() const { return parts_; }

  /// OpenCV takes the parts' memory as free once the concatenation has run, and may have given it
  /// to the reader: moves the parts that overlap `output`, into the blob where no other part lies
  /// (for the same reason the blob may have been laid over parts of an earlier concatenation).
  void move_parts_away_from(const cv::Mat& output);
  /// Does what was left undone.
  void fill();

 private:
  /// Copies a part to memory of ours.
  void keep(std::size_t index);

  const cv::Ptr<cv::dnn::ConcatLayer> builtin_;
  bool elided_ = false;
  std::vector<std::weak_ptr<Concat>> sources_;
  // Of the last forward() that was elided.
  std::vector<cv::Mat> parts_, kept_;
  cv::Mat blob_;
};

}  // namespace winograd::opencv

#endif  // WINOGRAD_OPENCV_SRC_CONCAT_HPP
