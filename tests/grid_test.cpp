// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Geometries that networks are made of, and those at the seams of tiles, blocks and panels, against
// the reference: every instruction set, algorithm and layout.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/subset.hpp"

namespace winograd::test {
namespace {

struct GridRow {
  const char* name;
  const char* line;  ///< see OpCase
};

constexpr GridRow kGrid[] = {
    // 3x3 "same" at the map sizes of image networks: 7 = 4+3, 13 = 6+6+1, 14 = 4*3+2, ...
    {"map7", "c=64 h=7 w=7 k=48 pt=1 pl=1 pb=1 pr=1 act=relu"},
    {"map13", "c=32 h=13 w=13 k=32 pt=1 pl=1 pb=1 pr=1 act=leaky_relu slope=0.125"},
    {"map14", "n=2 c=24 h=14 w=14 k=40 pt=1 pl=1 pb=1 pr=1 act=relu6"},
    {"map19", "c=20 h=19 w=19 k=20 pt=1 pl=1 pb=1 pr=1 residual=1 act=relu"},
    {"map26", "c=16 h=26 w=26 k=16 pt=1 pl=1 pb=1 pr=1"},
    {"map28", "c=16 h=28 w=28 k=32 pt=1 pl=1 pb=1 pr=1 residual=1"},
    {"map56", "c=8 h=56 w=56 k=16 pt=1 pl=1 pb=1 pr=1 act=relu"},
    {"wide", "c=8 h=5 w=131 k=8 pt=1 pl=1 pb=1 pr=1"},
    {"tall", "c=8 h=131 w=5 k=8 pt=1 pl=1 pb=1 pr=1"},
    {"valid", "c=16 h=18 w=17 k=16"},
    {"full", "c=9 h=10 w=11 k=7 pt=2 pl=2 pb=2 pr=2"},
    {"asymmetric", "c=12 h=15 w=16 k=17 pt=0 pl=2 pb=1 pr=0"},
    // Larger than what caches keep, so that it may be stored past them.
    {"large", "c=1 h=264 w=250 k=32 pt=1 pl=1 pb=1 pr=1 residual=1 act=relu"},
    // Few channels, many channels, channel counts around a panel of 16 and its halves.
    {"rgb", "c=3 h=32 w=32 k=16 pt=1 pl=1 pb=1 pr=1 act=relu"},
    {"one_to_one", "c=1 h=9 w=9 k=1 pt=1 pl=1 pb=1 pr=1"},
    {"k7", "c=17 h=12 w=12 k=7 pt=1 pl=1 pb=1 pr=1"},
    {"k8", "c=16 h=12 w=12 k=8 pt=1 pl=1 pb=1 pr=1"},
    {"k9", "c=15 h=12 w=12 k=9 pt=1 pl=1 pb=1 pr=1"},
    {"k15", "c=33 h=8 w=8 k=15 pt=1 pl=1 pb=1 pr=1"},
    {"k17", "c=31 h=8 w=8 k=17 pt=1 pl=1 pb=1 pr=1"},
    {"many_in", "c=512 h=7 w=7 k=16 pt=1 pl=1 pb=1 pr=1"},
    {"many_out", "c=16 h=7 w=7 k=300 pt=1 pl=1 pb=1 pr=1"},
    {"deep", "c=144 h=14 w=14 k=136 pt=1 pl=1 pb=1 pr=1 act=relu"},
    {"batch", "n=5 c=32 h=7 w=9 k=32 pt=1 pl=1 pb=1 pr=1"},
    // Maps smaller than one tile.
    {"pixel", "c=16 h=1 w=1 k=16 pt=1 pl=1 pb=1 pr=1"},
    {"two_by_one", "c=16 h=2 w=1 k=16 pt=1 pl=1 pb=1 pr=1"},
    {"three", "c=16 h=3 w=3 k=16"},
    // Kernels along one axis, and of five taps.
    {"k1x3", "c=20 h=15 w=22 k=18 kh=1 kw=3 pl=1 pr=1"},
    {"k3x1", "c=20 h=15 w=22 k=18 kh=3 kw=1 pt=1 pb=1"},
    {"k5x5", "c=14 h=17 w=19 k=18 kh=5 kw=5 pt=2 pl=2 pb=2 pr=2"},
    {"k1x5", "c=20 h=11 w=23 k=18 kh=1 kw=5 pl=2 pr=2"},
    {"k5x1", "c=20 h=23 w=11 k=18 kh=5 kw=1 pt=2 pb=2"},
    {"k3x5", "c=12 h=13 w=14 k=10 kh=3 kw=5 pt=1 pl=2 pb=1 pr=2"},
    {"k5x3", "c=12 h=13 w=14 k=10 kh=5 kw=3 pt=2 pl=1 pb=2 pr=1"},
    {"k1x7", "c=20 h=11 w=23 k=18 kh=1 kw=7 pl=3 pr=3"},
    {"k7x7", "c=9 h=15 w=17 k=18 kh=7 kw=7 pt=3 pl=3 pb=3 pr=3"},
    // Stride 2, also along one axis; maps of one output, of less than a tile, of several strips.
    {"stride2_pixel", "c=17 h=3 w=3 k=16 sh=2 sw=2"},
    {"stride2_tall", "c=16 h=29 w=5 k=20 sh=2 pt=1 pb=1"},
    {"stride2_wide", "c=32 h=9 w=301 k=16 sh=2 sw=2 pt=1 pl=1 pb=1 pr=1 act=relu residual=1"},
    {"stride2_k5x3", "c=18 h=21 w=25 k=20 kh=5 sh=2 sw=2 pt=2 pl=1 pb=2 pr=1"},
    // Groups of whole lane blocks, and narrow ones that are merged.
    {"groups_of_16", "c=80 h=14 w=13 k=80 groups=5 pt=1 pl=1 pb=1 pr=1 act=relu"},
    {"groups_of_4", "n=2 c=48 h=9 w=10 k=48 groups=12 pt=1 pl=1 pb=1 pr=1 residual=1"},
    {"groups_stride2", "c=64 h=17 w=18 k=128 groups=4 sh=2 sw=2 pt=1 pl=1 pb=1 pr=1"},
    // What only the direct path takes.
    {"pointwise", "n=2 c=70 h=13 w=13 k=66 kh=1 kw=1 act=relu"},
    {"pointwise_large", "n=2 c=170 h=17 w=19 k=37 kh=1 kw=1 act=relu"},
    {"pointwise_one_row", "c=20 h=1 w=600 k=21 kh=1 kw=1 act=relu6"},
    {"pointwise_padded", "c=30 h=9 w=9 k=20 kh=1 kw=1 pt=1 pl=1 pb=1 pr=1"},
    {"pointwise_stride2", "c=40 h=15 w=15 k=40 kh=1 kw=1 sh=2 sw=2"},
    {"stem", "c=3 h=40 w=40 k=24 kh=7 kw=7 sh=2 sw=2 pt=3 pl=3 pb=3 pr=3 act=relu"},
    {"stride2", "c=24 h=15 w=16 k=40 sh=2 sw=2 pt=1 pl=1 pb=1 pr=1"},
    {"stride2_tf", "c=24 h=16 w=16 k=40 sh=2 sw=2 pb=1 pr=1"},
    {"stride_beyond_kernel", "c=9 h=23 w=22 k=9 kh=2 kw=2 sh=3 sw=4"},
    {"dilated", "c=16 h=20 w=20 k=16 dh=2 dw=2 pt=2 pl=2 pb=2 pr=2"},
    {"dilated4", "c=16 h=14 w=14 k=16 dh=4 dw=4 pt=4 pl=4 pb=4 pr=4"},
    {"grouped", "c=64 h=14 w=14 k=64 groups=8 pt=1 pl=1 pb=1 pr=1 act=relu"},
    {"grouped4_wide", "n=2 c=164 h=6 w=31 k=164 groups=41 pt=1 pl=1 pb=1 pr=1 residual=1"},
    {"grouped8_stride2", "c=40 h=11 w=45 k=40 groups=5 sh=2 sw=2 pt=1 pl=1 pb=1 pr=1 act=silu"},
    {"grouped16_times5", "c=32 h=9 w=12 k=32 kh=3 kw=5 groups=2 pt=1 pl=2 pb=1 pr=2 act=prelu"},
    {"grouped4_dilated", "c=20 h=13 w=16 k=20 groups=5 dh=2 dw=3 pt=2 pl=3 pb=2 pr=3"},
    {"grouped_odd", "n=2 c=21 h=9 w=9 k=15 groups=3 pt=1 pl=1 pb=1 pr=1 residual=1"},
    {"depthwise", "c=40 h=14 w=14 k=40 groups=40 pt=1 pl=1 pb=1 pr=1 act=relu6"},
    {"depthwise_odd", "n=2 c=19 h=11 w=13 k=19 groups=19 pt=1 pl=1 pb=1 pr=1 residual=1"},
    {"depthwise_stride2", "c=33 h=15 w=15 k=33 groups=33 sh=2 sw=2 pt=1 pl=1 pb=1 pr=1"},
    {"depthwise5", "c=24 h=14 w=14 k=24 kh=5 kw=5 groups=24 pt=2 pl=2 pb=2 pr=2"},
    {"depthwise_dilated", "c=18 h=14 w=14 k=18 groups=18 dh=2 dw=2 pt=2 pl=2 pb=2 pr=2"},
    {"in_padding", "n=2 c=5 h=4 w=1 k=20 kh=1 kw=1 sw=9 pl=1 pr=1"},
    {"depthwise_in_padding", "c=8 h=1 w=6 k=8 kh=1 kw=1 groups=8 sh=3 pt=1 pb=1"},
    {"depthwise_wide", "n=2 c=19 h=9 w=37 k=19 groups=19 pt=1 pl=1 pb=1 pr=1 act=relu residual=1"},
    {"depthwise_wide_dilated", "c=33 h=8 w=30 k=33 groups=33 dh=2 dw=3 pt=2 pl=3 pb=1 pr=0"},
    {"depthwise_times2", "c=13 h=9 w=9 k=26 groups=13 pt=1 pl=1 pb=1 pr=1"},
    {"clamp", "c=11 h=10 w=10 k=12 pt=1 pl=1 pb=1 pr=1 act=clamp min=-0.5 max=0.75 bias=0"},
};

class Grid : public ::testing::TestWithParam<GridRow> {};

TEST_P(Grid, AgreesWithTheReference) {
  static Subset subset("grid");
  std::optional<OpCase> op = parse_line(GetParam().line);
  ASSERT_TRUE(op.has_value());
  for (const Layout layout : kLayouts) {
    op->desc.layout = layout;
    const OpData data = make_data(*op);
    ASSERT_TRUE(oracles_agree(*op, data));
    for (const Isa isa : test_isas()) {
      op->options.max_isa = isa;
      for (const Algorithm algorithm : kAllAlgorithms) {
        op->options.algorithm = algorithm;
        for (const int threads : {1, 3}) {
          if (!subset.takes()) continue;
          op->threads = threads;
          op->executor = threads == 1 ? ExecutorKind::serial : ExecutorKind::threads;
          op->placement = threads == 1 ? Placement::at_end : Placement::at_start;
          op->residual_in_place = threads == 1;
          check_op(*op, data);
        }
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Rows, Grid, ::testing::ValuesIn(kGrid),
                         [](const auto& info) { return std::string(info.param.name); });

}  // namespace
}  // namespace winograd::test
