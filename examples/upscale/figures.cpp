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
  nlohmann::ordered_json figures;
  for (std::size_t e = 0; e < engines.size(); ++e) {
    auto& entry = figures["engines"][engines[e].name()];
    entry["seconds"] = result.seconds[e];
    entry["runs"] = engines[e].times();
    entry["packed_mib"] = packed_mib(engines[e]);
    if (e == 0) continue;
    entry["to_first"] = result.seconds[e] / result.seconds[0];
    entry["max_difference"] = result.differences[e].max();
    entry["psnr_db"] = result.differences[e].psnr();
    entry["max_levels"] = result.differences[e].max_levels();
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
  for (std::size_t e = 1; e < engines.size(); ++e) {
    const Difference& difference = result.differences[e];
    fmt::print(
        "{} takes {:.2f} times as long as {}; difference: at most {:.2g} of the range, PSNR {:.1f} "
        "dB; "
        "as 8 bits at most {}\n",
        engines[e].name(), result.seconds[e] / result.seconds[0], engines[0].name(),
        difference.max(), difference.psnr(), difference.max_levels());
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
