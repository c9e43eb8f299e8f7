// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_EXAMPLES_ONNXRUNTIME_NETWORKS_HPP
#define WINOGRAD_EXAMPLES_ONNXRUNTIME_NETWORKS_HPP

#include <string>
#include <vector>

/// Names of networks that write_network knows.
const std::vector<std::string>& network_names();

/// The bytes of an ONNX file: a network of the known architecture, batch normalisation folded, with
/// weights that are pseudo-random, the same each time, and scaled so that numbers stay in range.
std::string write_network(const std::string& name);

#endif  // WINOGRAD_EXAMPLES_ONNXRUNTIME_NETWORKS_HPP
