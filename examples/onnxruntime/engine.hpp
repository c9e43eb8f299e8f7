// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// An ONNX model in ONNX Runtime, with or without winograd's plug-in.
#ifndef WINOGRAD_EXAMPLES_ONNXRUNTIME_ENGINE_HPP
#define WINOGRAD_EXAMPLES_ONNXRUNTIME_ENGINE_HPP

#include <onnxruntime_cxx_api.h>

#include <string>
#include <unordered_map>
#include <vector>

using ProviderOptions = std::unordered_map<std::string, std::string>;
/// Dimensions by the name of an input.
using Shapes = std::unordered_map<std::string, std::vector<std::int64_t>>;

/// The devices of a plug-in: what a session is told to use. This is all that a program needs to do
/// beside what it does already.
std::vector<Ort::ConstEpDevice> load_plugin(Ort::Env& env, const std::string& path);

/// A session and its inputs, filled with pseudo-random numbers.
class Engine {
 public:
  struct Settings {
    int threads = 1;
    std::string profile;  ///< where ONNX Runtime writes its profile; empty: nowhere
    Shapes shapes;        ///< of inputs that the model leaves open; what is not named is 1
  };

  /// `devices`: of load_plugin; empty for ONNX Runtime alone.
  Engine(Ort::Env& env, const std::string& model, const std::vector<Ort::ConstEpDevice>& devices,
         const ProviderOptions& options, const Settings& settings);

  void run();
  /// The numbers of the last run's outputs, one after another.
  std::vector<float> outputs() const;
  /// "x: 1x3x224x224"
  std::string description() const;

 private:
  void make_input(std::size_t index, const Settings& settings);

  Ort::Session session_{nullptr};
  std::vector<std::string> input_names_, output_names_;
  std::vector<std::vector<float>> data_;
  std::vector<std::vector<std::int64_t>> integers_;
  std::vector<Ort::Value> inputs_, outputs_;
  std::string description_;
};

#endif  // WINOGRAD_EXAMPLES_ONNXRUNTIME_ENGINE_HPP
