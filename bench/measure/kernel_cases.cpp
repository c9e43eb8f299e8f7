// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/measure/kernel_cases.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <limits>
#include <memory>
#include <set>
#include <stdexcept>

#include "bench/measure/bound.hpp"
#include "bench/peers/buffer.hpp"
#include "kernels/contract/kernel_set.hpp"
#include "src/runtime/kernel_sets.hpp"

namespace winograd::bench {
namespace {

using detail::AxisFamily;
using detail::kLaneBlock;

constexpr int kCalls = 100;

Buffer ones(std::int64_t floats) {
  Buffer buffer(floats);
  for (std::int64_t i = 0; i < floats; ++i) buffer.data()[i] = 1.0F;
  return buffer;
}

constexpr int c_stride(int columns) { return (columns + 15) / 16 * 16; }

/// A, B and C of up to 28 rows, 32 columns and 128 products: 14 + 16 + 3.5 KiB.
KernelCase gemm_case(const detail::GemmEntry& gemm, int columns, int rows, int chain) {
  constexpr int kDepth = 128;
  struct Data {
    Buffer a, b, c;
  };
  auto data = std::make_shared<Data>(Data{ones(std::int64_t{rows} * kDepth), ones(kDepth * columns),
                                          ones(std::int64_t{rows} * c_stride(columns))});
  detail::GemmArgs args{};
  args.a = data->a.data();
  args.lda = kDepth;
  args.segment_stride = kDepth;
  args.segments = 1;
  args.k = kDepth;
  args.chain = chain;
  args.rows = rows;
  args.b = data->b.data();
  args.c = data->c.data();
  args.columns = columns;
  args.panel_stride = kDepth * detail::kPanel;
  args.ldc = c_stride(columns);
  return {
      fmt::format("gemm{}/{}/rows:{}/depth:{}/chain:{}", columns, gemm.name, rows, kDepth, chain),
      [data, args, run = gemm.run] {
        for (int i = 0; i < kCalls; ++i) run(args);
      },
      2.0 * kCalls * columns * rows * kDepth};
}

/// Tiles of a family's full size in one strip of 16 channels.
struct Strip {
  static constexpr int kTiles = 4;

  Strip(int tile, int taps)
      : m(tile), alpha(tile + taps - 1), cols(kTiles * m + taps - 1),
        image(ones(std::int64_t{alpha} * cols * kLaneBlock)),
        scratch(ones(std::int64_t{alpha} * cols * kLaneBlock)),
        frequencies(ones(std::int64_t{alpha} * alpha * kTiles * kLaneBlock)),
        bias(ones(kLaneBlock)), offsets(static_cast<std::size_t>(alpha * alpha)) {
    for (std::size_t xi = 0; xi < offsets.size(); ++xi)
      offsets[xi] = static_cast<std::ptrdiff_t>(xi) * kTiles * kLaneBlock;
  }

  int m, alpha, cols;
  Buffer image, scratch, frequencies, bias;
  std::vector<std::ptrdiff_t> offsets;
};

KernelCase input_case(const std::string& name, const detail::AxisKernels& kernels,
                      const std::shared_ptr<Strip>& strip) {
  const Strip& s = *strip;
  const double operations = input_operations(s.alpha) * (s.cols + Strip::kTiles * s.alpha);
  return {"input_transform/" + name,
          [strip, kernels] {
            Strip& data = *strip;
            const detail::StripView view{data.image.data(), std::ptrdiff_t{data.cols} * kLaneBlock,
                                         kLaneBlock,        0,
                                         data.alpha,        0,
                                         data.cols};
            for (int i = 0; i < kCalls; ++i) {
              kernels.input_vertical(view, data.cols, data.scratch.data());
              kernels.input_horizontal(data.scratch.data(), data.alpha, Strip::kTiles,
                                       data.frequencies.data(), data.offsets.data(), kLaneBlock);
            }
          },
          2.0 * kCalls * kLaneBlock * operations};
}

KernelCase output_case(const std::string& name, const detail::AxisKernels& kernels,
                       const std::shared_ptr<Strip>& strip) {
  const Strip& s = *strip;
  const int cols = Strip::kTiles * s.m;
  const double operations = output_operations(s.m) * (Strip::kTiles * s.alpha + cols);
  return {"output_transform/" + name,
          [strip, kernels, cols] {
            Strip& data = *strip;
            constexpr float kInfinity = std::numeric_limits<float>::infinity();
            detail::OutputTarget target{};
            target.dst = data.image.data();
            target.row_stride = std::ptrdiff_t{data.cols} * kLaneBlock;
            target.col_stride = kLaneBlock;
            target.epilogue = {data.bias.data(), nullptr, 0.0F, kInfinity, Activation::none};
            for (int i = 0; i < kCalls; ++i) {
              kernels.output_horizontal(data.frequencies.data(), data.offsets.data(), kLaneBlock,
                                        data.alpha, Strip::kTiles, data.scratch.data());
              kernels.output_vertical(data.scratch.data(), cols, target);
            }
          },
          2.0 * kCalls * kLaneBlock * operations};
}

}  // namespace

std::vector<KernelCase> kernel_cases(Isa isa) {
  const detail::KernelSet* set = detail::find_kernel_set(isa);
  if (set == nullptr)
    throw std::invalid_argument(fmt::format("no kernels for {} here", to_string(isa)));
  std::vector<KernelCase> cases;
  const detail::GemmEntry& gemm = set->winograd;
  std::set<int> widths = {8, detail::kPanel, gemm.panels * detail::kPanel};
  for (const int columns : widths) {
    for (const int chain : {128, 32}) cases.push_back(gemm_case(gemm, columns, 2 * gemm.mr, chain));
    for (int rows = 1; rows <= gemm.mr; ++rows)
      cases.push_back(gemm_case(gemm, columns, rows, 128));
  }
  for (const AxisFamily family : {AxisFamily::f2_3, AxisFamily::f3_3, AxisFamily::f4_3,
                                  AxisFamily::f6_3, AxisFamily::f2_5, AxisFamily::f4_5}) {
    const detail::AxisFamilyInfo& info = detail::axis_family_info(family);
    const detail::AxisKernels& kernels = set->axis[static_cast<std::size_t>(family)][info.m - 1];
    const std::string name = fmt::format("f{}_{}/{}", info.m, info.r, to_string(set->isa));
    const auto strip = std::make_shared<Strip>(info.m, info.r);
    cases.push_back(input_case(name, kernels, strip));
    cases.push_back(output_case(name, kernels, strip));
  }
  return cases;
}

}  // namespace winograd::bench
