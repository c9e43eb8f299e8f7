// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// How good is Algorithm::automatic? For a seeded sweep of layers, times every algorithm that the
// accuracy level allows, and prints by how much the chosen one was slower than the best.
//
//   winograd_selection_regret [layers=320] [seed=1] [standard|relaxed] [all]
//
// Rounds are interleaved and the minimum counts, since noise only ever adds. `all` prints every
// layer, otherwise only those with a regret above 5 %.
#ifdef __EMSCRIPTEN__
#include <emscripten/emscripten.h>
#endif
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "bench/layers/layer.hpp"
#include "winograd/conv2d.hpp"

#ifdef __EMSCRIPTEN__
// clock_gettime has no CPU time there, Node has.
EM_JS(double, cpu_microseconds, (), {
  const usage = process.cpuUsage();
  return usage.user + usage.system;
})
#endif

namespace {

using winograd::Accuracy;
using winograd::Algorithm;
using winograd::Conv2dDesc;
using winograd::Conv2dPlan;

constexpr Algorithm kAlgorithms[] = {Algorithm::direct, Algorithm::winograd_f2,
                                     Algorithm::winograd_f3, Algorithm::winograd_f4,
                                     Algorithm::winograd_f6};
constexpr double kMaxProducts = 4e8;  // keeps a layer's round in tens of milliseconds
constexpr int kRounds = 7;

template <class T, std::size_t n>
T pick(std::mt19937& random, const T (&values)[n]) {
  return values[random() % n];
}

Conv2dDesc random_layer(std::mt19937& random) {
  constexpr std::int64_t kChannels[] = {3,  8,  16,  20,  24,  32,  40,  48, 64,
                                        80, 96, 128, 160, 192, 256, 384, 512};
  constexpr std::int64_t kExtents[] = {7,  8,  10, 13, 14, 19, 20, 26,  28, 32,
                                       38, 40, 52, 56, 64, 76, 80, 112, 160};
  constexpr std::int64_t kBatches[] = {1, 1, 1, 1, 2, 8};
  Conv2dDesc desc;
  for (;;) {
    desc.in_channels = pick(random, kChannels);
    desc.out_channels = pick(random, kChannels);
    desc.height = desc.width = pick(random, kExtents);
    desc.batch = pick(random, kBatches);
    desc.layout = random() % 2 == 0 ? winograd::Layout::nhwc : winograd::Layout::nchw;
    desc.set_padding(1);
    desc.activation = winograd::Activation::relu;
    const double products = 9.0 * static_cast<double>(desc.in_channels * desc.dst_size());
    if (products <= kMaxProducts && products > 2e5) return desc;
  }
}

struct Candidate {
  Conv2dPlan plan;
  double seconds = 1e30;
};

/// CPU time of the process, which leaves out what the scheduler gives to somebody else.
double now() {
#ifdef __EMSCRIPTEN__
  return 1e-6 * cpu_microseconds();
#else
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
#endif
}

double seconds_of_run(const Conv2dPlan& plan, const float* src, float* dst,
                      winograd::Workspace workspace) {
  const double start = now();
  int runs = 0;
  double elapsed = 0;
  do {
    if (!plan.run(src, dst, workspace)) std::abort();
    ++runs;
    elapsed = now() - start;
  } while (elapsed < 1e-3);
  return elapsed / runs;
}

struct Outcome {
  Algorithm chosen, best;
  double regret;  ///< chosen / best - 1
  std::string times;
};

Outcome measure(const Conv2dDesc& desc, Accuracy accuracy) {
  const std::vector<float> src(static_cast<std::size_t>(desc.src_size()), 0.5F);
  const std::vector<float> weights(static_cast<std::size_t>(desc.weights_size()), 0.01F);
  std::vector<float> dst(static_cast<std::size_t>(desc.dst_size()));
  winograd::PlanOptions options;
  options.accuracy = accuracy;
  const auto automatic = Conv2dPlan::create(desc, options, weights.data(), nullptr);
  if (!automatic) std::abort();
  const Algorithm chosen = automatic->info().algorithm;

  std::vector<Candidate> candidates;
  std::size_t bytes = 0;
  for (const Algorithm algorithm : kAlgorithms) {
    if (algorithm == Algorithm::winograd_f6 && accuracy != Accuracy::relaxed) continue;
    options.algorithm = algorithm;
    auto plan = Conv2dPlan::create(desc, options, weights.data(), nullptr);
    if (!plan) continue;
    bytes = std::max(bytes, plan->workspace(1).size_bytes);
    candidates.push_back({plan.value()});
  }
  bytes = (bytes + 63) / 64 * 64;
  void* const memory = std::aligned_alloc(64, bytes);
  for (int round = 0; round < kRounds; ++round) {
    for (Candidate& c : candidates) {
      c.seconds =
          std::min(c.seconds, seconds_of_run(c.plan, src.data(), dst.data(), {memory, bytes}));
    }
  }
  std::free(memory);

  const auto best = std::min_element(
      candidates.begin(), candidates.end(),
      [](const Candidate& a, const Candidate& b) { return a.seconds < b.seconds; });
  Outcome outcome{chosen, best->plan.info().algorithm, 0, {}};
  for (const Candidate& c : candidates) {
    const Algorithm algorithm = c.plan.info().algorithm;
    if (algorithm == chosen) outcome.regret = c.seconds / best->seconds - 1;
    outcome.times += fmt::format(" {} {:.1f}", winograd::to_string(algorithm), 1e6 * c.seconds);
  }
  return outcome;
}

}  // namespace

int main(int argc, char** argv) {
  const int layers = argc > 1 ? std::atoi(argv[1]) : 320;
  std::mt19937 random(argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 1U);
  const bool relaxed = argc > 3 && std::strcmp(argv[3], "relaxed") == 0;
  const bool print_all = argc > 4;
  int near_best = 0;
  double worst = 0, total = 0;
  std::map<std::string, int> choices;
  for (int i = 0; i < layers; ++i) {
    const Conv2dDesc desc = random_layer(random);
    const Outcome outcome = measure(desc, relaxed ? Accuracy::relaxed : Accuracy::standard);
    if (outcome.regret <= 0.05) ++near_best;
    worst = std::max(worst, outcome.regret);
    total += outcome.regret;
    ++choices[winograd::to_string(outcome.chosen)];
    if (print_all || outcome.regret > 0.05) {
      fmt::print("{} {}: chose {}, best {}, regret {:.1f} % | us:{}\n",
                 winograd::bench::geometry_name(desc), to_string(desc.layout),
                 to_string(outcome.chosen), to_string(outcome.best), 100 * outcome.regret,
                 outcome.times);
    }
  }
  fmt::print(
      "{} layers: within 5 % of the best on {:.1f} %, mean regret {:.2f} %, worst {:.1f} %\n",
      layers, 100.0 * near_best / layers, 100 * total / layers, 100 * worst);
  for (const auto& [name, count] : choices) fmt::print("  {} {}\n", name, count);
}
