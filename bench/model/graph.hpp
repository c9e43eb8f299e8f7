// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// A network as its file describes it, without its weights.
#ifndef WINOGRAD_BENCH_MODEL_GRAPH_HPP
#define WINOGRAD_BENCH_MODEL_GRAPH_HPP

#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace winograd::bench {

/// What is wrong with a file, for the person who named it.
class ModelError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Dims = std::vector<std::int64_t>;
/// A dimension that is not known. Known ones are at most kLargestDim, so that sums of a few of them
/// never overflow, whatever a damaged file says.
constexpr std::int64_t kUnknownDim = -1;
constexpr std::int64_t kLargestDim = std::int64_t{1} << 40;
/// No tensor of a network has more dimensions; what does is not known.
constexpr std::size_t kMostDims = 16;
/// Constants of at most so many elements are kept: shapes, sizes, scales, bounds.
constexpr std::size_t kMostValues = 64;

/// What is known of a tensor before the network runs.
struct Tensor {
  std::optional<Dims> dims;  ///< nothing: not even how many there are
  /// All elements of a small constant, row-major; not a number, where one is not known.
  std::optional<std::vector<double>> values;

  bool whole = false;     ///< the values are whole numbers: division drops the fraction
  bool constant = false;  ///< the same in every run
};

struct Attribute {
  std::optional<std::int64_t> i;
  std::optional<float> f;
  std::optional<std::string> s;
  std::vector<std::int64_t> ints;
  std::vector<float> floats;
  std::optional<Tensor> t;
  bool has_graph = false;  ///< a branch or a body, which is not read
};

struct Node {
  std::string type;    ///< "Conv"
  std::string domain;  ///< empty: of ONNX itself
  std::string name;
  std::vector<std::string> inputs;  ///< tensors; empty: an optional one that is left out
  std::vector<std::string> outputs;
  std::map<std::string, Attribute> attributes;

  /// What to call it in messages: its name, or else that of its first output.
  const std::string& label() const { return name.empty() && !outputs.empty() ? outputs[0] : name; }
};

struct NamedTensor {
  std::string name;
  Tensor tensor;
};

struct Graph {
  std::vector<Node> nodes;                ///< each after those it depends on
  std::map<std::string, Tensor> tensors;  ///< constants, and what the file says of others
  std::vector<NamedTensor> inputs;        ///< to be given; without constants
  std::vector<std::string> outputs;
  std::string producer;            ///< what wrote the file
  std::int64_t opset = 0;          ///< version of ONNX's operators
  std::vector<std::string> notes;  ///< oddities, for the person who reads the result
};

/// "1x3x224x224", with ? for what is not known; "?" if nothing is.
std::string dims_text(const std::optional<Dims>& dims);

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_MODEL_GRAPH_HPP
