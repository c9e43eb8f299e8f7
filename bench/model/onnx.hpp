// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// Reads ONNX files: the graph, no weights. They need not be there, and are not looked at: for times
// any numbers will do. docs/model_report.md says why this is protozero and not ONNX's own library.
#ifndef WINOGRAD_BENCH_MODEL_ONNX_HPP
#define WINOGRAD_BENCH_MODEL_ONNX_HPP

#include <string>
#include <string_view>

#include "bench/model/graph.hpp"

namespace winograd::bench {

/// Throws ModelError where this is no ONNX model or a damaged one. Takes memory in proportion to
/// the graph, at most some hundred MiB, whatever the bytes are.
Graph parse_onnx(std::string_view bytes);

/// The same for a file, which is mapped: of weights no page is read.
Graph read_onnx(const std::string& path);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MODEL_ONNX_HPP
