// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Weights packed once: shared by plans, saved, loaded, and refused when damaged.
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "tests/reference/guarded_buffer.hpp"
#include "tests/reference/op_case.hpp"
#include "tests/reference/op_runner.hpp"
#include "tests/reference/random.hpp"
#include "tests/reference/subset.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::test {
namespace {

constexpr const char* kLines[] = {
    "c=18 h=15 w=14 k=21 pt=1 pl=1 pb=1 pr=1 act=relu",
    "c=9 h=13 w=12 k=20 kh=5 kw=5 pt=2 pl=2 pb=2 pr=2",
    "c=17 h=8 w=12 k=16 kh=1 kw=3",
    "c=18 h=15 w=14 k=21 sh=2 pt=1 pl=1 pb=1 pr=1",
    "c=32 h=9 w=9 k=32 groups=8 pt=1 pl=1 pb=1 pr=1",
    "c=24 h=9 w=9 k=18 groups=6 pt=1 pl=1 pb=1 pr=1",
    "n=2 c=21 h=9 w=9 k=21 groups=21 pt=1 pl=1 pb=1 pr=1",
    "c=30 h=9 w=9 k=33 kh=1 kw=1",
    "c=18 h=15 w=14 k=21 pt=1 pl=1 pb=1 pr=1 accuracy=half",
};

using Blob = std::vector<unsigned char>;

Result<PackedWeights> pack(const OpCase& op, const OpData& data) {
  return PackedWeights::create(op.desc, op.options, data.weights.data(), data.bias.data());
}

Blob saved(const PackedWeights& weights) {
  Blob blob(weights.serialized_size_bytes());
  const Status status = weights.save(blob.data(), blob.size());
  EXPECT_TRUE(status.ok()) << status.message();
  return blob;
}

void expect_bad(const Result<PackedWeights>& result, const std::string& what) {
  EXPECT_FALSE(result.ok()) << what;
  EXPECT_STREQ(to_string(result.status().code()), to_string(StatusCode::bad_packed_data)) << what;
  EXPECT_STRNE(result.status().message(), "") << what;
}

/// Calls visit(op, data) for each algorithm that applies and each instruction set.
template <class Visit>
void for_each_case(const char* line, Visit visit) {
  std::optional<OpCase> op = parse_line(line);
  ASSERT_TRUE(op.has_value());
  static Subset subset("packed weights");  // one for each test, whose `visit` is a type of its own
  const OpData data = make_data(*op);
  for (const Isa isa : test_isas()) {
    op->options.max_isa = isa;
    for (const Algorithm algorithm : kAllAlgorithms) {
      if (!algorithm_applies(op->desc, algorithm) || !subset.takes()) continue;
      op->options.algorithm = algorithm;
      SCOPED_TRACE(to_line(*op));
      visit(*op, data);
    }
  }
}

class Packed : public ::testing::TestWithParam<const char*> {};

TEST_P(Packed, GiveTheSameBitsAsAPlanOfItsOwn) {
  for_each_case(GetParam(), [](const OpCase& op, const OpData& data) {
    const Result<Conv2dPlan> own = make_plan(op, data);
    const Result<PackedWeights> packed = pack(op, data);
    ASSERT_TRUE(own.ok() && packed.ok()) << packed.status().message();
    EXPECT_EQ(packed->algorithm(), own->info().algorithm);
    EXPECT_EQ(packed->size_bytes(), own->info().packed_bytes);
    const Result<Conv2dPlan> plan = Conv2dPlan::create(op.desc, op.options, *packed);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    EXPECT_TRUE(same_bits(run_plan(*own, op, data), run_plan(*plan, op, data)));
  });
}

TEST_P(Packed, KnowTheirShape) {
  for_each_case(GetParam(), [](const OpCase& op, const OpData& data) {
    const Result<PackedWeights> packed = pack(op, data);
    ASSERT_TRUE(packed.ok()) << packed.status().message();
    const Blob blob = saved(*packed);
    const Result<PackedWeights> loaded = PackedWeights::load(blob.data(), blob.size());
    ASSERT_TRUE(loaded.ok()) << loaded.status().message();
    for (const PackedWeights* weights : {&*packed, &*loaded}) {
      const WeightsShape shape = weights->shape();
      EXPECT_EQ(shape.in_channels, op.desc.in_channels);
      EXPECT_EQ(shape.out_channels, op.desc.out_channels);
      EXPECT_EQ(shape.kernel_h, op.desc.kernel_h);
      EXPECT_EQ(shape.kernel_w, op.desc.kernel_w);
      EXPECT_EQ(shape.groups, op.desc.groups);
    }
  });
}

TEST_P(Packed, ServeEveryShapeLayoutAndBatch) {
  for_each_case(GetParam(), [](OpCase op, const OpData& data) {
    const Result<PackedWeights> packed = pack(op, data);
    ASSERT_TRUE(packed.ok()) << packed.status().message();
    op.options.algorithm = packed->algorithm();
    op.desc.layout = Layout::nhwc;
    op.desc.batch = 3;
    op.desc.height = 10;
    op.desc.width = 17;
    op.desc.pad_bottom += 1;
    op.desc.activation = Activation::leaky_relu;
    OpData other = make_data(op);
    other.weights = data.weights;
    other.bias = data.bias;
    const Result<Conv2dPlan> plan = Conv2dPlan::create(op.desc, op.options, *packed);
    const Result<Conv2dPlan> own = make_plan(op, other);
    ASSERT_TRUE(plan.ok()) << plan.status().message();
    ASSERT_TRUE(own.ok()) << own.status().message();
    EXPECT_EQ(plan->weights(), *packed);
    EXPECT_TRUE(same_bits(run_plan(*own, op, other), run_plan(*plan, op, other)));
  });
}

TEST_P(Packed, HwioEqualsOihw) {
  for_each_case(GetParam(), [](OpCase op, const OpData& data) {
    const Result<PackedWeights> oihw = pack(op, data);
    ASSERT_TRUE(oihw.ok());
    OpData transposed = data;
    transposed.weights = to_hwio(op.desc, data.weights);
    op.options.weight_layout = WeightLayout::hwio;
    const Result<PackedWeights> hwio = pack(op, transposed);
    ASSERT_TRUE(hwio.ok()) << hwio.status().message();
    EXPECT_EQ(saved(*oihw), saved(*hwio));
  });
}

TEST_P(Packed, SaveAndLoadKeepEveryBit) {
  for_each_case(GetParam(), [](const OpCase& op, const OpData& data) {
    const Result<PackedWeights> packed = pack(op, data);
    ASSERT_TRUE(packed.ok());
    const Blob blob = saved(*packed);
    // Anywhere in memory, and not a byte beyond is read.
    for (const std::size_t shift : {0U, 1U, 3U}) {
      GuardedBuffer memory(blob.size(), Placement::at_end, shift);
      std::memcpy(memory.data(), blob.data(), blob.size());
      memory.make_read_only();
      const Result<PackedWeights> loaded = PackedWeights::load(memory.data(), blob.size());
      ASSERT_TRUE(loaded.ok()) << loaded.status().message();
      EXPECT_EQ(loaded->algorithm(), packed->algorithm());
      EXPECT_EQ(loaded->isa(), packed->isa());
      EXPECT_EQ(loaded->size_bytes(), packed->size_bytes());
      EXPECT_EQ(saved(*loaded), blob);
      const auto original = Conv2dPlan::create(op.desc, op.options, *packed);
      const auto plan = Conv2dPlan::create(op.desc, op.options, *loaded);
      ASSERT_TRUE(original.ok() && plan.ok()) << plan.status().message();
      EXPECT_TRUE(same_bits(run_plan(*original, op, data), run_plan(*plan, op, data)));
    }
  });
}

TEST_P(Packed, SaveStaysInItsBuffer) {
  for_each_case(GetParam(), [](const OpCase& op, const OpData& data) {
    const Result<PackedWeights> packed = pack(op, data);
    ASSERT_TRUE(packed.ok());
    const std::size_t size = packed->serialized_size_bytes();
    for (const std::size_t shift : {0U, 1U, 5U}) {
      const GuardedBuffer memory(size, Placement::at_end, shift);
      ASSERT_TRUE(packed->save(memory.data(), size).ok());
      EXPECT_TRUE(memory.intact());
    }
    const GuardedBuffer small(size - 1, Placement::at_end);
    const Status status = packed->save(small.data(), size - 1);
    EXPECT_STREQ(to_string(status.code()), to_string(StatusCode::invalid_argument));
    EXPECT_NE(std::string(status.message()).find(std::to_string(size)), std::string::npos)
        << status.message();
    for (std::size_t i = 0; i + 1 < size; ++i) {
      ASSERT_EQ(static_cast<unsigned char*>(small.data())[i], 0xFF) << "written at " << i;
    }
    EXPECT_STREQ(to_string(packed->save(nullptr, size).code()),
                 to_string(StatusCode::invalid_argument));
  });
}

TEST_P(Packed, EveryDamagedByteIsNoticed) {
  for_each_case(GetParam(), [](const OpCase& op, const OpData& data) {
    const Result<PackedWeights> packed = pack(op, data);
    ASSERT_TRUE(packed.ok());
    Blob blob = saved(*packed);
    Rng rng(3);
    // All of the header, the end, and a sample of the rest.
    for (std::size_t at = 0; at < blob.size();
         at +=
         at < 256 || at + 16 > blob.size() ? 1 : static_cast<std::size_t>(rng.integer(1, 199))) {
      const auto flip = static_cast<unsigned char>(rng.integer(1, 255));
      blob[at] = static_cast<unsigned char>(blob[at] ^ flip);
      expect_bad(PackedWeights::load(blob.data(), blob.size()),
                 "byte " + std::to_string(at) + " xor " + std::to_string(flip));
      blob[at] = static_cast<unsigned char>(blob[at] ^ flip);
      if (::testing::Test::HasFailure()) return;
    }
    EXPECT_TRUE(PackedWeights::load(blob.data(), blob.size()).ok());
  });
}

TEST_P(Packed, WrongLengthsAreNoticed) {
  for_each_case(GetParam(), [](const OpCase& op, const OpData& data) {
    const Result<PackedWeights> packed = pack(op, data);
    ASSERT_TRUE(packed.ok());
    const Blob blob = saved(*packed);
    for (std::size_t size = 0; size < blob.size(); size += size < 200 ? 1 : blob.size() / 17) {
      // A copy of exactly this size: reading on would be a fault.
      GuardedBuffer memory(size, Placement::at_end);
      std::memcpy(memory.data(), blob.data(), size);
      expect_bad(PackedWeights::load(memory.data(), size), "cut to " + std::to_string(size));
    }
    Blob longer = blob;
    longer.push_back(0);
    expect_bad(PackedWeights::load(longer.data(), longer.size()), "one byte more");
  });
}

INSTANTIATE_TEST_SUITE_P(Lines, Packed, ::testing::ValuesIn(kLines));

TEST(PackedLoad, NullAndNoise) {
  EXPECT_FALSE(PackedWeights::load(nullptr, 0).ok());
  EXPECT_FALSE(PackedWeights::load(nullptr, 1000).ok());
  Rng rng(8);
  for (int round = 0; round < 200; ++round) {
    Blob noise(static_cast<std::size_t>(rng.integer(1, 2000)));
    for (unsigned char& byte : noise) byte = static_cast<unsigned char>(rng.bits());
    expect_bad(PackedWeights::load(noise.data(), noise.size()), "noise");
  }
}

TEST(PackedMismatch, PlanRefusesWeightsOfAnotherLayer) {
  const OpCase op = parse_line(kLines[0]).value();
  const OpData data = make_data(op);
  const Result<PackedWeights> packed = pack(op, data);
  ASSERT_TRUE(packed.ok());
  for (const char* line : {"c=19 h=15 w=14 k=21", "c=18 h=15 w=14 k=22", "c=18 h=15 w=14 k=21 kh=1",
                           "c=18 h=15 w=14 k=21 kw=5", "c=18 h=15 w=14 k=21 groups=3"}) {
    const OpCase other = parse_line(line).value();
    const auto plan = Conv2dPlan::create(other.desc, {}, *packed);
    EXPECT_FALSE(plan.ok()) << line;
    // Another layer is a mistake; what the weights' algorithm cannot do at all is unsupported.
    const StatusCode code = algorithm_applies(other.desc, packed->algorithm())
                                ? StatusCode::invalid_argument
                                : StatusCode::unsupported;
    EXPECT_STREQ(to_string(plan.status().code()), to_string(code)) << line;
    EXPECT_STRNE(plan.status().message(), "");
  }
}

TEST(PackedMismatch, PlanRefusesAnotherAlgorithm) {
  OpCase op = parse_line(kLines[0]).value();
  const OpData data = make_data(op);
  op.options.algorithm = Algorithm::winograd_f2;
  const Result<PackedWeights> packed = pack(op, data);
  ASSERT_TRUE(packed.ok());
  op.options.algorithm = Algorithm::winograd_f4;
  const auto plan = Conv2dPlan::create(op.desc, op.options, *packed);
  EXPECT_FALSE(plan.ok());
  for (const char* name : {"winograd_f2", "winograd_f4"}) {
    EXPECT_NE(std::string(plan.status().message()).find(name), std::string::npos)
        << plan.status().message();
  }
}

TEST(PackedMismatch, WinogradWeightsDoNotServeAnotherStride) {
  OpCase op = parse_line(kLines[0]).value();
  const OpData data = make_data(op);
  op.options.algorithm = Algorithm::winograd_f2;
  const Result<PackedWeights> packed = pack(op, data);
  ASSERT_TRUE(packed.ok());
  op.desc.stride_h = 2;
  const auto plan = Conv2dPlan::create(op.desc, {}, *packed);
  EXPECT_FALSE(plan.ok());
  EXPECT_NE(std::string(plan.status().message()).find("strides of 1 and 1"), std::string::npos)
      << plan.status().message();
}

}  // namespace
}  // namespace winograd::test
