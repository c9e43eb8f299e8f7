// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "fingerprint.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstring>
#include <opencv2/core/utility.hpp>

namespace winograd::opencv {
namespace {

// In bytes.
constexpr std::size_t kChunk = std::size_t{256} << 10;  ///< the work of one task
constexpr std::size_t kSmall = std::size_t{16} << 10;   ///< of a blob that is looked at wholly

/// Cache lines of a larger blob that are looked at.
constexpr std::size_t kPlaces = 64;

/// One step: for a given word a bijection of the state, and for a given state one of the word. The
/// rotation brings the upper bits down, where the product spreads them.
std::uint64_t mixed(std::uint64_t state, std::uint64_t word) {
  return std::rotl((state ^ word) * 0x9E3779B97F4A7C15U, 29);
}

/// Takes bytes a cache line at a time, in eight chains: in one, each step would wait for the last.
class Chains {
 public:
  static constexpr std::size_t kBytes = 64;

  explicit Chains(std::uint64_t seed) {
    for (std::size_t i = 0; i < kCount; ++i) state_[i] = mixed(seed, i);
  }
  void add(const unsigned char* data) {
    std::uint64_t words[kCount];
    std::memcpy(words, data, kBytes);
    for (std::size_t i = 0; i < kCount; ++i) state_[i] = mixed(state_[i], words[i]);
  }
  /// The last bytes, fewer than kBytes, and how many there were in all.
  std::uint64_t finish(const unsigned char* data, std::size_t bytes, std::uint64_t total) {
    if (bytes > 0) {
      unsigned char line[kBytes] = {};
      std::memcpy(line, data, bytes);
      add(line);
    }
    for (const std::uint64_t one : state_) total = mixed(total, one);
    return total;
  }

 private:
  static constexpr std::size_t kCount = kBytes / sizeof(std::uint64_t);
  std::uint64_t state_[kCount];
};

std::uint64_t of_bytes(const unsigned char* data, std::size_t bytes, std::uint64_t seed) {
  Chains chains(seed);
  std::size_t done = 0;
  for (; bytes - done >= Chains::kBytes; done += Chains::kBytes) chains.add(data + done);
  return chains.finish(data + done, bytes - done, bytes);
}

cv::Mat continuous(const cv::Mat& blob) { return blob.isContinuous() ? blob : blob.clone(); }

std::size_t bytes_of(const cv::Mat& blob) { return blob.total() * blob.elemSize(); }

}  // namespace

std::uint64_t fingerprint(const std::vector<cv::Mat>& blobs) {
  std::atomic<std::uint64_t> sum = 0;  // of all chunks: in any order
  std::uint64_t seed = 0;
  for (const cv::Mat& blob : blobs) {
    const cv::Mat values = continuous(blob);
    const std::size_t bytes = bytes_of(values);
    const auto chunks = static_cast<int>((bytes + kChunk - 1) / kChunk);
    const auto of_chunks = [&](const cv::Range& range) {
      for (int i = range.start; i < range.end; ++i) {
        const std::size_t begin = static_cast<std::size_t>(i) * kChunk;
        sum += of_bytes(values.data + begin, std::min(kChunk, bytes - begin),
                        seed + static_cast<std::uint64_t>(i));
      }
    };
    if (chunks > 1) {
      cv::parallel_for_(cv::Range(0, chunks), of_chunks);
    } else {
      of_chunks(cv::Range(0, chunks));
    }
    seed += static_cast<std::uint64_t>(chunks);
  }
  return sum;
}

std::uint64_t fingerprint_of_places(const std::vector<cv::Mat>& blobs) {
  std::uint64_t all = 0;
  for (const cv::Mat& blob : blobs) {
    const cv::Mat values = continuous(blob);
    const std::size_t bytes = bytes_of(values);
    if (bytes <= kSmall) {
      all = of_bytes(values.data, bytes, all);
      continue;
    }
    Chains chains(all);
    for (std::size_t i = 0; i < kPlaces;
         ++i) {  // the first is at the beginning, the last at the end
      chains.add(values.data + (bytes - Chains::kBytes) * i / (kPlaces - 1));
    }
    all = chains.finish(nullptr, 0, bytes);
  }
  return all;
}

}  // namespace winograd::opencv
