// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Prints the tables of docs/accuracy.md: RMS(error) / RMS(output) of each algorithm and accuracy
// level against a convolution in double, for He-normal weights and input uniform in [-1, 1): as it
// is, behind a ReLU (half of it zeros), or its absolute values (of one sign, as pictures are).
//
//   winograd_measure_accuracy [instruction set] [relu | absolute]
//
// The map is 24 x 24, which every tile size divides: remainder tiles, which are more exact, have no
// part in it. The yardstick is a plain loop that sums in float, one product after another.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "tests/reference/error_bounds.hpp"
#include "tests/reference/naive_conv2d.hpp"
#include "tests/reference/op_case.hpp"
#include "winograd/conv2d.hpp"

namespace {

using winograd::Accuracy;
using winograd::Algorithm;
using winograd::Isa;

constexpr std::int64_t kChannels[] = {16, 64, 256, 512, 1024};
constexpr Accuracy kLevels[] = {Accuracy::strict, Accuracy::standard, Accuracy::relaxed};

winograd::test::OpCase layer_of(std::int64_t channels, std::int64_t kernel, std::int64_t stride,
                                Isa isa) {
  winograd::test::OpCase op;
  op.bias = false;
  op.desc.in_channels = channels;
  op.desc.out_channels = 32;
  op.desc.height = op.desc.width = 24 * stride;
  op.desc.kernel_h = op.desc.kernel_w = kernel;
  op.desc.stride_h = op.desc.stride_w = stride;
  op.desc.set_padding(kernel / 2);
  op.options.max_isa = isa;
  op.data_seed = 2016;
  return op;
}

struct Row {
  std::string name;
  std::vector<double> errors;  ///< by channels
  double least = 1e300;        ///< estimate / measurement
  double most = 0.0;
};

/// The error of one plan, added to the row with its estimate. False if it could not be measured.
bool measure(const winograd::test::OpCase& op, const winograd::test::OpData& data, Row& row) {
  const auto plan = winograd::Conv2dPlan::create(op.desc, op.options, data.weights.data(), nullptr);
  if (!plan.ok()) {
    std::fprintf(stderr, "%s\n", plan.status().message());
    return false;
  }
  const winograd::WorkspaceRequirement needed = plan->workspace(1);
  std::vector<char> memory(needed.size_bytes + needed.alignment_bytes);
  const auto address = reinterpret_cast<std::uintptr_t>(memory.data());
  const std::size_t skip =
      (needed.alignment_bytes - address % needed.alignment_bytes) % needed.alignment_bytes;
  std::vector<float> dst(static_cast<std::size_t>(op.desc.dst_size()));
  const winograd::Status status =
      plan->run(data.src.data(), dst.data(), {memory.data() + skip, needed.size_bytes});
  if (!status) {
    std::fprintf(stderr, "%s\n", status.message());
    return false;
  }
  const double error = winograd::test::relative_rms_error(data.reference, dst.data());
  const double ratio = plan->info().expected_rms_error / error;
  row.errors.push_back(error);
  row.least = std::min(row.least, ratio);
  row.most = std::max(row.most, ratio);
  return true;
}

void print(const std::vector<Row>& rows, std::int64_t kernel, std::int64_t stride) {
  std::printf("| %dx%d%s, C = |", static_cast<int>(kernel), static_cast<int>(kernel),
              stride == 1 ? "" : ", stride 2");
  for (const std::int64_t channels : kChannels) std::printf(" %d |", static_cast<int>(channels));
  std::printf(" estimate ÷ measured |\n|---|");
  for (std::size_t i = 0; i < std::size(kChannels); ++i) std::printf("---|");
  std::printf("---|\n");
  for (const Row& row : rows) {
    std::printf("| %s |", row.name.c_str());
    for (const double error : row.errors) std::printf(" %.2e |", error);
    if (row.most > 0.0) {
      std::printf(" %.2f–%.2f |\n", row.least, row.most);
    } else {
      std::printf(" |\n");
    }
  }
  std::printf("\n");
}

enum class Input : unsigned char { uniform, relu, absolute };

winograd::test::OpData data_of(const winograd::test::OpCase& op, Input input) {
  winograd::test::OpData data = winograd::test::make_data(op);
  if (input != Input::uniform) {
    for (float& value : data.src) {
      value = input == Input::relu ? std::max(value, 0.0F) : std::fabs(value);
    }
    data.reference = winograd::test::naive_conv2d(op.desc, data.weights.data(), nullptr,
                                                  data.src.data(), nullptr);
  }
  return data;
}

bool measure_kernel(std::int64_t kernel, std::int64_t stride, Isa isa, Input input) {
  std::vector<Row> rows;
  rows.push_back({"plain loop", {}});
  bool first = true;
  for (const std::int64_t channels : kChannels) {
    winograd::test::OpCase op = layer_of(channels, kernel, stride, isa);
    const winograd::test::OpData data = data_of(op, input);
    const std::vector<float> plain =
        winograd::test::sequential_conv2d(op.desc, data.weights.data(), data.src.data());
    rows[0].errors.push_back(winograd::test::relative_rms_error(data.reference, plain.data()));
    std::size_t at = 1;
    for (const Algorithm algorithm : winograd::test::kAllAlgorithms) {
      if (algorithm == Algorithm::automatic ||
          !winograd::test::algorithm_applies(op.desc, algorithm)) {
        continue;
      }
      op.options.algorithm = algorithm;
      for (const Accuracy level : kLevels) {
        op.options.accuracy = level;
        if (first) rows.push_back({std::string(to_string(algorithm)) + " " + to_string(level), {}});
        if (!measure(op, data, rows[at++])) return false;
      }
    }
    first = false;
  }
  print(rows, kernel, stride);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  Isa isa = Isa::best;
  Input input = Input::uniform;
  for (int at = 1; at < argc; ++at) {
    bool known = false;
    for (const Input candidate : {Input::relu, Input::absolute}) {
      if (std::strcmp(argv[at], candidate == Input::relu ? "relu" : "absolute") != 0) continue;
      input = candidate;
      known = true;
    }
    for (const Isa candidate : winograd::test::named_isas()) {
      if (std::strcmp(to_string(candidate), argv[at]) != 0) continue;
      if (!winograd::isa_available(candidate)) break;
      isa = candidate;
      known = true;
    }
    if (!known) {
      std::fprintf(stderr,
                   "%s: neither relu, absolute nor an instruction set of this build and CPU\n",
                   argv[at]);
      return 2;
    }
  }
  const bool measured = measure_kernel(3, 1, isa, input) && measure_kernel(5, 1, isa, input) &&
                        measure_kernel(7, 1, isa, input) && measure_kernel(3, 2, isa, input) &&
                        measure_kernel(5, 2, isa, input);
  return measured ? 0 : 1;
}
