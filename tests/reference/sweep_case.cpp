// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/sweep_case.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "tests/reference/random_geometry.hpp"

namespace winograd::test {

OpCase random_layer(Rng& rng) {
  constexpr std::int64_t kMaxProducts = 1500000;
  OpCase op;
  op.desc = random_geometry(rng, kMaxProducts);
  op.bias = rng.chance(80);
  op.data_seed = rng.bits();
  // From bits of the seed, so that the geometries stay the same: a third in 16 bits.
  static constexpr DataType kTypes[] = {DataType::f16, DataType::bf16, DataType::f32};
  op.desc.data_type = kTypes[std::min<std::uint64_t>(op.data_seed % 6, 2)];
  op.weights_type = kTypes[std::min<std::uint64_t>(op.data_seed / 8 % 6, 2)];
  return op;
}

void draw_run(Rng& rng, OpCase& op) {
  static constexpr ExecutorKind kExecutors[] = {ExecutorKind::serial, ExecutorKind::reversed,
                                                ExecutorKind::threads, ExecutorKind::openmp};
  static constexpr Accuracy kAccuracies[] = {Accuracy::standard, Accuracy::standard,
                                             Accuracy::strict, Accuracy::relaxed, Accuracy::half};
  op.threads = static_cast<int>(rng.integer(1, 3));
  op.executor = rng.pick(kExecutors);
  if (!executor_available(op.executor)) op.executor = ExecutorKind::threads;
  if (op.threads == 1) op.executor = ExecutorKind::serial;
  op.options.accuracy = rng.pick(kAccuracies);
  op.options.weight_layout = rng.chance(70) ? WeightLayout::oihw : WeightLayout::hwio;
  op.placement = rng.chance(50) ? Placement::at_end : Placement::at_start;
  op.shift = rng.chance(60) ? 0 : static_cast<int>(rng.integer(1, 15));
  op.residual_in_place = rng.chance(50);
  const std::int64_t whole_groups = (op.desc.in_channels - 1) / 16;
  const bool parts = whole_groups > 0 && rng.chance(40);
  op.part = parts ? 16 * rng.integer(1, whole_groups) : 0;
}

bool is_alone() { return std::getenv("WINOGRAD_TEST_CASE") != nullptr; }

void check_alone(const Planner& planner) {
  const char* const line = std::getenv("WINOGRAD_TEST_CASE");
  const std::optional<OpCase> op = parse_line(line);
  ASSERT_TRUE(op.has_value()) << "not a case: " << line;
  const Status valid = validate(op->desc);
  ASSERT_TRUE(valid.ok()) << valid.message();
  const OpData data = make_data(*op);
  ASSERT_TRUE(oracles_agree(*op, data));
  const Comparison comparison = check_op(*op, data, planner);
  std::printf("largest error / bound: %.3f, RMS %.3f\n", comparison.element_ratio,
              comparison.rms_ratio);
}

}  // namespace winograd::test
