// Copyright the winograd authors. SPDX-License-Identifier: Apache-2.0
#ifndef WINOGRAD_ONNXRUNTIME_SRC_OPTIONS_HPP
#define WINOGRAD_ONNXRUNTIME_SRC_OPTIONS_HPP

#include <cstddef>
#include <string>

#include "api.hpp"
#include "winograd/conv2d.hpp"

namespace winograd::ort {

inline constexpr char kProviderName[] = "WinogradExecutionProvider";

/// What a session is given by key and value; docs/onnxruntime.md explains each.
struct Options {
  bool all_layers = false;                 ///< layers: gain, all
  Accuracy accuracy = Accuracy::standard;  ///< accuracy: strict, standard, relaxed, half
  int threads = 0;                         ///< threads: 0 for as many as the session's pool has
  std::size_t packed_limit_bytes = 0;      ///< packed_limit_bytes: of all layers; 0 for none
  std::string report;                      ///< report: file that is told what runs where
};

/// Throws Ort::Exception for a key that there is not, and for a value that a key cannot have.
Options read_options(Ort::ConstSessionOptions session);

}  // namespace winograd::ort

#endif  // WINOGRAD_ONNXRUNTIME_SRC_OPTIONS_HPP
