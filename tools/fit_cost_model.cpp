// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Fits the cost model of a kernel set to measurements: the constants of CostModel that let the
// automatic choice lose least.
//
//   winograd_selection_regret 320 1 standard all > standard.txt
//   winograd_selection_regret 320 2 relaxed all > relaxed.txt
//   winograd_prediction_error 320 2 all > layers.txt
//   winograd_fit_cost_model avx512 standard standard.txt relaxed relaxed.txt standard layers.txt
//
// Coordinate descent from the set's present constants: each in turn is made a little larger and
// smaller, and what lowers the loss is kept. The loss is the mean regret where there are several
// algorithms, and, with less weight, how far estimated times are from measured ones, layers of all
// kinds alike. Prints the initialiser.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "bench/layers/layer.hpp"
#include "kernels/contract/kernel_set.hpp"
#include "src/planning/cost.hpp"
#include "src/planning/layer.hpp"
#include "src/planning/selection.hpp"
#include "src/runtime/kernel_sets.hpp"

namespace {

using namespace winograd;
using detail::CostModel;

struct Way {
  detail::PackedShape shape;
  double seconds;
};

struct Sample {
  Conv2dDesc desc;
  Accuracy accuracy;
  std::vector<Way> ways;
};

const struct {
  const char* name;
  double CostModel::*value;
} kConstants[] = {
    {"start", &CostModel::start},
    {"gemm", &CostModel::gemm},
    {"gemm_start", &CostModel::gemm_start},
    {"gemm_call", &CostModel::gemm_call},
    {"direct_gemm", &CostModel::direct_gemm},
    {"direct_start", &CostModel::direct_start},
    {"narrow", &CostModel::narrow},
    {"planes", &CostModel::planes},
    {"planes_start", &CostModel::planes_start},
    {"transform", &CostModel::transform},
    {"large_input", &CostModel::large_input},
    {"large_output", &CostModel::large_output},
    {"nchw_input", &CostModel::nchw_input},
    {"nchw_output", &CostModel::nchw_output},
    {"large_nchw", &CostModel::large_nchw},
    {"strip", &CostModel::strip},
    {"nchw_direct_in", &CostModel::nchw_direct_in},
    {"nchw_direct_out", &CostModel::nchw_direct_out},
    {"line_of_l3", &CostModel::line_of_l3},
    {"line_of_memory", &CostModel::line_of_memory},
    {"latency_rows", &CostModel::latency_rows},
    {"depthwise_tap", &CostModel::depthwise_tap},
    {"depthwise_finish", &CostModel::depthwise_finish},
    {"depthwise_staged", &CostModel::depthwise_staged},
    {"group_product", &CostModel::group_product},
};

/// A line of winograd_selection_regret or winograd_prediction_error, such as
/// "n1c64h56w56k64r3s1p1 nhwc: chose ... | us: direct 700 winograd_f2 500"; false for any other.
bool parse(const std::string& line, Accuracy accuracy, const detail::KernelSet& kernels,
           Sample* sample) {
  const std::size_t space = line.find(' '), times = line.find("| us:");
  if (times == std::string::npos) return false;
  Conv2dDesc& desc = sample->desc;
  desc = bench::parse_geometry(line.substr(0, space));
  desc.layout = line.compare(space + 1, 4, "nhwc") == 0 ? Layout::nhwc : Layout::nchw;
  sample->accuracy = accuracy;
  sample->ways.clear();
  std::istringstream words(line.substr(times + 5));
  std::string name;
  double microseconds = 0;
  while (words >> name >> microseconds) {
    for (const Algorithm algorithm : detail::kAlgorithms) {
      detail::PackedShape shape;
      if (name != to_string(algorithm) ||
          !detail::shape_for(desc, algorithm, accuracy, kernels, &shape)) {
        continue;
      }
      sample->ways.push_back({shape, microseconds * 1e-6});
    }
  }
  return !sample->ways.empty();
}

struct Loss {
  double regret = 0;  ///< mean
  double within = 0;  ///< share within 5 % of the best
  double errors = 0;  ///< mean of |log(estimated / measured)|, at one common frequency
  double total() const { return regret + 0.05 * (1 - within) + 0.1 * errors; }
};

Loss loss_of(const std::vector<Sample>& samples, const detail::KernelSet& kernels) {
  Loss loss;
  std::vector<double> logs;  // of cycles a second
  int choices = 0;
  PlanOptions options;
  for (const Sample& sample : samples) {
    const detail::Layer layer(sample.desc);
    std::vector<double> cycles;
    for (const Way& way : sample.ways) {
      options.accuracy = sample.accuracy;
      cycles.push_back(detail::cost_of(sample.desc, layer, way.shape, kernels, options).cycles);
    }
    for (std::size_t i = 0; i < sample.ways.size(); ++i) {
      logs.push_back(std::log(cycles[i] / sample.ways[i].seconds));
    }
    if (cycles.size() < 2) continue;
    ++choices;
    const auto chosen =
        static_cast<std::size_t>(std::min_element(cycles.begin(), cycles.end()) - cycles.begin());
    std::size_t best = 0;
    for (std::size_t i = 1; i < sample.ways.size(); ++i) {
      if (sample.ways[i].seconds < sample.ways[best].seconds) best = i;
    }
    const double regret = sample.ways[chosen].seconds / sample.ways[best].seconds - 1;
    loss.regret += regret;
    loss.within += regret <= 0.05 ? 1 : 0;
  }
  std::vector<double> sorted = logs;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2),
                   sorted.end());
  for (const double log : logs) {
    loss.errors += std::abs(log - sorted[sorted.size() / 2]) / static_cast<double>(logs.size());
  }
  const auto count = static_cast<double>(std::max(choices, 1));
  loss.regret /= count;
  loss.within /= count;
  return loss;
}

