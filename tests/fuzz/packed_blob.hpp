// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The bytes of saved weights, as src/weights/serialization.cpp lays them out.
#ifndef WINOGRAD_TESTS_FUZZ_PACKED_BLOB_HPP
#define WINOGRAD_TESTS_FUZZ_PACKED_BLOB_HPP

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/random_geometry.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::test {

inline constexpr std::size_t kHeaderBytes = 80;
inline constexpr std::size_t kFloatsAt = 16, kChecksumAt = 24, kShapeAt = 32;

inline std::int32_t number_at(const std::uint8_t* blob, std::size_t at) {
  std::int32_t number;
  std::memcpy(&number, blob + at, sizeof number);
  return number;
}

/// Weights of a small random layer, saved.
inline std::vector<std::uint8_t> random_blob(Rng& rng) {
  constexpr std::int64_t kMaxProducts = 2000;
  OpCase op;
  op.desc = random_geometry(rng, kMaxProducts);
  op.desc.residual = false;
  const std::vector<float> weights(static_cast<std::size_t>(op.desc.weights_size()), 0.5F);
  do {
    op.options.algorithm = rng.pick(kAllAlgorithms);
  } while (!algorithm_applies(op.desc, op.options.algorithm));
  const Result<PackedWeights> packed =
      PackedWeights::create(op.desc, op.options, weights.data(), nullptr);
  if (!packed) return {};
  std::vector<std::uint8_t> blob(packed->serialized_size_bytes());
  if (!packed->save(blob.data(), blob.size())) return {};
  return blob;
}

/// Makes the sizes and the checksum those of the bytes, so that a reader goes on to the rest.
inline void repair(std::uint8_t* blob, std::size_t size) {
  const std::uint64_t floats = (size - kHeaderBytes) / sizeof(float);
  std::memcpy(blob + kFloatsAt, &floats, sizeof floats);
  std::memset(blob + kChecksumAt, 0, sizeof(std::uint64_t));
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a over words
  for (std::size_t i = 0; i + 4 <= size; i += 4) {
    hash = (hash ^ static_cast<std::uint32_t>(number_at(blob, i))) * 1099511628211ULL;
  }
  std::memcpy(blob + kChecksumAt, &hash, sizeof hash);
}

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_FUZZ_PACKED_BLOB_HPP
