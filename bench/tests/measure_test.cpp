// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <vector>

#include "bench/layers/layer.hpp"
#include "bench/measure/bound.hpp"
#include "bench/measure/reference.hpp"
#include "bench/measure/rounds.hpp"
#include "bench/measure/statistics.hpp"
#include "bench/peers/contender.hpp"
#include "bench/peers/winograd.hpp"
#include "bench/session/layer_group.hpp"
#include "tests/reference/naive_conv2d.hpp"

namespace winograd::bench {
namespace {

Conv2dDesc geometry(const char* text) {
  Conv2dDesc desc = parse_geometry(text);
  desc.activation = Activation::relu;
  return desc;
}

const char* const kGeometries[] = {
    "n1c64h14w14k64r3s1p1",   "n2c5h11w7k6r3s1p1",        "n1c4h9w9k8r3s2p1g2",
    "n1c8h10w12k8r3s1p1g8",   "n1c3h20w20k7r7s2p3",       "n1c16h6w5k16r1s1p0",
    "n1c6h12w13k4r1x5s1p0x2", "n1c6h9w9k6r3s1p0x1x2x3d2",
};

TEST(Statistics, Quantiles) {
  EXPECT_EQ(median({3.0, 1.0, 2.0}), 2.0);
  EXPECT_EQ(median({4.0, 1.0, 2.0, 3.0}), 2.5);
  EXPECT_EQ(quantile({0.0, 10.0}, 0.25), 2.5);
  EXPECT_TRUE(std::isnan(median({})));
  EXPECT_DOUBLE_EQ(geometric_mean({1.0, 4.0}), 2.0);
  EXPECT_DOUBLE_EQ(spread({1.0, 2.0, 3.0}), 0.5);
}

TEST(Statistics, PairedRatioIgnoresWhatBothSuffer) {
  // Round 2 is ten times slower for both: the ratio of medians would not notice that either, but
  // rounds 4 and 5, where the machine slowed down for good, would move it.
  EXPECT_DOUBLE_EQ(paired_ratio({2, 20, 2, 4, 4}, {1, 10, 1, 2, 2}), 2.0);
  EXPECT_DOUBLE_EQ(paired_ratio({2, 50, 2}, {1, 1, 1}), 2.0);
}

TEST(Rounds, SampleEveryCandidateInEveryRound) {
  int calls[2] = {0, 0};
  std::vector<Candidate> candidates(2);
  for (int i = 0; i < 2; ++i)
    candidates[static_cast<std::size_t>(i)].run = [&calls, i] { ++calls[i]; };
  RoundOptions options;
  options.rounds = 4;
  options.sample_seconds = 0.0;
  measure_rounds(candidates, options);
  EXPECT_EQ(calls[0], calls[1]);
  for (const Candidate& candidate : candidates) EXPECT_EQ(candidate.seconds.size(), 4U);
}

TEST(Rounds, BestKeepsTheLeastSample) {
  std::vector<Candidate> candidates(1);
  int calls = 0;
  candidates[0].run = [&calls] { ++calls; };
  RoundOptions options;
  options.rounds = 4;
  options.sample_seconds = 0.0;
  options.best = true;
  for (const Clock clock : {Clock::cpu, Clock::wall}) {
    options.clock = clock;
    candidates[0].seconds.clear();
    candidates[0].shortest.clear();
    measure_rounds(candidates, options);
    ASSERT_EQ(candidates[0].seconds.size(), 1U);
    EXPECT_GE(candidates[0].seconds[0], candidates[0].shortest[0]);
  }
}

TEST(Bound, OfTheLiterature) {
  EXPECT_EQ(arithmetic_bound(geometry("c64h56w56k64p1"), Algorithm::direct), 1.0);
  EXPECT_NEAR(arithmetic_bound(geometry("c64h56w56k64p1"), Algorithm::winograd_f4), 3.62, 0.005);
  EXPECT_NEAR(arithmetic_bound(geometry("c128h28w28k128p1"), Algorithm::winograd_f4), 3.80, 0.005);
  // Without transforms F(2,3) saves 2.25, F(4,3) 4, and 1-D F(4,3) 2.
  EXPECT_NEAR(arithmetic_bound(geometry("c9000h64w64k9000p1"), Algorithm::winograd_f2), 2.25, 0.01);
  EXPECT_NEAR(arithmetic_bound(geometry("c9000h64w64k9000p1"), Algorithm::winograd_f4), 4.0, 0.02);
  EXPECT_NEAR(arithmetic_bound(geometry("c9000h9w64k9000r1x3p0x1"), Algorithm::winograd_f4), 2.0,
              0.01);
  // Stride 2: 144 products of a tile become 81.
  EXPECT_NEAR(arithmetic_bound(geometry("c9000h128w128k9000s2p1"), Algorithm::winograd_f4), 1.78,
              0.01);
}

TEST(Reference, AgreesWithTheNaiveOne) {
  for (const char* text : kGeometries) {
    const Conv2dDesc desc = geometry(text);
    const LayerData data(desc);
    const Reference reference = compute_reference(data);
    Conv2dDesc nhwc = desc;
    nhwc.layout = Layout::nhwc;
    const test::Reference naive = test::naive_conv2d(nhwc, data.weights.data(), data.bias.data(),
                                                     data.src(Layout::nhwc), nullptr);
    ASSERT_EQ(reference.value.size(), naive.value.size()) << text;
    for (std::size_t i = 0; i < naive.value.size(); ++i)
      ASSERT_NEAR(reference.value[i], naive.value[i], 1e-12) << text << " at " << i;
  }
}

TEST(Reference, SeesOneWrongOutput) {
  const LayerData data(geometry("n1c4h9w9k8r3s2p1g2"));
  const Reference reference = compute_reference(data);
  std::vector<float> dst(reference.value.begin(), reference.value.end());
  EXPECT_LT(measure_error(data, reference, Layout::nhwc, dst.data()).max, 1e-6);
  dst[77] += 0.5F;
  const Error wrong = measure_error(data, reference, Layout::nhwc, dst.data());
  EXPECT_NEAR(wrong.max * reference.rms, 0.5, 1e-6);
  dst[3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(measure_error(data, reference, Layout::nhwc, dst.data()).max));
}

TEST(Reference, SequentialErrorGrowsWithChannels) {
  const auto error = [](const char* text) {
    const LayerData data(geometry(text));
    return sequential_rms_error(data, compute_reference(data));
  };
  const double few = error("c16h14w14k16p1");
  const double many = error("c256h14w14k16p1");
  EXPECT_GT(few, 1e-8);
  EXPECT_GT(many, 2.0 * few);
  EXPECT_LT(many, 2e-6);
}

TEST(Contenders, AreRightOnEveryGeometry) {
  Options options;
  for (const char* text : kGeometries) {
    const LayerData data(geometry(text));
    const Reference reference = compute_reference(data);
    std::vector<const Peer*> all = peers();
    all.push_back(nullptr);  // this library
    for (const Peer* peer : all) {
      for (const Layout layout : {Layout::nchw, Layout::nhwc}) {
        for (const int threads : {1, 2}) {
          Entry entry;
          entry.peer = peer;
          entry.layout = layout;
          entry.threads = threads;
          const auto contender = make_contender(entry, data, options, std::make_shared<Scratch>());
          if (entry.outcome == Outcome::unsupported) continue;
          ASSERT_NE(contender, nullptr) << entry.peer_name() << " " << text << entry.message;
          EXPECT_TRUE(try_contender(*contender, data, &reference, entry))
              << entry.peer_name() << " " << text << " " << to_string(layout) << " " << threads
              << " threads: " << entry.message;
        }
      }
    }
  }
}

/// Right but for one output.
class Wrong final : public Contender {
 public:
  explicit Wrong(const Reference& reference)
      : dst_(reference.value.begin(), reference.value.end()) {}
  void run() override { dst_.back() += 0.01F; }
  void read_output(float* dst) const override { std::copy(dst_.begin(), dst_.end(), dst); }
  std::string label() const override { return "wrong"; }

 private:
  std::vector<float> dst_;
};

TEST(Contenders, WrongResultsAreRefused) {
  const LayerData data(geometry("n1c16h40w40k16r3s1p1"));
  const Reference reference = compute_reference(data);
  Wrong wrong(reference);
  Entry entry;
  EXPECT_FALSE(try_contender(wrong, data, &reference, entry));
  EXPECT_EQ(entry.outcome, Outcome::failed);
  EXPECT_NE(entry.message.find("WRONG RESULT"), std::string::npos);
}

TEST(Contenders, UnsupportedIsNoFailure) {
  const LayerData data(geometry("n1c16h6w5k16r1s1p0"));
  Entry entry;
  entry.algorithm = Algorithm::winograd_f4;
  EXPECT_EQ(make_contender(entry, data, {}, std::make_shared<Scratch>()), nullptr);
  EXPECT_EQ(entry.outcome, Outcome::unsupported);
  EXPECT_FALSE(entry.message.empty());
}

}  // namespace
}  // namespace winograd::bench
