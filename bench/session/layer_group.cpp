// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/session/layer_group.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <utility>

#include "bench/measure/statistics.hpp"
#include "bench/peers/winograd.hpp"

namespace winograd::bench {
namespace {

/// From the least disturbed of some runs: the stage clock reads the time on the wall.
Stages measure_stages(Contender& contender, Peak& peak) {
  constexpr int kRuns = 25;
  const Candidate yardstick = peak.candidate(1);
  std::vector<double> peak_seconds;
  StageProfile best = profile_stages(contender);
  for (int i = 0; i < kRuns; ++i) {
    peak_seconds.push_back(time_once(1, yardstick.run));
    const StageProfile profile = profile_stages(contender);
    if (profile.total_seconds < best.total_seconds) best = profile;
  }
  return {best.input_seconds / best.total_seconds, best.gemm_seconds / best.total_seconds,
          best.output_seconds / best.total_seconds,
          best.gemm_flops / best.gemm_seconds * median(peak_seconds) / peak.flops(1)};
}

// A single wrong output hardly moves the RMS error of a large layer, but stands far out of it.
constexpr double kMaxToRms = 100.0;

}  // namespace

std::unique_ptr<Contender> make_contender(Entry& entry, const LayerData& data,
                                          const Options& options,
                                          std::shared_ptr<Scratch> scratch) {
  Problem problem;
  problem.desc = data.desc;
  problem.desc.layout = entry.layout;
  problem.desc.data_type = entry.type;
  problem.src = data.src(entry.layout);
  problem.weights = data.weights.data();
  problem.bias = data.bias.data();
  problem.scratch = std::move(scratch);
  problem.threads = entry.threads;
  problem.max_isa = options.isa;
  try {
    if (entry.peer != nullptr) return entry.peer->create(problem);
    return create_winograd(problem, entry.algorithm, options.accuracy);
  } catch (const Unsupported& error) {
    entry.outcome = Outcome::unsupported;
    entry.message = error.what();
  } catch (const std::exception& error) {
    entry.outcome = Outcome::failed;
    entry.message = error.what();
  }
  return nullptr;
}

bool try_contender(Contender& contender, const LayerData& data, const Reference* reference,
                   Entry& entry) {
  entry.outcome = Outcome::failed;  // unless it comes through
  try {
    contender.prepare();
    contender.run();
    if (reference != nullptr) {
      std::vector<float> dst(reference->value.size());
      contender.read_output(dst.data());
      entry.error = measure_error(data, *reference, entry.layout, dst.data());
      const double bound = contender.rms_error_bound();
      // Written so that a NaN is wrong.
      if (!(entry.error.rms <= bound && entry.error.max <= kMaxToRms * bound)) {
        entry.message = fmt::format(
            "WRONG RESULT: RMS error {:.2e}, largest error {:.2e} (allowed: {:.2e}, {:.2e})",
            entry.error.rms, entry.error.max, bound, kMaxToRms * bound);
        return false;
      }
    }
  } catch (const std::exception& error) {
    entry.message = error.what();
    return false;
  }
  entry.outcome = Outcome::pending;
  return true;
}

void LayerGroup::measure(const Options& options, Peak& peak) {
  const LayerData data(layer_.desc);
  std::optional<Reference> reference;
  if (options.verify) {
    reference = compute_reference(data);
    sequential_rms_error_ = bench::sequential_rms_error(data, *reference);
  }

  // The peak of each number of threads comes first, then the entries that work.
  std::vector<Candidate> candidates;
  std::vector<int> thread_counts;
  std::vector<std::unique_ptr<Contender>> contenders;
  std::vector<Entry*> measured;
  for (const Entry& entry : entries_) {
    if (std::count(thread_counts.begin(), thread_counts.end(), entry.threads) != 0) continue;
    thread_counts.push_back(entry.threads);
    candidates.push_back(peak.candidate(entry.threads));
  }
  for (Entry& entry : entries_) {
    entry.outcome = Outcome::pending;
    entry.flops = direct_flops(layer_.desc);
    std::unique_ptr<Contender> contender =
        make_contender(entry, data, options, std::make_shared<Scratch>());
    if (contender == nullptr) continue;
    entry.label = contender->label();
    entry.detail = contender->detail();
    entry.x_bound = contender->arithmetic_bound();
    entry.workspace_bytes = contender->workspace_bytes();
    entry.packed_bytes = contender->packed_bytes();
    entry.compulsory_bytes =
        entry.packed_bytes +
        static_cast<std::size_t>(layer_.desc.src_size() + layer_.desc.dst_size()) *
            (entry.type == DataType::f32 ? sizeof(float) : sizeof(std::uint16_t));
    if (!try_contender(*contender, data, reference ? &*reference : nullptr, entry)) continue;
    if (!options.emulator.empty()) {
      entry.outcome = Outcome::verified;
      continue;
    }
    Candidate candidate;
    candidate.threads = entry.threads;
    candidate.prepare = [c = contender.get()] { c->prepare(); };
    candidate.run = [c = contender.get()] { c->run(); };
    candidates.push_back(std::move(candidate));
    contenders.push_back(std::move(contender));
    measured.push_back(&entry);
  }
  if (measured.empty()) return;

  measure_rounds(candidates, options.rounds);

  for (std::size_t i = 0; i < thread_counts.size(); ++i)
    peak.add(thread_counts[i], candidates[i].seconds);
  for (std::size_t i = 0; i < measured.size(); ++i) {
    Entry& entry = *measured[i];
    Candidate& candidate = candidates[thread_counts.size() + i];
    const auto at = std::find(thread_counts.begin(), thread_counts.end(), entry.threads);
    const std::vector<double>& peak_seconds =
        candidates[static_cast<std::size_t>(at - thread_counts.begin())].seconds;
    entry.seconds = std::move(candidate.seconds);
    entry.shortest = std::move(candidate.shortest);
    entry.cpus = candidate.cpus;
    entry.x_peak =
        entry.flops / peak.flops(entry.threads) * paired_ratio(peak_seconds, entry.seconds);
    entry.outcome = Outcome::measured;
  }
  compare_with_peers(entries_);
  if (options.view == View::stages)
    for (std::size_t i = 0; i < measured.size(); ++i)
      if (measured[i]->peer == nullptr && measured[i]->threads == 1)
        measured[i]->stages = measure_stages(*contenders[i], peak);
}

const Entry* LayerGroup::find(Algorithm algorithm, Layout layout, int threads,
                              DataType type) const {
  for (const Entry& entry : entries_)
    if (entry.peer == nullptr && entry.outcome == Outcome::measured &&
        entry.algorithm == algorithm && entry.layout == layout && entry.threads == threads &&
        entry.type == type)
      return &entry;
  return nullptr;
}

}  // namespace winograd::bench
