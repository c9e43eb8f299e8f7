// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace winograd::ort {
namespace {

/// ONNX Runtime puts a provider's options among those of the session, behind its name in lower
/// case.
constexpr std::string_view kPrefix = "ep.winogradexecutionprovider.";

[[noreturn]] void refuse(std::string_view key, std::string_view value, std::string_view allowed) {
  throw Ort::Exception("winograd: option " + std::string(key) + " is '" + std::string(value) +
                           "': " + std::string(allowed),
                       ORT_INVALID_ARGUMENT);
}

std::uint64_t read_number(std::string_view key, std::string_view value, std::uint64_t most) {
  std::uint64_t number = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, number);
  if (error != std::errc() || stop != end || number > most) {
    refuse(key, value, "a number from 0 to " + std::to_string(most));
  }
  return number;
}

Accuracy read_accuracy(std::string_view key, std::string_view value) {
  for (const Accuracy one :
       {Accuracy::strict, Accuracy::standard, Accuracy::relaxed, Accuracy::half}) {
    if (value == to_string(one)) return one;
  }
  refuse(key, value, "strict, standard, relaxed or half");
}

void set(std::string_view key, std::string_view value, Options& options) {
  if (key == "layers") {
    if (value != "gain" && value != "all") refuse(key, value, "gain or all");
    options.all_layers = value == "all";
  } else if (key == "accuracy") {
    options.accuracy = read_accuracy(key, value);
  } else if (key == "threads") {
    options.threads = static_cast<int>(read_number(key, value, Executor::kMaxConcurrency));
  } else if (key == "packed_limit_bytes") {
    options.packed_limit_bytes = static_cast<std::size_t>(read_number(key, value, SIZE_MAX / 2));
  } else if (key == "report") {
    options.report = value;
  } else {
    throw Ort::Exception("winograd: there is no option " + std::string(key) +
                             ", only layers, accuracy, threads, packed_limit_bytes and report",
                         ORT_INVALID_ARGUMENT);
  }
}

}  // namespace

Options read_options(Ort::ConstSessionOptions session) {
  OrtKeyValuePairs* pairs = nullptr;
  Ort::ThrowOnError(Ort::GetApi().GetSessionOptionsConfigEntries(session, &pairs));
  const Ort::KeyValuePairs owner(pairs);
  std::vector<const char*> keys, values;
  owner.GetKeyValuePairs(keys, values);
  Options options;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const std::string_view key = keys[i];
    if (key.substr(0, kPrefix.size()) == kPrefix)
      set(key.substr(kPrefix.size()), values[i], options);
  }
  return options;
}

}  // namespace winograd::ort
