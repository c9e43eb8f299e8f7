// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// winograd_upscale: a real network in a real engine on a real picture. docs/opencv.md
#include <fmt/core.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine.hpp"
#include "figures.hpp"
#include "options.hpp"
#include "side_by_side.hpp"
#include "upscale.hpp"

namespace winograd::upscale {
namespace {

void write(const std::string& file, const cv::Mat& picture) {
  if (!cv::imwrite(file, picture)) throw std::runtime_error("cannot write " + file);
}

void run(const Options& options) {
  if (options.threads > 0) cv::setNumThreads(options.threads);
  const Model model = find_model(options.model, options.models);
  const cv::Mat picture = cv::imread(options.input, cv::IMREAD_COLOR);
  if (picture.empty()) throw std::runtime_error("cannot read " + options.input);

  std::vector<Engine> engines;
  for (const Engine::Kind kind : options.engines) {
    engines.emplace_back(kind, model, options.winograd, options.packed_limit_bytes);
  }

  const auto begin = std::chrono::steady_clock::now();
  const auto progress = [begin](int done, int all) {
    if (all == 1) return;
    const std::chrono::duration<double> past = std::chrono::steady_clock::now() - begin;
    fmt::print(stderr, "\rtile {} of {}, {:.0f} s to go   {}", done, all,
               past.count() / done * (all - done), done == all ? "\n" : "");
    std::fflush(stderr);
  };
  const Result result = upscale(picture, engines, model, options.settings, progress);

  write(options.output, result.picture);
  if (!options.side_by_side.empty()) {
    write(options.side_by_side, side_by_side(picture, result.picture, options.shown));
  }
  if (options.report) {
    for (Engine& engine : engines) print_report(engine);
  }
  print_figures(result, engines, options.json);
}

}  // namespace
}  // namespace winograd::upscale

int main(int argc, char** argv) {
  const winograd::upscale::Options options = winograd::upscale::read_options(argc, argv);
  try {
    winograd::upscale::run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "winograd_upscale: {}\n", error.what());
    return 1;
  }
  return 0;
}
