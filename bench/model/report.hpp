// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// What came of a model: one structure, which the table, the JSON file and the page show.
#ifndef WINOGRAD_BENCH_MODEL_REPORT_HPP
#define WINOGRAD_BENCH_MODEL_REPORT_HPP

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "bench/model/convolutions.hpp"

namespace winograd::bench {

/// A convolution; times are of one run, in seconds, and 0 where there is none.
struct ReportRow {
  Convolution convolution;
  std::string algorithm;  ///< chosen by the library
  double predicted = 0.0, predicted_direct = 0.0;
  double measured = 0.0;
  double direct = 0.0;                  ///< this library's direct convolution
  std::map<std::string, double> peers;  ///< by name
  double x_peak = 0.0, x_bound = 0.0, spread = 0.0, rms_error = 0.0;
  double compulsory_bytes = 0.0;
  std::string message;  ///< why there is no time

  double flops() const;
  int count() const { return convolution.layer.count; }
  /// All of them in the network.
  double total() const { return (measured > 0 ? measured : predicted) * count(); }
};

/// All convolutions by another way than this library's choice.
struct Rival {
  std::string name;
  double seconds = 0.0;                  ///< of the convolutions that it takes
  double ours = 0.0;                     ///< of the same ones
  int layers = 0;                        ///< how many different ones
  double mixed = 0.0;                    ///< of the same ones, each by whichever is faster
  std::vector<const ReportRow*> faster;  ///< where it is, by more than a tenth

  double gain() const { return seconds / ours; }
};

struct ModelReport {
  std::string file, producer;
  std::int64_t opset = 0;
  std::vector<std::pair<std::string, std::string>> inputs;  ///< name, dimensions
  Network network;
  std::vector<ReportRow> rows;  ///< by their share, largest first
  bool estimate = false;        ///< nothing was measured but the peak

  std::string cpu, compiler, isa, caches, layout;
  int threads = 1;
  double peak_gflops = 0.0, copy_gbytes = 0.0;
  std::vector<std::string> peer_versions;
  std::vector<std::string> missing_peers;

  double predicted() const;  ///< of all convolutions
  double measured() const;   ///< of those that were
  double predicted_of_measured() const;
  double predicted_over_measured() const;  ///< of those that were measured; 0 if none was
};

/// This library's direct convolutions, then the peers.
std::vector<Rival> rivals(const ModelReport& report);

/// What follows for somebody who thinks of switching, and when not to.
std::vector<std::string> advice(const ModelReport& report);

std::string to_json(const ModelReport& report);
/// One page that needs nothing else.
std::string to_html(const ModelReport& report);

/// Throws std::runtime_error if it cannot.
void write_file(const std::string& path, const std::string& text);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MODEL_REPORT_HPP
