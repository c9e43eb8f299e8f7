// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// How good is PlanInfo::estimated? Calibrates, times a seeded sweep of layers as networks have
// them, and prints how far the estimated seconds are from the measured ones, in all and by kind of
// layer; then what a prediction costs.
//
//   winograd_prediction_error [layers=320] [seed=1] [all]
//
// The minimum of interleaved rounds of CPU time counts, since noise only ever adds. `all` prints
// every layer.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "bench/layers/layer.hpp"
#include "winograd/conv2d.hpp"
#include "winograd/workspace_buffer.hpp"

namespace {

using winograd::Conv2dDesc;
using winograd::Conv2dPlan;

constexpr double kMaxProducts = 2e8, kMinProducts = 2e5;
constexpr int kRounds = 5;

struct Layer {
  std::string kind;
  Conv2dDesc desc;
};

struct Error {
  Layer layer;
  std::string kernel;
  double measured, estimated;
  double relative() const { return std::fabs(estimated / measured - 1); }
};

template <class T, std::size_t n>
T pick(std::mt19937& random, const T (&values)[n]) {
  return values[random() % n];
}

Layer random_layer(std::mt19937& random) {
  constexpr std::int64_t kChannels[] = {16, 24,  32,  40,  48,  64,  80,
                                        96, 128, 160, 192, 256, 384, 512};
  constexpr std::int64_t kExtents[] = {7, 8, 10, 13, 14, 19, 20, 28, 32, 40, 56, 80, 112, 160};
  constexpr const char* kKinds[] = {"3x3",       "3x3",     "3x3",        "1x1",
                                    "1x1",       "1x1",     "3x3 / 2",    "depthwise",
                                    "depthwise", "grouped", "first layer"};
  constexpr std::int64_t kGroupChannels[] = {4, 8, 16};
  Layer layer;
  for (;;) {
    layer.kind = pick(random, kKinds);
    Conv2dDesc& desc = layer.desc = {};
    desc.in_channels = pick(random, kChannels);
    desc.out_channels = pick(random, kChannels);
    desc.height = desc.width = pick(random, kExtents);
    desc.layout = random() % 2 == 0 ? winograd::Layout::nhwc : winograd::Layout::nchw;
    desc.activation = winograd::Activation::relu;
    if (layer.kind == "1x1") desc.kernel_h = desc.kernel_w = 1;
    if (layer.kind == "3x3 / 2") desc.stride_h = desc.stride_w = 2;
    if (layer.kind == "first layer") desc.in_channels = 3;
    if (layer.kind == "depthwise") {
      desc.groups = desc.out_channels = desc.in_channels;
      desc.kernel_h = desc.kernel_w = random() % 2 == 0 ? 3 : 5;
      desc.stride_h = desc.stride_w = random() % 3 == 0 ? 2 : 1;
    }
    if (layer.kind == "grouped") {
      desc.groups = random() % 2 == 0 ? 8 : 32;
      desc.in_channels = desc.out_channels = desc.groups * pick(random, kGroupChannels);
    }
    desc.set_padding(desc.kernel_h / 2);
    const double products =
        static_cast<double>(desc.dst_size() * (desc.in_channels / desc.groups)) *
        static_cast<double>(desc.kernel_h * desc.kernel_w);
    if (products <= kMaxProducts && products >= kMinProducts) return layer;
  }
}

/// CPU time of the process, which leaves out what the scheduler gives to somebody else.
double now() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

template <class T>
T value_or_exit(winograd::Result<T> result) {
  if (!result) {
    fmt::print(stderr, "{}\n", result.status().message());
    std::exit(1);
  }
  return std::move(result).value();
}

double measure(const Conv2dPlan& plan, winograd::WorkspaceBuffer& workspace, const float* src,
               float* dst) {
  if (!workspace.reserve(plan, 1)) std::exit(1);
  double least = std::numeric_limits<double>::infinity();
  for (int round = 0; round < kRounds; ++round) {
    constexpr double kLeast = 0.4e-3;
    int runs = 0;
    const double start = now();
    double elapsed = 0;
    do {
      if (!plan.run(src, dst, workspace)) std::exit(1);
      ++runs;
      elapsed = now() - start;
    } while (elapsed < kLeast);
    least = std::min(least, elapsed / runs);
  }
  return least;
}

std::vector<float> random_floats(std::mt19937& random, std::int64_t count) {
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) value = static_cast<float>(random() % 2001) * 1e-3F - 1.0F;
  return values;
}

