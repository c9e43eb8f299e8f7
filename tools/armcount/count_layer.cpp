// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Runs one layer twice, single-threaded, the second time between the counter's markers.
//
//   count_layer C K H [algorithm] [layout] [accuracy]
//
// 3x3 kernel, padding 1, batch 1, ReLU and bias; e.g. count_layer 64 64 56 winograd_f4 nhwc
// standard
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <vector>

#include "markers.hpp"
#include "winograd/conv2d.hpp"

namespace {

/// Parses the name of an enumerator that winograd::to_string knows.
template <class Enum>
bool parse(const char* text, Enum last, Enum* value) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (std::strcmp(text, winograd::to_string(static_cast<Enum>(i))) == 0) {
      *value = static_cast<Enum>(i);
      return true;
    }
  }
  std::fprintf(stderr, "count_layer: unknown name %s\n", text);
  return false;
}

/// Small numbers without zeros, denormals or structure.
std::vector<float> numbers(std::int64_t count) {
  std::vector<float> values(static_cast<std::size_t>(count));
  unsigned state = 1;
  for (float& value : values) {
    state = state * 1664525U + 1013904223U;
    value = static_cast<float>(state >> 8) / 16777216.0F - 0.5F;
  }
  return values;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: count_layer C K H [algorithm] [layout] [accuracy]\n");
    return 2;
  }
  winograd::Conv2dDesc desc;
  desc.in_channels = std::atoi(argv[1]);
  desc.out_channels = std::atoi(argv[2]);
  desc.height = desc.width = std::atoi(argv[3]);
  desc.set_padding(1);
  desc.activation = winograd::Activation::relu;
  winograd::PlanOptions options;
  if (argc > 4 && !parse(argv[4], winograd::Algorithm::winograd_f6, &options.algorithm)) return 2;
  if (argc > 5 && !parse(argv[5], winograd::Layout::nhwc, &desc.layout)) return 2;
  if (argc > 6 && !parse(argv[6], winograd::Accuracy::relaxed, &options.accuracy)) return 2;

  const std::vector<float> weights = numbers(desc.weights_size());
  const std::vector<float> bias = numbers(desc.out_channels);
  const auto plan = winograd::Conv2dPlan::create(desc, options, weights.data(), bias.data());
  if (!plan) {
    std::fprintf(stderr, "count_layer: %s\n", plan.status().message());
    return 1;
  }
  const std::vector<float> src = numbers(desc.src_size());
  std::vector<float> dst(static_cast<std::size_t>(desc.dst_size()));
  const winograd::WorkspaceRequirement needed = plan->workspace(1);
  void* memory = ::operator new (needed.size_bytes, std::align_val_t{needed.alignment_bytes});
  const winograd::Workspace workspace{memory, needed.size_bytes};

  winograd::Status status = plan->run(src.data(), dst.data(), workspace);
  if (status) {
    armcount::start_region();
    status = plan->run(src.data(), dst.data(), workspace);
    armcount::stop_region();
  }
  ::operator delete (memory, std::align_val_t{needed.alignment_bytes});
  if (!status) {
    std::fprintf(stderr, "count_layer: %s\n", status.message());
    return 1;
  }
  std::printf("%s %zu\n", plan->info().kernel, needed.size_bytes);
  return 0;
}