/// Coordinate descent with steps from `factor` on; returns the loss it ends at.
Loss descend(const std::vector<Sample>& samples, detail::KernelSet& kernels, double factor) {
  Loss loss = loss_of(samples, kernels);
  for (; factor > 1.01; factor = 1 + (factor - 1) * 0.75) {
    for (int pass = 0; pass < 3; ++pass) {
      for (const auto& constant : kConstants) {
        for (const double change : {factor, 1 / factor}) {
          const double old = kernels.cost.*constant.value;
          kernels.cost.*constant.value = old * change;
          const Loss next = loss_of(samples, kernels);
          if (next.total() < loss.total()) {
            loss = next;
          } else {
            kernels.cost.*constant.value = old;
          }
        }
      }
    }
  }
  return loss;
}

void print(const char* what, const Loss& loss) {
  fmt::print("// {}: within 5 % on {:.1f} %, mean regret {:.2f} %, times off by {:.1f} %\n", what,
             100 * loss.within, 100 * loss.regret, 100 * loss.errors);
}

}  // namespace

int main(int argc, char** argv) {
  const detail::KernelSet* best = nullptr;
  if (argc >= 4 && argc % 2 == 0) {
    for (int i = 0; i < 32 && best == nullptr; ++i) {
      const Isa isa = static_cast<Isa>(i);
      if (std::strcmp(argv[1], to_string(isa)) == 0) best = detail::find_kernel_set(isa);
    }
  }
  if (best == nullptr) {
    fmt::print(stderr,
               "Usage: winograd_fit_cost_model ISA (standard|relaxed FILE)...\n"
               "ISA must run here; the files are output of winograd_selection_regret ... all\n");
    return EXIT_FAILURE;
  }
  std::vector<Sample> samples;
  for (int i = 2; i + 1 < argc; i += 2) {
    const Accuracy accuracy =
        std::strcmp(argv[i], "relaxed") == 0 ? Accuracy::relaxed : Accuracy::standard;
    std::ifstream file(argv[i + 1]);
    Sample sample;
    for (std::string line; std::getline(file, line);) {
      if (parse(line, accuracy, *best, &sample)) samples.push_back(sample);
    }
  }
  if (samples.empty()) {
    fmt::print(stderr, "no samples\n");
    return EXIT_FAILURE;
  }

  detail::KernelSet kernels = *best;
  Loss loss = loss_of(samples, kernels);
  print("before", loss);
  loss = descend(samples, kernels, 2);
  // The loss has many steps and valleys: a few more descents, from somewhere near.
  std::mt19937 random(1);
  std::uniform_real_distribution<double> away(0.75, 1.33);
  for (int attempt = 0; attempt < 24; ++attempt) {
    detail::KernelSet other = kernels;
    for (const auto& constant : kConstants) other.cost.*constant.value *= away(random);
    const Loss found = descend(samples, other, 1.3);
    if (found.total() >= loss.total()) continue;
    loss = found;
    kernels.cost = other.cost;
  }
  print("after", loss);
  for (const auto& constant : kConstants) {
    fmt::print("    .{} = {:.3g},\n", constant.name, kernels.cost.*constant.value);
  }
}
