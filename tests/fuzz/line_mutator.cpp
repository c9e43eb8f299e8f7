// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/line_mutator.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "tests/reference/op_case.hpp"

namespace winograd::test {
namespace {

constexpr const char* kExtents[] = {"n",  "c",  "h",  "w",  "k",  "kh", "kw", "sh",
                                    "sw", "dh", "dw", "pt", "pl", "pb", "pr", "groups"};
constexpr const char* kOthers[] = {"limit", "threads", "shift", "part", "seed"};
constexpr const char* kFlags[] = {"residual", "in_place", "bias"};
constexpr const char* kFloats[] = {"min", "max", "slope"};
constexpr const char* kFloatValues[] = {"0",    "-1",   "1",   "0.25", "6", "1e-40",
                                        "1e38", "-inf", "inf", "nan",  "-0"};

std::int64_t near_a_limit(Rng& rng) {
  static constexpr std::int64_t kLimits[] = {0,
                                             std::int64_t{1} << 16,
                                             Conv2dDesc::kMaxExtent / 2,
                                             Conv2dDesc::kMaxExtent,
                                             std::numeric_limits<std::int32_t>::max(),
                                             std::int64_t{1} << 40,
                                             std::numeric_limits<std::int64_t>::max() - 2,
                                             std::numeric_limits<std::int64_t>::min() + 2};
  return rng.pick(kLimits) + rng.integer(-2, 2);
}

std::int64_t any_number(Rng& rng) {
  if (rng.chance(60)) return rng.integer(0, 9);
  if (rng.chance(60)) return rng.integer(0, 70);
  // Vectors, panels and lane blocks are multiples of these.
  if (rng.chance(60)) return 16 * rng.integer(0, 8) + rng.integer(-1, 1);
  return near_a_limit(rng);
}

std::string pair(const std::string& key, const std::string& value) {
  return ' ' + key + '=' + value;
}
std::string pair(const std::string& key, std::int64_t value) {
  return pair(key, std::to_string(value));
}

/// What stands behind `key=` in the line, or 1: a field that is left out has its default.
std::int64_t value_of(const std::string& line, const std::string& key) {
  const std::size_t at = (' ' + line).find(' ' + key + '=');
  if (at == std::string::npos) return 1;
  return std::strtoll(line.c_str() + at + key.size() + 1, nullptr, 10);
}

std::string name_pair(Rng& rng) {
  switch (rng.integer(0, 6)) {
    case 0: return pair("layout", to_string(rng.pick(kLayouts)));
    case 1:
      return pair("act", to_string(static_cast<Activation>(
                             rng.integer(0, static_cast<std::int64_t>(Activation::prelu)))));
    case 2: return pair("algo", to_string(rng.pick(kAllAlgorithms)));
    case 3: return pair("accuracy", to_string(static_cast<Accuracy>(rng.integer(0, 2))));
    case 4: return pair("isa", to_string(static_cast<Isa>(rng.integer(0, 3))));
    case 5: return pair("weights", rng.chance(50) ? "hwio" : "oihw");
    default: return pair("place", rng.chance(50) ? "start" : "end");
  }
}

/// Fields that only make sense together.
std::string together(Rng& rng) {
  const std::int64_t number = rng.integer(1, 40);
  switch (rng.integer(0, 4)) {
    case 0:  // depthwise
      return pair("c", number) + pair("groups", number) +
             pair("k", number * (rng.chance(70) ? 1 : rng.integer(2, 3)));
    case 1: {  // groups
      const std::int64_t groups = rng.integer(2, 6);
      return pair("groups", groups) + pair("c", groups * number) +
             pair("k", groups * rng.integer(1, 20));
    }
    case 2: {  // a window that minimal filtering knows
      static constexpr std::int64_t kTaps[] = {1, 3, 3, 5};
      return pair("kh", rng.pick(kTaps)) + pair("kw", rng.pick(kTaps)) + pair("sh", 1) +
             pair("sw", 1) + pair("dh", 1) + pair("dw", 1) + pair("groups", 1);
    }
    case 3: {  // padding
      const std::int64_t pad = rng.integer(0, 4);
      return pair("pt", pad) + pair("pl", pad) + pair("pb", pad) + pair("pr", pad);
    }
    default: {  // an output of one row, column or pixel
      const bool row = rng.chance(60);
      return (row ? pair("h", rng.integer(1, 3)) + pair("pt", 1) + pair("pb", 1) : "") +
             pair("w", rng.integer(1, 3)) + pair("pl", 1) + pair("pr", 1);
    }
  }
}

std::string change(const std::string& line, Rng& rng) {
  const std::int64_t kind = rng.integer(0, 99);
  if (kind < 40) return pair(rng.pick(kExtents), any_number(rng));
  if (kind < 55) {  // a neighbour, a double, a half
    const std::string key = rng.pick(kExtents);
    const std::int64_t value = value_of(line, key);
    if (value > (std::int64_t{1} << 40) || value < -(std::int64_t{1} << 40)) return pair(key, 1);
    return pair(key, rng.chance(60) ? value + rng.integer(-2, 2)
                                    : (rng.chance(50) ? 2 * value : value / 2));
  }
  if (kind < 75) return together(rng);
  if (kind < 90) return name_pair(rng);
  if (kind < 94) return pair(rng.pick(kFlags), rng.integer(0, 1));
  if (kind < 96) return pair(rng.pick(kFloats), rng.pick(kFloatValues));
  const std::string key = rng.pick(kOthers);
  return pair(key, key == "part" ? 16 * rng.integer(0, 4) : any_number(rng));
}

}  // namespace

std::string mutated_line(const std::string& line, Rng& rng) {
  std::string result = parse_line(line) ? line : "c=8 k=8 h=9 w=9 pt=1 pl=1 pb=1 pr=1";
  for (std::int64_t i = rng.integer(1, 4); i > 0; --i) {
    // Of two pairs with one key the last holds. What does not parse, such as a negative number of
    // bytes, is left out.
    const std::optional<OpCase> op = parse_line(result + change(result, rng));
    if (op) result = to_line(*op);
  }
  return result;
}

}  // namespace winograd::test