void print_summary(const std::string& name, std::vector<Error> errors) {
  std::sort(errors.begin(), errors.end(),
            [](const Error& a, const Error& b) { return a.relative() < b.relative(); });
  std::vector<double> ratios;
  for (const Error& error : errors) ratios.push_back(error.estimated / error.measured);
  std::sort(ratios.begin(), ratios.end());
  const auto at = [&](double share) {
    return errors[static_cast<std::size_t>(share * static_cast<double>(errors.size() - 1))];
  };
  fmt::print(
      "{:12} {:4} layers: median error {:5.1f} %, 95th percentile {:5.1f} %, median of "
      "estimated / measured {:.2f}\n",
      name, errors.size(), 100 * at(0.5).relative(), 100 * at(0.95).relative(),
      ratios[ratios.size() / 2]);
}

/// Microseconds of predict(), with the algorithm chosen anew each time.
double prediction_time(const std::vector<Error>& errors) {
  constexpr int kRepeats = 50;
  double cycles = 0;
  const double start = now();
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    for (const Error& error : errors) {
      cycles += value_or_exit(winograd::predict(error.layer.desc)).cycles;
    }
  }
  const double elapsed = now() - start;
  return cycles > 0 ? 1e6 * elapsed / (kRepeats * static_cast<double>(errors.size())) : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const bool all = argc > 1 && std::strcmp(argv[argc - 1], "all") == 0;
  const int layers = argc > 1 ? std::atoi(argv[1]) : 0;
  const int seed = argc > 2 ? std::atoi(argv[2]) : 0;
  std::mt19937 random(static_cast<unsigned>(seed > 0 ? seed : 1));
  winograd::PlanOptions options;
  options.calibration = value_or_exit(winograd::calibrate());
  fmt::print("calibrated: {:.2f} GHz of estimated cycles\n",
             1e-9 / options.calibration.seconds_per_cycle);

  winograd::WorkspaceBuffer workspace;
  std::vector<Error> errors;
  std::map<std::string, std::vector<Error>> kinds;
  for (int i = 0; i < (layers > 0 ? layers : 320); ++i) {
    const Layer layer = random_layer(random);
    const std::vector<float> src = random_floats(random, layer.desc.src_size());
    const std::vector<float> weights = random_floats(random, layer.desc.weights_size());
    std::vector<float> dst(static_cast<std::size_t>(layer.desc.dst_size()));
    const Conv2dPlan plan =
        value_or_exit(Conv2dPlan::create(layer.desc, options, weights.data(), nullptr));
    const double measured = measure(plan, workspace, src.data(), dst.data());
    const winograd::PlanInfo info = plan.info();
    errors.push_back({layer, info.kernel, measured, info.estimated.seconds});
    kinds[layer.kind].push_back(errors.back());
    if (all) {
      fmt::print("{} {}: {}, estimated {:.1f} us, {} | us: {} {:.1f}\n",
                 winograd::bench::geometry_name(layer.desc), to_string(layer.desc.layout),
                 layer.kind, 1e6 * info.estimated.seconds, info.kernel, to_string(info.algorithm),
                 1e6 * measured);
    }
  }
  for (const auto& [kind, of_kind] : kinds) print_summary(kind, of_kind);
  print_summary("all", errors);
  fmt::print("a prediction takes {:.2f} us\n", prediction_time(errors));
  return 0;
}
