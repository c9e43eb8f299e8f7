// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Runs one layer twice, single-threaded, the second time between the counter's markers.
//
//   count_layer C K H [algorithm] [layout] [accuracy] [type] [r1] [s2] [g64]
//
// 3x3 kernel, stride 1, one group, unless the last words say otherwise; padding of half a kernel,
// batch 1, ReLU and bias; e.g. count_layer 64 64 56 winograd_f4 nhwc standard
#include <cstdint>
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

/// Such numbers as elements, in memory that would do for floats.
std::vector<std::uint32_t> tensor(winograd::DataType type, std::int64_t count) {
  const std::vector<float> values = numbers(count);
  std::vector<std::uint32_t> elements(values.size());
  if (type == winograd::DataType::f32) {
    std::memcpy(elements.data(), values.data(), values.size() * sizeof(float));
    return elements;
  }
  std::vector<std::uint16_t> halves;
  for (const float value : values) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    // 15 - 127 more in the exponent, 13 bits less in the fraction; what is below 2^-14, zero.
    const std::uint32_t magnitude = bits & 0x7fffffffU;
    const std::uint32_t half = magnitude < (113U << 23) ? 0 : (magnitude - (112U << 23)) >> 13;
    halves.push_back(static_cast<std::uint16_t>((bits >> 16 & 0x8000U) | half));
  }
  std::memcpy(elements.data(), halves.data(), halves.size() * sizeof halves[0]);
  return elements;
}

/// Words such as r1, s2, g64, from the end of the line; how many words are left.
int take_geometry(int argc, char** argv, winograd::Conv2dDesc* desc) {
  for (; argc > 4; --argc) {
    const char* const word = argv[argc - 1];
    const int value = std::atoi(word + 1);
    if (value < 1) break;
    if (word[0] == 'r') {
      desc->kernel_h = desc->kernel_w = value;
    } else if (word[0] == 's') {
      desc->stride_h = desc->stride_w = value;
    } else if (word[0] == 'g') {
      desc->groups = value;
    } else {
      break;
    }
  }
  return argc;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr,
                 "usage: count_layer C K H [algorithm] [layout] [accuracy] [type] [r1] [s2] "
                 "[g64]\n");
    return 2;
  }
  winograd::Conv2dDesc desc;
  desc.in_channels = std::atoi(argv[1]);
  desc.out_channels = std::atoi(argv[2]);
  desc.height = desc.width = std::atoi(argv[3]);
  argc = take_geometry(argc, argv, &desc);
  desc.set_padding(desc.kernel_h / 2);
  desc.activation = winograd::Activation::relu;
  winograd::PlanOptions options;
  if (argc > 4 && !parse(argv[4], winograd::Algorithm::winograd_f6, &options.algorithm)) return 2;
  if (argc > 5 && !parse(argv[5], winograd::Layout::nhwc, &desc.layout)) return 2;
  if (argc > 6 && !parse(argv[6], winograd::Accuracy::half, &options.accuracy)) return 2;
  if (argc > 7 && !parse(argv[7], winograd::DataType::f16, &desc.data_type)) return 2;

  const std::vector<float> weights = numbers(desc.weights_size());
  const std::vector<float> bias = numbers(desc.out_channels);
  const auto plan = winograd::Conv2dPlan::create(desc, options, weights.data(), bias.data());
  if (!plan) {
    std::fprintf(stderr, "count_layer: %s\n", plan.status().message());
    return 1;
  }
  const std::vector<std::uint32_t> src = tensor(desc.data_type, desc.src_size());
  std::vector<std::uint32_t> dst(static_cast<std::size_t>(desc.dst_size()));
  const winograd::WorkspaceRequirement needed = plan->workspace(1);
  void* memory = ::operator new (needed.size_bytes, std::align_val_t{needed.alignment_bytes});
  const winograd::Workspace workspace{memory, needed.size_bytes};

  winograd::Status status = plan->run(desc.data_type, src.data(), dst.data(), workspace);
  if (status) {
    armcount::start_region();
    status = plan->run(desc.data_type, src.data(), dst.data(), workspace);
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
