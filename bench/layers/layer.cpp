// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#include "bench/layers/layer.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <vector>

namespace winograd::bench {
namespace {

using Numbers = std::vector<std::int64_t>;

[[noreturn]] void reject(std::string_view text, const std::string& reason) {
  throw std::invalid_argument(fmt::format("layer '{}': {}", text, reason));
}

/// Splits "c64r1x3" into {c: [64], r: [1, 3]}.
std::map<char, Numbers> split(std::string_view text) {
  constexpr std::string_view kKeys = "nchwkrspdg";
  std::map<char, Numbers> parts;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const char key = *at++;
    if (kKeys.find(key) == std::string_view::npos)
      reject(text, fmt::format("'{}' is none of {}", key, kKeys));
    if (parts.count(key) != 0) reject(text, fmt::format("'{}' is given twice", key));
    Numbers& numbers = parts[key];
    for (;;) {
      std::int64_t number = 0;
      const auto [next, error] = std::from_chars(at, end, number);
      if (error != std::errc() || number < 0)
        reject(text, fmt::format("'{}' needs a whole number", key));
      numbers.push_back(number);
      at = next;
      if (at == end || *at != 'x') break;
      ++at;
    }
  }
  return parts;
}

std::string pair_text(char key, std::int64_t h, std::int64_t w) {
  return h == w ? fmt::format("{}{}", key, h) : fmt::format("{}{}x{}", key, h, w);
}

std::string padding_text(const Conv2dDesc& d) {
  if (d.pad_top != d.pad_bottom || d.pad_left != d.pad_right)
    return fmt::format("p{}x{}x{}x{}", d.pad_top, d.pad_left, d.pad_bottom, d.pad_right);
  return pair_text('p', d.pad_top, d.pad_left);
}

}  // namespace

Conv2dDesc parse_geometry(std::string_view text) {
  const std::map<char, Numbers> parts = split(text);
  const auto numbers = [&](char key, const Numbers& otherwise) {
    const auto found = parts.find(key);
    if (found != parts.end()) return found->second;
    if (otherwise.empty()) reject(text, fmt::format("'{}' is missing", key));
    return otherwise;
  };
  const auto one = [&](char key, const Numbers& otherwise) {
    const Numbers found = numbers(key, otherwise);
    if (found.size() != 1) reject(text, fmt::format("'{}' takes one number", key));
    return found[0];
  };
  const auto by_axis = [&](char key, const Numbers& otherwise, std::int64_t& h, std::int64_t& w) {
    const Numbers found = numbers(key, otherwise);
    if (found.size() > 2) reject(text, fmt::format("'{}' takes one number or HxW", key));
    h = found.front();
    w = found.back();
  };

  Conv2dDesc d;
  d.batch = one('n', {1});
  d.in_channels = one('c', {});
  d.height = one('h', {});
  d.width = one('w', {});
  d.out_channels = one('k', {});
  d.groups = one('g', {1});
  by_axis('r', {3}, d.kernel_h, d.kernel_w);
  by_axis('s', {1}, d.stride_h, d.stride_w);
  by_axis('d', {1}, d.dilation_h, d.dilation_w);
  const Numbers padding = numbers('p', {0});
  if (padding.size() == 4) {
    d.pad_top = padding[0];
    d.pad_left = padding[1];
    d.pad_bottom = padding[2];
    d.pad_right = padding[3];
  } else {
    by_axis('p', {0}, d.pad_top, d.pad_left);
    d.pad_bottom = d.pad_top;
    d.pad_right = d.pad_left;
  }
  if (const Status status = validate(d); !status.ok()) reject(text, status.message());
  return d;
}

std::string geometry_name(const Conv2dDesc& d) {
  std::string name =
      fmt::format("n{}c{}h{}w{}k{}", d.batch, d.in_channels, d.height, d.width, d.out_channels);
  name += pair_text('r', d.kernel_h, d.kernel_w);
  name += pair_text('s', d.stride_h, d.stride_w);
  name += padding_text(d);
  if (d.dilation_h != 1 || d.dilation_w != 1) name += pair_text('d', d.dilation_h, d.dilation_w);
  if (d.groups != 1) name += fmt::format("g{}", d.groups);
  return name;
}

std::string layer_name(const Conv2dDesc& d) {
  const std::string geometry = geometry_name(d);
  return d.activation == Activation::relu ? geometry
                                          : fmt::format("{}-{}", geometry, to_string(d.activation));
}

double direct_flops(const Conv2dDesc& d) {
  const std::int64_t products_per_output = d.in_channels / d.groups * d.kernel_h * d.kernel_w;
  return 2.0 * static_cast<double>(d.dst_size()) * static_cast<double>(products_per_output);
}

}  // namespace winograd::bench
