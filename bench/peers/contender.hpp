// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
//
// One small interface for everything that computes a convolution here: this library, the im2col
// baseline, and whatever other libraries are installed (docs/benchmarking.md: how to add one).
#ifndef WINOGRAD_BENCH_PEERS_CONTENDER_HPP
#define WINOGRAD_BENCH_PEERS_CONTENDER_HPP

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "bench/peers/buffer.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::bench {

/// A layer to compute. The pointers outlive the contender.
struct Problem {
  Conv2dDesc desc;       ///< bias and desc.activation are to be fused
  const float* src;      ///< in desc.layout
  const float* weights;  ///< OIHW
  const float* bias;
  std::shared_ptr<Scratch> scratch;  ///< for those that let their caller provide such memory
  int threads = 1;
  Isa max_isa = Isa::best;  ///< use nothing wider, where that can be asked for
};

/// An implementation made ready for one problem: weights packed, memory allocated, src in whatever
/// order it likes best. Only run() is timed.
class Contender {
 public:
  virtual ~Contender() = default;

  /// Process-wide settings (thread counts); called before each sample.
  virtual void prepare() {}
  virtual void run() = 0;
  /// Copies the result of the last run, in desc.layout.
  virtual void read_output(float* dst) const = 0;

  /// What it chose to do: an algorithm's name, short enough for a table.
  virtual std::string label() const = 0;
  /// More about it: the kernel, the reason of the choice.
  virtual std::string detail() const { return {}; }
  virtual std::size_t workspace_bytes() const { return 0; }
  virtual std::size_t packed_bytes() const { return 0; }
  /// What arithmetic alone lets it reach, in direct-equivalent FLOP/s over the FMA peak.
  virtual double arithmetic_bound() const { return 1.0; }
  /// What was to be expected of one run, or 0 if nothing was. This library only.
  virtual double estimated_seconds() const { return 0.0; }
  /// RMS error / RMS output that a correct result does not exceed.
  virtual double rms_error_bound() const { return 1e-5; }
};

/// Thrown by factories: a valid layer that this implementation does not take.
class Unsupported : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// That `library` does not fuse the activation.
[[noreturn]] inline void refuse_activation(const char* library, Activation activation) {
  throw Unsupported(std::string(library) + ": " + to_string(activation));
}

/// Another implementation.
struct Peer {
  const char* name;  ///< of its entries, e.g. "onednn"
  const char* mode;  ///< how it is used: the third part of its entries' names
  std::string (*version)();
  /// Throws Unsupported.
  std::unique_ptr<Contender> (*create)(const Problem& problem);
};

/// Those of this build: "im2col" first, then the installed ones.
const std::vector<const Peer*>& peers();
/// Names of those whose libraries were not found when this was built.
const std::vector<std::string>& left_out_peers();

}  // namespace winograd::bench

#endif  // WINOGRAD_BENCH_PEERS_CONTENDER_HPP
