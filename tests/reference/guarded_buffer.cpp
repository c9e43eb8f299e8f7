// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/guarded_buffer.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <new>

#include "tests/reference/sixteen_bits.hpp"

namespace winograd::test {
namespace {

constexpr unsigned char kPattern = 0xA5;
constexpr unsigned char kUnwritten = 0xFF;

}  // namespace

GuardedBuffer::GuardedBuffer(std::size_t size_bytes, Placement placement, std::size_t shift_bytes)
    : page_bytes_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))), size_bytes_(size_bytes) {
  const std::size_t needed = std::max<std::size_t>(size_bytes + shift_bytes, 1);
  accessible_bytes_ = (needed + page_bytes_ - 1) / page_bytes_ * page_bytes_;
  void* pages = mmap(nullptr, accessible_bytes_ + 2 * page_bytes_, PROT_NONE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  pages_ = static_cast<unsigned char*>(pages);
  unsigned char* const first = pages_ + page_bytes_;
  if (mprotect(first, accessible_bytes_, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
  data_ = placement == Placement::at_start ? first + shift_bytes
                                           : first + accessible_bytes_ - shift_bytes - size_bytes;
  std::memset(first, kPattern, accessible_bytes_);
  std::memset(data_, kUnwritten, size_bytes);
}

GuardedBuffer::~GuardedBuffer() { munmap(pages_, accessible_bytes_ + 2 * page_bytes_); }

void GuardedBuffer::make_read_only() {
  if (mprotect(pages_ + page_bytes_, accessible_bytes_, PROT_READ) != 0) throw std::bad_alloc();
}

bool GuardedBuffer::intact() const {
  const auto is_pattern = [](unsigned char byte) { return byte == kPattern; };
  const unsigned char* const first = pages_ + page_bytes_;
  return std::all_of(first, static_cast<const unsigned char*>(data_), is_pattern) &&
         std::all_of(data_ + size_bytes_, pages_ + page_bytes_ + accessible_bytes_, is_pattern);
}

GuardedInput::GuardedInput(const std::vector<float>& values, Placement placement, std::size_t shift,
                           DataType type)
    : buffer_(values.size() * bytes_of(type), placement, shift * bytes_of(type)) {
  to_memory(type, values, buffer_.data());
  buffer_.make_read_only();
}

}  // namespace winograd::test
