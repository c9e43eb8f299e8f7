// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// plane_row against its definition: every width and number of outputs, residuals, activations,
// streaming, with the image's end at a guard page.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "src/planning/layer.hpp"
#include "tests/kernels/epilogue_case.hpp"
#include "tests/kernels/isa_param.hpp"
#include "tests/kernels/strip_case.hpp"
#include "tests/reference/crash_note.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

enum class Residual { none, apart, in_place };

struct RowCase {
  int products, chain, cols, outputs;
  Residual residual;
  bool stream;
  const EpilogueCase* activation;

  std::string text() const {
    return "products=" + std::to_string(products) + " chain=" + std::to_string(chain) +
           " cols=" + std::to_string(cols) + " outputs=" + std::to_string(outputs) +
           " residual=" + std::to_string(static_cast<int>(residual)) +
           " stream=" + std::to_string(stream) + " " + activation->name;
  }
};

class RowsPlanes : public KernelSetTest {
 protected:
  void SetUp() override {
    KernelSetTest::SetUp();
    if (kernels().plane_row == nullptr) GTEST_SKIP() << "the set has no plane_row";
  }

  void check(Rng& rng, const RowCase& row) {
    const std::string text = row.text();
    SCOPED_TRACE(text);
    const CrashNote note(text);
    constexpr int kOverhang = 16;
    // Products anywhere in memory, some of them at overlapping places.
    std::vector<std::ptrdiff_t> offsets;
    const int in_chain = std::min(row.chain, row.products);
    for (int k = 0; k < in_chain; ++k) offsets.push_back(rng.offset(0, 300));
    const std::ptrdiff_t chain_stride = rng.offset(0, 40);
    const auto place = [&](int k) {
      return k / row.chain * chain_stride + offsets[static_cast<std::size_t>(k % row.chain)];
    };
    std::ptrdiff_t last = 0;
    for (int k = 0; k < row.products; ++k) last = std::max(last, place(k));
    const auto in_floats = static_cast<std::size_t>(last + row.cols + kOverhang);
    GuardedBuffer in(in_floats * sizeof(float), Placement::at_end);
    std::generate_n(in.floats(), in_floats, [&rng] { return rng.uniform(-1.0F, 1.0F); });
    in.make_read_only();
    const int weights_stride = row.outputs <= 8 && rng.chance(50) ? 8 : 16;
    const auto weights_floats = static_cast<std::size_t>(row.products * weights_stride);
    GuardedBuffer weights(weights_floats * sizeof(float), Placement::at_end);
    std::generate_n(weights.floats(), weights_floats, [&rng] { return rng.uniform(-1.0F, 1.0F); });
    weights.make_read_only();
    GuardedBuffer bias(kLaneBlock * sizeof(float), Placement::at_end);
    std::generate_n(bias.floats(), kLaneBlock, [&rng] { return rng.uniform(-1.0F, 1.0F); });
    bias.make_read_only();

    const std::ptrdiff_t plane = row.stream ? detail::round_up(row.cols, 16) + 16 * rng.offset(0, 2)
                                            : row.cols + rng.offset(0, 9);
    const std::ptrdiff_t floats = (row.outputs - 1) * plane + row.cols;
    const auto bytes = static_cast<std::size_t>(floats) * sizeof(float);
    const Placement placement = row.stream ? Placement::at_start : Placement::at_end;
    const GuardedBuffer dst(bytes, placement), apart(bytes, placement);
    const GuardedBuffer& added = row.residual == Residual::in_place ? dst : apart;
    std::vector<double> expected, largest;
    for (int o = 0; o < row.outputs; ++o) {
      for (int x = 0; x < row.cols; ++x) {
        double sum = static_cast<double>(bias.floats()[o]), size = std::fabs(sum);
        for (int k = 0; k < row.products; ++k) {
          const double product = static_cast<double>(in.floats()[place(k) + x]) *
                                 static_cast<double>(weights.floats()[k * weights_stride + o]);
          sum += product;
          size += std::fabs(product);
        }
        if (row.residual != Residual::none) {
          float& other = added.floats()[o * plane + x];
          other = rng.uniform(-1.0F, 1.0F);
          sum += static_cast<double>(other);
          size += std::fabs(static_cast<double>(other));
        }
        expected.push_back(row.activation->apply(sum, o));
        largest.push_back(size * row.activation->steepness());
      }
    }

    detail::PlaneRowArgs args{};
    args.in = in.floats();
    args.offsets = offsets.data();
    args.products = row.products;
    args.chain = row.chain;
    args.chain_stride = chain_stride;
    args.weights = weights.floats();
    args.weights_stride = weights_stride;
    args.cols = row.cols;
    args.outputs = row.outputs;
    args.dst = dst.floats();
    args.residual = row.residual == Residual::none ? nullptr : added.floats();
    args.channel_stride = plane;
    args.stream = row.stream;
    args.epilogue = row.activation->epilogue(bias.floats());
    kernels().plane_row(args);
    if (kernels().stream_fence != nullptr) kernels().stream_fence();

    EXPECT_TRUE(dst.intact());
    std::vector<bool> written(static_cast<std::size_t>(floats));
    for (int o = 0; o < row.outputs; ++o) {
      for (int x = 0; x < row.cols; ++x) {
        const std::ptrdiff_t at = o * plane + x;
        const auto i = static_cast<std::size_t>(o * row.cols + x);
        written[static_cast<std::size_t>(at)] = true;
        const double got = static_cast<double>(dst.floats()[at]);
        ASSERT_NEAR(got, expected[i], 1e-6 * (1 + row.products / 8.0) * largest[i])
            << "output " << o << " column " << x;
      }
    }
    for (std::size_t i = 0; i < written.size(); ++i) {
      ASSERT_TRUE(written[i] || is_unwritten(dst.floats()[i])) << "written at float " << i;
    }
  }
};

