// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_BENCH_OPTIONS_HPP
#define WINOGRAD_BENCH_OPTIONS_HPP

#include <cstdint>
#include <string>
#include <vector>

#include "bench/measure/rounds.hpp"
#include "bench/model/shapes.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::bench {

/// What is printed. All views measure in the same way; the JSON file does not depend on the view.
enum class View : std::uint8_t {
  table,      ///< a row per layer, and means over all layers
  targets,    ///< the speed targets, and whether they hold
  network,    ///< also whole networks, layer after layer with cold caches
  model,      ///< the convolutions of a model file, and what switching would gain
  stages,     ///< where the time of a layer goes
  kernels,    ///< micro-kernels and transforms apart, on data in the L1 cache
  benchmark,  ///< Google Benchmark's own output (--benchmark_format)
};

struct Options {
  View view = View::table;
  std::vector<std::string> lists;       ///< names
  std::vector<std::string> geometries;  ///< see layers/layer.hpp
  std::string model;                    ///< a file
  std::vector<InputDims> inputs;        ///< of the model, instead of what its file says
  bool estimate = false;                ///< of the model: measure nothing but the peak
  std::string html, json;               ///< files to write about the model
  std::vector<Algorithm> algorithms = {Algorithm::automatic};
  std::vector<Layout> layouts = {Layout::nhwc};
  std::vector<DataType> types = {DataType::f32};  ///< of this library's tensors; peers have f32
  std::vector<int> threads = {1};
  std::vector<std::string> peers = {"im2col", "onednn"};  ///< those of this build are used
  Isa isa = Isa::best;
  Accuracy accuracy = Accuracy::standard;
  std::int64_t batch = 0;  ///< 0: as the layer says
  bool verify = true;
  std::string emulator;  ///< what runs this program instead of a CPU, or empty: print no times
  RoundOptions rounds;

  // Of Google Benchmark.
  std::vector<std::string> benchmark_flags;
  std::string benchmark_format;  ///< empty: not given
  bool benchmark_out = false;
};

/// Exits with help or an error message where the command line says so.
Options parse_options(int argc, char** argv);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_OPTIONS_HPP
