// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// One test of the operator: everything that decides its outcome, as one line of text. A failing
// test prints the line, and WINOGRAD_TEST_CASE='<line>' runs it alone (see sweep_test.cpp).
#ifndef WINOGRAD_TESTS_REFERENCE_OP_CASE_HPP
#define WINOGRAD_TESTS_REFERENCE_OP_CASE_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/reference/executors.hpp"
#include "tests/reference/guarded_buffer.hpp"
#include "tests/reference/naive_conv2d.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::test {

struct OpCase {
  Conv2dDesc desc;
  PlanOptions options;
  bool bias = true;
  bool residual_in_place = false;  ///< read only if the description has a residual
  ExecutorKind executor = ExecutorKind::serial;
  int threads = 1;
  Placement placement = Placement::at_end;
  DataType weights_type = DataType::f32;
  int shift = 0;  ///< elements between the guard page and src, dst, weights, bias and residual
  std::int64_t part = 0;  ///< if not 0, src comes in parts of so many channels, the last with fewer
  std::uint64_t data_seed = 1;
};

/// `key=value` pairs separated by blanks; values that are the default are left out.
std::string to_line(const OpCase& op);
/// Nothing if the line has an unknown key or value.
std::optional<OpCase> parse_line(const std::string& line);

/// Inputs and expected results; the same for every algorithm, instruction set and executor.
struct OpData {
  std::vector<float> src;
  std::vector<float> weights;  ///< OIHW
  std::vector<float> bias;     ///< empty for none
  std::vector<float> residual;
  std::vector<float> slopes;  ///< of a parametric ReLU
  Reference reference;
};

/// Random data for the case, in numbers that its types have: src uniform in [-1, 1), weights
/// He-normal.
OpData make_data(const OpCase& op);

/// True if the named Winograd algorithm takes the geometry; `direct` and `automatic` take all.
bool algorithm_applies(const Conv2dDesc& desc, Algorithm algorithm);

inline constexpr Algorithm kAllAlgorithms[] = {Algorithm::automatic,   Algorithm::direct,
                                               Algorithm::winograd_f2, Algorithm::winograd_f3,
                                               Algorithm::winograd_f4, Algorithm::winograd_f6};
inline constexpr Layout kLayouts[] = {Layout::nchw, Layout::nhwc};

/// All instruction sets that the library has a name for, of any architecture.
std::vector<Isa> named_isas();

/// Instruction sets to test: those of isa_available() (and not above WINOGRAD_MAX_ISA). The first
/// call says on stdout which are skipped.
const std::vector<Isa>& test_isas();

}  // namespace winograd::test

#endif  // WINOGRAD_TESTS_REFERENCE_OP_CASE_HPP
