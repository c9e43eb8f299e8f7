// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "figures.hpp"

#include <fmt/core.h>
#include <sys/resource.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

namespace winograd::upscale {
namespace {

constexpr double kMiB = 1024.0 * 1024.0;

double peak_memory_mib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;  // Linux counts in KiB
}

double packed_mib(Engine& engine) {
  std::size_t bytes = 0;
  for (const opencv::LayerReport& layer : opencv::report(engine.net())) bytes += layer.packed_bytes;
  return static_cast<double>(bytes) / kMiB;
}

std::string geometry(const Conv2dDesc& d) {
  if (d.out_channels == 0) return "";
  return fmt::format("{}x{}x{} -> {}, {}x{}", d.in_channels, d.height, d.width, d.out_channels,
                     d.kernel_h, d.kernel_w);
}

}  // namespace

void print_figures(const Result& result, std::vector<Engine>& engines, bool json) {
  const bool both = engines.size() == 2;
  nlohmann::ordered_json figures;
  for (std::size_t e = 0; e < engines.size(); ++e) {
    auto& entry = figures["engines"][engines[e].name()];
    entry["seconds"] = result.seconds[e];
    entry["runs"] = engines[e].times();
    entry["packed_mib"] = packed_mib(engines[e]);
  }
  if (both) {
    figures["speed_up"] = result.seconds[1] / result.seconds[0];
    figures["max_difference"] = result.difference.max();
    figures["psnr_db"] = result.difference.psnr();
    figures["max_levels"] = result.difference.max_levels();
  }
  figures["peak_memory_mib"] = peak_memory_mib();
  if (json) {
    fmt::print("{}\n", figures.dump(2));
    return;
  }

  for (const auto& [name, entry] : figures["engines"].items()) {
    fmt::print("{:<9} {:.3f} s (first run {:.3f} s), packed weights {:.1f} MiB\n", name,
               entry["seconds"].get<double>(), entry["runs"].front().get<double>(),
               entry["packed_mib"].get<double>());
  }
  if (both) {
    fmt::print("winograd is {:.2f} times as fast\n", figures["speed_up"].get<double>());
    fmt::print("difference: at most {:.2g} of the range, PSNR {:.1f} dB; as 8 bits at most {}\n",
               result.difference.max(), result.difference.psnr(), result.difference.max_levels());
  }
  fmt::print("peak memory {:.0f} MiB\n", figures["peak_memory_mib"].get<double>());
}

void print_report(Engine& engine) {
  fmt::print("{:<32} {:<30} {:>8} {:>9}  {:<12} {}\n", "layer", "geometry", "ms", "KiB packed",
             "algorithm", "because");
  for (const opencv::LayerReport& layer : opencv::report(engine.net())) {
    fmt::print("{:<32} {:<30} {:>8.2f} {:>9}  {:<12} {}\n", layer.name, geometry(layer.desc),
               layer.milliseconds, layer.packed_bytes / 1024,
               layer.ours ? to_string(layer.algorithm) : "OpenCV's", layer.reason);
  }
}

}  // namespace winograd::upscale
