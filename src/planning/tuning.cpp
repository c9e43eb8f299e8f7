// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "src/planning/tuning.hpp"

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <limits>
#include <new>
#include <vector>

#include "src/planning/plan_data.hpp"
#include "src/runtime/exceptions.hpp"
#include "src/weights/packed_weights.hpp"

namespace winograd {
namespace detail {
namespace {

/// Everything that the time of a layer depends on, but the machine.
std::string layer_key(const Conv2dDesc& d, const PlanOptions& options, const KernelSet& kernels) {
  char text[320];
  std::snprintf(text, sizeof text,
                "%s/%s/%s/n%" PRId64 "c%" PRId64 "h%" PRId64 "w%" PRId64 "k%" PRId64 "r%" PRId64
                "x%" PRId64 "s%" PRId64 "x%" PRId64 "d%" PRId64 "x%" PRId64 "p%" PRId64 ",%" PRId64
                ",%" PRId64 ",%" PRId64 "g%" PRId64 "m%zuv%zu%s",
                to_string(kernels.isa), to_string(options.accuracy), to_string(d.layout), d.batch,
                d.in_channels, d.height, d.width, d.out_channels, d.kernel_h, d.kernel_w,
                d.stride_h, d.stride_w, d.dilation_h, d.dilation_w, d.pad_top, d.pad_left,
                d.pad_bottom, d.pad_right, d.groups, options.packed_limit_bytes,
                options.workspace_limit_bytes,
                d.data_type == DataType::f32 ? "" : to_string(d.data_type));
  return text;
}

/// Plans of all allowed algorithms, and buffers to run them on.
class Contest {
 public:
  Status enter(const Conv2dDesc& desc, const PlanOptions& options, const KernelSet& kernels,
               const float* weights, const float* bias) {
    Conv2dDesc plain = desc;  // the residual is the same extra for all
    plain.residual = false;
    // The same work, and those who only pack need not know the slopes.
    if (plain.activation == Activation::prelu) plain.activation = Activation::leaky_relu;
    for (const Algorithm algorithm : kAlgorithms) {
      PackedShape shape;
      if (!shape_for(desc, algorithm, options.accuracy, kernels, &shape) ||
          !allowed(Layer(desc), shape, kernels, options))
        continue;
      PlanOptions named = options;
      named.algorithm = algorithm;
      named.tuning = nullptr;
      const auto packed = pack_for(kernels, plain, named, weights, bias);
      if (!packed) return packed.status();
      auto plan = Conv2dPlan::create(plain, named, *packed);
      if (!plan) {
        if (plan.status().code() != StatusCode::workspace) return plan.status();
        if (refusal_) refusal_ = plan.status();  // of direct, which needs least and comes first
        continue;
      }
      workspace_bytes_ = std::max(workspace_bytes_, plan->workspace(1).size_bytes);
      entrants_.push_back({std::move(plan).value(), std::numeric_limits<double>::infinity()});
    }
    // As numbers of 16 bits these are zeros and some near 1. No type has more bytes than float.
    src_.assign(static_cast<std::size_t>(plain.src_size()), 0.5F);
    dst_.resize(static_cast<std::size_t>(plain.dst_size()));
    workspace_ = AlignedFloats(workspace_bytes_ / sizeof(float) + 1);
    if (workspace_.get() == nullptr) return out_of_memory("a workspace");
    return {};
  }

  /// The minimum over interleaved rounds counts: noise only ever adds.
  Algorithm winner() {
    constexpr int kRounds = 5;
    for (int round = 0; round < kRounds; ++round) {
      for (Entrant& entrant : entrants_) {
        entrant.seconds = std::min(entrant.seconds, time(entrant.plan));
      }
    }
    const auto best =
        std::min_element(entrants_.begin(), entrants_.end(),
                         [](const Entrant& a, const Entrant& b) { return a.seconds < b.seconds; });
    return best->plan.info().algorithm;
  }

  bool empty() const { return entrants_.empty(); }
  /// Why what the options allow otherwise does not fit options.workspace_limit_bytes, if so.
  const Status& refusal() const { return refusal_; }

 private:
  struct Entrant {
    Conv2dPlan plan;
    double seconds;
  };

  double time(const Conv2dPlan& plan) {
    using Clock = std::chrono::steady_clock;
    constexpr std::chrono::duration<double> kLeast(0.5e-3);
    int runs = 0;
    std::chrono::duration<double> elapsed{};
    const auto start = Clock::now();
    do {
      (void)plan.run(plan.desc().data_type, src_.data(), dst_.data(),
                     {workspace_.get(), workspace_bytes_});
      ++runs;
      elapsed = Clock::now() - start;
    } while (elapsed < kLeast);
    return elapsed.count() / runs;
  }

