// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "engine.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <stdexcept>

namespace {

std::vector<const char*> pointers(const std::vector<std::string>& names) {
  std::vector<const char*> result;
  for (const std::string& name : names) result.push_back(name.c_str());
  return result;
}

}  // namespace

std::vector<Ort::ConstEpDevice> load_plugin(Ort::Env& env, const std::string& path) {
  env.RegisterExecutionProviderLibrary("winograd", path);
  std::vector<Ort::ConstEpDevice> devices;
  for (const Ort::ConstEpDevice& device : env.GetEpDevices()) {
    if (device.EpName() == std::string("WinogradExecutionProvider")) devices.push_back(device);
  }
  return devices;
}

Engine::Engine(Ort::Env& env, const std::string& model,
               const std::vector<Ort::ConstEpDevice>& devices, const ProviderOptions& options,
               const Settings& settings) {
  Ort::SessionOptions session;
  session.SetIntraOpNumThreads(settings.threads);
  if (!settings.profile.empty()) session.EnableProfiling(settings.profile.c_str());
  if (!devices.empty()) session.AppendExecutionProvider_V2(env, devices, options);
  session_ = Ort::Session(env, model.data(), model.size(), session);

  const Ort::AllocatorWithDefaultOptions allocator;
  for (std::size_t i = 0; i < session_.GetInputCount(); ++i) make_input(i, settings);
  for (std::size_t i = 0; i < session_.GetOutputCount(); ++i) {
    output_names_.emplace_back(session_.GetOutputNameAllocated(i, allocator).get());
  }
}

void Engine::make_input(std::size_t index, const Settings& settings) {
  const Ort::AllocatorWithDefaultOptions allocator;
  const std::string name = session_.GetInputNameAllocated(index, allocator).get();
  const Ort::TypeInfo type = session_.GetInputTypeInfo(index);
  const auto tensor = type.GetTensorTypeAndShapeInfo();
  std::vector<std::int64_t> shape = tensor.GetShape();
  const auto given = settings.shapes.find(name);
  if (given != settings.shapes.end()) shape = given->second;
  std::int64_t count = 1;
  description_ += fmt::format("{}{}: ", index > 0 ? ", " : "", name);
  for (std::int64_t& dim : shape) {
    if (dim < 0) dim = 1;
    count *= dim;
    description_ += fmt::format("{}{}", &dim == &shape[0] ? "" : "x", dim);
  }
  const auto memory = Ort::MemoryInfo::CreateCpu(OrtArenaAllocator, OrtMemTypeDefault);
  if (tensor.GetElementType() == ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64) {
    integers_.emplace_back(static_cast<std::size_t>(count), 1);
    inputs_.push_back(Ort::Value::CreateTensor<std::int64_t>(
        memory, integers_.back().data(), integers_.back().size(), shape.data(), shape.size()));
  } else if (tensor.GetElementType() == ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) {
    std::vector<float>& values = data_.emplace_back(static_cast<std::size_t>(count));
    std::uint32_t state = 7;
    for (float& value : values) {
      state = state * 1664525U + 1013904223U;
      value = static_cast<float>(state >> 8) * 0x1p-24F;  // as a picture's
    }
    inputs_.push_back(Ort::Value::CreateTensor<float>(memory, values.data(), values.size(),
                                                      shape.data(), shape.size()));
  } else {
    throw std::runtime_error(
        fmt::format("the input {} is neither of floats nor of 64-bit integers", name));
  }
  input_names_.push_back(name);
}

void Engine::run() {
  const auto inputs = pointers(input_names_), outputs = pointers(output_names_);
  outputs_ = session_.Run(Ort::RunOptions{nullptr}, inputs.data(), inputs_.data(), inputs.size(),
                          outputs.data(), outputs.size());
}

std::vector<float> Engine::outputs() const {
  std::vector<float> all;
  for (const Ort::Value& value : outputs_) {
    const auto info = value.GetTensorTypeAndShapeInfo();
    if (info.GetElementType() != ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT) continue;
    const float* const data = value.GetTensorData<float>();
    all.insert(all.end(), data, data + info.GetElementCount());
  }
  return all;
}

std::string Engine::description() const { return description_; }
