// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "bench/model/report.hpp"
#include "bench/model/report_page.hpp"

namespace winograd::bench {
namespace {

using Json = nlohmann::ordered_json;

/// Milliseconds, or null where there is no time.
Json ms(double seconds) { return seconds > 0 ? Json(seconds * 1e3) : Json(nullptr); }

Json row_json(const ReportRow& row, double all) {
  const Convolution& convolution = row.convolution;
  Json peers = Json::object();
  for (const auto& [name, seconds] : row.peers) peers[name] = ms(seconds);
  return {{"layer", geometry_name(convolution.layer.desc)},
          {"where", convolution.layer.where},
          {"nodes", convolution.nodes},
          {"count", row.count()},
          {"fused", convolution.fused},
          {"algorithm", row.algorithm},
          {"gflop", row.flops() * 1e-9},
          {"share", all > 0 ? row.total() / all : 0.0},
          {"predicted_ms", ms(row.predicted)},
          {"measured_ms", ms(row.measured)},
          {"direct_ms", ms(row.direct)},
          {"peers_ms", std::move(peers)},
          {"x_peak", row.x_peak},
          {"x_bound", row.x_bound},
          {"spread", row.spread},
          {"rms_error", row.rms_error},
          {"compulsory_bytes", row.compulsory_bytes},
          {"message", row.message}};
}

Json report_json(const ModelReport& report) {
  double all = 0.0;
  for (const ReportRow& row : report.rows) all += row.total();
  const double ratio = report.predicted_over_measured();
  Json layers = Json::array(), against = Json::array(), others = Json::array();
  for (const ReportRow& row : report.rows) layers.push_back(row_json(row, all));
  for (const Rival& rival : rivals(report))
    against.push_back({{"name", rival.name},
                       {"ms", ms(rival.seconds)},
                       {"ours_ms", ms(rival.ours)},
                       {"gain", rival.gain()},
                       {"mixed_ms", ms(rival.mixed)},
                       {"layers", rival.layers},
                       {"faster_on", rival.faster.size()}});
  for (const OtherWork& work : report.network.others)
    others.push_back({{"type", work.type},
                      {"count", work.count},
                      {"gflop", work.flops * 1e-9},
                      {"complete", work.counted}});
  Json inputs = Json::object();
  for (const auto& [name, dims] : report.inputs) inputs[name] = dims;
  return {{"model",
           {{"file", report.file},
            {"producer", report.producer},
            {"opset", report.opset},
            {"inputs", std::move(inputs)},
            {"convolutions", report.network.count()},
            {"gflop", report.network.flops() * 1e-9},
            {"folded", report.network.folded}}},
          {"machine",
           {{"cpu", report.cpu},
            {"compiler", report.compiler},
            {"isa", report.isa},
            {"caches", report.caches},
            {"layout", report.layout},
            {"threads", report.threads},
            {"fma_peak_gflops", report.peak_gflops},
            {"copy_gbytes_per_second", report.copy_gbytes}}},
          {"peers", report.peer_versions},
          {"left_out", report.missing_peers},
          {"estimate", report.estimate},
          {"layers", std::move(layers)},
          {"total",
           {{"predicted_ms", ms(report.predicted())},
            {"measured_ms", ms(report.measured())},
            {"predicted_of_measured_ms", ms(report.predicted_of_measured())},
            {"predicted_over_measured", ratio > 0 ? Json(ratio) : Json(nullptr)}}},
          {"against", std::move(against)},
          {"advice", advice(report)},
          {"skipped", report.network.skipped},
          {"others", std::move(others)},
          {"notes", report.network.notes}};
}

std::string dump(const Json& json, int indent) {
  // Names in a file need not be UTF-8.
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string to_json(const ModelReport& report) { return dump(report_json(report), 1) + "\n"; }

std::string to_html(const ModelReport& report) {
  std::string data;
  // Inside a script element nothing may look like its end.
  for (const char c : dump(report_json(report), -1))
    if (c == '<')
      data += "\\u003c";
    else
      data += c;
  std::string page = kReportPage;
  constexpr std::string_view kPlace = "{/*report*/}";
  page.replace(page.find(kPlace), kPlace.size(), data);
  return page;
}

}  // namespace winograd::bench
