// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_UPSCALE_OPTIONS_HPP
#define WINOGRAD_UPSCALE_OPTIONS_HPP

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>
#include <winograd/opencv.hpp>

#include "engine.hpp"
#include "upscale.hpp"

namespace winograd::upscale {

/// The command line.
struct Options {
  std::string input, output;
  std::string model = "gans";
  std::filesystem::path models;
  std::vector<Engine::Kind> engines;
  opencv::Options winograd;
  std::size_t packed_limit_bytes = opencv::kNoLimit;
  Settings settings;
  int threads = 0;
  std::string side_by_side;
  int shown = 128;
  bool report = false;
  bool json = false;
};

/// Reads it. Ends the program after --help or a mistake.
Options read_options(int argc, char** argv);

}  // namespace winograd::upscale

#endif  // WINOGRAD_UPSCALE_OPTIONS_HPP
