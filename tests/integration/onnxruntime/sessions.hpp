// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Models that tests write, run by ONNX Runtime alone and with the plug-in.
#ifndef WINOGRAD_TESTS_INTEGRATION_ONNXRUNTIME_SESSIONS_HPP
#define WINOGRAD_TESTS_INTEGRATION_ONNXRUNTIME_SESSIONS_HPP

#include <onnxruntime_cxx_api.h>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "bench/tests/model_writer.hpp"

namespace winograd::ort::test {

using bench::test::ModelWriter;
using bench::test::Numbers;
using ProviderOptions = std::unordered_map<std::string, std::string>;

/// Pseudo-random numbers of both signs, others for each seed.
std::vector<float> random_floats(std::int64_t count, std::uint32_t seed, float scale = 1.0F);

/// Adds a constant of such numbers.
void add_constant(ModelWriter& model, const std::string& name, const Numbers& dims,
                  std::uint32_t seed, float scale = 0.2F);

/// The process's environment, in which the plug-in is registered.
Ort::Env& environment();

struct Tensor {
  Numbers shape;
  std::vector<float> values;
};

class Session {
 public:
  /// ONNX Runtime alone.
  explicit Session(const std::string& model);
  /// With the plug-in; what runs where is read from its report.
  Session(const std::string& model, ProviderOptions options, int threads = 1,
          GraphOptimizationLevel level = ORT_ENABLE_ALL);

  /// Runs on inputs of these shapes with pseudo-random numbers, in the order of the model's inputs.
  std::vector<Tensor> run(const std::vector<Numbers>& shapes);

  const std::vector<std::string>& report() const { return report_; }
  /// Lines of the report that begin with "<layer>: <who>".
  int count(const std::string& who) const;

 private:
  Ort::Session session_{nullptr};
  std::vector<std::string> report_;
};

/// max |a - b| / max |a|; infinite for different shapes.
double difference(const std::vector<Tensor>& a, const std::vector<Tensor>& b);

}  // namespace winograd::ort::test

#endif  // WINOGRAD_TESTS_INTEGRATION_ONNXRUNTIME_SESSIONS_HPP
