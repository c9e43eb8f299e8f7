// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/model/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>

namespace winograd::bench {
namespace {

// Less than a tenth is less than what machines and engines differ by.
constexpr double kWorthIt = 1.1;

void add(Rival& rival, const ReportRow& row, double seconds) {
  if (seconds <= 0 || row.measured <= 0) return;
  rival.seconds += seconds * row.count();
  rival.ours += row.measured * row.count();
  rival.mixed += std::min(seconds, row.measured) * row.count();
  ++rival.layers;
  if (seconds * kWorthIt < row.measured) rival.faster.push_back(&row);
}

void advise_against(const Rival& rival, std::size_t layers, std::vector<std::string>& lines) {
  const double gain = rival.gain();
  std::string line;
  if (gain >= kWorthIt)
    line = fmt::format(
        "Against {}: {:.2f} times as fast over the convolutions ({:.2f} ms instead of "
        "{:.2f} ms).",
        rival.name, gain, rival.ours * 1e3, rival.seconds * 1e3);
  else if (gain * kWorthIt > 1)
    line = fmt::format("Against {}: no difference worth a switch ({:.2f} ms and {:.2f} ms).",
                       rival.name, rival.ours * 1e3, rival.seconds * 1e3);
  else
    line = fmt::format(
        "Do not switch from {}: it takes {:.2f} ms for the convolutions, this library "
        "{:.2f} ms.",
        rival.name, rival.seconds * 1e3, rival.ours * 1e3);
  if (static_cast<std::size_t>(rival.layers) < layers)
    line +=
        fmt::format(" It took {} of the {} layers; both times are of these.", rival.layers, layers);
  if (!rival.faster.empty())
    line += fmt::format(
        " It is the faster one on {} of {}, such as {}; each layer by whichever is "
        "faster: {:.2f} ms.",
        rival.faster.size(), rival.layers, geometry_name(rival.faster[0]->convolution.layer.desc),
        rival.mixed * 1e3);
  lines.push_back(std::move(line));
}

}  // namespace

double ReportRow::flops() const { return direct_flops(convolution.layer.desc); }

double ModelReport::predicted() const {
  double all = 0.0;
  for (const ReportRow& row : rows) all += row.predicted * row.count();
  return all;
}

double ModelReport::measured() const {
  double all = 0.0;
  for (const ReportRow& row : rows) all += row.measured * row.count();
  return all;
}

double ModelReport::predicted_of_measured() const {
  double all = 0.0;
  for (const ReportRow& row : rows)
    if (row.measured > 0) all += row.predicted * row.count();
  return all;
}

double ModelReport::predicted_over_measured() const {
  const double all = measured();
  return all > 0 ? predicted_of_measured() / all : 0.0;
}

std::vector<Rival> rivals(const ModelReport& report) {
  std::map<std::string, Rival> peers;
  Rival direct;
  direct.name = "direct convolutions of this library";
  for (const ReportRow& row : report.rows) {
    add(direct, row, row.direct);
    for (const auto& [name, seconds] : row.peers) {
      peers[name].name = name;
      add(peers[name], row, seconds);
    }
  }
  std::vector<Rival> all;
  if (direct.layers > 0) all.push_back(std::move(direct));
  for (auto& [name, rival] : peers)
    if (rival.layers > 0) all.push_back(std::move(rival));
  return all;
}

std::vector<std::string> advice(const ModelReport& report) {
  std::vector<std::string> lines;
  const Network& network = report.network;
  if (network.convolutions.empty()) {
    lines.push_back(network.skipped.empty()
                        ? "The network has no convolutions: there is nothing to gain."
                        : "No convolution could be listed; see below what is missing.");
    return lines;
  }
  const auto measured = static_cast<std::size_t>(
      std::count_if(report.rows.begin(), report.rows.end(),
                    [](const ReportRow& row) { return row.measured > 0; }));
  for (const Rival& rival : rivals(report)) advise_against(rival, measured, lines);

  double all = 0.0, direct = 0.0, expected_direct = 0.0;
  for (const ReportRow& row : report.rows) {
    all += row.total();
    expected_direct += row.predicted_direct * row.count();
    if (row.algorithm == "direct") direct += row.total();
  }
  if (report.estimate)
    lines.push_back(
        fmt::format("Estimated, not measured: {:.2f} times as fast as with direct "
                    "convolutions only.",
                    expected_direct / report.predicted()));
  if (direct > 0.5 * all)
    lines.push_back(
        fmt::format("{:.0f} % of the time is spent in layers that this library computes "
                    "directly too (1x1, strided, depthwise, few channels): no products "
                    "are saved there, and a good GEMM library does as well.",
                    100.0 * direct / all));
  const double others = network.other_flops(), together = others + network.flops();
  if (others > 0.1 * together)
    lines.push_back(
        fmt::format("{:.0f} % of the operations that are counted are no 2-D convolutions; "
                    "as a whole the network gains accordingly less.",
                    100.0 * others / together));
  if (!network.skipped.empty())
    lines.push_back(
        fmt::format("{} convolutions are not in the table and in none of these figures.",
                    network.skipped.size()));
  lines.emplace_back(
      "All of this is the convolutions alone. What lies between them takes its time whoever "
      "computes them.");
  return lines;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw std::runtime_error(fmt::format("{}: {}", path, std::strerror(errno)));
}

}  // namespace winograd::bench
