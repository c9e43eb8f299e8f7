// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Trained files of these networks are a download of hundreds of megabytes; their time depends on
// the architecture alone, as long as the numbers are ordinary.
#include "networks.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "bench/tests/model_writer.hpp"

namespace {

using winograd::bench::test::ModelWriter;
using winograd::bench::test::Numbers;

enum class Act { none, relu, relu6 };

/// A network in the making: one tensor after another.
class Builder {
 public:
  struct Tensor {
    std::string name;
    std::int64_t channels;
  };

  Tensor input(std::int64_t channels, std::int64_t size) {
    model_.input("x", {1, channels, size, size});
    return {"x", channels};
  }

  Tensor conv(const Tensor& src, std::int64_t out, std::int64_t kernel, std::int64_t stride,
              Act act, std::int64_t groups = 1, float gain = 1.4F) {
    const std::string name = fresh();
    const std::int64_t in = src.channels / groups;
    const std::string w = constant({out, in, kernel, kernel}, in * kernel * kernel, gain);
    const std::string b = constant({out}, 100, 1.0F);
    const std::int64_t pad = kernel / 2;
    model_.node("Conv", {src.name.c_str(), w.c_str(), b.c_str()}, name,
                {{"kernel_shape", {kernel, kernel}},
                 {"pads", {pad, pad, pad, pad}},
                 {"strides", {stride, stride}},
                 {"group", {groups}, false}});
    return activate({name, out}, act);
  }

  Tensor add(const Tensor& a, const Tensor& b, Act act) {
    return activate({node("Add", {a.name.c_str(), b.name.c_str()}), a.channels}, act);
  }

  Tensor max_pool(const Tensor& src, std::int64_t kernel, std::int64_t pad) {
    const std::string name = fresh();
    model_.node(
        "MaxPool", {src.name.c_str()}, name,
        {{"kernel_shape", {kernel, kernel}}, {"pads", {pad, pad, pad, pad}}, {"strides", {2, 2}}});
    return {name, src.channels};
  }

  Tensor flatten(const Tensor& src, std::int64_t features) {
    return {node("Flatten", {src.name.c_str()}), features};
  }
  Tensor global_pool(const Tensor& src) {
    return {node("GlobalAveragePool", {src.name.c_str()}), src.channels};
  }

  Tensor dense(const Tensor& src, std::int64_t out, Act act) {
    const std::string name = fresh();
    const std::string w = constant({src.channels, out}, src.channels, 1.4F);
    const std::string b = constant({out}, 100, 1.0F);
    model_.node("Gemm", {src.name.c_str(), w.c_str(), b.c_str()}, name);
    return activate({name, out}, act);
  }

  std::string finish(const Tensor& last) {
    model_.node("Identity", {last.name.c_str()}, "y").output("y");
    return model_.bytes();
  }

 private:
  std::string fresh() { return fmt::format("t{}", count_++); }

  std::string node(const char* type, std::initializer_list<const char*> inputs) {
    const std::string name = fresh();
    model_.node(type, inputs, name);
    return name;
  }

  Tensor activate(const Tensor& src, Act act) {
    if (act == Act::none) return src;
    if (act == Act::relu) return {node("Relu", {src.name.c_str()}), src.channels};
    if (!bounds_) {
      model_.floats("low", {}, {0.0F}).floats("high", {}, {6.0F});
      bounds_ = true;
    }
    return {node("Clip", {src.name.c_str(), "low", "high"}), src.channels};
  }

  /// Numbers of mean zero and standard deviation gain / sqrt(fan_in).
  std::string constant(const Numbers& dims, std::int64_t fan_in, float gain) {
    std::int64_t count = 1;
    for (const std::int64_t dim : dims) count *= dim;
    const float scale = gain * std::sqrt(3.0F / static_cast<float>(fan_in)) * 0x1p-31F;
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float& value : values) {
      state_ = state_ * 1664525U + 1013904223U;
      value = static_cast<float>(static_cast<std::int32_t>(state_)) * scale;
    }
    const std::string name = fresh();
    model_.floats(name, dims, values);
    return name;
  }

  ModelWriter model_;
  int count_ = 0;
  bool bounds_ = false;
  std::uint32_t state_ = 1;
};

std::string resnet(const std::vector<int>& blocks, bool bottleneck) {
  Builder net;
  auto x = net.input(3, 224);
  x = net.max_pool(net.conv(x, 64, 7, 2, Act::relu), 3, 1);
  std::int64_t width = 64;
  for (std::size_t stage = 0; stage < blocks.size(); ++stage, width *= 2) {
    for (int block = 0; block < blocks[stage]; ++block) {
      const std::int64_t stride = block == 0 && stage > 0 ? 2 : 1;
      const std::int64_t out = bottleneck ? 4 * width : width;
      const auto shortcut =
          stride == 1 && x.channels == out ? x : net.conv(x, out, 1, stride, Act::none, 1, 1.0F);
      // The last of a block has less gain, so that the sums do not grow from block to block.
      auto y = bottleneck
                   ? net.conv(net.conv(x, width, 1, 1, Act::relu), width, 3, stride, Act::relu)
                   : net.conv(x, width, 3, stride, Act::relu);
      y = net.conv(y, out, bottleneck ? 1 : 3, 1, Act::none, 1, 0.5F);
      x = net.add(y, shortcut, Act::relu);
    }
  }
  return net.finish(net.dense(net.flatten(net.global_pool(x), x.channels), 1000, Act::none));
}

std::string vgg16() {
  Builder net;
  auto x = net.input(3, 224);
  const std::pair<std::int64_t, int> stages[] = {{64, 2}, {128, 2}, {256, 3}, {512, 3}, {512, 3}};
  for (const auto& [width, layers] : stages) {
    for (int i = 0; i < layers; ++i) x = net.conv(x, width, 3, 1, Act::relu);
    x = net.max_pool(x, 2, 0);
  }
  x = net.dense(net.flatten(x, 512 * 7 * 7), 4096, Act::relu);
  return net.finish(net.dense(net.dense(x, 4096, Act::relu), 1000, Act::none));
}

std::string mobilenetv2() {
  Builder net;
  auto x = net.conv(net.input(3, 224), 32, 3, 2, Act::relu6);
  const struct {
    std::int64_t expansion, width;
    int blocks;
    std::int64_t stride;
  } stages[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
  for (const auto& stage : stages) {
    for (int i = 0; i < stage.blocks; ++i) {
      const std::int64_t stride = i == 0 ? stage.stride : 1;
      const std::int64_t hidden = x.channels * stage.expansion;
      auto y = stage.expansion == 1 ? x : net.conv(x, hidden, 1, 1, Act::relu6);
      y = net.conv(y, hidden, 3, stride, Act::relu6, hidden);
      y = net.conv(y, stage.width, 1, 1, Act::none, 1, 0.7F);
      x = stride == 1 && x.channels == stage.width ? net.add(x, y, Act::none) : y;
    }
  }
  x = net.conv(x, 1280, 1, 1, Act::relu6);
  return net.finish(net.dense(net.flatten(net.global_pool(x), 1280), 1000, Act::none));
}

}  // namespace

const std::vector<std::string>& network_names() {
  static const std::vector<std::string> names = {"resnet18", "resnet50", "vgg16", "mobilenetv2"};
  return names;
}

std::string write_network(const std::string& name) {
  if (name == "resnet18") return resnet({2, 2, 2, 2}, false);
  if (name == "resnet50") return resnet({3, 4, 6, 3}, true);
  if (name == "vgg16") return vgg16();
  if (name == "mobilenetv2") return mobilenetv2();
  throw std::invalid_argument("there is no network " + name);
}
