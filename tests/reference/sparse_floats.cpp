// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/sparse_floats.hpp"

#include <sys/mman.h>
#include <unistd.h>

namespace winograd::test {

#ifdef __EMSCRIPTEN__  // memory there is as large as it is

SparseFloats::SparseFloats(std::int64_t, Kind) {}
SparseFloats::~SparseFloats() = default;

#else

namespace {

constexpr std::size_t kFold = std::size_t{64} << 20;

/// Maps the same memory over all of [start, start + bytes) but the last one or two folds.
bool fold(char* start, std::size_t bytes) {
  const int file = memfd_create("folded", 0);
  if (file < 0) return false;
  bool done = ftruncate(file, kFold) == 0;
  for (std::size_t at = 0; done && at + 2 * kFold <= bytes; at += kFold) {
    done = mmap(start + at, kFold, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) !=
           MAP_FAILED;
  }
  close(file);  // the mappings stay
  return done;
}

}  // namespace

SparseFloats::SparseFloats(std::int64_t count, Kind kind) {
  if (static_cast<std::uint64_t>(count) > PTRDIFF_MAX / sizeof(float)) return;
  bytes_ = static_cast<std::size_t>(count) * sizeof(float);
  void* pages = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED) return;
  data_ = static_cast<float*>(pages);
  if (kind == Kind::folded && !fold(static_cast<char*>(pages), bytes_)) {
    munmap(pages, bytes_);
    data_ = nullptr;
  }
}

SparseFloats::~SparseFloats() {
  if (data_ != nullptr) munmap(data_, bytes_);
}

#endif

}  // namespace winograd::test
