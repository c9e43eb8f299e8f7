// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "tests/reference/op_case.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <type_traits>

#include "tests/reference/random.hpp"
#include "tests/reference/sixteen_bits.hpp"

namespace winograd::test {
namespace {

/// The fields of a case that are numbers, in the order they are printed.
template <class Case, class Visit>
void visit_numbers(Case& op, Visit visit) {
  auto& d = op.desc;
  visit("n", d.batch);
  visit("c", d.in_channels);
  visit("h", d.height);
  visit("w", d.width);
  visit("k", d.out_channels);
  visit("kh", d.kernel_h);
  visit("kw", d.kernel_w);
  visit("sh", d.stride_h);
  visit("sw", d.stride_w);
  visit("dh", d.dilation_h);
  visit("dw", d.dilation_w);
  visit("pt", d.pad_top);
  visit("pl", d.pad_left);
  visit("pb", d.pad_bottom);
  visit("pr", d.pad_right);
  visit("groups", d.groups);
  visit("residual", d.residual);
  visit("in_place", op.residual_in_place);
  visit("bias", op.bias);
  visit("min", d.activation_min);
  visit("max", d.activation_max);
  visit("slope", d.leaky_slope);
  visit("limit", op.options.workspace_limit_bytes);
  visit("threads", op.threads);
  visit("shift", op.shift);
  visit("part", op.part);
  visit("seed", op.data_seed);
}

constexpr Activation kActivations[] = {
    Activation::none,       Activation::relu,         Activation::relu6, Activation::clamp,
    Activation::leaky_relu, Activation::sigmoid,      Activation::tanh,  Activation::silu,
    Activation::hard_swish, Activation::hard_sigmoid, Activation::mish,  Activation::gelu_tanh,
    Activation::prelu};
constexpr Accuracy kAccuracies[] = {Accuracy::strict, Accuracy::standard, Accuracy::relaxed,
                                    Accuracy::half};
constexpr ExecutorKind kExecutors[] = {ExecutorKind::serial, ExecutorKind::reversed,
                                       ExecutorKind::threads, ExecutorKind::openmp};
constexpr WeightLayout kWeightLayouts[] = {WeightLayout::oihw, WeightLayout::hwio};
constexpr Placement kPlacements[] = {Placement::at_start, Placement::at_end};

std::string name_of(WeightLayout layout) { return layout == WeightLayout::oihw ? "oihw" : "hwio"; }
std::string name_of(Placement placement) {
  return placement == Placement::at_start ? "start" : "end";
}
template <class Enum>
std::string name_of(Enum value) {
  return to_string(value);
}

const std::vector<Isa>& isas_and_best() {
  static const std::vector<Isa> isas = [] {
    std::vector<Isa> all = named_isas();
    all.push_back(Isa::best);
    return all;
  }();
  return isas;
}

/// The fields that are names: with each the list of its values.
template <class Case, class Visit>
void visit_names(Case& op, Visit visit) {
  visit("layout", op.desc.layout, kLayouts);
  visit("type", op.desc.data_type, kDataTypes);
  visit("weights_type", op.weights_type, kDataTypes);
  visit("act", op.desc.activation, kActivations);
  visit("algo", op.options.algorithm, kAllAlgorithms);
  visit("accuracy", op.options.accuracy, kAccuracies);
  visit("isa", op.options.max_isa, isas_and_best());
  visit("weights", op.options.weight_layout, kWeightLayouts);
  visit("executor", op.executor, kExecutors);
  visit("place", op.placement, kPlacements);
}

template <class T>
bool parse_number(const std::string& text, T& value) {
  if constexpr (std::is_same_v<T, bool>) {
    if (text != "0" && text != "1") return false;
    value = text == "1";
    return true;
  } else if constexpr (std::is_same_v<T, float>) {
    char* end = nullptr;
    value = std::strtof(text.c_str(), &end);
    return end != text.c_str() && *end == '\0';
  } else {
    const char* const end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    return result.ec == std::errc() && result.ptr == end;
  }
}

bool parse_pair(const std::string& key, const std::string& value, OpCase& op) {
  bool parsed = false;
  visit_numbers(op, [&](const char* name, auto& field) {
    if (key == name) parsed = parse_number(value, field);
  });
  visit_names(op, [&](const char* name, auto& field, const auto& choices) {
    if (key != name) return;
    for (const auto choice : choices) {
      if (value == name_of(choice)) {
        field = choice;
        parsed = true;
      }
    }
  });
  return parsed;
}

std::string number_text(float value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", static_cast<double>(value));
  return text;
}
template <class T>
std::string number_text(T value) {
  return std::to_string(value);
}

/// A tile size is built for kernels of 3 taps, some for 5 and for stride 2, one for 7.
bool axis_applies(Algorithm algorithm, std::int64_t kernel, std::int64_t stride) {
  const bool more = algorithm == Algorithm::winograd_f2 || algorithm == Algorithm::winograd_f4;
  if (stride == 2) return more && (kernel == 3 || kernel == 5);
  return stride == 1 && (kernel == 1 || kernel == 3 || (kernel == 5 && more) ||
                         (kernel == 7 && algorithm == Algorithm::winograd_f2));
}

/// Groups of which some make up whole lane blocks, and that are not depthwise.
bool groups_apply(const Conv2dDesc& d) {
  if (d.groups == 1) return true;
  const std::int64_t group_c = d.in_channels / d.groups, group_k = d.out_channels / d.groups;
  std::int64_t merged = 1;
  while (merged * group_c % 16 != 0 || merged * group_k % 16 != 0) merged *= 2;
  return d.groups % merged == 0 && (group_c > 1 || group_k > 1);
}

}  // namespace

std::string to_line(const OpCase& op) {
  // Pairs of the case and of a default one are matched by their position.
  const OpCase defaults;
  std::vector<std::string> default_values;
  visit_numbers(defaults, [&](const char*, const auto& field) {
    default_values.push_back(number_text(field));
  });
  visit_names(defaults, [&](const char*, const auto& field, const auto&) {
    default_values.push_back(name_of(field));
  });
  std::string line;
  std::size_t next = 0;
  const auto add = [&](const char* name, const std::string& value) {
    if (value == default_values[next++]) return;
    if (!line.empty()) line += ' ';
    line += std::string(name) + '=' + value;
  };
  visit_numbers(op, [&](const char* name, const auto& field) { add(name, number_text(field)); });
  visit_names(op,
              [&](const char* name, const auto& field, const auto&) { add(name, name_of(field)); });
  return line;
}

std::optional<OpCase> parse_line(const std::string& line) {
  OpCase op;
  std::istringstream words(line);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) return std::nullopt;
    if (!parse_pair(word.substr(0, equals), word.substr(equals + 1), op)) return std::nullopt;
  }
  return op;
}

