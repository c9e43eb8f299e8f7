// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Descriptions and options: what is refused, with which code, and whether the message helps.
#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tests/reference/op_case.hpp"
#include "tests/reference/sixteen_bits.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::test {
namespace {

using Change = std::function<void(Conv2dDesc&)>;
using Words = std::vector<std::string>;

constexpr std::int64_t kHuge = std::numeric_limits<std::int64_t>::max();

Conv2dDesc valid_desc() {
  Conv2dDesc d;
  d.in_channels = 4;
  d.out_channels = 6;
  d.height = 8;
  d.width = 9;
  d.set_padding(1);
  return d;
}

void expect_failure(const Status& status, StatusCode code, const Words& words) {
  EXPECT_STREQ(to_string(status.code()), to_string(code));
  for (const std::string& word : words) {
    EXPECT_NE(std::string(status.message()).find(word), std::string::npos)
        << "'" << word << "' is not in: " << status.message();
  }
}

/// Refused by everything that takes a description, and always with the same words.
void expect_invalid(const Conv2dDesc& desc, const Words& words) {
  // Nobody may read these before the description is found to be wrong.
  float one = 1.0F;
  expect_failure(validate(desc), StatusCode::invalid_argument, words);
  expect_failure(Conv2dPlan::create(desc, {}, &one, nullptr).status(), StatusCode::invalid_argument,
                 words);
  expect_failure(PackedWeights::create(desc, {}, &one, nullptr).status(),
                 StatusCode::invalid_argument, words);
  float dst = 42.0F;
  expect_failure(conv2d(desc, &one, &one, nullptr, &dst), StatusCode::invalid_argument, words);
  EXPECT_EQ(dst, 42.0F);
}

TEST(Status, DefaultIsOkWithoutWords) {
  const Status status;
  EXPECT_TRUE(status.ok());
  EXPECT_TRUE(static_cast<bool>(status));
  EXPECT_STREQ(status.message(), "");
}

TEST(Status, KeepsCodeAndFormattedMessage) {
  const Status status = Status::failure(StatusCode::unsupported, "%s is %d", "stride", 3);
  EXPECT_FALSE(status.ok());
  EXPECT_EQ(status.code(), StatusCode::unsupported);
  EXPECT_STREQ(status.message(), "stride is 3");
}

TEST(Status, CutsLongMessages) {
  const std::string text(1000, 'x');
  const Status status = Status::failure(StatusCode::workspace, "%s", text.c_str());
  EXPECT_EQ(status.message(), text.substr(0, Status::message_capacity - 1));
}

TEST(Names, AreAllDifferentAndKnown) {
  std::vector<std::string> names;
  for (const auto code :
       {StatusCode::ok, StatusCode::invalid_argument, StatusCode::unsupported,
        StatusCode::workspace, StatusCode::bad_packed_data, StatusCode::out_of_memory}) {
    names.emplace_back(to_string(code));
  }
  for (const Algorithm algorithm : kAllAlgorithms) names.emplace_back(to_string(algorithm));
  for (const DataType type : kDataTypes) names.emplace_back(to_string(type));
  for (const Layout layout : kLayouts) names.emplace_back(to_string(layout));
  for (const auto accuracy :
       {Accuracy::strict, Accuracy::standard, Accuracy::relaxed, Accuracy::half}) {
    names.emplace_back(to_string(accuracy));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_NE(names[i], "unknown");
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(names[i], names[j]);
  }
  EXPECT_STREQ(to_string(Isa::avx2), "avx2");
}

TEST(Isa, TheWeakestIsAlwaysThereAndNonsenseNever) {
#ifdef __wasm__  // which has no scalar set
  EXPECT_TRUE(isa_available(Isa::wasm_simd128));
  EXPECT_FALSE(isa_available(Isa::scalar));
#else
  EXPECT_TRUE(isa_available(Isa::scalar));
#endif
  EXPECT_FALSE(isa_available(static_cast<Isa>(77)));
}

TEST(Validate, AcceptsWhatIsValid) {
  EXPECT_TRUE(validate(valid_desc()).ok());
  Conv2dDesc d = valid_desc();
  d.height = d.width = 1;  // the kernel fits the padded input exactly
  EXPECT_TRUE(validate(d).ok()) << validate(d).message();
  EXPECT_EQ(d.out_height(), 1);
  EXPECT_EQ(d.out_width(), 1);
}

struct Field {
  const char* name;
  std::int64_t Conv2dDesc::*member;
  bool may_be_zero;
};
constexpr Field kFields[] = {
    {"batch", &Conv2dDesc::batch, true},
    {"in_channels", &Conv2dDesc::in_channels, false},
    {"out_channels", &Conv2dDesc::out_channels, false},
    {"height", &Conv2dDesc::height, false},
    {"width", &Conv2dDesc::width, false},
    {"kernel_h", &Conv2dDesc::kernel_h, false},
    {"kernel_w", &Conv2dDesc::kernel_w, false},
    {"stride_h", &Conv2dDesc::stride_h, false},
    {"stride_w", &Conv2dDesc::stride_w, false},
    {"dilation_h", &Conv2dDesc::dilation_h, false},
    {"dilation_w", &Conv2dDesc::dilation_w, false},
    {"groups", &Conv2dDesc::groups, false},
    {"pad_top", &Conv2dDesc::pad_top, true},
    {"pad_left", &Conv2dDesc::pad_left, true},
    {"pad_bottom", &Conv2dDesc::pad_bottom, true},
    {"pad_right", &Conv2dDesc::pad_right, true},
};

TEST(Validate, NumbersOutOfRange) {
  for (const Field& field : kFields) {
    SCOPED_TRACE(field.name);
    std::vector<std::int64_t> bad = {-1, -1000000, std::numeric_limits<std::int64_t>::min(), kHuge};
    if (!field.may_be_zero) bad.push_back(0);
    for (const std::int64_t value : bad) {
      Conv2dDesc d = valid_desc();
      d.*field.member = value;
      expect_invalid(d, {field.name, std::to_string(value)});
    }
  }
}

TEST(Validate, CombinationsThatCannotBe) {
  const struct {
    const char* name;
    Change change;
    Words words;
  } rows[] = {
      {"groups and in_channels",
       [](Conv2dDesc& d) {
         d.groups = 3;
         d.out_channels = 6;
       },
       {"groups", "3", "in_channels", "4"}},
      {"groups and out_channels",
       [](Conv2dDesc& d) { d.groups = 4; },
       {"groups", "4", "out_channels", "6"}},
      {"kernel higher than the padded input",
       [](Conv2dDesc& d) { d.kernel_h = 11; },
       {"kernel_h", "11", "10"}},
      {"kernel wider than the padded input",
       [](Conv2dDesc& d) { d.kernel_w = 12; },
       {"kernel_w", "12", "11"}},
      {"dilated beyond the padded input",
       [](Conv2dDesc& d) { d.dilation_h = 5; },
       {"kernel_h", "3", "dilation", "5", "10"}},
      {"clamp upside down",
       [](Conv2dDesc& d) {
         d.activation = Activation::clamp;
         d.activation_min = 2.5F;
         d.activation_max = -1.5F;
       },
       {"activation_min", "2.5", "activation_max", "-1.5"}},
      {"clamp with NaN",
       [](Conv2dDesc& d) {
         d.activation = Activation::clamp;
         d.activation_max = std::numeric_limits<float>::quiet_NaN();
       },
       {"activation_max", "nan"}},
      {"infinite slope",
       [](Conv2dDesc& d) {
         d.activation = Activation::leaky_relu;
         d.leaky_slope = std::numeric_limits<float>::infinity();
       },
       {"leaky_slope", "inf"}},
      {"unknown layout", [](Conv2dDesc& d) { d.layout = static_cast<Layout>(7); }, {"layout", "7"}},
      {"unknown activation",
       [](Conv2dDesc& d) { d.activation = static_cast<Activation>(99); },
       {"activation", "99"}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Conv2dDesc d = valid_desc();
    row.change(d);
    expect_invalid(d, row.words);
  }
}

TEST(Validate, SizesThatOverflow) {
  constexpr std::int64_t kBig = std::numeric_limits<std::int32_t>::max();
  const struct {
    const char* name;
    Change change;
  } rows[] = {
      {"src",
       [](Conv2dDesc& d) {
         d.batch = d.in_channels = kBig;
         d.height = d.width = 1 << 20;
       }},
      {"dst", [](Conv2dDesc& d) { d.batch = d.out_channels = kBig; }},
      {"weights",
       [](Conv2dDesc& d) {
         d.in_channels = d.out_channels = kBig;
         d.height = d.width = 1;
       }},
      {"padding", [](Conv2dDesc& d) { d.pad_top = d.pad_bottom = kBig; }},
      {"dilated kernel",
       [](Conv2dDesc& d) {
         d.kernel_w = d.dilation_w = kBig;
         d.pad_left = kBig - 100;
       }},
      {"products of an output",
       [](Conv2dDesc& d) {
         d.in_channels = kBig;
         d.out_channels = 1;
       }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Conv2dDesc d = valid_desc();
    row.change(d);
    expect_invalid(d, {});
    EXPECT_STRNE(validate(d).message(), "");
  }
}

TEST(Create, NullWeights) {
  const Conv2dDesc d = valid_desc();
  expect_failure(Conv2dPlan::create(d, {}, nullptr, nullptr).status(), StatusCode::invalid_argument,
                 {"weights", "null"});
  expect_failure(PackedWeights::create(d, {}, nullptr, nullptr).status(),
                 StatusCode::invalid_argument, {"weights", "null"});
  float src = 1.0F;
  float dst = 42.0F;
  expect_failure(conv2d(d, &src, nullptr, nullptr, &dst), StatusCode::invalid_argument,
                 {"weights", "null"});
  EXPECT_EQ(dst, 42.0F);
}

TEST(Create, UnknownOptions) {
  const Conv2dDesc d = valid_desc();
  const std::vector<float> weights(static_cast<std::size_t>(d.weights_size()));
  const struct {
    const char* name;
    std::function<void(PlanOptions&)> change;
    Words words;
  } rows[] = {
      {"algorithm",
       [](PlanOptions& o) { o.algorithm = static_cast<Algorithm>(88); },
       {"algorithm", "88"}},
      {"accuracy",
       [](PlanOptions& o) { o.accuracy = static_cast<Accuracy>(66); },
       {"accuracy", "66"}},
      {"max_isa", [](PlanOptions& o) { o.max_isa = static_cast<Isa>(77); }, {"max_isa", "77"}},
      {"weight_layout",
       [](PlanOptions& o) { o.weight_layout = static_cast<WeightLayout>(55); },
       {"weight_layout", "55"}},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    PlanOptions options;
    row.change(options);
    expect_failure(Conv2dPlan::create(d, options, weights.data(), nullptr).status(),
                   StatusCode::invalid_argument, row.words);
    expect_failure(PackedWeights::create(d, options, weights.data(), nullptr).status(),
                   StatusCode::invalid_argument, row.words);
  }
}

TEST(Create, NamedAlgorithmsNeverFallBack) {
  const struct {
    const char* name;
    Change change;
    Words words;
  } rows[] = {
      {"stride", [](Conv2dDesc& d) { d.stride_w = 3; }, {"stride_w", "3"}},
      {"dilation", [](Conv2dDesc& d) { d.dilation_h = 2; }, {"dilation_h", "2"}},
      {"groups", [](Conv2dDesc& d) { d.groups = 2; }, {"groups", "2"}},
      {"pointwise", [](Conv2dDesc& d) { d.kernel_h = d.kernel_w = 1; }, {"kernel", "1 x 1"}},
      {"six taps", [](Conv2dDesc& d) { d.kernel_h = 6; }, {"kernel_h 6", "must be 3"}},
      {"two taps", [](Conv2dDesc& d) { d.kernel_w = 2; }, {"kernel_w 2", "must be 3"}},
  };
  const std::vector<float> weights(1000);
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    Conv2dDesc d = valid_desc();
    row.change(d);
    for (const Algorithm algorithm : kAllAlgorithms) {
      PlanOptions options;
      options.algorithm = algorithm;
      const Result<Conv2dPlan> plan = Conv2dPlan::create(d, options, weights.data(), nullptr);
      if (algorithm_applies(d, algorithm)) {
        ASSERT_TRUE(plan.ok()) << plan.status().message();
        EXPECT_EQ(plan->info().algorithm, Algorithm::direct);
      } else {
        Words words = row.words;
        words.emplace_back(to_string(algorithm));
        expect_failure(plan.status(), StatusCode::unsupported, words);
      }
    }
  }
}

TEST(Create, FiveTapsOnlyWhereThereIsATransform) {
  Conv2dDesc d = valid_desc();
  d.kernel_h = 5;
  const std::vector<float> weights(1000);
  for (const Algorithm algorithm : kAllAlgorithms) {
    PlanOptions options;
    options.algorithm = algorithm;
    const Result<Conv2dPlan> plan = Conv2dPlan::create(d, options, weights.data(), nullptr);
    const bool none = algorithm == Algorithm::winograd_f3 || algorithm == Algorithm::winograd_f6;
    EXPECT_EQ(plan.ok(), !none) << to_string(algorithm);
    if (none) expect_failure(plan.status(), StatusCode::unsupported, {"kernel_h 5", "must be 3"});
  }
}

}  // namespace
}  // namespace winograd::test
