// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/layers/lists.hpp"

#include <fmt/format.h>

#include <iterator>
#include <stdexcept>
#include <utility>

namespace winograd::bench {
namespace {

constexpr LayerEntry kVgg16[] = {
#include "bench/layers/vgg16.inc"
};
constexpr LayerEntry kResnet18[] = {
#include "bench/layers/resnet18.inc"
};
constexpr LayerEntry kResnet50[] = {
#include "bench/layers/resnet50.inc"
};
constexpr LayerEntry kYolov3[] = {
#include "bench/layers/yolov3.inc"
};
constexpr LayerEntry kUnet[] = {
#include "bench/layers/unet.inc"
};
constexpr LayerEntry kEsrgan[] = {
#include "bench/layers/esrgan.inc"
};
constexpr LayerEntry kBoard19[] = {
#include "bench/layers/board19.inc"
};
constexpr LayerEntry kMobilenetv2[] = {
#include "bench/layers/mobilenetv2.inc"
};
constexpr LayerEntry kEfficientnetB0[] = {
#include "bench/layers/efficientnet_b0.inc"
};
constexpr LayerEntry kResnext50[] = {
#include "bench/layers/resnext50.inc"
};
constexpr LayerEntry kYolov8n[] = {
#include "bench/layers/yolov8n.inc"
};
constexpr LayerEntry kRealesrganCompact[] = {
#include "bench/layers/realesrgan_compact.inc"
};
constexpr LayerEntry kRepvggA0[] = {
#include "bench/layers/repvgg_a0.inc"
};
constexpr LayerEntry kAnchors[] = {
#include "bench/layers/anchors.inc"
};
constexpr LayerEntry kTargets[] = {
#define WINOGRAD_TARGET(geometry, where, avx2, avx512, relaxed) {1, geometry, where},
#include "bench/layers/targets.inc"
#undef WINOGRAD_TARGET
};

}  // namespace

const std::vector<LayerList>& layer_lists() {
  static const std::vector<LayerList> lists = {
      {"vgg16", "VGG-16, 224x224", kVgg16, std::size(kVgg16)},
      {"resnet18", "ResNet-18, 224x224", kResnet18, std::size(kResnet18)},
      {"resnet50", "ResNet-50 (v1.5: the 3x3 layers have the strides), 224x224", kResnet50,
       std::size(kResnet50)},
      {"yolov3", "YOLOv3, 416x416", kYolov3, std::size(kYolov3)},
      {"unet", "U-Net with same padding, 256x256; without its transposed convolutions", kUnet,
       std::size(kUnet)},
      {"esrgan", "ESRGAN (23 RRDB blocks), 64x64 to 256x256", kEsrgan, std::size(kEsrgan)},
      {"board19", "Residual tower of 256 channels on a 19x19 board", kBoard19, std::size(kBoard19)},
      {"mobilenetv2", "MobileNetV2, 224x224", kMobilenetv2, std::size(kMobilenetv2)},
      {"efficientnet_b0", "EfficientNet-B0, 224x224", kEfficientnetB0, std::size(kEfficientnetB0)},
      {"resnext50", "ResNeXt-50 (32x4d), 224x224", kResnext50, std::size(kResnext50)},
      {"yolov8n", "YOLOv8n, 640x640", kYolov8n, std::size(kYolov8n)},
      {"realesrgan_compact", "Real-ESRGAN's compact generator, 128x128", kRealesrganCompact,
       std::size(kRealesrganCompact)},
      {"repvgg_a0", "RepVGG-A0, 224x224", kRepvggA0, std::size(kRepvggA0)},
      {"anchors", "3x3 layers on which other libraries were measured", kAnchors,
       std::size(kAnchors)},
      {"targets", "Layers of the speed targets (--targets)", kTargets, std::size(kTargets)},
  };
  return lists;
}

const LayerList& find_layer_list(std::string_view name) {
  std::string known;
  for (const LayerList& list : layer_lists()) {
    if (list.name == name) return list;
    known += fmt::format(" {}", list.name);
  }
  throw std::invalid_argument(fmt::format("no layer list '{}'; there are:{}", name, known));
}

std::vector<Layer> LayerList::layers() const {
  std::vector<Layer> result;
  for (std::size_t i = 0; i < size; ++i) {
    Layer layer{parse_geometry(entries[i].geometry), entries[i].count, entries[i].where};
    layer.desc.activation = entries[i].activation;
    result.push_back(std::move(layer));
  }
  return result;
}

}  // namespace winograd::bench
