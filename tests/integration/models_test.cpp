// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Real networks: every convolution of them, and the picture they make.
#include <gtest/gtest.h>

#include <cstddef>
#include <opencv2/dnn/dnn.hpp>
#include <opencv2/imgcodecs.hpp>
#include <ostream>
#include <string>
#include <vector>
#include <winograd/opencv.hpp>

#include "tests/integration/models.hpp"
#include "tests/integration/network_pair.hpp"
#include "upscale.hpp"

namespace winograd::test {
namespace {

struct Case {
  const char* name;
  std::size_t convolutions, concats;
  /// Largest difference of any convolution's output, in parts of the largest value in it. Errors of
  /// the layers before add up in it.
  double tolerance;
};

std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

class Models : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    WINOGRAD_NEED_FETCHED(file_name());
    WINOGRAD_NEED_FETCHED("flower.png");
  }

  static std::string file_name() { return std::string(GetParam().name) + ".onnx"; }
  static upscale::Model model() {
    return upscale::find_model(GetParam().name, upscale::default_model_folder());
  }
  /// A piece of the flower, as the network wants it.
  static cv::Mat input(const cv::Rect& piece) {
    const cv::Mat picture = cv::imread(fetched("flower.png").string());
    return cv::dnn::blobFromImage(picture(piece), model().range / 255, {}, {}, true);
  }
  static NetworkPair load() {
    NetworkPair nets(
        [](cv::dnn::Net& net, Rng&) { net = cv::dnn::readNetFromONNX(model().file.string()); });
    EXPECT_EQ(opencv::elide_concats(nets.ours), GetParam().concats);
    return nets;
  }
};

// Not a multiple of any tile.
const cv::Rect kPiece{40, 50, 37, 30};

TEST_P(Models, EveryConvolution) {
  NetworkPair nets = load();
  std::vector<cv::String> names;
  for (const opencv::LayerReport& layer : opencv::report(nets.ours)) names.push_back(layer.name);
  ASSERT_EQ(names.size(), GetParam().convolutions);

  const cv::Mat blob = input(kPiece);
  std::vector<cv::Mat> actual, expected;
  nets.ours.setInput(blob);
  nets.ours.forward(actual, names);
  nets.theirs.setInput(blob);
  nets.theirs.forward(expected, names);
  ASSERT_EQ(actual.size(), names.size());
  ASSERT_EQ(expected.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_LE(relative_difference(actual[i], expected[i]), GetParam().tolerance) << names[i];
  }
  for (const opencv::LayerReport& layer : opencv::report(nets.ours)) {
    EXPECT_TRUE(layer.ours) << layer.name << ": " << layer.reason;
  }
}

TEST_P(Models, AsAWholeInSeveralShapes) {
  NetworkPair nets = load();
  for (const cv::Rect& piece : {kPiece, cv::Rect(20, 30, 24, 41), kPiece}) {
    const cv::Mat result = nets.run_and_compare(input(piece), GetParam().tolerance);
    EXPECT_EQ(result.size[2], piece.height * upscale::kScale);
    EXPECT_EQ(result.size[3], piece.width * upscale::kScale);
  }
}

TEST_P(Models, WithACapOfPackedBytes) {
  NetworkPair nets = load();
  constexpr std::size_t kLimit = 4 << 20;
  opencv::limit_packed_bytes(nets.ours, kLimit);
  nets.run_and_compare(input(kPiece), GetParam().tolerance);
  std::size_t packed = 0;
  for (const opencv::LayerReport& layer : opencv::report(nets.ours)) packed += layer.packed_bytes;
  EXPECT_LE(packed, kLimit);
  EXPECT_GT(packed, kLimit / 2);
}

/// What the adapter's f16 weights do to a picture: half of the memory, and nobody sees it.
TEST_P(Models, WithHalfWeights) {
  std::vector<upscale::Engine> engines;
  for (const auto kind : {upscale::Engine::Kind::winograd, upscale::Engine::Kind::half}) {
    engines.emplace_back(kind, model(), opencv::Options{}, opencv::kNoLimit);
  }
  const cv::Mat flower = cv::imread(fetched("flower.png").string());
  const upscale::Result result =
      upscale::upscale(flower(kPiece), engines, model(), {}, [](int, int) {});
  EXPECT_GE(result.differences.at(1).psnr(), 60);
  std::size_t packed[2] = {};
  for (std::size_t e = 0; e < 2; ++e) {
    for (const opencv::LayerReport& layer : opencv::report(engines[e].net())) {
      packed[e] += layer.packed_bytes;
    }
  }
  EXPECT_LE(static_cast<double>(packed[1]), 0.505 * static_cast<double>(packed[0]));
}

/// The packages hold the picture that TensorFlow.js made of the flower: the converted network in
/// OpenCV on winograd must make the same.
TEST_P(Models, ThePictureOfThePackage) {
  const std::string sample = std::string("flower.") + GetParam().name + ".png";
  WINOGRAD_NEED_FETCHED(sample);
  std::vector<upscale::Engine> engines;
  engines.emplace_back(upscale::Engine::Kind::winograd, model(), opencv::Options{},
                       opencv::kNoLimit);
  const cv::Mat flower = cv::imread(fetched("flower.png").string());
  const upscale::Result result = upscale::upscale(flower, engines, model(), {}, [](int, int) {});
  const cv::Mat expected = cv::imread(fetched(sample).string());
  ASSERT_EQ(result.picture.size(), expected.size());
  EXPECT_LE(cv::norm(result.picture, expected, cv::NORM_INF), 1);
  EXPECT_GE(cv::PSNR(result.picture, expected), 80);
}

INSTANTIATE_TEST_SUITE_P(, Models,
                         testing::Values(Case{"gans", 154, 120, 2e-5},
                                         Case{"medium", 28, 11, 2e-5}),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace winograd::test
