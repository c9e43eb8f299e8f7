// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "views/machine.hpp"

#include <fstream>

namespace winograd::bench {

std::string cpu_name() {
  // "model name" on x86, "Model" on some ARM boards.
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) != 0 && line.rfind("Model", 0) != 0) continue;
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown CPU";
}

std::string compiler_name() {
#if defined(__clang__)
  return "clang " __clang_version__;
#elif defined(__GNUC__)
  return "g++ " __VERSION__;
#else
  return "unknown compiler";
#endif
}

}  // namespace winograd::bench
