// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "packed_store.hpp"

#include <bit>
#include <cstddef>
#include <cstring>

#include "api.hpp"

namespace winograd::ort {
namespace {

/// 128 bits of a sequence of words: two chains, each a bijection of its state for a given word.
class Digest {
 public:
  void add(const float* values, std::size_t count) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(values);
    std::size_t left = count * sizeof(float);
    for (; left > 0;) {
      std::uint64_t word = 0;
      const std::size_t size = left < sizeof word ? left : sizeof word;
      std::memcpy(&word, bytes, size);
      a_ = std::rotl((a_ ^ word) * 0x9E3779B97F4A7C15U, 29);
      b_ = std::rotl((b_ + word) * 0xC2B2AE3D27D4EB4FU, 31);
      bytes += size;
      left -= size;
    }
  }
  std::uint64_t first() const { return a_ ^ (a_ >> 32); }
  std::uint64_t second() const { return b_ ^ (b_ >> 32); }

 private:
  std::uint64_t a_ = 0x2545F4914F6CDD1DU;
  std::uint64_t b_ = 0x9FB21C651E98DF25U;
};

}  // namespace

PackedStore::Held PackedStore::get(const Conv2dDesc& desc, const PlanOptions& options,
                                   const float* weights, const float* bias, bool& shared) {
  shared = true;
  Digest digest;
  digest.add(weights, static_cast<std::size_t>(desc.weights_size()));
  if (bias != nullptr) digest.add(bias, static_cast<std::size_t>(desc.out_channels));
  // All of the geometry, since the algorithm is chosen for it.
  Key key{};
  std::size_t i = 0;
  for (const std::int64_t one :
       {desc.batch, desc.in_channels, desc.out_channels, desc.height, desc.width, desc.kernel_h,
        desc.kernel_w, desc.stride_h, desc.stride_w, desc.dilation_h, desc.dilation_w, desc.pad_top,
        desc.pad_left, desc.pad_bottom, desc.pad_right, desc.groups}) {
    key[i++] = static_cast<std::uint64_t>(one);
  }
  key[i++] = static_cast<std::uint64_t>(options.algorithm);
  key[i++] = static_cast<std::uint64_t>(options.accuracy);
  key[i++] = options.packed_limit_bytes;
  key[i++] = bias != nullptr;
  key[i++] = digest.first();
  key[i++] = digest.second();

  {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end()) {
      if (Held held = found->second.lock()) return held;
    }
  }
  // Not under the lock: packing takes a while. Two that pack the same at once agree afterwards.
  auto packed = PackedWeights::create(desc, options, weights, bias);
  if (!packed) {
    throw Ort::Exception(std::string("winograd: ") + packed.status().message(), ORT_FAIL);
  }
  Held made = std::make_shared<const PackedWeights>(std::move(*packed));
  const std::lock_guard lock(mutex_);
  std::erase_if(entries_, [](const auto& entry) { return entry.second.expired(); });
  std::weak_ptr<const PackedWeights>& entry = entries_[key];
  if (Held other = entry.lock()) return other;
  shared = false;
  entry = made;
  return made;
}

}  // namespace winograd::ort
