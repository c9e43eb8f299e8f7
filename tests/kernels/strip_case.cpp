// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/kernels/strip_case.hpp"

#include <algorithm>
#include <cstring>
#include <set>

namespace winograd::test {

bool is_unwritten(float value) {
  const unsigned char ones[sizeof(float)] = {0xFF, 0xFF, 0xFF, 0xFF};
  return std::memcmp(&value, ones, sizeof value) == 0;
}

void Scratch::fill(Rng& rng) {
  const std::size_t count = buffer_.size_bytes() / sizeof(float);
  std::generate_n(buffer_.floats(), count, [&rng] { return rng.uniform(-1.0F, 1.0F); });
}

Frequencies::Frequencies(Rng& rng, int alpha_h, int alpha, int tiles)
    : alpha_h_(alpha_h), alpha_(alpha), tiles_(tiles), tile_stride_(kLaneBlock * rng.offset(1, 3)) {
  std::vector<std::size_t> order(static_cast<std::size_t>(alpha_h) *
                                 static_cast<std::size_t>(alpha));
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (std::size_t i = order.size(); i > 1; --i) {
    std::swap(order[i - 1], order[static_cast<std::size_t>(rng.bits() % i)]);
  }
  offsets_.resize(order.size());
  std::ptrdiff_t at = 0;
  for (const std::size_t i : order) {
    offsets_[i] = at;
    at += (tiles - 1) * tile_stride_ + kLaneBlock * rng.offset(1, 2);
  }
  // The last frequency ends at the guard page.
  const std::ptrdiff_t end = offsets_[order.back()] + (tiles - 1) * tile_stride_ + kLaneBlock;
  buffer_ = std::make_unique<GuardedBuffer>(static_cast<std::size_t>(end) * sizeof(float),
                                            Placement::at_end);
}

void Frequencies::fill(Rng& rng) {
  for (int i = 0; i < alpha_h_; ++i) {
    for (int j = 0; j < alpha_; ++j) {
      for (int tile = 0; tile < tiles_; ++tile) {
        for (int c = 0; c < kLaneBlock; ++c) at(i, j, tile, c) = rng.uniform(-1.0F, 1.0F);
      }
    }
  }
}

bool Frequencies::intact() const {
  std::set<std::ptrdiff_t> used;
  for (const std::ptrdiff_t offset : offsets_) {
    for (int tile = 0; tile < tiles_; ++tile) used.insert(offset + tile * tile_stride_);
  }
  const auto count = static_cast<std::ptrdiff_t>(buffer_->size_bytes() / sizeof(float));
  for (std::ptrdiff_t group = 0; group < count; group += kLaneBlock) {
    if (used.count(group) != 0) continue;
    if (!std::all_of(data() + group, data() + group + kLaneBlock, is_unwritten)) return false;
  }
  return buffer_->intact();
}

}  // namespace winograd::test
