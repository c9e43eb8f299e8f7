// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include "bench/layers/layer.hpp"
#include "bench/layers/lists.hpp"
#include "bench/layers/targets.hpp"

namespace winograd::bench {
namespace {

TEST(Geometry, ReadsEveryPart) {
  const Conv2dDesc d = parse_geometry("n2c32h20w24k64r1x5s2x1p0x1x2x3d1x2g8");
  EXPECT_EQ(d.batch, 2);
  EXPECT_EQ(d.in_channels, 32);
  EXPECT_EQ(d.height, 20);
  EXPECT_EQ(d.width, 24);
  EXPECT_EQ(d.out_channels, 64);
  EXPECT_EQ(d.kernel_h, 1);
  EXPECT_EQ(d.kernel_w, 5);
  EXPECT_EQ(d.stride_h, 2);
  EXPECT_EQ(d.stride_w, 1);
  EXPECT_EQ(d.pad_top, 0);
  EXPECT_EQ(d.pad_left, 1);
  EXPECT_EQ(d.pad_bottom, 2);
  EXPECT_EQ(d.pad_right, 3);
  EXPECT_EQ(d.dilation_h, 1);
  EXPECT_EQ(d.dilation_w, 2);
  EXPECT_EQ(d.groups, 8);
}

TEST(Geometry, HasDefaults) {
  EXPECT_EQ(geometry_name(parse_geometry("w9h8c3k4")), "n1c3h8w9k4r3s1p0");
}

TEST(Geometry, NamesAreCanonical) {
  for (const char* name :
       {"n1c64h56w56k64r3s1p1", "n1c3h9w9k4r1x3s2x1p0x1d1x2", "n8c6h5w7k12r2s1p0x0x1x1g3"})
    EXPECT_EQ(geometry_name(parse_geometry(name)), name);
}

TEST(Geometry, RejectsWithTheReason) {
  const std::map<std::string, std::string> reasons = {
      {"c64h56w56", "'k' is missing"},
      {"c64h56w56k64q1", "'q' is none of"},
      {"c64c64h56w56k64", "'c' is given twice"},
      {"c64h56w56k", "'k' needs a whole number"},
      {"c64h56w56k-1", "'k' needs a whole number"},
      {"c64h56w56k64r3x3x3", "'r' takes one number or HxW"},
      {"c64x2h56w56k64", "'c' takes one number"},
      {"c64h2w2k64r5", "layer 'c64h2w2k64r5'"},
      {"c64h56w56k64g3", "layer 'c64h56w56k64g3'"},
  };
  for (const auto& [text, reason] : reasons) {
    try {
      parse_geometry(text);
      ADD_FAILURE() << text << " was taken";
    } catch (const std::invalid_argument& error) {
      EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
    }
  }
}

TEST(Geometry, CountsOperations) {
  EXPECT_EQ(direct_flops(parse_geometry("c64h56w56k64p1")), 2.0 * 56 * 56 * 64 * 64 * 9);
  EXPECT_EQ(direct_flops(parse_geometry("n3c8h4w4k8r1g8")), 2.0 * 3 * 16 * 8);
}

TEST(Lists, HaveTheConvolutionsOfTheirNetworks) {
  const std::map<std::string, int> convolutions = {
      {"vgg16", 13},     {"resnet18", 20},    {"resnet50", 53},
      {"yolov3", 75},    {"unet", 19},        {"esrgan", 351},
      {"board19", 41},   {"mobilenetv2", 52}, {"efficientnet_b0", 81},
      {"resnext50", 53}, {"yolov8n", 63},     {"realesrgan_compact", 34},
      {"repvgg_a0", 22}};
  for (const auto& [name, expected] : convolutions) {
    int count = 0;
    for (const Layer& layer : find_layer_list(name).layers()) count += layer.count;
    EXPECT_EQ(count, expected) << name;
  }
}

TEST(Lists, HaveTheOperationsOfTheirNetworks) {
  // Multiply-adds as published or counted by others, in 10^9; fully connected layers left out.
  const std::map<std::string, double> billions = {
      {"vgg16", 15.35},  {"resnet18", 1.81},         {"resnet50", 4.09},
      {"yolov3", 32.8},  {"mobilenetv2", 0.2995},    {"resnext50", 4.23},
      {"yolov8n", 4.35}, {"efficientnet_b0", 0.385}, {"repvgg_a0", 1.36}};
  for (const auto& [name, expected] : billions) {
    double flops = 0.0;
    for (const Layer& layer : find_layer_list(name).layers())
      flops += direct_flops(layer.desc) * layer.count;
    EXPECT_NEAR(flops * 0.5e-9, expected, 0.01 * expected) << name;
  }
}

TEST(Lists, AreCanonicalAndWithoutRepetition) {
  for (const LayerList& list : layer_lists()) {
    std::set<std::string> seen;
    ASSERT_GT(list.size, 0U);
    for (std::size_t i = 0; i < list.size; ++i) {
      const std::string geometry = list.entries[i].geometry;
      EXPECT_EQ(geometry_name(parse_geometry(geometry)), geometry);
      const std::string layer = layer_name(list.layers()[i].desc);
      EXPECT_TRUE(seen.insert(layer).second) << list.name << ": " << layer;
    }
  }
}

TEST(Lists, NameThoseThatExist) {
  try {
    find_layer_list("resnet");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_NE(std::string(error.what()).find("resnet50"), std::string::npos);
  }
}

TEST(Targets, BelongToLayersOfTheList) {
  for (const Layer& layer : find_layer_list("targets").layers())
    for (const Isa isa : {Isa::avx2, Isa::avx512})
      EXPECT_GT(target_x_peak(layer.desc, isa, Accuracy::standard), 0.0);
  EXPECT_THROW(target_x_peak(parse_geometry("c1h3w3k1"), Isa::avx2, Accuracy::standard),
               std::invalid_argument);
}

}  // namespace
}  // namespace winograd::bench