  std::vector<Entrant> entrants_;
  Status refusal_;
  std::vector<float> src_, dst_;
  std::size_t workspace_bytes_ = 0;
  AlignedFloats workspace_;
};

Result<PackedShape> measure(const Conv2dDesc& desc, const PlanOptions& options,
                            const KernelSet& kernels, const float* weights, const float* bias,
                            char* reason, std::size_t reason_size) {
  TuningTable* const table = options.tuning->table();
  if (table == nullptr) return out_of_memory("the tuning cache");
  const std::string key = layer_key(desc, options, kernels);
  PackedShape shape;
  const std::optional<Algorithm> before = table->find(key);
  // An entry may come from a text that anybody wrote: it chooses among what would be measured.
  if (before.has_value() && shape_for(desc, *before, options.accuracy, kernels, &shape) &&
      allowed(Layer(desc), shape, kernels, options) &&
      fits_workspace_limit(desc, options, shape, kernels)) {
    std::snprintf(reason, reason_size, "%s was measured fastest before (tuning cache)",
                  to_string(*before));
    return shape;
  }
  Contest contest;
  if (Status s = contest.enter(desc, options, kernels, weights, bias); !s) return s;
  if (contest.empty()) {
    return contest.refusal() ? nothing_allowed(desc, options, kernels) : contest.refusal();
  }
  const Algorithm winner = contest.winner();
  table->insert(key, winner);
  std::snprintf(reason, reason_size, "%s was measured fastest", to_string(winner));
  if (Status s = shape_for(desc, winner, options.accuracy, kernels, &shape); !s) return s;
  return shape;
}

/// The algorithm with this name; false if there is none or it is not a choice.
bool algorithm_named(const std::string& name, Algorithm* algorithm) {
  for (const Algorithm candidate : kAlgorithms) {
    if (name == to_string(candidate)) {
      *algorithm = candidate;
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<Algorithm> TuningTable::find(const std::string& layer) const {
  const std::lock_guard lock(mutex_);
  const auto entry = entries_.find(layer);
  return entry == entries_.end() ? std::nullopt : std::optional(entry->second);
}

void TuningTable::insert(const std::string& layer, Algorithm algorithm) {
  const std::lock_guard lock(mutex_);
  entries_[layer] = algorithm;
}

std::size_t TuningTable::size() const noexcept {
  const std::lock_guard lock(mutex_);
  return entries_.size();
}

std::string TuningTable::to_text() const {
  const std::lock_guard lock(mutex_);
  std::string text;
  for (const auto& [layer, algorithm] : entries_) {
    text += layer + ' ' + to_string(algorithm) + '\n';
  }
  return text;
}

Status TuningTable::add_text(const char* text, std::size_t size) {
  std::map<std::string, Algorithm> added;
  int line_number = 0;
  for (const char *at = text, *const end = text + size; at < end;) {
    const char* const line_end = std::find(at, end, '\n');
    const std::string line(at, line_end);
    at = line_end == end ? end : line_end + 1;
    ++line_number;
    const std::size_t space = line.find(' ');
    Algorithm algorithm{};
    if (space == 0 || space == std::string::npos ||
        !algorithm_named(line.substr(space + 1), &algorithm)) {
      return Status::failure(StatusCode::bad_packed_data,
                             "tuning cache: line %d is not '<layer> <algorithm>'", line_number);
    }
    added[line.substr(0, space)] = algorithm;
  }
  const std::lock_guard lock(mutex_);
  added.merge(entries_);  // what it does not have itself; moves entries, allocates nothing
  entries_.swap(added);
  return {};
}

Result<PackedShape> measured_shape(const Conv2dDesc& desc, const PlanOptions& options,
                                   const KernelSet& kernels, const float* weights,
                                   const float* bias, char* reason,
                                   std::size_t reason_size) noexcept {
  WINOGRAD_TRY { return measure(desc, options, kernels, weights, bias, reason, reason_size); }
  WINOGRAD_CATCH_BAD_ALLOC { return out_of_memory("measuring"); }
}

}  // namespace detail

TuningCache::TuningCache() noexcept : table_(new (std::nothrow) detail::TuningTable) {}
TuningCache::~TuningCache() = default;

std::size_t TuningCache::size() const noexcept { return table_ == nullptr ? 0 : table_->size(); }

Result<std::string> TuningCache::save() const noexcept {
  if (table_ == nullptr) return detail::out_of_memory("the tuning cache");
  WINOGRAD_TRY { return table_->to_text(); }
  WINOGRAD_CATCH_BAD_ALLOC { return detail::out_of_memory("the tuning cache's text"); }
}

Status TuningCache::load(const char* text, std::size_t size) noexcept {
  if (text == nullptr) return Status::failure(StatusCode::invalid_argument, "text is null");
  if (table_ == nullptr) return detail::out_of_memory("the tuning cache");
  WINOGRAD_TRY { return table_->add_text(text, size); }
  WINOGRAD_CATCH_BAD_ALLOC { return detail::out_of_memory("the tuning cache"); }
}

}  // namespace winograd
