// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// The layer lists. Each network is one table of its different convolution layers (`<name>.inc`,
// included by lists.cpp); to add a network, write such a table and name it there.
#ifndef WINOGRAD_BENCH_LAYERS_LISTS_HPP
#define WINOGRAD_BENCH_LAYERS_LISTS_HPP

#include <string_view>
#include <vector>

#include "bench/layers/layer.hpp"

namespace winograd::bench {

/// A row of a table.
struct LayerEntry {
  int count;             ///< how often the network has this layer
  const char* geometry;  ///< see layer.hpp
  const char* where;     ///< its name in the network's literature
  Activation activation = Activation::relu;
};

struct LayerList {
  std::string_view name;
  std::string_view description;
  const LayerEntry* entries;
  std::size_t size;

  std::vector<Layer> layers() const;
};

const std::vector<LayerList>& layer_lists();

/// Throws std::invalid_argument, naming those that exist.
const LayerList& find_layer_list(std::string_view name);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_LAYERS_LISTS_HPP