TEST_P(RowsPlanes, EverySize) {
  Rng rng(95);
  Subset subset("every size");
  for (int cols = 1; cols <= 40; ++cols) {
    for (int outputs = 1; outputs <= kLaneBlock; ++outputs) {
      for (const Residual residual : {Residual::none, Residual::apart, Residual::in_place}) {
        if (!subset.takes()) continue;
        const int products = static_cast<int>(rng.integer(1, 30));
        check(rng, {products, rng.chance(50) ? products : 10, cols, outputs, residual, false,
                    &rng.pick(kEpilogueCases)});
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_P(RowsPlanes, EveryNumberOfProducts) {
  Rng rng(96);
  Subset subset("every number of products");
  for (int products = 1; products <= 160; ++products) {
    if (!subset.takes()) continue;
    check(rng, {products, products, 21, 16, Residual::none, false, &kEpilogueCases[0]});
    if (HasFatalFailure()) return;
  }
}

TEST_P(RowsPlanes, EveryChain) {
  Rng rng(99);
  Subset subset("every chain");
  for (int chain = 1; chain <= 70; ++chain) {
    for (const int products : {chain, chain + 1, 2 * chain, 3 * chain + chain / 2}) {
      if (!subset.takes()) continue;
      check(rng, {products, chain, 53, 9, Residual::none, false, &kEpilogueCases[0]});
      if (HasFatalFailure()) return;
    }
  }
}

// Integers so large that the sum within a chain is exact and the sum of chains is not.
TEST_P(RowsPlanes, AddsChainsOneAfterAnother) {
  constexpr int kChain = 24, kChains = 5, kCols = 17;
  Rng rng(100);
  std::vector<float> in, weights;
  std::vector<std::ptrdiff_t> offsets;
  for (int i = 0; i < kChain * kChains * kCols + 16; ++i)
    in.push_back(static_cast<float>(rng.integer(512, 800)));
  for (int i = 0; i < kChain * kChains * 8; ++i)
    weights.push_back(static_cast<float>(rng.integer(512, 800)));
  for (int k = 0; k < kChain; ++k) offsets.push_back(std::ptrdiff_t{k} * kCols);
  const std::vector<float> bias(16, 0.0F);
  std::vector<float> dst(8 * kCols);
  detail::PlaneRowArgs args{};
  args.in = in.data();
  args.offsets = offsets.data();
  args.products = kChain * kChains;
  args.chain = kChain;
  args.chain_stride = kChain * kCols;
  args.weights = weights.data();
  args.weights_stride = 8;
  args.cols = kCols;
  args.outputs = 8;
  args.dst = dst.data();
  args.channel_stride = kCols;
  args.epilogue = kEpilogueCases[0].epilogue(bias.data());
  kernels().plane_row(args);
  int inexact = 0;
  for (int o = 0; o < 8; ++o) {
    for (int x = 0; x < kCols; ++x) {
      float sum = 0;
      double exact = 0;
      for (int chain = 0; chain < kChains; ++chain) {
        double of_chain = 0;
        for (int k = chain * kChain; k < (chain + 1) * kChain; ++k) {
          of_chain += static_cast<double>(in[static_cast<std::size_t>(k * kCols + x)]) *
                      static_cast<double>(weights[static_cast<std::size_t>(k * 8 + o)]);
        }
        ASSERT_LT(of_chain, 0x1p24);
        sum += static_cast<float>(of_chain);
        exact += of_chain;
      }
      inexact += static_cast<double>(sum) != exact ? 1 : 0;
      ASSERT_EQ(dst[static_cast<std::size_t>(o * kCols + x)], sum) << o << " " << x;
    }
  }
  EXPECT_GT(inexact, 20) << "the data decides nothing";
}

TEST_P(RowsPlanes, EveryActivation) {
  Rng rng(97);
  for (const EpilogueCase& activation : kEpilogueCases) {
    for (const Residual residual : {Residual::none, Residual::apart, Residual::in_place}) {
      check(rng, {27, 27, 37, 16, residual, false, &activation});
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(RowsPlanes, Streaming) {
  Rng rng(98);
  for (int cols = 1; cols <= 70; ++cols) {
    for (const Residual residual : {Residual::none, Residual::apart}) {
      check(rng, {27, 9, cols, static_cast<int>(rng.integer(1, 16)), residual, true,
                  &rng.pick(kEpilogueCases)});
      if (HasFatalFailure()) return;
    }
  }
}

WINOGRAD_FOR_EACH_ISA(RowsPlanes);

}  // namespace
}  // namespace winograd::test
