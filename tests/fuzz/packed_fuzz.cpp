// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Saved weights, with their checksum repaired after most changes; what can be loaded is run.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "tests/fuzz/packed_blob.hpp"
#include "tests/fuzz/require.hpp"
#include "winograd/workspace_buffer.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace winograd::test {
namespace {

/// The layer that weights are for, on a small image.
Conv2dDesc layer_of(const WeightsShape& shape) {
  Conv2dDesc desc;
  desc.groups = shape.groups;
  desc.in_channels = shape.in_channels;
  desc.out_channels = shape.out_channels;
  desc.kernel_h = shape.kernel_h;
  desc.kernel_w = shape.kernel_w;
  desc.height = desc.kernel_h + 3;
  desc.width = desc.kernel_w + 7;
  return desc;
}

void check(const std::vector<std::uint8_t>& blob) {
  const Result<PackedWeights> weights = PackedWeights::load(blob.data(), blob.size());
  if (!weights) {
    require(weights.status().code() == StatusCode::bad_packed_data ||
                weights.status().code() == StatusCode::out_of_memory,
            "the code of a failure");
    return;
  }
  require(weights->serialized_size_bytes() == blob.size(), "the size is that of the blob");
  std::vector<std::uint8_t> again(blob.size());
  require(weights->save(again.data(), again.size()).ok(), "what was loaded can be saved");
  const Conv2dDesc desc = layer_of(weights->shape());
  PlanOptions options;
  options.accuracy = Accuracy::half;  // takes weights of every type
  const Result<Conv2dPlan> plan = Conv2dPlan::create(desc, options, *weights);
  require(plan.ok(), "weights fit their own layer");
  if (desc.src_size() + desc.dst_size() > (1 << 16)) return;
  const std::vector<float> src(static_cast<std::size_t>(desc.src_size()), 0.5F);
  std::vector<float> dst(static_cast<std::size_t>(desc.dst_size()));
  WorkspaceBuffer workspace;
  require(workspace.reserve(*plan, 1).ok(), "there is memory for a small layer");
  require(plan->run(src.data(), dst.data(), workspace).ok(), "a plan runs");
}

}  // namespace
}  // namespace winograd::test

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t max_size, unsigned seed) {
  using namespace winograd::test;  // NOLINT
  Rng rng(seed);
  if (size < kHeaderBytes || rng.chance(10)) {
    const std::vector<std::uint8_t> blob = random_blob(rng);
    if (blob.empty() || blob.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
    std::copy(blob.begin(), blob.end(), data);
    size = blob.size();
    if (rng.chance(20)) return size;
  }
  if (rng.chance(60)) {  // the shape
    const auto at = static_cast<std::size_t>(
        rng.integer(kShapeAt / 4, static_cast<std::int64_t>(kHeaderBytes) / 4 - 1) * 4);
    if (at == kShapeAt || rng.chance(20)) {
      data[at + static_cast<std::size_t>(rng.integer(0, 3))] =
          static_cast<std::uint8_t>(rng.integer(0, rng.chance(80) ? 9 : 255));
    } else {
      const auto number = static_cast<std::int32_t>(
          rng.chance(80) ? rng.integer(0, 20) : rng.integer(-1, 1LL << 31) - 1);
      std::memcpy(data + at, &number, sizeof number);
    }
  } else {
    size = LLVMFuzzerMutate(data, size, max_size);
  }
  if (size >= kHeaderBytes && rng.chance(95)) repair(data, size);
  return size;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  // A copy of exactly that size, so that reading on is noticed.
  winograd::test::check({data, data + size});
  return 0;
}
