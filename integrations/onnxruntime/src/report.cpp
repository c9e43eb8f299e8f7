// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

namespace winograd::ort {

Report::Report(const std::string& path, const OrtLogger* logger) : logger_(logger) {
  if (path.empty()) return;
  file_.open(path, std::ios::trunc);
  if (!file_) {
    throw Ort::Exception("winograd: the report " + path + " cannot be written",
                         ORT_INVALID_ARGUMENT);
  }
}

void Report::add(const std::string& layer, const std::string& line) {
  if (!reported_.insert(layer).second) return;
  const std::string text = layer + ": " + line;
  ORT_CXX_LOG_NOEXCEPT(logger_, ORT_LOGGING_LEVEL_INFO, ("winograd: " + text).c_str());
  if (file_.is_open()) file_ << text << std::endl;
}

}  // namespace winograd::ort
