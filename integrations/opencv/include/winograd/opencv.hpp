// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// winograd inside OpenCV's DNN module. After install(), networks of any format that OpenCV reads
// run their 2-D convolutions here; nothing else changes for the program:
//
//   winograd::opencv::install();
//   cv::dnn::Net net = cv::dnn::readNet("model.onnx");
//   net.setInput(blob);
//   cv::Mat result = net.forward();
//
// CMake target: winograd::opencv. docs/opencv.md says what is taken, what is fused, and what it
// costs.
#ifndef WINOGRAD_OPENCV_HPP
#define WINOGRAD_OPENCV_HPP

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <opencv2/dnn/dnn.hpp>

#include "winograd/conv2d.hpp"
#include "winograd/export.h"

namespace winograd::opencv {

/// What packed weights are kept in. f16 takes half the memory and adds an error of up to 1e-3 of
/// its output to each layer; layers that have it run at Accuracy::half, whatever Options::accuracy
/// says.
enum class Weights {
  full,         ///< what Options::accuracy says
  half,         ///< f16
  half_to_fit,  ///< f16 where limit_packed_bytes would have to take smaller tiles, else `full`
};

/// For the layers that are made while they hold.
struct Options {
  /// With anything but `automatic`, the layers that this algorithm does not cover stay OpenCV's.
  Algorithm algorithm = Algorithm::automatic;
  Accuracy accuracy = Accuracy::standard;
  Weights weights = Weights::full;
  /// Weights may change in place, since what Net::getParam returns is the layer's own matrix.
  /// forward() sees any change if somebody still holds the matrix, or if it is another one. If not,
  /// it looks at 64 places, which shows what changes a matrix as a whole; the rest counts from the
  /// next set-up of the network on, when its input has another shape. With true, forward() looks at
  /// all weights always: as costly as reading them once more.
  bool watch_weights = false;
};

/// Puts winograd's convolution in front of OpenCV's in cv::dnn::LayerFactory. Counted: every call
/// needs its uninstall(). `options` hold for all layers made from now on, until the next install().
/// Thread-safe.
///
/// Most importers make a network's layers while they read it; those of Caffe and Darknet models are
/// made by the first forward(), so stay installed until then.
WINOGRAD_API void install(const Options& options = {});

/// Takes back one install(); the last gives the factory back as it was. Layers that exist keep
/// running. Returns false if there was nothing to take back. Thread-safe.
///
/// The factory is a stack: whoever registers another "Convolution" after the first install() must
/// unregister it before the last uninstall().
WINOGRAD_API bool uninstall();

/// True between the first install() and the last uninstall(). Thread-safe.
WINOGRAD_API bool installed();

/// One convolution of a network, as it ran last.
struct LayerReport {
  std::string name;
  /// Geometry and fused operations; out_channels is 0 before the first forward(), and for layers
  /// that are not 2-D.
  Conv2dDesc desc;
  /// True if winograd runs it, false if OpenCV does.
  bool ours = false;
  Algorithm algorithm = Algorithm::automatic;  ///< never `automatic` for one that ran here
  std::string kernel;                          ///< PlanInfo::kernel
  std::string reason;            ///< why this algorithm, or why OpenCV's own convolution
  std::size_t packed_bytes = 0;  ///< held by the packed weights
  bool half_weights = false;     ///< it runs at Accuracy::half
  int source_parts = 1;          ///< tensors that the last forward() read its input from
  /// Of the last forward(), fused operations included; 0 for a layer that was never ours to run.
  double milliseconds = 0;
};

/// What ran where: all layers of type "Convolution", in the network's order. Not while another
/// thread uses `net`.
WINOGRAD_API std::vector<LayerReport> report(cv::dnn::Net& net);

/// Has convolutions read the inputs of a concatenation in front of them, instead of OpenCV copying
/// those together first; or, with `elide` false, no longer. That saves the copies of networks with
/// dense or skip connections. Takes concatenations along the channels which one convolution of ours
/// reads, as the next layer, and no other layer but perhaps one more such concatenation (as in
/// DenseNet). The inputs but the last must have multiples of 16 channels, or the convolution does
/// the copying. Returns how many were found.
///
/// The blob of such a concatenation is then never filled: do not ask for it by
/// Net::forward(name). Net::quantize, which needs it, throws. Call again after adding layers. Not
/// while another thread uses `net`.
WINOGRAD_API std::size_t elide_concats(cv::dnn::Net& net, bool elide = true);

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

/// Caps the packed weights of all layers of `net` together. The layers then get f16 weights first
/// (those made with Weights::half_to_fit), smaller tiles, the direct algorithm, or at last OpenCV's
/// own convolution, in the order that costs the least time for the bytes saved. Any cap can be
/// kept: 0 leaves everything to OpenCV. Weights packed before are dropped; the next forward() packs
/// anew. Not while another thread uses `net`.
WINOGRAD_API void limit_packed_bytes(cv::dnn::Net& net, std::size_t bytes);

}  // namespace winograd::opencv

#endif  // WINOGRAD_OPENCV_HPP
