// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/guarded_buffer.hpp"

#ifdef __EMSCRIPTEN__
#include <cstdlib>
#else
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <cstring>
#include <new>

#include "tests/reference/sixteen_bits.hpp"

namespace winograd::test {
namespace {

constexpr unsigned char kUnwritten = 0xFF;

#ifdef __EMSCRIPTEN__

// All memory is accessible there. The pages around the array exist, and hold NaNs: what is read
// there no result survives, and what is written there intact() sees.
constexpr unsigned char kPattern = 0xFF;

std::size_t page_bytes() { return 4096; }

unsigned char* map_pages(std::size_t bytes) {
  auto* const pages = static_cast<unsigned char*>(std::aligned_alloc(page_bytes(), bytes));
  if (pages == nullptr) throw std::bad_alloc();
  std::memset(pages, kPattern, bytes);
  return pages;
}

void unmap_pages(unsigned char* pages, std::size_t) { std::free(pages); }

#else

constexpr unsigned char kPattern = 0xA5;

std::size_t page_bytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

/// The first and the last are inaccessible.
unsigned char* map_pages(std::size_t bytes) {
  void* const pages = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  unsigned char* const first = static_cast<unsigned char*>(pages) + page_bytes();
  const std::size_t accessible = bytes - 2 * page_bytes();
  if (mprotect(first, accessible, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  std::memset(first, kPattern, accessible);
  return static_cast<unsigned char*>(pages);
}

void unmap_pages(unsigned char* pages, std::size_t bytes) { munmap(pages, bytes); }

#endif

}  // namespace

GuardedBuffer::GuardedBuffer(std::size_t size_bytes, Placement placement, std::size_t shift_bytes)
    : page_bytes_(page_bytes()), size_bytes_(size_bytes) {
  const std::size_t needed = std::max<std::size_t>(size_bytes + shift_bytes, 1);
  accessible_bytes_ = (needed + page_bytes_ - 1) / page_bytes_ * page_bytes_;
  pages_ = map_pages(accessible_bytes_ + 2 * page_bytes_);
  unsigned char* const first = pages_ + page_bytes_;
  data_ = placement == Placement::at_start ? first + shift_bytes
                                           : first + accessible_bytes_ - shift_bytes - size_bytes;
  std::memset(data_, kUnwritten, size_bytes);
}

GuardedBuffer::~GuardedBuffer() { unmap_pages(pages_, accessible_bytes_ + 2 * page_bytes_); }

void GuardedBuffer::make_read_only() {
#ifdef __EMSCRIPTEN__
  read_only_.assign(data_, data_ + size_bytes_);
#else
  if (mprotect(pages_ + page_bytes_, accessible_bytes_, PROT_READ) != 0) throw std::bad_alloc();
#endif
}

bool GuardedBuffer::intact() const {
  const auto is_pattern = [](unsigned char byte) { return byte == kPattern; };
  const unsigned char *first = pages_ + page_bytes_, *last = first + accessible_bytes_;
#ifdef __EMSCRIPTEN__
  first -= page_bytes_;
  last += page_bytes_;
  if (!read_only_.empty() && !std::equal(read_only_.begin(), read_only_.end(), data_)) return false;
#endif
  return std::all_of(first, static_cast<const unsigned char*>(data_), is_pattern) &&
         std::all_of(static_cast<const unsigned char*>(data_) + size_bytes_, last, is_pattern);
}

GuardedInput::GuardedInput(const std::vector<float>& values, Placement placement, std::size_t shift,
                           DataType type)
    : buffer_(values.size() * bytes_of(type), placement, shift * bytes_of(type)) {
  to_memory(type, values, buffer_.data());
  buffer_.make_read_only();
}

}  // namespace winograd::test
