// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Writes what fuzzing starts from:  winograd_fuzz_seeds <folder>  makes
// <folder>/<program>/<number>. The same on every machine, but for the instruction sets in saved
// weights.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/fuzz/packed_blob.hpp"
#include "tests/fuzz/tuning_layers.hpp"
#include "tests/reference/sweep_case.hpp"

namespace winograd::test {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  explicit Folder(fs::path path) : path_(std::move(path)) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  void add(const char* bytes, std::size_t size) {
    std::ofstream file(path_ / std::to_string(count_++), std::ios::binary);
    file.write(bytes, static_cast<std::streamsize>(size));
    if (!file) good_ = false;
  }
  void add(const std::string& text) { add(text.data(), text.size()); }
  bool good() const { return good_ && count_ > 0; }

 private:
  fs::path path_;
  int count_ = 0;
  bool good_ = true;
};

bool layers(const fs::path& path) {
  constexpr std::int64_t kMaxProducts = 100000;
  Folder folder(path);
  for (std::uint64_t i = 0; i < 150; ++i) {
    Rng rng(mix_seed(7, i));
    OpCase op;
    op.desc = random_geometry(rng, kMaxProducts);
    op.bias = rng.chance(80);
    op.data_seed = rng.bits();
    op.options.algorithm = rng.pick(kAllAlgorithms);
    draw_run(rng, op);
    folder.add(to_line(op));
  }
  // At the limits.
  for (const char* extent : {"c", "k", "h", "w", "n", "kh", "sw", "dw", "pt"}) {
    for (const std::int64_t value : {Conv2dDesc::kMaxExtent, Conv2dDesc::kMaxExtent - 1}) {
      folder.add("c=2 k=2 h=5 w=5 " + std::string(extent) + '=' + std::to_string(value));
    }
  }
  return folder.good();
}

bool packed(const fs::path& path) {
  Folder folder(path);
  for (std::uint64_t i = 0; i < 40; ++i) {
    Rng rng(mix_seed(8, i));
    const std::vector<std::uint8_t> blob = random_blob(rng);
    if (!blob.empty()) folder.add(reinterpret_cast<const char*>(blob.data()), blob.size());
  }
  return folder.good();
}

bool tuning(const fs::path& path) {
  Folder folder(path);
  std::string all;
  for (const TunedLayer& layer : tuned_layers()) {
    for (const Algorithm algorithm : kAllAlgorithms) {
      const std::string line = layer.key + ' ' + to_string(algorithm) + '\n';
      folder.add(line);
      all += line;
    }
  }
  folder.add(all);
  return folder.good();
}

/// For programs that take any bytes for numbers: the more, the longer they go on.
bool noise(const fs::path& path) {
  Folder folder(path);
  for (std::uint64_t i = 0; i < 60; ++i) {
    Rng rng(mix_seed(9, i));
    std::string bytes(static_cast<std::size_t>(rng.integer(40, 300)), '\0');
    for (char& byte : bytes) byte = static_cast<char>(rng.integer(-128, 127));
    folder.add(bytes);
  }
  return folder.good();
}

}  // namespace
}  // namespace winograd::test

int main(int count, char** arguments) {
  using namespace winograd::test;  // NOLINT
  if (count != 2) {
    std::fprintf(stderr, "usage: winograd_fuzz_seeds <folder>\n");
    return 2;
  }
  const fs::path folder = arguments[1];
  return layers(folder / "layer") && packed(folder / "packed") && tuning(folder / "tuning") &&
                 noise(folder / "c_api") && noise(folder / "opencv")
             ? 0
             : 1;
}