OpData make_data(const OpCase& op) {
  const Conv2dDesc& d = op.desc;
  Rng rng(op.data_seed);
  OpData data;
  const std::int64_t fan_in = d.in_channels / d.groups * d.kernel_h * d.kernel_w;
  data.src = uniform_data(rng, d.src_size(), -1.0F, 1.0F);
  data.weights = he_normal_weights(rng, d.weights_size(), fan_in);
  if (op.bias) data.bias = uniform_data(rng, d.out_channels, -1.0F, 1.0F);
  if (d.residual) data.residual = uniform_data(rng, d.dst_size(), -1.0F, 1.0F);
  round_all(d.data_type, data.src);
  round_all(d.data_type, data.residual);
  round_all(op.weights_type, data.weights);
  if (d.activation == Activation::prelu) {
    data.slopes = uniform_data(rng, d.out_channels, -0.25F, 1.0F);
  }
  data.reference = naive_conv2d(d, data.weights.data(), op.bias ? data.bias.data() : nullptr,
                                data.src.data(), d.residual ? data.residual.data() : nullptr,
                                data.slopes.empty() ? nullptr : data.slopes.data());
  return data;
}

bool algorithm_applies(const Conv2dDesc& desc, Algorithm algorithm) {
  if (algorithm == Algorithm::automatic || algorithm == Algorithm::direct) return true;
  return desc.dilation_h == 1 && desc.dilation_w == 1 && groups_apply(desc) &&
         (desc.kernel_h > 1 || desc.kernel_w > 1) &&
         axis_applies(algorithm, desc.kernel_h, desc.stride_h) &&
         axis_applies(algorithm, desc.kernel_w, desc.stride_w);
}

std::vector<Isa> named_isas() {
  std::vector<Isa> isas;
  for (int number = 0; number < static_cast<int>(Isa::best); ++number) {
    const auto isa = static_cast<Isa>(number);
    if (name_of(isa) != "unknown") isas.push_back(isa);
  }
  return isas;
}

const std::vector<Isa>& test_isas() {
  static const std::vector<Isa> isas = [] {
    const char* const limit_name = std::getenv("WINOGRAD_MAX_ISA");
    Isa limit = Isa::best;
    for (const Isa isa : named_isas()) {
      if (limit_name != nullptr && name_of(isa) == limit_name) limit = isa;
    }
    std::vector<Isa> chosen;
    for (const Isa isa : named_isas()) {
      if (isa > limit) {
        std::printf("[ SKIPPED  ] instruction set %s: above WINOGRAD_MAX_ISA\n",
                    name_of(isa).c_str());
      } else if (!isa_available(isa)) {
        std::printf("[ SKIPPED  ] instruction set %s: not in this build or not on this CPU\n",
                    name_of(isa).c_str());
      } else {
        chosen.push_back(isa);
      }
    }
    // The kernels of the one are those of the other, and more: once is enough.
    if (!chosen.empty() && chosen.back() == Isa::neon_fp16) {
      std::printf("[ SKIPPED  ] instruction set neon: neon_fp16 has its kernels\n");
      chosen.erase(std::remove(chosen.begin(), chosen.end(), Isa::neon), chosen.end());
    }
    return chosen;
  }();
  return isas;
}

}  // namespace winograd::test
