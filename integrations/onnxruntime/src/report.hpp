// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_ONNXRUNTIME_SRC_REPORT_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_REPORT_HPP

#include <fstream>
#include <set>
#include <string>

#include "api.hpp"

namespace winograd::ort {

/// Says what runs where: to ONNX Runtime's logger, level INFO, and to a file if there is one.
class Report {
 public:
  /// `path`: empty for no file; a file that is there is replaced. Throws if it cannot be written.
  Report(const std::string& path, const OrtLogger* logger);

  /// A line about a layer; a layer that was reported before is passed over.
  void add(const std::string& layer, const std::string& line);

 private:
  Ort::Logger logger_;
  std::ofstream file_;
  std::set<std::string> reported_;
};

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_REPORT_HPP
