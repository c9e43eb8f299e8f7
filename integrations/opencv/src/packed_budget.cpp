// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A knapsack with a few ways to run each layer, solved greedily: all layers start at their fastest
// way, and while the sum is over the limit, the one step down that costs the least time for each
// byte saved is taken.
#include "packed_budget.hpp"

#include <algorithm>
#include <cstdint>

namespace winograd::opencv {
namespace {

/// A way to run a layer.
struct Way {
  bool ours;
  Algorithm algorithm;
  Accuracy accuracy;
  std::size_t bytes;
  double cost;  ///< time, in multiply-adds of the micro-kernel
};

/// Bytes of `matrices` matrices [C][K], never less than the library needs: no instruction set pads
/// the K of a group further than to 32; the bias and some alignment come on top.
std::size_t packed_bytes(const Conv2dDesc& desc, std::int64_t matrices, Accuracy accuracy) {
  const bool depthwise =
      desc.groups > 1 && desc.groups == desc.in_channels && desc.groups == desc.out_channels;
  const std::size_t weight_bytes = accuracy == Accuracy::half && !depthwise ? 2 : sizeof(float);
  const std::int64_t k = (desc.out_channels / desc.groups + 31) / 32 * 32 * desc.groups;
  const std::int64_t c = desc.in_channels / desc.groups;
  return static_cast<std::size_t>(matrices * (c * k + 16)) * weight_bytes +
         static_cast<std::size_t>(k) * sizeof(float) + 256;
}

double direct_cost(const Conv2dDesc& desc) {
  return static_cast<double>(desc.dst_size()) *
         static_cast<double>(desc.in_channels / desc.groups * desc.kernel_h * desc.kernel_w);
}

Way direct_way(const Conv2dDesc& desc, Accuracy accuracy) {
  return {true, Algorithm::direct, accuracy,
          packed_bytes(desc, desc.kernel_h * desc.kernel_w, accuracy), direct_cost(desc)};
}

/// OpenCV 4.6's own convolution took 1.7 to 4 times as long as a direct one on the layers that were
/// tried; what matters here is that it comes last.
Way opencv_way(const Conv2dDesc& desc) {
  return {false, Algorithm::automatic, Accuracy::standard, 0, 3 * direct_cost(desc)};
}

/// F(m, r) along the axes that have more than one tap; false where there is no such transform.
bool winograd_way(const Conv2dDesc& desc, Algorithm algorithm, std::int64_t m, Accuracy accuracy,
                  Way* way) {
  if (desc.groups != 1 || desc.stride_h != 1 || desc.stride_w != 1 || desc.dilation_h != 1 ||
      desc.dilation_w != 1 || desc.kernel_h * desc.kernel_w == 1) {
    return false;
  }
  std::int64_t frequencies = 1, tiles = desc.batch;
  const std::int64_t taps[] = {desc.kernel_h, desc.kernel_w};
  const std::int64_t outputs[] = {desc.out_height(), desc.out_width()};
  for (int axis = 0; axis < 2; ++axis) {
    if (taps[axis] == 1) {
      tiles *= outputs[axis];
    } else if (taps[axis] == 3 || (taps[axis] == 5 && (m == 2 || m == 4))) {
      frequencies *= m + taps[axis] - 1;
      tiles *= (outputs[axis] + m - 1) / m;
    } else {
      return false;
    }
  }
  const auto c = static_cast<double>(desc.in_channels), k = static_cast<double>(desc.out_channels);
  // Both transforms: a load, a store and about two operations for each value and axis.
  constexpr double kTransform = 6.0;
  *way = {true, algorithm, accuracy, packed_bytes(desc, frequencies, accuracy),
          static_cast<double>(tiles * frequencies) * (c * k + kTransform * (c + k))};
  return true;
}

/// Without the ways for which there is one that is faster and no larger; the fastest first.
std::vector<Way> worth_considering(const std::vector<Way>& candidates) {
  std::vector<Way> ways;
  for (const Way& way : candidates) {
    const bool dominated = std::any_of(candidates.begin(), candidates.end(), [&](const Way& other) {
      return other.bytes <= way.bytes && other.cost < way.cost;
    });
    if (!dominated) ways.push_back(way);
  }
  std::sort(ways.begin(), ways.end(), [](const Way& a, const Way& b) { return a.cost < b.cost; });
  return ways;
}

/// Ways to run a layer here at one accuracy, the fastest first. That one stands for leaving the
/// algorithm to the library, which may take any: so it counts as the largest.
std::vector<Way> ways_at(const Conv2dDesc& desc, Algorithm wanted, Accuracy accuracy) {
  const struct {
    Algorithm algorithm;
    std::int64_t m;
    bool coarse;  ///< needs Accuracy::relaxed; 5 taps with m = 4 as well
  } tiles[] = {{Algorithm::winograd_f2, 2, false},
               {Algorithm::winograd_f3, 3, false},
               {Algorithm::winograd_f4, 4, desc.kernel_h == 5 || desc.kernel_w == 5},
               {Algorithm::winograd_f6, 6, true}};
  const bool any = wanted == Algorithm::automatic;
  std::vector<Way> candidates;
  std::size_t most = 0;
  for (const auto& tile : tiles) {
    Way way{};
    if ((any || wanted == tile.algorithm) && (!tile.coarse || accuracy == Accuracy::relaxed) &&
        winograd_way(desc, tile.algorithm, tile.m, accuracy, &way)) {
      candidates.push_back(way);
      most = std::max(most, way.bytes);
    }
  }
  if (any || wanted == Algorithm::direct) {
    candidates.push_back(direct_way(desc, accuracy));
    most = std::max(most, candidates.back().bytes);
  }
  std::vector<Way> ways = worth_considering(candidates);
  if (!ways.empty()) {
    ways.front().algorithm = wanted;
    ways.front().bytes = most;
  }
  return ways;
}

/// All ways worth considering, the fastest first, each slower and smaller than the one before.
std::vector<Way> ways_of(const Conv2dDesc& desc, const Options& options) {
  const Choice free = choice_without_cap(options);
  std::vector<Way> candidates = ways_at(desc, free.algorithm, free.accuracy);
  if (options.weights == Weights::half_to_fit && free.accuracy != Accuracy::half) {
    // Widening them takes time in the run, a few per cent; but as good as none is reckoned, so that
    // f16 comes before smaller tiles in all layers.
    constexpr double kWiden = 1 + 1e-6;
    for (Way way : ways_at(desc, free.algorithm, Accuracy::half)) {
      way.cost *= kWiden;
      candidates.push_back(way);
    }
  }
  candidates.push_back(opencv_way(desc));
  return worth_considering(candidates);
}

std::string why(const Way& way) {
  if (!way.ours) return "the cap of packed bytes leaves no room for this layer's weights";
  std::string allows("the cap of packed bytes allows ");
  if (way.algorithm != Algorithm::automatic) allows += to_string(way.algorithm);
  if (way.accuracy == Accuracy::half) {
    allows += way.algorithm == Algorithm::automatic ? "f16 weights" : " with f16 weights";
  }
  return allows;
}

}  // namespace

Choice choice_without_cap(const Options& options) {
  return {true, options.algorithm,
          options.weights == Weights::half ? Accuracy::half : options.accuracy, "", 0};
}

std::vector<Choice> choose_within(const std::vector<LayerRequest>& layers,
                                  std::size_t limit_bytes) {
  std::vector<std::vector<Way>> ways;
  std::vector<std::size_t> chosen(layers.size(), 0);
  std::size_t total = 0;
  for (const LayerRequest& layer : layers) {
    ways.push_back(ways_of(layer.desc, layer.options));
    total += ways.back().front().bytes;
  }

  while (total > limit_bytes) {
    std::size_t best_layer = layers.size(), best_way = 0;
    double best_price = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
      const Way& now = ways[i][chosen[i]];
      for (std::size_t j = chosen[i] + 1; j < ways[i].size(); ++j) {
        const Way& then = ways[i][j];
        if (then.bytes >= now.bytes) continue;
        const double price = (then.cost - now.cost) / static_cast<double>(now.bytes - then.bytes);
        if (best_layer == layers.size() || price < best_price) {
          best_layer = i;
          best_way = j;
          best_price = price;
        }
      }
    }
    total -= ways[best_layer][chosen[best_layer]].bytes - ways[best_layer][best_way].bytes;
    chosen[best_layer] = best_way;
  }

  std::vector<Choice> choices;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Way& way = ways[i][chosen[i]];
    choices.push_back(chosen[i] == 0 ? choice_without_cap(layers[i].options)
                                     : Choice{way.ours, way.algorithm, way.accuracy, why(way), 0});
    if (way.ours) choices.back().packed_limit_bytes = way.bytes;
  }
  return choices;
}

}  // namespace winograd::opencv
