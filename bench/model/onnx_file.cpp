// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// An ONNX file as bytes in memory.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "bench/model/onnx.hpp"

namespace winograd::bench {
namespace {

/// A file in memory as long as this lives.
class Mapping {
 public:
  explicit Mapping(const std::string& path) {
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw ModelError(std::strerror(errno));
    struct stat status {};
    if (fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
      size_ = static_cast<std::size_t>(status.st_size);
      if (size_ > 0) data_ = mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
    }
    const bool regular = S_ISREG(status.st_mode);
    close(file);
    if (!regular) throw ModelError("this is not a file");
    if (data_ == MAP_FAILED) throw ModelError(std::strerror(errno));
  }
  ~Mapping() {
    if (data_ != nullptr) munmap(data_, size_);
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

 private:
  void* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace

Graph read_onnx(const std::string& path) {
  try {
    return parse_onnx(Mapping(path).bytes());
  } catch (const ModelError& error) {
    throw ModelError(fmt::format("{}: {}", path, error.what()));
  }
}

}  // namespace winograd::bench
