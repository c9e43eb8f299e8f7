// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/views/machine.hpp"

#include <fmt/format.h>

#include <fstream>

#include "src/runtime/cache_sizes.hpp"

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

// User-mode QEMU shows its guest a /proc of the guest's own where programs are known to look (exe,
// cmdline, maps, auxv), but passes on the rest. There the process has the emulator's name, and the
// CPU is the host's: an Arm program that reads of an x86 CPU is not running on Arm.
std::string detect_emulator() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("Name:", 0) != 0) continue;
    const std::size_t name = line.find_first_not_of(" \t", 5);
    if (name != std::string::npos && line.rfind("qemu-", name) == name) return line.substr(name);
  }
#if defined(__arm__) || defined(__aarch64__)
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.find("GenuineIntel") != std::string::npos ||
        line.find("AuthenticAMD") != std::string::npos)
      return "an emulator on x86";
#endif
  return {};
}

std::string cache_text() {
  const detail::CacheSizes& caches = detail::cache_sizes();
  return fmt::format("caches {} + {} + {} KiB ({})", caches.l1 >> 10, caches.l2 >> 10,
                     caches.l3 >> 10, caches.source);
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
