// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "sessions.hpp"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <limits>

namespace winograd::ort::test {

std::vector<float> random_floats(std::int64_t count, std::uint32_t seed, float scale) {
  std::vector<float> values(static_cast<std::size_t>(count));
  std::uint32_t state = seed * 2654435761U + 1;
  for (float& value : values) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<float>(static_cast<std::int32_t>(state)) * 0x1p-31F * scale;
  }
  return values;
}

void add_constant(ModelWriter& model, const std::string& name, const Numbers& dims,
                  std::uint32_t seed, float scale) {
  std::int64_t count = 1;
  for (const std::int64_t dim : dims) count *= dim;
  model.floats(name, dims, random_floats(count, seed, scale));
}

Ort::Env& environment() {
  static Ort::Env env = [] {
    Ort::Env made(ORT_LOGGING_LEVEL_FATAL, "test");
    made.RegisterExecutionProviderLibrary("winograd", WINOGRAD_PLUGIN);
    return made;
  }();
  return env;
}

Session::Session(const std::string& model) {
  Ort::SessionOptions options;
  options.SetIntraOpNumThreads(1);
  session_ = Ort::Session(environment(), model.data(), model.size(), options);
}

Session::Session(const std::string& model, ProviderOptions options, int threads,
                 GraphOptimizationLevel level) {
  static std::atomic<int> number = 0;
  const std::string path = std::string(WINOGRAD_TEST_FOLDER) + "/report-" +
                           std::to_string(getpid()) + "-" + std::to_string(number++) + ".txt";
  options.emplace("report", path);
  std::vector<Ort::ConstEpDevice> devices;
  for (const Ort::ConstEpDevice& device : environment().GetEpDevices()) {
    if (device.EpName() == std::string("WinogradExecutionProvider")) devices.push_back(device);
  }
  Ort::SessionOptions session;
  session.SetIntraOpNumThreads(threads);
  session.SetGraphOptimizationLevel(level);
  session.AppendExecutionProvider_V2(environment(), devices, options);
  session_ = Ort::Session(environment(), model.data(), model.size(), session);
  std::ifstream file(options.at("report"));
  for (std::string line; std::getline(file, line);) report_.push_back(line);
  std::remove(path.c_str());
}

std::vector<Tensor> Session::run(const std::vector<Numbers>& shapes) {
  const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  const Ort::AllocatorWithDefaultOptions allocator;
  std::vector<std::vector<float>> data;
  std::vector<Ort::Value> inputs;
  std::vector<std::string> input_names, output_names;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    std::int64_t count = 1;
    for (const std::int64_t dim : shapes[i]) count *= dim;
    data.push_back(random_floats(count, static_cast<std::uint32_t>(100 + i)));
    inputs.push_back(Ort::Value::CreateTensor<float>(memory, data.back().data(), data.back().size(),
                                                     shapes[i].data(), shapes[i].size()));
    input_names.emplace_back(session_.GetInputNameAllocated(i, allocator).get());
  }
  for (std::size_t i = 0; i < session_.GetOutputCount(); ++i) {
    output_names.emplace_back(session_.GetOutputNameAllocated(i, allocator).get());
  }
  const auto pointers = [](const std::vector<std::string>& names) {
    std::vector<const char*> result;
    for (const std::string& name : names) result.push_back(name.c_str());
    return result;
  };
  const auto values =
      session_.Run(Ort::RunOptions{nullptr}, pointers(input_names).data(), inputs.data(),
                   inputs.size(), pointers(output_names).data(), output_names.size());
  std::vector<Tensor> outputs;
  for (const Ort::Value& value : values) {
    const auto info = value.GetTensorTypeAndShapeInfo();
    const float* const numbers = value.GetTensorData<float>();
    outputs.push_back({info.GetShape(), {numbers, numbers + info.GetElementCount()}});
  }
  return outputs;
}

int Session::count(const std::string& who) const {
  return static_cast<int>(std::count_if(report_.begin(), report_.end(), [&](const auto& line) {
    return line.compare(line.find(": ") + 2, who.size(), who) == 0;
  }));
}

double difference(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double most = 0, largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].shape != b[i].shape) return std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < a[i].values.size(); ++j) {
      const double x = a[i].values[j], y = b[i].values[j];
      if (!(std::fabs(x - y) <= std::numeric_limits<double>::max())) return HUGE_VAL;
      most = std::max(most, std::fabs(x - y));
      largest = std::max(largest, std::fabs(x));
    }
  }
  return largest > 0 ? most / largest : most;
}

}  // namespace winograd::ort::test
